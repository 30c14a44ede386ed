"""Entering the holidays of a year: one person enters what was announced, another with another post confirms it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.administration.enums import YearState
from tidu.apps.administration.models import CalendarDay, CalendarYear
from tidu.apps.administration.remembered import forget
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.kernel.errors import Problems, TiduError

PROPOSERS = (Role.SYSTEM_ADMIN, Role.BUREAU_CLERK)
CONFIRMERS = (Role.SECURITY_ADMIN, Role.BUREAU_HEAD)
YEARS = range(2004, 2101)
KINDS = {"休息": False, "放假": False, "休": False, "上班": True, "班": True, "调休上班": True}
_LINE = re.compile(r"^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*[,，\t ]\s*([^,，\t ]+)\s*(?:[,，\t ]\s*(.*?))?\s*$")


@dataclass(frozen=True, slots=True)
class Day:
    """One day that departs from Monday to Friday."""

    day: date
    works: bool
    name: str = ""


def days_of(text: str, year: int) -> list[Day]:
    """The days of a text, one a line: date, 休息 or 上班, a name. Raises ``bad-days`` with every line that cannot be read."""
    found: dict[date, Day] = {}
    problems: list[TiduError] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or line.strip().startswith(("日期", "#")):
            continue
        try:
            one = _day(line, number, year)
            if one.day in found:
                raise TiduError("day-twice", f"第 {number} 行：{one.day} 写了两次。请删去一行。")
            found[one.day] = one
        except TiduError as error:
            problems.append(error)
    if not found and not problems:
        problems.append(TiduError("no-days", "没有读到日子。每行写一天，例如：2027-01-01,休息,元旦。"))
    if problems:
        raise Problems("bad-days", problems)
    return sorted(found.values(), key=lambda one: one.day)


def _day(line: str, number: int, year: int) -> Day:
    match = _LINE.match(line)
    if match is None:
        raise TiduError("bad-day", f"第 {number} 行“{line.strip()[:40]}”读不懂。要写成：2027-01-01,休息,元旦。")
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise TiduError("bad-day", f"第 {number} 行“{match[1]}-{match[2]}-{match[3]}”不是日历上的日子。请核对。") from error
    if day.year != year:
        raise TiduError("other-year", f"第 {number} 行的 {day} 不在 {year} 年。每一年分开登记。")
    if match[4] not in KINDS:
        raise TiduError("bad-kind", f"第 {number} 行“{match[4]}”要写“休息”或“上班”。")
    return Day(day, KINDS[match[4]], (match[5] or "")[:40])


def propose_year(*, actor: Actor, at: datetime, year: int, citation: str, days: Sequence[Day]) -> CalendarYear:
    """Enter what was announced for a year; it speaks once another person confirms it.

    Raises ``citation-needed``, ``year-out-of-range``, ``year-proposed`` where a proposal of the year waits already.
    """
    actor.may_write(*PROPOSERS).require()
    if year not in YEARS:
        raise TiduError("year-out-of-range", f"年份收到 {year}，要在 {YEARS[0]} 到 {YEARS[-1]} 之间。")
    if not citation or len(citation) > 200:
        raise TiduError("citation-needed", "要写明依据，例如“国办发明电〔2025〕7号”，最多 200 字。")
    if not days:
        raise TiduError("no-days", "没有一个日子。请按公布的安排逐日填写。")
    try:
        with transaction.atomic():
            made = CalendarYear.objects.create(
                year=year, citation=citation, proposed_by_id=actor.user, proposed_by_name=actor.name, proposed_at=at
            )
            CalendarDay.objects.bulk_create(CalendarDay(year=made, day=one.day, works=one.works, name=one.name) for one in days)
            detail = {"citation": citation, "free": sum(not one.works for one in days), "worked": sum(one.works for one in days)}
            record_event(actor=actor, at=at, action="calendar.proposed", subject=_subject(made), detail=detail)
    except IntegrityError as error:
        raise TiduError("year-proposed", f"{year} 年已有一份放假安排等待复核。请先复核那一份。") from error
    return made


def may_decide(actor: Actor, proposed: CalendarYear) -> Decision:
    """Somebody else, with a post that confirms, and only once."""
    if proposed.state != YearState.PROPOSED:
        return no(f"这份安排{proposed.get_state_display()}，不用再复核。", "already-decided")
    if proposed.proposed_by_id is not None and proposed.proposed_by_id == actor.user:
        return no("登记人不能复核自己登记的安排。请由安全管理员或牵头局负责人复核。", "own-proposal")
    return actor.may_write(*CONFIRMERS)


def decide_year(*, actor: Actor, at: datetime, proposed: CalendarYear, confirm: bool, note: str = "") -> None:
    """Confirm (it then replaces what stood for the year) or send back, with a note."""
    may_decide(actor, proposed).require()
    if not confirm and not note:
        raise TiduError("note-needed", "退回须写明原因。")
    state = YearState.IN_FORCE if confirm else YearState.REFUSED
    with transaction.atomic():
        if confirm:
            CalendarYear.objects.filter(year=proposed.year, state=YearState.IN_FORCE).update(state=YearState.REPLACED)
        mine = CalendarYear.objects.filter(pk=proposed.pk, state=YearState.PROPOSED)
        if not mine.update(state=state, decided_by_id=actor.user, decided_by_name=actor.name, decided_at=at, note=note[:200]):
            raise TiduError("already-decided", "别人刚刚复核过这份安排。请刷新页面。")
        action = "calendar.confirmed" if confirm else "calendar.refused"
        record_event(actor=actor, at=at, action=action, subject=_subject(proposed), detail={"note": note, "citation": proposed.citation})
    forget()


def _subject(year: CalendarYear) -> Subject:
    return Subject("calendar", str(year.year), str(year))
