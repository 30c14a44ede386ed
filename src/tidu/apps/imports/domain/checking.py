"""The check of a file, kept as it was found: rows, remarks, disagreements, names to decide, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Batch, Enterprise
from tidu.apps.imports.domain.comparing import Compared, compare
from tidu.apps.imports.domain.permitting import may_import
from tidu.apps.imports.domain.preparing import Prepared, Tell, prepare
from tidu.apps.imports.domain.registry import MOST_SUGGESTIONS, alike, among
from tidu.apps.imports.domain.uploading import subject_of
from tidu.apps.imports.enums import TAKEN, Found, Grade, Outcome
from tidu.apps.imports.models import Disagreement, NameMatch, PreviewRow, RowProblem
from tidu.exchange.notices import Notice, Severity
from tidu.kernel.errors import TiduError

AT_ONCE = 2000
MOST_ALIKE = 500
"""Remarks of one rule in one column that are kept one by one; the rest are counted."""
_GRADES = {Severity.PROBLEM: Grade.PROBLEM, Severity.WARNING: Grade.WARNING, Severity.INFORMATION: Grade.INFORMATION}
_FOUND = {Outcome.SEVERAL: Found.SEVERAL, Outcome.CLASH: Found.CLASH, Outcome.NONE: Found.NONE}


@dataclass(frozen=True)
class Checked:
    """Everything the check found, ready to be written at once."""

    prepared: Prepared
    compared: Compared
    names: list[NameMatch]


def check(batch: Batch, today: date, tell: Tell) -> Checked:
    """Work out a batch and hold it against the registry; writes nothing."""
    prepared = prepare(batch, today, tell)
    tell("与现行数据比较", 0, 0)
    compared = compare(prepared, today)
    _remark_register(prepared)
    tell("查找相近名称", 0, 0)
    return Checked(prepared, compared, _names(batch, prepared))


def record_check(*, actor: Actor, at: datetime, batch: Batch, version: int, found: Checked) -> Batch:
    """Write what was found in place of an earlier check. Raises ``changed-meanwhile`` where the mapping moved on since."""
    may_import(actor, batch.source).require()
    with transaction.atomic():
        counts = {**_counts(batch, found), "checked_version": version + 1}
        moved = Batch.objects.filter(pk=batch.pk, version=version, state__in=(BatchState.MAPPED, BatchState.CHECKED))
        if not moved.update(state=BatchState.CHECKED, version=version + 1, counts=counts):
            raise TiduError("changed-meanwhile", "检查期间，列的对应被改过，这次的结果没有保存。请重新检查。", batch=batch.pk)
        _clear(batch)
        PreviewRow.objects.bulk_create(_rows(batch, found.prepared), batch_size=AT_ONCE)
        RowProblem.objects.bulk_create(_problems(batch, found.prepared), batch_size=AT_ONCE)
        Disagreement.objects.bulk_create(_differences(batch, found), batch_size=AT_ONCE)
        NameMatch.objects.bulk_create(found.names, batch_size=AT_ONCE)
        kept = {name: counts[name] for name in ("rows", "taken", "new", "problems", "warnings")}
        record_event(actor=actor, at=at, action="import.checked", subject=subject_of(batch), detail=kept)
    batch.refresh_from_db()
    return batch


def _clear(batch: Batch) -> None:
    for model in (PreviewRow, RowProblem, Disagreement):
        model.objects.filter(batch=batch).delete()  # type: ignore[attr-defined]
    NameMatch.objects.filter(batch=batch).delete()


def _rows(batch: Batch, prepared: Prepared) -> Iterable[PreviewRow]:
    for one in prepared.sheets:
        for key, match in zip(one.parsed.keys, one.matches, strict=True):
            name = key.names[0] if key.names else ""
            code = match.code or key.code
            yield PreviewRow(batch=batch, sheet=one.sheet.name, row=key.row, outcome=match.outcome, code=code, name=name)


def all_remarks(prepared: Prepared) -> list[Notice]:
    """Remarks of all sheets in the order of the file."""
    return [
        notice
        for one in prepared.sheets
        for notice in sorted(one.remarks, key=lambda notice: (notice.row or 0, len(notice.letter), notice.letter))
    ]


def _problems(batch: Batch, prepared: Prepared) -> Iterable[RowProblem]:
    alike_so_far: Counter[tuple[str, str, str]] = Counter()
    last: dict[tuple[str, str, str], Notice] = {}
    for one in all_remarks(prepared):
        key = (one.code, one.sheet, one.letter)
        alike_so_far[key] += 1
        if alike_so_far[key] <= MOST_ALIKE:
            yield _problem(batch, one)
        else:
            last[key] = one
    for key, one in last.items():
        rest = Notice(
            "more-alike", f"另有 {alike_so_far[key] - MOST_ALIKE} 处同类问题没有逐一列出。", "请一并检查整列。", one.severity, "", one.sheet,
            letter=one.letter, column=one.column,
        )  # fmt: skip
        yield _problem(batch, rest)


def _problem(batch: Batch, one: Notice) -> RowProblem:
    return RowProblem(
        batch=batch, grade=_GRADES[one.severity], sheet=one.sheet, row=one.row, letter=one.letter, column=one.column[:200],
        value=one.value[:200], rule=one.code[:40], message=one.message, advice=one.advice,
    )  # fmt: skip


def _differences(batch: Batch, found: Checked) -> Iterable[Disagreement]:
    for one in found.compared.differences:
        yield Disagreement(
            batch=batch, sheet=one.sheet, row=one.row, code=one.code, name=found.prepared.name_of(one.code)[:200], fact=one.fact,
            period=one.period, held=one.held[:200], held_source=one.held_source, told=one.told[:200], wins=one.wins,
        )  # fmt: skip


def _names(batch: Batch, prepared: Prepared) -> list[NameMatch]:
    """Every name that rows were looked for by, with what was found; earlier decisions are kept."""
    decided = {one.folded: one for one in batch.name_matches.all()}
    rows: Counter[str] = Counter()
    told: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for one in prepared.sheets:
        for key, folded, match in zip(one.parsed.keys, one.folded, one.matches, strict=True):
            if not folded or (key.code and match.outcome not in {*_FOUND, Outcome.CHOSEN, Outcome.LEFT}):
                continue
            rows[folded[0]] += 1
            candidates = match.candidates or ((match.code,) if match.code else ())
            told.setdefault(folded[0], (key.names[0], match.outcome, candidates))
    nobody = [folded for folded, (_, outcome, _) in told.items() if outcome == Outcome.NONE]
    similar = alike(nobody)
    shown = _shown(prepared, [code for folded in told for code in (told[folded][2] or similar.get(folded, ()))])
    return [
        _name(batch, folded, told[folded], rows[folded], decided.get(folded), [shown[code] for code in told[folded][2] or similar.get(folded, ()) if code in shown])
        for folded in told
    ]  # fmt: skip


def _shown(prepared: Prepared, codes: Iterable[str]) -> dict[str, dict[str, str]]:
    from_registry = prepared.registry.names
    wanted = set(codes)
    missing = [code for code in wanted if code not in from_registry and code not in prepared.new]
    found = {code: prepared.name_of(code) for code in wanted if code not in missing}
    found |= names_of_codes(missing)
    return {code: {"code": code, "name": name} for code, name in found.items()}


def names_of_codes(codes: Iterable[str]) -> dict[str, str]:
    """Names of firms by code."""
    return {row[0]: row[1] for row in among(Enterprise.objects.all(), "code", list(codes), ("code", "name"))}


def _name(
    batch: Batch, folded: str, told: tuple[str, str, tuple[str, ...]], rows: int, before: NameMatch | None, candidates: list[dict[str, str]]
) -> NameMatch:
    name, outcome, _ = told
    found = (
        Found(before.found) if before is not None and outcome in {Outcome.CHOSEN, Outcome.LEFT} else _FOUND.get(Outcome(outcome), Found.ONE)
    )
    match = NameMatch(batch=batch, folded=folded, name=name[:200], found=found, candidates=candidates[:MOST_SUGGESTIONS], rows=rows)
    if before is not None and before.choice:
        match.choice, match.chosen_id = before.choice, before.chosen_id
        match.decided_by_id, match.decided_at = before.decided_by_id, before.decided_at
        match.candidates = before.candidates
    return match


def _remark_register(prepared: Prepared) -> None:
    """Registers count as complete: a firm with software alone would count no patents."""
    kinds: set[str] = set()
    for one in prepared.sheets:
        if "知识产权" in one.events:
            kinds |= set(one.events["知识产权"]["类型"].drop_nulls().unique().to_list())
    only = next((one for one in prepared.sheets if one.events.get("知识产权") is not None), None)
    if only is None:
        return
    lacking = [word for word, has in (("软件著作权", "软件著作权" in kinds), ("专利", bool(kinds - {"软件著作权"}))) if not has]
    if lacking and kinds:
        only.reading.remark(
            "register-in-part", f"这一批知识产权登记里没有{'、'.join(lacking)}。有登记行的企业，各项知识产权数只按登记行推算。",
            f"若这些企业另有{'、'.join(lacking)}，请一并导入。", severity=Severity.WARNING,
        )  # fmt: skip


def _counts(batch: Batch, found: Checked) -> dict[str, Any]:
    """What the summary shows; every figure leads to its rows."""
    prepared, compared = found.prepared, found.compared
    outcomes = Counter(str(match.outcome) for one in prepared.sheets for match in one.matches)
    grades = Counter(_GRADES[notice.severity].value for one in prepared.sheets for notice in one.remarks)
    firms = {match.code for one in prepared.sheets for match in one.matches if match.outcome in TAKEN}
    events: dict[str, int] = {}
    for one in prepared.sheets:
        for name, frame in one.events.items():
            events[name] = events.get(name, 0) + frame.height
    return {
        "notices": batch.counts.get("notices", []),
        "rows": outcomes.total(),
        "outcomes": dict(outcomes),
        "taken": sum(outcomes[outcome.value] for outcome in TAKEN),
        "new": len(prepared.new),
        "firms": len(firms),
        "problems": grades[Grade.PROBLEM.value],
        "warnings": grades[Grade.WARNING.value],
        "information": grades[Grade.INFORMATION.value],
        "facts": {
            "added": compared.added,
            "same": compared.same,
            "corrected": compared.corrected,
            "otherwise": compared.otherwise,
            "wins": compared.wins,
        },
        "events": events,
        "sheets": _by_sheet(prepared),
        "fingerprint": prepared.fingerprint(),
    }


def _by_sheet(prepared: Prepared) -> list[Mapping[str, Any]]:
    return [
        {"name": one.sheet.name, "rows": len(one.matches), "taken": sum(1 for match in one.matches if match.outcome in TAKEN)}
        for one in prepared.sheets
    ]
