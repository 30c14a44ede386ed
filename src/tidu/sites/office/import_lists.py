"""What the check of a file found, as lists: rows, problems, disagreements, names; the annotated copy; the learnt codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.apps.enterprises.models import Batch
from tidu.apps.imports.domain.permitting import IMPORTERS, may_change
from tidu.apps.imports.domain.reviewing import decide_name
from tidu.apps.imports.enums import TAKEN, Choice, Found, Grade, Outcome
from tidu.apps.imports.interfaces.annotated import annotated_workbook, is_ready
from tidu.apps.imports.models import NameMatch
from tidu.apps.imports.queries import codes, differences, names, problems, rows
from tidu.apps.imports.reading.codes import NOTHING
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import EXCEL, MOST_ROWS, exported
from tidu.sites.office.imports import READERS, batch_of

NAMES_AT_ONCE = 20
GRADES = {Grade.PROBLEM: "red", Grade.WARNING: "near", Grade.INFORMATION: "done"}
ROW_COLUMNS = (
    Column("工作表", lambda row: row.sheet),
    Column("行", lambda row: str(row.row), number=True),
    Column("结果", lambda row: row.get_outcome_display(), state=lambda row: "held" if row.outcome in TAKEN else "lacking"),
    Column("文件中的名称", lambda row: row.name),
    Column("统一社会信用代码", lambda row: row.code, whole=True),
)
PROBLEM_COLUMNS = (
    Column("工作表", lambda one: one.sheet),
    Column("行", lambda one: "" if one.row is None else str(one.row), number=True),
    Column("程度", lambda one: one.get_grade_display(), state=lambda one: GRADES[Grade(one.grade)]),
    Column("列", lambda one: f"{one.letter} {one.column}".strip()),
    Column("值", lambda one: one.value),
    Column("问题", lambda one: one.message),
    Column("怎么办", lambda one: one.advice),
)
DIFFERENCE_COLUMNS = (
    Column("企业", lambda one: one.name or one.code, lambda one: reverse("firm", args=[one.code])),
    Column("项目", lambda one: one.fact),
    Column("期间", lambda one: str(one.period or ""), whole=True),
    Column("现行值", lambda one: one.held, number=True),
    Column("现行来源", lambda one: one.held_source),
    Column("文件中的值", lambda one: one.told, number=True),
    Column("入库后采用", lambda one: "文件中的值" if one.wins else "现行值"),
    Column("工作表", lambda one: one.sheet),
    Column("行", lambda one: str(one.row), number=True),
)
CODE_COLUMNS = (
    Column("来源", lambda one: one.source.name),
    Column("项目", lambda one: item_text(one.identifier)),
    Column("代码", lambda one: one.code, whole=True),
    Column("含义", lambda one: "未知" if one.meaning == NOTHING else one.meaning),
    Column("说明人", lambda one: one.learnt_by.name if one.learnt_by else "系统"),
    Column("说明时间", lambda one: f"{timezone.localtime(one.learnt_at):%Y-%m-%d}", whole=True),
)


def item_text(identifier: str) -> str:
    """The name of a fact or field by its identifier."""
    return next((fact.name for fact in catalogue().facts.values() if fact.identifier == identifier), identifier)


def _listed(
    request: HttpRequest,
    actor: Actor,
    listed: QuerySet[Any],
    columns: Sequence[Column],
    chosen: dict[str, str],
    what: str,
    more: dict[str, Any],
) -> HttpResponse:
    if request.GET.get("format") == "xlsx":
        at, found = timezone.localtime(), list(listed[:MOST_ROWS])
        record_export(actor=actor, at=at, what=what, filters=chosen, rows=len(found))
        return exported(found, columns, title=what, who=actor.name, at=at)
    listing = page_of(listed, columns, request.GET.dict(), label=what)
    return render(
        request, "office/import_list.html", {"listing": listing, "chosen": chosen, "title": what, "line": "", "batch": None, **more}
    )


def _sheets(batch: Batch) -> list[tuple[str, str]]:
    return [(one["name"], one["name"]) for one in batch.counts.get("sheets", ())]


@page_for(*READERS)
@require_safe
def import_rows(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """逐行结果."""
    batch = batch_of(actor, number)
    chosen = {"outcome": request.GET.get("outcome", "")[:10], "sheet": request.GET.get("sheet", "")[:60]}
    filters = [("outcome", "结果", Outcome.choices), ("sheet", "工作表", _sheets(batch))]
    return _listed(request, actor, rows(actor, batch, **chosen), ROW_COLUMNS, chosen, "逐行结果", {"batch": batch, "filters": filters})


@page_for(*READERS)
@require_safe
def import_problems(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """问题清单."""
    batch = batch_of(actor, number)
    chosen = {name: request.GET.get(name, "")[:60] for name in ("grade", "sheet", "rule")}
    filters = [("grade", "程度", Grade.choices), ("sheet", "工作表", _sheets(batch))]
    return _listed(
        request, actor, problems(actor, batch, **chosen), PROBLEM_COLUMNS, chosen, "问题清单", {"batch": batch, "filters": filters}
    )


@page_for(*READERS)
@require_safe
def import_differences(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """与现行数据不同."""
    batch = batch_of(actor, number)
    chosen = {"wins": request.GET.get("wins", "")[:3]}
    filters = [("wins", "入库后采用", [("yes", "文件中的值"), ("no", "现行值")])]
    line = "不同来源说法不一的项目。采用哪一个由来源的权威次序决定，另一个照样保留，谁也不会覆盖谁。"
    more = {"batch": batch, "filters": filters, "line": line}
    return _listed(request, actor, differences(actor, batch, **chosen), DIFFERENCE_COLUMNS, chosen, "与现行数据不同", more)


@page_for(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_names(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """名称比对: which firm a name is, decided one by one."""
    batch = batch_of(actor, number)
    chosen = {"found": request.GET.get("found", "")[:10], "words": request.GET.get("words", "")[:100]}
    wrong: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            _decide(request, actor, batch)
        except TiduError as error:
            wrong.append({"text": error.message})
        else:
            return HttpResponseRedirect(request.get_full_path())
    listing = page_of(names(actor, batch, **chosen), (), request.GET.dict(), label="名称比对", size=NAMES_AT_ONCE)
    listed = list(names(actor, batch, **chosen)[(listing.number - 1) * NAMES_AT_ONCE : listing.number * NAMES_AT_ONCE])
    context = {
        "batch": batch, "listing": listing, "names": listed, "chosen": chosen, "problems": wrong, "change": may_change(actor, batch),
        "kinds": [("open", "待选定"), *Found.choices],
    }  # fmt: skip
    return render(request, "office/import_names.html", context, status=400 if wrong else 200)


def _decide(request: HttpRequest, actor: Actor, batch: Batch) -> None:
    wanted = request.POST.get("name", "")
    match = (
        NameMatch.objects.visible_to(actor).filter(batch=batch, pk=wanted).first()
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 18
        else None
    )
    if match is None:
        raise TiduError("no-name", "没有说明是哪个名称。请用名称旁边的按钮提交。")
    what = request.POST.get("firm", "")
    if what == "leave":
        choice, code = Choice.LEAVE, ""
    elif what == "open":
        choice, code = Choice.OPEN, ""
    else:
        choice, code = Choice.FIRM, request.POST.get("code", "") if what in {"", "other"} else what
    decide_name(actor=actor, at=timezone.now(), match=match, choice=choice, code=code)


@page_for(*READERS)
@require_safe
def import_annotated(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The file with its problems marked."""
    batch = batch_of(actor, number)
    if not batch.counts.get("rows"):
        raise TiduError("not-checked", "这一批还没有检查，没有可标注的问题。请先检查。")
    if not is_ready(batch):
        raise TiduError("not-annotated", "这个文件较大，标注后的文件还没有生成。请在这一批的页面上点“生成标注后的文件”。")
    content = annotated_workbook(batch)
    record_export(actor=actor, at=timezone.now(), what="标注后的导入文件", filters={"batch": str(batch.pk)}, rows=batch.counts["rows"])
    name = f"{batch.file_name.rpartition('.')[0] or batch.file_name}（标注）.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=EXCEL, headers={"Content-Disposition": disposition})


@page_for(*IMPORTERS)
@require_safe
def import_codes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """代码对照: what was learnt of codes."""
    line = "导入时说明过的代码含义，以后同一来源的文件自动套用。要改，请在下一次导入的“代码对照”里重新选择。"
    return _listed(request, actor, codes(actor), CODE_COLUMNS, {}, "代码对照", {"filters": [], "line": line})
