"""What every page needs of administration, read at most every so many seconds by each process: site words and calendar.

A page of the public site asks the database for nothing else, so this must not cost a query each time. The setting
``ADMINISTRATION_AGE`` says for how many seconds what was read is good; at 0 (tests) nothing is read and the defaults speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic

from django.conf import settings
from django.db import DatabaseError

from tidu.apps.administration.models import ParameterValue
from tidu.apps.administration.parameters import PARAMETERS, SITE
from tidu.apps.administration.queries import calendar_in_force
from tidu.kernel.workdays import STATE_COUNCIL, Calendar


@dataclass(slots=True)
class _Memory:
    read_at: float | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    calendar: Calendar = STATE_COUNCIL


_memory = _Memory()


def forget() -> None:
    """Read again on the next occasion; other processes follow within the age."""
    _memory.read_at = None


def site_words() -> Mapping[str, str]:
    """The words of the site: name, district, sponsor, record number, site code, telephone."""
    _fresh()
    return {**settings.SITE, **_memory.words}


def calendar() -> Calendar:
    """The calendar of working days, for what is only shown; what is decided asks ``queries.calendar_in_force``."""
    _fresh()
    return _memory.calendar


def _fresh() -> None:
    age = settings.ADMINISTRATION_AGE
    if not age or (_memory.read_at is not None and monotonic() - _memory.read_at < age):
        return
    keys = [one.key for one in PARAMETERS.values() if one.group == SITE]
    try:
        found = ParameterValue.objects.filter(key__in=keys).values_list("key", "value")
        _memory.words = {key.partition(".")[2].replace("-", "_"): str(value) for key, value in found}
        _memory.calendar = calendar_in_force()
    except DatabaseError:
        return  # the page of an error must not fail once more
    _memory.read_at = monotonic()
