"""Confirming what a name in a document means, so that the next document need not be asked about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.plans.domain.matching import folded
from tidu.apps.plans.enums import COORDINATORS
from tidu.apps.plans.models import NameMeaning
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError

LONGEST = 120


def may_confirm_name(actor: Actor) -> Decision:
    """The bureau says what a name means."""
    return actor.may_write(*COORDINATORS)


def confirm_name(*, actor: Actor, at: datetime, name: str, units: Sequence[Unit], outside: bool = False) -> NameMeaning:
    """From now on a name means these units, or (``outside``) none of the district's. Raises ``name-missing``,
    ``units-missing``, ``unit-off``, ``changed-meanwhile``. Tasks made before keep their units.
    """
    may_confirm_name(actor).require()
    key = folded(name)
    if not key or len(key) > LONGEST or len(name) > LONGEST:
        raise TiduError("name-missing", f"单位名称要有，最多 {LONGEST} 字。")
    if bool(units) == outside:
        raise TiduError("units-missing", f"请给“{name}”选定本区单位，或者标明它不是本区单位。")
    off = [one.name for one in units if not one.active]
    if off:
        raise TiduError("unit-off", f"{'、'.join(off)}已停用，不能再承担任务。请换一个单位。")
    last = NameMeaning.objects.filter(folded=key).order_by("-number").first()
    try:
        with transaction.atomic():
            made = NameMeaning.objects.create(
                folded=key, number=last.number + 1 if last else 1, name=name, outside=outside, confirmed_at=at, confirmed_by_id=actor.user,
                confirmer_name=actor.name,
            )  # fmt: skip
            made.units.set(units)
            detail = {"units": "、".join(one.short_name for one in units), "outside": outside, "number": made.number}
            record_event(actor=actor, at=at, action="plan.name-confirmed", subject=Subject("plan-name", str(made.pk), name), detail=detail)
    except IntegrityError as error:
        raise TiduError("changed-meanwhile", f"“{name}”刚刚由别人确认过。请刷新后核对。") from error
    return made
