"""Yearly filings: begun, saved section by section as typed, submitted as immutable versions, accepted as sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.corrections.domain.assigning import lead_unit, self_reported
from tidu.apps.corrections.domain.moves import FILING_MOVES, Move, move_case, moved_meanwhile, subject_of
from tidu.apps.corrections.domain.sanity import warnings_of
from tidu.apps.corrections.enums import WITH_FIRM, CaseState
from tidu.apps.corrections.models import Filing, FilingVersion
from tidu.apps.corrections.reading import LONGEST, read_text
from tidu.apps.corrections.sections import Section, sections
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, FactsInForce
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import Fact, Kind, catalogue

YEARS_BACK = 3
Told = Mapping[str, dict[str, Any]]
"""Stored values by level, as a sheet holds them."""


@dataclass(slots=True)
class Checked:
    """What a filing says as a whole: stored values by level name, what is wrong by fact, what is odd, and what is left open."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def may_begin(year: int, today_year: int) -> Decision:
    """A year that has ended, at most three back."""
    if not today_year - YEARS_BACK <= year < today_year:
        return no(f"{year} 年度不能填报：只能填报已经结束的最近 {YEARS_BACK} 个年度。", "wrong-year")
    return YES


def begin_filing(*, actor: Actor, at: datetime, enterprise: Enterprise, year: int, today_year: int) -> Filing:
    """Begin the filing of a year, or find the one begun. Facts of the firm itself are carried over, figures of the year are not."""
    if enterprise.pk not in actor.firms:
        no("只有本企业的人员可以填报。", "not-own-firm").require()
    may_begin(year, today_year).require()
    known = Filing.objects.filter(enterprise=enterprise, year=year).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            found = Filing.objects.create(
                enterprise=enterprise, unit=lead_unit(), state=CaseState.DRAFT, year=year, created_by_id=actor.user, created_at=at,
                changed_by_name=actor.name, changed_at=at,
            )  # fmt: skip
            record_event(
                actor=actor, at=at, action="filing.begun", subject=subject_of(found), detail={"year": year, "firm": enterprise.code}
            )
    except IntegrityError:
        return Filing.objects.get(enterprise=enterprise, year=year)
    return found


def may_write(filing: Filing, actor: Actor) -> Decision:
    """Whether this person may write in a filing now."""
    if filing.enterprise_id not in actor.firms:
        return no("只有本企业的人员可以填写。", "not-own-firm")
    if filing.state not in WITH_FIRM:
        more = "数据有误请用“更正申请”。" if filing.state == CaseState.ACCEPTED else "要修改，请先撤回，或者等审核单位退回。"
        return no(f"这份填报现在是“{filing.public}”，不能修改。{more}", "not-with-firm")
    return YES


def writable(filing: Filing) -> frozenset[str]:
    """Facts that may be written: all in a draft, in a returned filing those that the return names (all where it names none)."""
    named = frozenset(fact.name for section in sections() for fact in section.facts)
    return named & frozenset(filing.items) if filing.state == CaseState.RETURNED and filing.items else named


def save_section(
    *, actor: Actor, at: datetime, filing: Filing, section: Section, texts: Mapping[str, str], done: bool, version: int
) -> dict[str, str]:
    """Save what was typed, whatever it is; ``done`` also checks it. Returns what is wrong by fact (empty unless ``done``).

    A section is finished only where nothing is wrong. Raises ``moved-meanwhile`` where somebody else saved first.
    """
    may_write(filing, actor).require()
    allowed = writable(filing)
    kept = dict(filing.drafts.get(section.id, {}))
    kept |= {fact.name: texts.get(fact.name, "")[: LONGEST + 1] for fact in section.facts if fact.name in allowed and fact.name in texts}
    wrong = wrong_in(section.facts, kept) if done else {}
    finished = [one for one in filing.finished if one != section.id] + ([section.id] if done and not wrong else [])
    with transaction.atomic():
        mine = Filing.objects.filter(pk=filing.pk, version=version, state=filing.state)
        drafts = {**filing.drafts, section.id: kept}
        if version != filing.version or not mine.update(
            drafts=drafts, finished=finished, version=F("version") + 1, changed_by_name=actor.name, changed_at=at
        ):
            raise moved_meanwhile(filing)
        detail = {"section": section.id, "finished": section.id in finished, "firm": filing.enterprise.code}
        record_event(actor=actor, at=at, action="filing.saved", subject=subject_of(filing), detail=detail)
    filing.refresh_from_db()
    return wrong


