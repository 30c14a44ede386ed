"""Who may do what with imports: the bureau for any source, a department's clerk for the sources of the own unit."""

from __future__ import annotations

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Batch, Source
from tidu.apps.imports.enums import Choice, Found
from tidu.apps.imports.models import ImportSheet
from tidu.apps.imports.reading.plans import SheetPlan, faults
from tidu.apps.jobs.enums import OPEN
from tidu.apps.jobs.models import Job
from tidu.apps.units.models import Unit
from tidu.kernel.facts import catalogue

BUREAU = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
IMPORTERS = (*BUREAU, Role.DEPARTMENT_CLERK)
BEFORE_COMMIT = (BatchState.UPLOADED, BatchState.MAPPED, BatchState.CHECKED)


def sources_for(actor: Actor) -> list[Source]:
    """The sources whose files the actor may import, by rank and name."""
    listed = Source.objects.select_related("unit").order_by("rank", "name")
    return [source for source in listed if may_import(actor, source)]


def may_import(actor: Actor, source: Source) -> Decision:
    """Whether files of a source may be imported by the actor."""
    allowed = actor.may_write(*IMPORTERS)
    if not allowed or actor.has(*BUREAU):
        return allowed
    path = source.unit.path if source.unit else ""
    if path and any(path.startswith(own) for own in actor.paths(Role.DEPARTMENT_CLERK)):
        return YES
    return no(
        f"“{source.name}”的数据由{source.unit.name if source.unit else '牵头局'}导入。请由该单位上传，或请牵头局代传。", "other-unit-source"
    )


def unit_of(actor: Actor) -> Unit | None:
    """The unit in whose name the actor imports: the first in which an importing role is held."""
    paths = actor.paths(*BUREAU) or actor.paths(Role.DEPARTMENT_CLERK)
    return Unit.objects.filter(path__in=paths).order_by("path").first() if paths else None


def may_change(actor: Actor, batch: Batch) -> Decision:
    """Whether the mapping of a batch may be changed, and its names be decided."""
    allowed = may_import(actor, batch.source)
    if not allowed:
        return allowed
    if batch.state not in BEFORE_COMMIT:
        return no(f"这一批{batch.get_state_display()}，不能再修改。需要更正请撤销后重新导入。", "batch-closed")
    return _free(batch)


def _free(batch: Batch) -> Decision:
    job = Job.objects.filter(
        key__in=[f"import.{kind}:{batch.pk}" for kind in ("detect", "check", "commit", "undo")], state__in=OPEN
    ).first()
    return YES if job is None else no(f"“{job.title}”正在进行，由{job.actor_name}提出。请等它完成。", "job-open")


def may_check(actor: Actor, batch: Batch) -> Decision:
    """Whether a batch may be checked: every sheet readable by its plan."""
    allowed = may_change(actor, batch)
    if not allowed:
        return allowed
    sheets = list(ImportSheet.objects.filter(batch=batch))
    if not any(sheet.included for sheet in sheets):
        return no("没有一张表要导入。请至少选一张表，并指定各列的内容。", "nothing-to-import")
    for sheet in sheets:
        wrong = faults(SheetPlan.from_json(sheet.plan), catalogue()) if sheet.included else []
        if wrong:
            return no(f"工作表“{sheet.name}”：{wrong[0]}", "sheet-not-mapped")
    return YES


def may_commit(actor: Actor, batch: Batch) -> Decision:
    """Whether a checked batch may go into the registry."""
    allowed = may_change(actor, batch)
    if not allowed:
        return allowed
    if batch.state != BatchState.CHECKED:
        return no("还没有检查。请先检查，再入库。", "not-checked")
    if not batch.counts.get("taken"):
        return no("没有一行可以入库。请看逐行结果和问题清单，改正后重新检查。", "nothing-to-take")
    return YES


def may_undo(actor: Actor, batch: Batch) -> Decision:
    """Whether a committed batch may be taken back as a whole."""
    allowed = may_import(actor, batch.source)
    if not allowed:
        return allowed
    if batch.state != BatchState.COMMITTED:
        return no(f"这一批{batch.get_state_display()}，没有可撤销的数据。", "not-committed")
    return _free(batch)


def open_names(batch: Batch) -> int:
    """Names whose rows are left out as long as nobody decides."""
    return batch.name_matches.exclude(found=Found.ONE).filter(choice=Choice.OPEN).count()
