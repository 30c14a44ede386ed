"""核对各列: how one sheet is read, looked over and corrected by a person."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.enterprises.models import Batch
from tidu.apps.imports.domain.permitting import may_change, sources_for
from tidu.apps.imports.domain.planning import save_plan
from tidu.apps.imports.domain.uploading import look_again
from tidu.apps.imports.interfaces.mapping import SKIP_SHEET, SheetForm, codes_from, plan_from, sheet_form, unexplained
from tidu.apps.imports.models import ImportSheet
from tidu.apps.imports.reading.plans import SheetPlan
from tidu.kernel.errors import Problems, TiduError
from tidu.sites.office.imports import READERS, batch_of


@page_for(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_sheet(request: HttpRequest, actor: Actor, number: int, position: int) -> HttpResponse:
    """The form of one sheet."""
    batch = batch_of(actor, number)
    sheet = (
        ImportSheet.objects.visible_to(actor)
        .select_related("source", "batch__unit", "batch__source")
        .filter(batch=batch, position=position, rows__gt=0)
        .first()
    )
    if sheet is None:
        raise Http404("这一批里没有这张工作表，或者它没有数据。")
    if request.method != "POST":
        return _page(request, actor, sheet, sheet_form(sheet))
    sent = request.POST.dict()
    try:
        if sent.get("do") == "again":
            return _again(actor, sheet, sent)
        return _saved(actor, batch, sheet, sent)
    except Problems as error:
        return _page(request, actor, sheet, sheet_form(sheet, plan_from(sheet, sent)), [one.message for one in error.problems])
    except TiduError as error:
        return _page(request, actor, sheet, sheet_form(sheet), [error.message])


def _again(actor: Actor, sheet: ImportSheet, sent: dict[str, str]) -> HttpResponse:
    head = sent.get("head", "")
    kind = sent.get("kind", "")
    row = int(head) if head.isascii() and head.isdigit() and len(head) < 8 and int(head) > 0 else None
    look_again(actor=actor, at=timezone.now(), sheet=sheet, head=row, register=None if kind == SKIP_SHEET else kind)
    return HttpResponseRedirect(reverse("import-sheet", args=[sheet.batch_id, sheet.position]))


def _saved(actor: Actor, batch: Batch, sheet: ImportSheet, sent: dict[str, str]) -> HttpResponse:
    plan = plan_from(sheet, sent)
    source = next((one for one in sources_for(actor) if one.name == sent.get("source")), sheet.source)
    asked = sheet_form(sheet, plan)
    save_plan(
        actor=actor,
        at=timezone.now(),
        sheet=sheet,
        plan=plan,
        source=source,
        codes=codes_from(sheet_form(sheet), sent) | codes_from(asked, sent),
    )
    here = reverse("import-sheet", args=[batch.pk, sheet.position])
    if unexplained(asked, sent):
        return HttpResponseRedirect(f"{here}?asked=1#codes")
    left = ImportSheet.objects.filter(batch=batch, looked_at=False, rows__gt=0).order_by("position")
    following = next((one for one in left if one.included), None)
    return HttpResponseRedirect(
        reverse("import-sheet", args=[batch.pk, following.position]) if following else reverse("import", args=[batch.pk])
    )


def _page(request: HttpRequest, actor: Actor, sheet: ImportSheet, form: SheetForm, problems: list[str] | None = None) -> HttpResponse:
    sources = sources_for(actor)
    context = {
        "batch": sheet.batch, "sheet": sheet, "form": form, "change": may_change(actor, sheet.batch),
        "sources": [one.name for one in sources] if sheet.source in sources else [sheet.source.name],
        "problems": [{"text": text} for text in problems or ()],
        "asked": request.GET.get("asked") == "1", "skipped": sheet.seen.get("skipped", ()), "caption": sheet.seen.get("caption", ""),
        "others": ImportSheet.objects.filter(batch=sheet.batch, rows__gt=0), "head": SheetPlan.from_json(sheet.plan).head[0],
    }  # fmt: skip
    return render(request, "office/import_sheet.html", context, status=400 if problems else 200)
