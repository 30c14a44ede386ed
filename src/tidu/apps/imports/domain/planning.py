"""A person looks over how sheets are read, corrects it, and says what codes mean; all of it is remembered for the next file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Batch, Source
from tidu.apps.imports.domain.learning import learn_codes, remember_mapping
from tidu.apps.imports.domain.permitting import BEFORE_COMMIT, may_change, may_import
from tidu.apps.imports.domain.uploading import subject_of
from tidu.apps.imports.models import ImportSheet
from tidu.apps.imports.reading.plans import SheetPlan, faults
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.facts import catalogue


def save_plan(
    *, actor: Actor, at: datetime, sheet: ImportSheet, plan: SheetPlan, source: Source, codes: Mapping[tuple[str, str], str]
) -> ImportSheet:
    """Keep how a sheet is read and what its codes mean, for this file and the next of its form.

    Raises ``Problems`` (``bad-plan``) with every reason why the sheet could not be read so; then nothing is kept.
    """
    batch = sheet.batch
    may_change(actor, batch).require()
    may_import(actor, source).require()
    wrong = faults(plan, catalogue())
    if wrong:
        raise Problems("bad-plan", [TiduError("bad-plan", sentence) for sentence in wrong])
    with transaction.atomic():
        _moved(batch, BatchState.UPLOADED)
        sheet.plan, sheet.source, sheet.looked_at = plan.to_json(), source, True
        sheet.save(update_fields=("plan", "source", "looked_at"))
        remember_mapping(at=at, unit=batch.unit, source=batch.source, shape=sheet.shape, plan=plan)
        learnt = learn_codes(actor=actor, at=at, source=source, told=codes)
        detail = {"sheet": sheet.name, "columns": sum(1 for column in plan.columns if column.target), "codes": learnt}
        record_event(actor=actor, at=at, action="import.mapped", subject=subject_of(batch), detail=detail)
    batch.refresh_from_db()
    return sheet


def ready_to_check(*, actor: Actor, at: datetime, batch: Batch) -> Batch:
    """The mapping is settled: every sheet is either readable or left out. The caller has asked ``may_check``."""
    with transaction.atomic():
        _moved(batch, BatchState.MAPPED)
        record_event(actor=actor, at=at, action="import.check-asked", subject=subject_of(batch))
    batch.refresh_from_db()
    return batch


def _moved(batch: Batch, state: BatchState) -> None:
    changing = Batch.objects.filter(pk=batch.pk, version=batch.version, state__in=BEFORE_COMMIT)
    if not changing.update(state=state, version=batch.version + 1):
        raise TiduError("changed-meanwhile", "这一批刚刚被别人改过。请刷新页面，看过现在的内容再改。", batch=batch.pk)


def drop(*, actor: Actor, at: datetime, batch: Batch) -> Batch:
    """Give up a file that was not committed; what it taught is kept."""
    may_change(actor, batch).require()
    with transaction.atomic():
        _moved(batch, BatchState.DROPPED)
        batch.preview_rows.all().delete()
        batch.row_problems.all().delete()
        batch.disagreements.all().delete()
        record_event(actor=actor, at=at, action="import.dropped", subject=subject_of(batch))
    batch.refresh_from_db()
    return batch
