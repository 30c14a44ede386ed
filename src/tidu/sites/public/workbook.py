"""上传数据表测算: a workbook of one firm or of hundreds, computed once and forgotten."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.calculator.domain import WorkbookSummary, assess_workbook
from tidu.apps.calculator.domain.uploads import LARGEST_UPLOAD, MOST_FIRMS
from tidu.apps.calculator.report import empty_workbook, firms_workbook
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError
from tidu.sites.public.calculator import date_fields, problems_of
from tidu.sites.public.downloads import EXCEL, attachment
from tidu.sites.public.visit import Visit, read_visit, today

SHOWN = 100
"""Firms listed on the page; the downloaded workbook holds all of them."""
FILE, REPORT = "workbook", "report"


# The form changes nothing on the server and belongs to nobody, so there is nothing that a forged one could do.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: HttpRequest) -> HttpResponse:
    """The form, or the summary of what was uploaded, as a page, as Excel or as JSON."""
    visit = read_visit(request, today=today(), without={FILE})
    if request.method != "POST":
        return render(request, "public/workbook.html", page_of(visit, None))
    try:
        found = summary_of(request, visit)
    except TiduError as error:
        if request.GET.get("format") == "json":
            raise
        return render(request, "public/workbook.html", page_of(visit, None, refused=error), status=400)
    if request.GET.get("format") == "json":
        return JsonResponse(asdict(found), json_dumps_params={"ensure_ascii": False}, status=200 if found.assessed else 400)
    if visit.do == REPORT and found.assessed:
        return attachment(firms_workbook(found, day=today()), "数据表测算结果.xlsx", EXCEL)
    return render(request, "public/workbook.html", page_of(visit, found), status=200 if found.assessed else 400)


def summary_of(request: HttpRequest, visit: Visit) -> WorkbookSummary:
    """What the uploaded file comes to; raises ``no-file`` where none was chosen, and what the readers raise."""
    sent = request.FILES.get(FILE)
    if sent is None or not sent.size:
        raise TiduError("no-file", "没有收到文件，或者文件是空的。请选择一个 Excel 或 JSON 文件再提交。")
    return assess_workbook(
        sent.read(), name=sent.name or "", packs=packs(), moment=visit.moment, application=visit.application, page_size=MOST_FIRMS
    )


def page_of(visit: Visit, found: WorkbookSummary | None, refused: TiduError | None = None) -> dict[str, Any]:
    """What the page shows."""
    problems = problems_of(visit, [])
    if refused is not None:
        problems.append({"text": refused.message, "href": f"#{FILE}"})
    return {
        "visit": visit,
        "found": found,
        "rows": found.rows[:SHOWN] if found is not None else (),
        "names": [one.name for one in found.standards] if found is not None else [],
        "problems": problems,
        "dates": date_fields(visit),
        "most": LARGEST_UPLOAD,
        "most_firms": MOST_FIRMS,
        "shown": SHOWN,
    }


@require_safe
def template(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The empty workbook to fill in."""
    return attachment(empty_workbook(), "企业数据填报表.xlsx", EXCEL)
