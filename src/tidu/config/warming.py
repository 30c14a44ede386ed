"""What is worked out before the first visitor comes."""

from __future__ import annotations

from django.utils import timezone

from tidu.apps.calculator.domain import warm as warm_calculator
from tidu.apps.policies.domain import warm as warm_policies
from tidu.apps.policies.loaded import packs
from tidu.kernel.inputs import Moment


def warm_up() -> None:
    """Read the packs, render what does not change, work out the first steps of most visitors for today."""
    day = timezone.localdate()
    known = packs()
    warm_policies(known, day)
    warm_calculator(packs=known, moment=Moment(day, day))
