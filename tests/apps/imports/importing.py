"""An import from upload to registry, step by step, for tests: each step as the pages and the worker take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.apps.people import AT, District
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.models import Batch, DataSheet, Event, FactsInForce, Source
from tidu.apps.imports.domain.checking import check, record_check
from tidu.apps.imports.domain.committing import Written, commit
from tidu.apps.imports.domain.permitting import may_check
from tidu.apps.imports.domain.planning import ready_to_check, save_plan
from tidu.apps.imports.domain.preparing import prepare
from tidu.apps.imports.domain.undoing import Consequences, undo
from tidu.apps.imports.domain.uploading import upload
from tidu.apps.imports.models import ImportSheet
from tidu.apps.imports.reading.codes import questions
from tidu.apps.imports.reading.contents import Content, Profile
from tidu.apps.imports.reading.plans import SheetPlan
from tidu.kernel.facts import catalogue


def silent(stage: str, done: int, total: int) -> None:
    """Nobody listens."""


def source(name: str = "市场监管", district: District | None = None, unit: str = "bureau", rank: int = 50) -> Source:
    found, _ = Source.objects.get_or_create(name=name, defaults={"unit": district.units[unit] if district else None, "rank": rank})
    return found


def clerk(district: District) -> Actor:
    return district.actor(Role.BUREAU_CLERK)


def uploaded(district: District, content: bytes, name: str = "数据.xlsx", of: str = "市场监管", actor: Actor | None = None) -> Batch:
    return upload(actor=actor or clerk(district), at=AT, source=source(of, district), name=name, content=content)


def sheet_of(batch: Batch, name: str | None = None) -> ImportSheet:
    sheets = ImportSheet.objects.filter(batch=batch)
    return sheets.get(name=name) if name else next(sheet for sheet in sheets if sheet.included)


def plan_of(batch: Batch, name: str | None = None) -> SheetPlan:
    return SheetPlan.from_json(sheet_of(batch, name).plan)


def mapped(district: District, batch: Batch, *, year: int | None = None, changes: dict[str, str] | None = None) -> Batch:
    """Take every guess as it is, with all proposals for codes; ``changes`` sets targets of columns by title."""
    for sheet in ImportSheet.objects.filter(batch=batch):
        if not sheet.included:
            continue
        plan = SheetPlan.from_json(sheet.plan)
        columns = [replace(column, target=(changes or {}).get(column.title, column.target)) for column in plan.columns]
        plan = replace(plan, columns=columns, year=plan.year or year)
        asked = questions(plan, [_profile(one) for one in sheet.seen["columns"]], catalogue(), {})
        codes = {(one.identifier, one.value): one.meaning for one in asked if one.meaning}
        sheet.batch.refresh_from_db()
        save_plan(actor=clerk(district), at=AT, sheet=sheet, plan=plan, source=sheet.source, codes=codes)
    batch.refresh_from_db()
    may_check(clerk(district), batch).require()
    return ready_to_check(actor=clerk(district), at=AT, batch=batch)


def _profile(kept: dict[str, object]) -> Profile:
    return Profile(
        **{**kept, "content": Content(kept["content"]), "samples": tuple(kept["samples"]), "values": tuple(map(tuple, kept["values"]))}
    )  # type: ignore[arg-type]


def checked(district: District, batch: Batch) -> Batch:
    found = check(batch, AT.date(), silent)
    return record_check(actor=clerk(district), at=AT, batch=batch, version=batch.version, found=found)


def committed(district: District, batch: Batch, days: int = 0) -> Written:
    batch.refresh_from_db()
    prepared = prepare(batch, AT.date(), silent)
    return commit(actor=clerk(district), at=AT + timedelta(days=days), batch=batch, version=batch.version, prepared=prepared)


def undone(district: District, batch: Batch) -> Consequences:
    batch.refresh_from_db()
    return undo(actor=clerk(district), at=AT, batch=batch, version=batch.version)


def imported(
    district: District, content: bytes, name: str = "数据.xlsx", *, of: str = "市场监管", year: int | None = None, days: int = 0
) -> Batch:
    """The whole way with every guess taken."""
    batch = checked(district, mapped(district, uploaded(district, content, name, of), year=year))
    committed(district, batch, days)
    return batch


def facts(code: str, period: int = 0) -> dict[str, object]:
    """What holds of a firm for a period."""
    row = FactsInForce.objects.filter(enterprise__code=code, period=period).first()
    return row.values if row else {}


def standing() -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """Everything that stands: sheets and events, without ids."""
    sheets = DataSheet.objects.filter(withdrawn_at=None).values_list("enterprise__code", "source__name", "level", "period", "values")
    events = Event.objects.filter(withdrawn_at=None).values_list("enterprise__code", "type", "mark")
    return {(*row[:4], repr(sorted(row[4].items()))) for row in sheets}, set(events)


def problems(batch: Batch) -> list[tuple[str, int | None, str, str]]:
    """Rule, row, column title and value of every remark that leaves something out."""
    listed = batch.row_problems.filter(grade="problem").order_by("sheet", "row", "letter")
    return [(one.rule, one.row, one.column, one.value) for one in listed]
