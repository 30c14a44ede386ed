"""What lists of cases share: columns, states as they are shown, filters of the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.domain.clocks import lamp
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case
from tidu.apps.fulfilment.queries.cases import CaseFilter
from tidu.look.figures import wan
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import LONGEST, street_of

READERS = (
    Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK, Role.DISTRICT_LEADER, Role.AUDITOR,
)  # fmt: skip
HANDLERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
STATES = {
    CaseState.DRAFT: "doing",
    CaseState.LISTED: "todo",
    CaseState.SUBMITTED: "todo",
    CaseState.CORRECTING: "near",
    CaseState.RETURNED: "todo",
    CaseState.REVIEWING: "checking",
    CaseState.REVIEWED: "todo",
    CaseState.PROPOSED: "checking",
    CaseState.DECIDED: "met",
    CaseState.NOTICED: "checking",
    CaseState.OBJECTED: "lacking",
    CaseState.CLEARED: "met",
    CaseState.PAYING: "checking",
    CaseState.BOUNCED: "red",
    CaseState.PAID: "done",
    CaseState.RECOVERING: "red",
    CaseState.RECOVERED: "done",
    CaseState.REFUSED: "not",
    CaseState.WITHDRAWN: "not",
}
"""How a state is shown: the word of ``look/states.py`` whose tone and icon fit; the text is the state's own."""

PARTS = ("group", "state", "award", "payer", "street", "firm", "handler", "route", "batch", "notice")
MOST_KEPT = 500
NUMBERS = ("batch", "notice")


def filter_of(query: Mapping[str, str]) -> CaseFilter:
    """The filter that an address holds; what cannot be is no filter."""
    given = {name: query.get(name, "").strip()[:LONGEST] for name in PARTS}
    for name in NUMBERS:
        given[name] = given[name] if given[name].isascii() and given[name].isdigit() and len(given[name]) < 10 else ""
    if given["handler"] not in {"", "me", "none"} and not (given["handler"].isascii() and given["handler"].isdigit()):
        given["handler"] = ""
    return CaseFilter(**given, late=query.get("late", "") == "yes", words=query.get("q", "").strip()[:LONGEST])


def filter_kept(text: str) -> CaseFilter:
    """The filter of the list from which a page was opened, as its address carries it along."""
    return filter_of({name: str(value) for name, value in QueryDict(text[:MOST_KEPT]).dict().items()})


def query_of(wanted: CaseFilter) -> dict[str, str]:
    """The same filter as an address holds it."""
    given = {name: getattr(wanted, name) for name in PARTS} | {"late": "yes" if wanted.late else "", "q": wanted.words}
    return {name: value for name, value in given.items() if value}


def case_href(case: Case, wanted: CaseFilter | None = None) -> str:
    """The page of a case; with the list it was opened from, the page leads to the next one of it."""
    address = reverse("case", args=[case.pk])
    kept = urlencode(query_of(wanted)) if wanted is not None else ""
    return f"{address}?{urlencode({'list': kept})}" if kept else address


def due_text(case: Case, day: date) -> str:
    """The limit and how far it is, as one cell."""
    shown = lamp(case.due, day, case.state)
    if case.due is None:
        return "—"
    return f"{case.due.isoformat()} {shown.text}"


def due_column(due: Callable[[Any], date | None], state: Callable[[Any], str], day: date) -> Column:
    """The limit of a row on a page: how far it is as the lamp, the day itself below it."""

    def below(row: Any) -> str:
        found = due(row)
        return found.isoformat() if found else ""

    return Column(
        "还剩", lambda row: lamp(due(row), day, state(row)).text or "—", state=lambda row: lamp(due(row), day, state(row)).colour,
        whole=True, below=Column("期限", below),
    )  # fmt: skip


def firm_href(case: Case) -> str:
    """The page of the firm of a case."""
    return reverse("firm", args=[case.enterprise.code])


def item_text(case: Case) -> str:
    """What a case is about, in one line."""
    return f"{case.award} {case.title}：{case.item}"


def amount_of(case: Case) -> int:
    """What the meeting decided, before it what was computed, in fen."""
    return case.computed if case.amount is None else case.amount


def columns(day: date, wanted: CaseFilter, *, wide: bool = False) -> tuple[Column, ...]:
    """The columns of a list of cases; ``wide`` are those of the export, which says more of the same rows."""
    number = Column("办件", lambda case: case.number or f"{case.title}（未编号）", lambda case: case_href(case, wanted))
    firm = Column("企业", lambda case: case.enterprise.name, firm_href)
    amount = Column("金额（万元）", lambda case: wan(amount_of(case)), number=True)
    state = Column("状态", lambda case: case.get_state_display(), state=lambda case: STATES[CaseState(case.state)])
    handler = Column("经办人", lambda case: case.handler.name if case.handler else "—")
    if not wide:
        both = Column("企业", lambda case: case.enterprise.name, firm_href, wide=True, below=Column("事项", item_text))
        return (number, both, state, due_column(lambda case: case.due, lambda case: case.state, day), amount, handler)
    return (
        number, firm, Column("统一社会信用代码", lambda case: case.enterprise.code), Column("街道", lambda case: street_of(case.enterprise)),
        Column("事项", lambda case: f"{case.award} {case.title}"), Column("对象", lambda case: case.item), amount,
        Column("资金来源", lambda case: case.payer), Column("方式", lambda case: case.get_route_display()), state,
        Column("期限", lambda case: due_text(case, day)), handler,
        Column("首次提交", lambda case: f"{timezone.localtime(case.submitted_at):%Y-%m-%d}" if case.submitted_at else "—"),
    )  # fmt: skip


TICK = Column("选择", lambda case: f"{case.pk}:{case.version}")
