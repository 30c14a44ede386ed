"""数据导入: the history of imports, a new file, one batch and what is done with it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Batch, Source
from tidu.apps.imports.background import ANNOTATE, CHECK, COMMIT, UNDO
from tidu.apps.imports.domain.permitting import IMPORTERS, may_change, may_check, may_commit, may_undo, open_names, sources_for
from tidu.apps.imports.domain.planning import drop, ready_to_check
from tidu.apps.imports.domain.reviewing import decided_rows
from tidu.apps.imports.domain.undoing import consequences
from tidu.apps.imports.domain.uploading import upload
from tidu.apps.imports.enums import Outcome
from tidu.apps.imports.interfaces.annotated import is_ready
from tidu.apps.imports.queries import imports, open_job, same_file
from tidu.apps.imports.reading.plans import SheetPlan, faults
from tidu.apps.jobs.domain.asking import ask_for
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue
from tidu.look.fields import SELECT, Choice, Field
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import MOST_ROWS, exported

READERS: tuple[Role, ...] = (*IMPORTERS, Role.DISTRICT_LEADER, Role.AUDITOR, Role.AUDIT_ADMIN)
STATES = {
    BatchState.UPLOADED: "todo",
    BatchState.MAPPED: "doing",
    BatchState.CHECKED: "checking",
    BatchState.COMMITTED: "done",
    BatchState.UNDONE: "not",
    BatchState.DROPPED: "not",
}
COLUMNS = (
    Column("文件", lambda batch: batch.file_name, lambda batch: reverse("import", args=[batch.pk])),
    Column("状态", lambda batch: batch.get_state_display(), state=lambda batch: STATES[BatchState(batch.state)]),
    Column("来源", lambda batch: batch.source.name),
    Column("导入单位", lambda batch: batch.unit.short_name),
    Column("导入人", lambda batch: batch.created_by.name),
    Column("上传时间", lambda batch: f"{timezone.localtime(batch.created_at):%Y-%m-%d %H:%M}", whole=True),
    Column("行", lambda batch: f"{batch.counts.get('rows', 0):,}" if batch.counts.get("rows") else "", number=True),
    Column("错误", lambda batch: f"{batch.counts.get('problems', 0):,}" if batch.counts.get("rows") else "", number=True),
)
STEPS = (("上传", ()), ("核对各列", (BatchState.UPLOADED,)), ("检查", (BatchState.MAPPED,)), ("入库", (BatchState.CHECKED,)))


def batch_of(actor: Actor, number: int) -> Batch:
    """The batch of an address, if the actor may see it."""
    found = imports(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这一批数据，或者不是您单位导入的。")
    return found


@page_for(*READERS)
@require_safe
def import_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """导入历史."""
    chosen = {"state": request.GET.get("state", "")[:20], "source": request.GET.get("source", "")[:40]}
    listed = imports(actor, **chosen)
    if request.GET.get("format") == "xlsx":
        at, found = timezone.localtime(), list(listed[:MOST_ROWS])
        record_export(actor=actor, at=at, what="导入历史", filters=chosen, rows=len(found))
        return exported(found, COLUMNS, title="导入历史", who=actor.name, at=at)
    listing = page_of(listed, COLUMNS, request.GET.dict(), label="导入历史", empty="还没有导入过数据。")
    names = list(Source.objects.order_by("name").values_list("name", flat=True))
    context = {"listing": listing, "chosen": chosen, "states": BatchState.choices, "sources": names, "may_upload": actor.has(*IMPORTERS)}
    return render(request, "office/imports.html", context)


@page_for(*IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """上传."""
    sources, problems = sources_for(actor), []
    chosen = request.POST.get("source", "")
    if request.method == "POST":
        try:
            batch = _upload(request, actor, sources)
        except TiduError as error:
            problems.append({"text": error.message, "href": f"#{error.data.get('field', 'file')}"})
        else:
            return HttpResponseRedirect(reverse("import", args=[batch.pk]))
    choices = [Choice(source.name, source.name) for source in sources]
    field = Field(
        "source",
        "数据来源",
        SELECT,
        "这份数据由哪个部门提供",
        values=(chosen or (sources[0].name if len(sources) == 1 else ""),),
        choices=choices,
    )
    return render(request, "office/import_new.html", {"field": field, "problems": problems}, status=400 if problems else 200)


def _upload(request: HttpRequest, actor: Actor, sources: list[Source]) -> Batch:
    source = next((one for one in sources if one.name == request.POST.get("source", "")), None)
    if source is None:
        raise TiduError("no-source", "没有选数据来源。请选择这份数据由哪个部门提供。", field="source")
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        raise TiduError("no-file", "没有收到文件，或者文件是空的。请选择一个 Excel、CSV 或 JSON 文件再提交。")
    return upload(actor=actor, at=timezone.now(), source=source, name=sent.name or "上传", content=sent.read())


@page_for(*READERS)
@require_safe
def import_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One batch: sheets, what the check found, what can be done next and why not."""
    return render(request, "office/import.html", batch_context(actor, batch_of(actor, number)))


