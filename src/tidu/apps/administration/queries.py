"""Questions to administration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from tidu.apps.accounts.enums import Role
from tidu.apps.administration.enums import YearState
from tidu.apps.administration.models import CalendarDay, Dictionary, DictionaryItem, ParameterValue, TextVersion
from tidu.apps.administration.parameters import PARAMETERS, parameter
from tidu.apps.administration.texts import TEXTS, text_of
from tidu.kernel.workdays import STATE_COUNCIL, Announced, Calendar


def value_of(key: str) -> Any:
    """The value of a parameter now; one query."""
    known = parameter(key)
    found = ParameterValue.objects.filter(key=key).first()
    return known.standing if found is None else found.value


def values_of(keys: Iterable[str]) -> dict[str, Any]:
    """The values of several parameters; one query."""
    wanted = list(keys)
    found = dict(ParameterValue.objects.filter(key__in=wanted).values_list("key", "value"))
    return {key: found.get(key, parameter(key).standing) for key in wanted}


def parameter_rows(owner: Role | None = None) -> list[tuple[Any, ParameterValue | None]]:
    """Every definition with what was set, or None where the default speaks; those of one owner where asked."""
    found = {one.key: one for one in ParameterValue.objects.all()}
    return [(known, found.get(known.key)) for known in PARAMETERS.values() if owner is None or known.owner == owner]


def dictionaries() -> QuerySet[Dictionary]:
    """All dictionaries with the number of their items and of those in use (``items_active``)."""
    return Dictionary.objects.annotate(items_all=Count("items"), items_active=Count("items", filter=Q(items__active=True)))


def items(key: str) -> list[DictionaryItem]:
    """What people may choose from a dictionary now, in order."""
    return list(DictionaryItem.objects.filter(dictionary__key=key, active=True))


def words(key: str, codes: Iterable[str]) -> dict[str, str]:
    """Code to text, of items switched off too; a code that is not in the dictionary is missing."""
    return dict(DictionaryItem.objects.filter(dictionary__key=key, code__in=set(codes)).values_list("code", "text"))


def newest_texts() -> dict[str, TextVersion]:
    """The newest version of every text that was changed, by key; two queries' worth in one."""
    found: dict[str, TextVersion] = {}
    for one in TextVersion.objects.filter(key__in=TEXTS).order_by("key", "-version"):
        found.setdefault(one.key, one)
    return found


def body_of(key: str) -> str:
    """A text as it stands, with its placeholders."""
    found = TextVersion.objects.filter(key=key).order_by("-version").first()
    return text_of(key).default if found is None else found.body


def written(key: str, values: dict[str, str]) -> str:
    """A text with its placeholders filled in; raises ``placeholder-missing`` where the caller gives too little."""
    return text_of(key).filled(body_of(key), values)


def calendar_in_force() -> Calendar:
    """The State Council's calendar with the years that the district entered and confirmed; one query."""
    days = CalendarDay.objects.filter(year__state=YearState.IN_FORCE).values_list("year__year", "day", "works")
    entered: dict[int, tuple[set[Any], set[Any]]] = {}
    for year, day, works in days:
        entered.setdefault(year, (set(), set()))[works].add(day)
    own = {year: Announced(free=frozenset(free), worked=frozenset(worked)) for year, (free, worked) in entered.items()}
    return Calendar({**STATE_COUNCIL.years, **own})
