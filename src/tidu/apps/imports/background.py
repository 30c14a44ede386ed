"""Long work of imports: the check, the commit and the undoing of a batch."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone

from tidu.apps.enterprises.models import Batch
from tidu.apps.imports.domain.checking import check, record_check
from tidu.apps.imports.domain.committing import commit
from tidu.apps.imports.domain.preparing import prepare
from tidu.apps.imports.domain.undoing import undo
from tidu.apps.imports.interfaces.annotated import keep_copy
from tidu.apps.jobs.domain.kinds import job_kind
from tidu.apps.jobs.domain.running import Work
from tidu.kernel.errors import TiduError

CHECK, COMMIT, UNDO, ANNOTATE = "import.check", "import.commit", "import.undo", "import.annotate"
AFTER_COMMIT: list[Callable[[Work, Batch], None]] = []
"""What other apps do once data are in the registry or out of it again; called inside the transaction of the work."""


def _batch(work: Work) -> Batch:
    found = Batch.objects.visible_to(work.actor).select_related("source", "unit").filter(pk=work.parameters["batch"]).first()
    if found is None:
        raise TiduError("no-batch", "没有这一批数据，或者您已不能查看。请联系系统管理员。")
    return found


@job_kind(CHECK, "检查导入文件")
def check_batch(work: Work) -> None:
    """Work out a file and keep what was found."""
    batch, version = _batch(work), int(work.parameters["version"])
    found = check(batch, timezone.localdate(work.clock()), work.tell)
    work.tell("保存结果")
    with work.commit(href=reverse("import", args=[batch.pk])) as result:
        kept = record_check(actor=work.actor, at=work.clock(), batch=batch, version=version, found=found)
        result |= {name: kept.counts[name] for name in ("rows", "taken", "new", "problems", "warnings")}


@job_kind(COMMIT, "数据入库")
def commit_batch(work: Work) -> None:
    """Write a checked file into the registry."""
    batch, version = _batch(work), int(work.parameters["version"])
    prepared = prepare(batch, timezone.localdate(work.clock()), work.tell)
    work.tell("写入企业库")
    with work.commit(href=reverse("import", args=[batch.pk])) as result:
        written = commit(actor=work.actor, at=work.clock(), batch=batch, version=version, prepared=prepared)
        result |= {"firms": len(written.firms), "sheets": written.sheets, "events": written.events, "registered": written.registered}
        for follow in AFTER_COMMIT:
            follow(work, batch)


@job_kind(UNDO, "撤销导入")
def undo_batch(work: Work) -> None:
    """Take a committed file back."""
    batch, version = _batch(work), int(work.parameters["version"])
    work.tell("撤销")
    with work.commit(href=reverse("import", args=[batch.pk])) as result:
        found = undo(actor=work.actor, at=work.clock(), batch=batch, version=version)
        result |= {"sheets": found.sheets, "events": found.events, "removed": len(found.removed), "kept": found.kept}
        for follow in AFTER_COMMIT:
            follow(work, batch)


@job_kind(ANNOTATE, "标注导入文件")
def annotate_batch(work: Work) -> None:
    """Make the annotated copy of a large file. It is kept by the version of the check: made twice, it is the same."""
    batch = _batch(work)
    work.tell("标注文件")
    keep_copy(batch)
    with work.commit(href=reverse("import-annotated", args=[batch.pk])) as result:
        result["rows"] = batch.counts.get("rows", 0)
