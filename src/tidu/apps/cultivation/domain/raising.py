"""Warnings out of a computation: one for each firm, rule and period, with the evidence as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from tidu.apps.administration.queries import calendar_in_force
from tidu.apps.cultivation.domain.computing import AT_ONCE, Outcome
from tidu.apps.cultivation.domain.derived import SILENT
from tidu.apps.cultivation.domain.forecasting import period_of
from tidu.apps.cultivation.domain.rulebook import WarningRule
from tidu.apps.cultivation.enums import UNDONE
from tidu.apps.cultivation.models import FirmWarning, Holding
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import fact_text
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.interpret import MET
from tidu.kernel.workdays import Calendar, CalendarNotAnnounced

Key = tuple[int, str, str]
"""Firm, rule, period."""
Evidence = list[dict[str, Any]]
MOST_EVENTS = 5
PRESENT = "存续"


@dataclass(frozen=True)
class Raised:
    """What a computation did to the warnings: how many new, whose ground vanished, whose ground came back."""

    new: int = 0
    vanished: int = 0
    back: int = 0
    by_rule: Mapping[str, int] = field(default_factory=dict)


def raise_warnings(outcome: Outcome, *, at: datetime) -> Raised:
    """Write what is new and mark whose ground is gone. Runs inside a transaction; asked twice it changes nothing more."""
    ids = dict(Enterprise.objects.in_registry().values_list("code", "pk"))
    rules = {rule.key: rule for rule in outcome.book.warnings}
    grounds = {key: evidence for rule in rules.values() for key, evidence in _grounds(rule, outcome, ids)}
    known = {
        (firm, rule, period): (pk, state, vanished)
        for pk, firm, rule, period, state, vanished in FirmWarning.objects.values_list(
            "pk", "enterprise", "rule", "period", "state", "vanished_on"
        )
    }
    calendar = calendar_in_force()
    due = {rule.key: _due(outcome.day, rule.days, calendar) for rule in rules.values()}
    fresh = [
        FirmWarning(
            enterprise_id=firm, rule=rule, period=period, evidence=evidence, raised_on=outcome.day, due_on=due[rule], at=at
        )
        for (firm, rule, period), evidence in grounds.items()
        if (firm, rule, period) not in known
    ]  # fmt: skip
    FirmWarning.objects.bulk_create(fresh, batch_size=AT_ONCE)
    gone = [pk for key, (pk, state, vanished) in known.items() if state in UNDONE and vanished is None and key not in grounds]
    back = [pk for key, (pk, state, vanished) in known.items() if state in UNDONE and vanished is not None and key in grounds]
    _mark(gone, outcome.day)
    _mark(back, None)
    counted = {key: sum(one.rule == key for one in fresh) for key in rules}
    return Raised(len(fresh), len(gone), len(back), counted)


def _mark(keys: list[int], day: date | None) -> None:
    for start in range(0, len(keys), 500):
        FirmWarning.objects.filter(pk__in=keys[start : start + 500]).update(vanished_on=day)


def _due(day: date, workdays: int, calendar: Calendar) -> date | None:
    """The last day to settle; None where the working days of the year are not announced yet."""
    try:
        return calendar.add_workdays(day, workdays)
    except CalendarNotAnnounced:
        return None


def _grounds(rule: WarningRule, outcome: Outcome, ids: Mapping[str, int]) -> Iterator[tuple[Key, Evidence]]:
    if rule.holdings_within is not None:
        yield from _expiring(rule, outcome.day)
        return
    verdicts = outcome.rules[rule.criteria]
    hits = verdicts.filter(pl.col("verdict") == MET)[FIRM_CODE].to_list()
    own = outcome.population.firms.filter(pl.col(FIRM_CODE).is_in(hits))
    events = {name: _events(outcome, name, hits) for name in rule.events}
    for row in own.iter_rows(named=True):
        code = row[FIRM_CODE]
        if code not in ids:
            continue
        evidence = [_figure(outcome, name, row[name]) for name in rule.show]
        evidence += [one for name in rule.events for one in events[name].get(code, [])[:MOST_EVENTS]]
        yield (ids[code], rule.key, _period(rule, outcome, row)), evidence


def _expiring(rule: WarningRule, day: date) -> Iterator[tuple[Key, Evidence]]:
    # what ran out lately without being renewed is no less urgent, so its ground does not vanish on the day after
    span = timedelta(days=rule.holdings_within or 0)
    near = Holding.objects.filter(day__lte=day, until__range=(day - span, day + span), renewed=False, enterprise__merged_into=None)
    for one in near.order_by("pk"):
        until = one.until.isoformat() if one.until else ""
        evidence = [
            {"name": one.kind, "text": f"有效期至 {until}{'（推定）' if one.assumed else ''}", "from": one.number or "认定登记"},
            {"name": "认定日期", "text": one.day.isoformat(), "from": one.told},
        ]
        yield (one.enterprise_id, rule.key, f"{one.kind} {until}"), evidence


def _figure(outcome: Outcome, name: str, value: Any) -> dict[str, Any]:
    fact = outcome.book.packs.scope.catalogue.fact(name)
    told = value.isoformat() if isinstance(value, date) else value
    return {"name": name, "text": fact_text(fact, told), "from": fact.source.replace("|", "、"), "value": told}


def _events(outcome: Outcome, name: str, codes: list[str]) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    catalogue = outcome.book.packs.scope.catalogue
    fields, source = catalogue.event(name).fields, catalogue.event(name).source
    for row in outcome.population.events[name].filter(pl.col(FIRM_CODE).is_in(codes)).iter_rows(named=True):
        told = {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items() if value is not None}
        text = "，".join(f"{key} {fact_text(fields[key], value)}" for key, value in told.items() if key in fields)
        found.setdefault(row[FIRM_CODE], []).append({"name": name, "text": text, "from": source.replace("|", "、")})
    return found


def _period(rule: WarningRule, outcome: Outcome, row: Mapping[str, Any]) -> str:
    """What makes the same ground of the same firm a new one."""
    if rule.period == "gap" and outcome.revenue is not None:
        last = period_of(outcome.revenue.through - row[SILENT])
        return f"{last // 100}年{last % 100}月之后"
    if rule.period == "status":
        status = str(row["登记状态"] or "状态不明")
        return f"{outcome.day.year}年迁移" if status == PRESENT else status
    return str(outcome.day.year)