def wrong_in(facts: tuple[Fact, ...], texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the texts of some facts, by fact."""
    found = {}
    for fact in facts:
        try:
            read_text(fact, texts.get(fact.name, ""))
        except TiduError as error:
            found[fact.name] = error.message
    return found


def check_filing(filing: Filing) -> Checked:
    """The whole filing read: values, faults, warnings beside last year's figures."""
    found = Checked(values={"firm": {}, "year": {}})
    for section in sections():
        texts = filing.drafts.get(section.id, {})
        found.wrong |= wrong_in(section.facts, texts)
        for fact in section.facts:
            text = texts.get(fact.name, "")
            if fact.name in found.wrong:
                continue
            value = read_text(fact, text)
            if value is None:
                found.open.append(fact.name)
            else:
                found.values["firm" if fact.kind is Kind.FIRM else "year"][fact.name] = value
    before = _in_force(filing.enterprise_id, Level.YEAR, filing.year - 1)
    others = _in_force(filing.enterprise_id, Level.YEAR, filing.year)
    found.warnings = warnings_of({**others, **found.values["year"]}, before, f"{filing.year - 1} 年", catalogue())
    return found


def may_submit_filing(filing: Filing, checked: Checked) -> Decision:
    """Whether a filing is complete enough to be submitted."""
    unfinished = [section.title for section in sections() if section.id not in filing.finished]
    if unfinished:
        return no(f"还有没填完的节：{'、'.join(unfinished)}。请逐节填写并点“本节已填完”。", "unfinished")
    if checked.wrong:
        return no(f"还有填写有误的项目：{'、'.join(checked.wrong)}。", "wrong")
    if not any(checked.values.values()):
        return no("一项都没有填写，不用提交。", "empty")
    return YES


def submit_filing(*, actor: Actor, at: datetime, filing: Filing, version: int, confirmed: bool) -> FilingVersion:
    """Submit, first or again: an immutable version with a receipt. Raises ``warnings-open`` where odd figures were not confirmed."""
    checked = check_filing(filing)
    may_submit_filing(filing, checked).require()
    if checked.warnings and not confirmed:
        raise TiduError("warnings-open", "有几个数看起来不寻常。请逐条核对，确认无误后勾选“以上提示已核对”，再提交。")
    move: Move = FILING_MOVES["resubmit" if filing.state == CaseState.RETURNED else "submit"]
    with transaction.atomic():
        move_case(actor=actor, at=at, case=filing, move=move, version=version)
        number = filing.versions.count() + 1
        texts = {name: text for section in sections() for name, text in filing.drafts.get(section.id, {}).items() if text.strip()}
        return FilingVersion.objects.create(
            filing=filing, number=number, receipt=f"TB{filing.year}-{filing.pk:06d}-{number}", values=checked.values, texts=texts,
            warnings=checked.warnings, submitted_by=actor.name, submitted_at=at,
        )  # fmt: skip


def accept_filing(*, actor: Actor, at: datetime, filing: Filing, version: int, reason: str = "") -> None:
    """Accept what was submitted last: one sheet of the source 自报 for the year and one for the firm itself."""
    with transaction.atomic():
        move_case(actor=actor, at=at, case=filing, move=FILING_MOVES["accept"], version=version, reason=reason)
        told, source = filing.versions.latest("number").values, self_reported()
        sheets = [
            DataSheet.objects.create(
                enterprise=filing.enterprise, source=source, level=level, period=period, values=told[key], received_at=at
            )
            for key, level, period in (("firm", Level.FIRM, 0), ("year", Level.YEAR, filing.year))
            if told.get(key)
        ]
        if sheets:
            Filing.objects.filter(pk=filing.pk).update(sheet=sheets[-1])
        refresh_facts([filing.enterprise_id])


def _in_force(enterprise: int, level: Level, period: int) -> dict[str, Any]:
    row = FactsInForce.objects.filter(enterprise=enterprise, level=level, period=period).first()
    return dict(row.values) if row else {}


def move_filing(
    *, actor: Actor, at: datetime, filing: Filing, move: Move, version: int, reason: str = "", items: tuple[str, ...] = ()
) -> None:
    """Any move of a filing that has no effect beside the move itself: recall, reopen, take, return, refuse."""
    if move.name in {"submit", "resubmit", "accept"}:
        raise RuntimeError(f"{move.name} is a function of its own")
    named = frozenset(fact.name for section in sections() for fact in section.facts)
    wanted = tuple(item for item in items if item in named)
    with transaction.atomic():
        # what is to be mended is to be told complete again
        more = {"finished": _still_finished(filing, wanted)} if move.name == "return" else {}
        move_case(actor=actor, at=at, case=filing, move=move, version=version, reason=reason, items=wanted, more=more)


def _still_finished(filing: Filing, items: tuple[str, ...]) -> list[str]:
    open_again = {section.id for section in sections() if {fact.name for fact in section.facts} & set(items)}
    return [one for one in filing.finished if one not in open_again]