def batch_context(actor: Actor, batch: Batch, problems: tuple[dict[str, str], ...] = ()) -> dict[str, Any]:
    """What the page of a batch shows."""
    state = BatchState(batch.state)
    sheets = [
        {"sheet": sheet, "kind": sheet.plan.get("register") or "企业数据", "wrong": faults(SheetPlan.from_json(sheet.plan), catalogue())}
        for sheet in batch.import_sheets.filter(rows__gt=0)
    ]
    place = next((index for index, (_, states) in enumerate(STEPS) if state in states), len(STEPS))
    outcomes = [(value, label, batch.counts.get("outcomes", {}).get(value, 0)) for value, label in Outcome.choices]
    return {
        "batch": batch, "state": STATES[state], "sheets": sheets, "problems": problems, "job": open_job(batch),
        "empty_sheets": [sheet.name for sheet in batch.import_sheets.filter(rows=0)],
        "steps": [{"text": text, "done": index < place, "here": index == place} for index, (text, _) in enumerate(STEPS)],
        "same": same_file(actor, batch), "counts": batch.counts, "outcomes": [one for one in outcomes if one[2]],
        "open_names": open_names(batch), "decided": decided_rows(batch), "change": may_change(actor, batch),
        "check": may_check(actor, batch), "commit": may_commit(actor, batch), "undo": may_undo(actor, batch),
        "consequences": consequences(batch) if state == BatchState.COMMITTED and may_undo(actor, batch) else None,
        "annotated": is_ready(batch), "before": state in {BatchState.UPLOADED, BatchState.MAPPED, BatchState.CHECKED},
    }  # fmt: skip


@page_for(*IMPORTERS)
@require_POST
def import_act(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Check, commit, undo or give up a batch."""
    batch = batch_of(actor, number)
    try:
        return _act(request, actor, batch)
    except TiduError as error:
        return render(request, "office/import.html", batch_context(actor, batch, ({"text": error.message},)), status=400)


def _act(request: HttpRequest, actor: Actor, batch: Batch) -> HttpResponse:
    at, what = timezone.now(), request.POST.get("do", "")
    if what == "check":
        may_check(actor, batch).require()
        ready_to_check(actor=actor, at=at, batch=batch)
        return _asked(actor, batch, CHECK, f"检查“{batch.file_name}”")
    if what == "commit":
        may_commit(actor, batch).require()
        if batch.counts["problems"] and request.POST.get("accept") != "yes":
            raise TiduError("not-accepted", f"有 {batch.counts['problems']:,} 处错误不会入库。请看过问题清单，勾选“已看过”再入库。")
        return _asked(actor, batch, COMMIT, f"“{batch.file_name}”入库")
    if what == "undo":
        may_undo(actor, batch).require()
        if request.POST.get("sure") != "yes":
            raise TiduError("not-sure", "撤销会收回这一批的全部数据。请看过后果，勾选“确认撤销”再提交。")
        return _asked(actor, batch, UNDO, f"撤销“{batch.file_name}”")
    if what == "annotate":
        return _asked(actor, batch, ANNOTATE, f"标注“{batch.file_name}”")
    if what == "drop":
        drop(actor=actor, at=at, batch=batch)
        return HttpResponseRedirect(reverse("import", args=[batch.pk]))
    raise TiduError("unknown-act", "没有说明要做什么。请用页面上的按钮提交。")


def _asked(actor: Actor, batch: Batch, kind: str, title: str) -> HttpResponse:
    job = ask_for(
        actor=actor, at=timezone.now(), kind=kind, title=title[:200], key=f"{kind}:{batch.pk}",
        parameters={"batch": batch.pk, "version": batch.version},
    )  # fmt: skip
    return HttpResponseRedirect(reverse("job", args=[job.pk]))
