"""A file comes in: kept by its digest, looked through sheet by sheet, and mapped by memory or by guess."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Batch, Source
from tidu.apps.imports.domain.files import keep_file, kept_file
from tidu.apps.imports.domain.learning import remembered_mapping
from tidu.apps.imports.domain.permitting import may_change, may_import, unit_of
from tidu.apps.imports.models import ImportSheet
from tidu.apps.imports.reading.finding import Table, table_of
from tidu.apps.imports.reading.guessing import guess
from tidu.apps.imports.reading.opening import open_file
from tidu.apps.imports.reading.plans import SheetPlan, remembered, shape_of
from tidu.apps.imports.reading.strays import without_strays
from tidu.exchange.intake import HELP_SHEETS
from tidu.exchange.sheets import Grid
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue

LONGEST_NAME = 200


def subject_of(batch: Batch) -> Subject:
    """A batch as the audit names it."""
    return Subject("batch", str(batch.pk), batch.file_name)


def upload(*, actor: Actor, at: datetime, source: Source, name: str, content: bytes) -> Batch:
    """Keep a file and look through it. Raises ``no-unit`` and what opening the file raises; then nothing is kept of it but the file."""
    may_import(actor, source).require()
    unit = unit_of(actor)
    if unit is None:
        raise TiduError("no-unit", "您的岗位没有所属单位，不能导入数据。请联系系统管理员。")
    plain = name.replace("\\", "/").rpartition("/")[2].replace("\0", "").strip()[-LONGEST_NAME:] or "上传"
    grids, notices = open_file(content, plain)
    found = [(position, grid, table_of(grid)) for position, grid in enumerate(grids)]
    if not any(table for _, _, table in found):
        raise TiduError("no-table", f"“{plain}”里没有找到数据表：没有一张工作表有表头。请检查文件。", name=plain)
    digest = keep_file(content)
    with transaction.atomic():
        batch = Batch.objects.create(
            source=source, unit=unit, file_name=plain, file_digest=digest, created_by_id=actor.user, created_at=at,
            counts={"notices": [f"{one.message}{one.advice}" for one in notices]},
        )  # fmt: skip
        ImportSheet.objects.bulk_create(_sheet(batch, position, grid, table) for position, grid, table in found)
        detail = {"digest": digest, "source": source.name, "size": len(content)}
        record_event(actor=actor, at=at, action="import.uploaded", subject=subject_of(batch), detail=detail)
    return batch


def _sheet(batch: Batch, position: int, grid: Grid, table: Table | None) -> ImportSheet:
    if table is None or grid.name in HELP_SHEETS:
        return ImportSheet(batch=batch, position=position, name=grid.name, source=batch.source)
    sheet = ImportSheet(batch=batch, position=position, name=grid.name, source=batch.source)
    look_at(sheet, table, batch.file_name)
    kept = remembered_mapping(batch.unit, batch.source, sheet.shape)
    if kept is not None:
        sheet.plan, sheet.from_memory = remembered(kept, SheetPlan.from_json(sheet.plan)).to_json(), True
    return sheet


def look_at(sheet: ImportSheet, table: Table, file_name: str, register: str | None = None) -> None:
    """Guess how a sheet is read and note what its columns hold; nothing is saved."""
    plan = guess(table, catalogue(), file_name=file_name, register=register)
    clean = without_strays(table, plan)
    sheet.rows, sheet.shape, sheet.plan = len(clean.rows), shape_of(table.titles), plan.to_json()
    sheet.seen = {
        "caption": table.caption,
        "columns": [asdict(one) for one in clean.profiles],
        "skipped": [asdict(one) for one in clean.skipped[:50]],
    }


def look_again(*, actor: Actor, at: datetime, sheet: ImportSheet, head: int | None, register: str | None) -> None:
    """Guess a sheet anew with the header row and the kind that a person gave. Raises ``no-header`` where nothing is in that row."""
    batch = sheet.batch
    may_change(actor, batch).require()
    grids, _ = open_file(kept_file(batch.file_digest, batch.file_name), batch.file_name, tried=True)
    table = table_of(grids[sheet.position], head)
    if table is None:
        raise TiduError("no-header", f"第 {head} 行没有内容，不能作表头。请看一看文件，重新填写行号。", head=head)
    look_at(sheet, table, batch.file_name, register)
    sheet.looked_at = sheet.from_memory = False
    with transaction.atomic():
        sheet.save()
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.UPLOADED, version=batch.version + 1)
        detail = {"sheet": sheet.name, "head": head, "register": register or ""}
        record_event(actor=actor, at=at, action="import.looked-at", subject=subject_of(batch), detail=detail)
