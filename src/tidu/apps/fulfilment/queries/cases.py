"""Cases as lists: filters, groups of states, what waits for whom. Nothing here is stored; a count is the length of its list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.deputies import absent_colleagues
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.domain.clocks import PERIODS
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, CaseQuerySet, Opinion

MINE, ALL = "mine", "all"


@dataclass(frozen=True, slots=True)
class Group:
    """States that belong together in the lists."""

    key: str
    label: str
    states: tuple[CaseState, ...]


GROUPS = (
    Group("listed", "待企业确认", (CaseState.LISTED,)),
    Group("submitted", "待受理", (CaseState.SUBMITTED,)),
    Group("correction", "补正", (CaseState.CORRECTING, CaseState.RETURNED)),
    Group("review", "联审", (CaseState.REVIEWING,)),
    Group("meeting", "会审", (CaseState.REVIEWED, CaseState.PROPOSED)),
    Group("notice", "公示", (CaseState.DECIDED, CaseState.NOTICED, CaseState.OBJECTED)),
    Group("money", "拨付", (CaseState.CLEARED, CaseState.PAYING, CaseState.BOUNCED)),
    Group("paid", "已到账", (CaseState.PAID, CaseState.RECOVERING, CaseState.RECOVERED)),
    Group("ended", "不予支持、撤回", (CaseState.REFUSED, CaseState.WITHDRAWN)),
)
BY_KEY = {group.key: group for group in GROUPS}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed to; empty parts narrow nothing. ``handler`` is ``me``, ``none`` or a user's number."""

    group: str = ""
    state: str = ""
    award: str = ""
    payer: str = ""
    street: str = ""
    firm: str = ""
    handler: str = ""
    route: str = ""
    batch: str = ""
    notice: str = ""
    late: bool = False
    words: str = ""


def late(day: date) -> Q:
    """Cases whose limit is missed on a day; the period of a public notice is no limit."""
    return Q(due__lt=day) & ~Q(state__in=PERIODS)


def mine(actor: Actor, day: date) -> Q:
    """What the actor's posts make wait for the actor: derived from state, role, handler and opinions, never stored.

    The bureau's clerk: what nobody, the clerk or who the clerk stands in for handles, and what can go on; the head also what a meeting or a veto brings;
    a department: what it was asked about and has not answered.
    """
    found = Q(pk__in=())
    if actor.is_system:
        return found
    open_opinions = Opinion.objects.filter(case=OuterRef("pk"), void=False, verdict="")
    if actor.has(Role.BUREAU_CLERK, Role.BUREAU_HEAD):
        ready = Q(state__in=(CaseState.SUBMITTED, CaseState.RETURNED, CaseState.REVIEWED))
        answered = Q(state=CaseState.REVIEWING) & ~Q(Exists(open_opinions))
        held = Q(handler=None) | Q(handler=actor.user) | Q(handler__in=absent_colleagues(actor, day))
        found |= held & (ready | answered)
    if actor.has(Role.BUREAU_HEAD):
        found |= Q(state=CaseState.PROPOSED)
    for path in actor.paths(Role.DEPARTMENT_CLERK):
        found |= Q(state=CaseState.REVIEWING) & Q(Exists(open_opinions.filter(unit__path__startswith=path)))
    return found


def found_cases(actor: Actor, day: date, wanted: CaseFilter) -> CaseQuerySet:
    """The cases of a filter, what is due first on top; the same order for the list, its export and next and previous."""
    return _narrowed(actor, day, wanted).order_by(F("due").asc(nulls_last=True), "-pk")


def listed_cases(actor: Actor, day: date, wanted: CaseFilter) -> CaseQuerySet:
    """The same with what a row shows; what was typed into drafts is not loaded."""
    return found_cases(actor, day, wanted).select_related("enterprise__subdistrict", "handler").defer("draft", "account")


def _narrowed(actor: Actor, day: date, wanted: CaseFilter) -> CaseQuerySet:
    found = Case.objects.visible_to(actor).filter(**_exact(wanted))
    if wanted.group == MINE:
        found = found.filter(mine(actor, day))
    elif wanted.group in BY_KEY:
        found = found.filter(state__in=BY_KEY[wanted.group].states)
    if wanted.late:
        found = found.filter(late(day))
    if wanted.handler == "none":
        found = found.filter(handler=None)
    elif wanted.handler:
        number = actor.user if wanted.handler == "me" else int(wanted.handler) if wanted.handler.isdecimal() else None
        found = found.filter(handler=number) if number is not None else found.none()
    if wanted.words:
        firm = Q(enterprise__name__icontains=wanted.words) | Q(enterprise__code__istartswith=wanted.words)
        found = found.filter(Q(number__icontains=wanted.words) | Q(item__icontains=wanted.words) | firm)
    return found


def _exact(wanted: CaseFilter) -> dict[str, str]:
    given = {
        "state": wanted.state, "award": wanted.award, "payer": wanted.payer, "route": wanted.route, "batch": wanted.batch,
        "notice": wanted.notice, "enterprise__subdistrict__code": wanted.street, "enterprise__code": wanted.firm,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many cases each tab holds under the other filters."""

    mine: int
    late: int
    groups: dict[str, int]
    all: int


def case_counts(actor: Actor, day: date, wanted: CaseFilter) -> CaseCounts:
    """The tabs' numbers: three queries, however many cases."""
    rest = _narrowed(actor, day, replace(wanted, group="", state="")).order_by()
    states = dict(rest.values_list("state").annotate(count=Count("pk")))
    groups = {group.key: sum(states.get(state, 0) for state in group.states) for group in GROUPS}
    return CaseCounts(rest.filter(mine(actor, day)).count(), rest.filter(late(day)).count(), groups, sum(states.values()))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The cases before and after one in the list it was opened from; ``inside`` says whether it still stands in that list."""

    before: int | None
    after: int | None
    place: int
    total: int

    @property
    def inside(self) -> bool:
        """Whether the case is still in the list."""
        return bool(self.place)


def neighbours(actor: Actor, day: date, wanted: CaseFilter, number: int) -> Neighbours:
    """Who stands beside a case in a list; a case that has left the list (its state changed) leads to the first of it."""
    listed = list(found_cases(actor, day, wanted).values_list("pk", flat=True))
    if number not in listed:
        return Neighbours(None, listed[0] if listed else None, 0, len(listed))
    place = listed.index(number)
    after = listed[place + 1] if place + 1 < len(listed) else None
    return Neighbours(listed[place - 1] if place else None, after, place + 1, len(listed))


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in the filters: only what cases of the actor hold."""

    awards: list[tuple[str, str]]
    payers: list[str]
    handlers: list[tuple[int, str]]


def choices(actor: Actor) -> Choices:
    """The awards, payers and handlers that occur: two queries."""
    seen = Case.objects.visible_to(actor).order_by()
    rows = sorted(set(seen.values_list("award", "title", "payer").distinct()))
    awards: dict[str, str] = {award: f"{award} {title}" for award, title, _ in rows}
    people = seen.exclude(handler=None).values_list("handler", "handler__name").distinct()
    return Choices(sorted(awards.items()), _unique(payer for _, _, payer in rows), sorted(people, key=lambda one: (one[1], one[0])))


def _unique(values: Iterable[str]) -> list[str]:
    return sorted(set(values))
