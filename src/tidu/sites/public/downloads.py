"""What a visitor may take along: the result as a workbook, the answers as a file to upload again, the empty template."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.calculator.domain import as_workbook, results, schema
from tidu.apps.calculator.report import results_workbook
from tidu.apps.policies.loaded import packs
from tidu.sites.public.visit import read_visit, today

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# The form changes nothing on the server and belongs to nobody, so there is nothing that a forged one could do.
@csrf_exempt
@require_POST
def result(request: HttpRequest) -> HttpResponse:
    """The result as Excel; with ``?what=answers`` the answers as the JSON workbook that can be uploaded again."""
    visit = read_visit(request, today=today())
    if request.GET.get("what") == "answers":
        text = json.dumps(as_workbook(visit.answers, visit.moment), ensure_ascii=False, indent=2)
        return attachment(text.encode(), "填写的数据.json", "application/json; charset=utf-8")
    found = results(visit.answers, packs=packs(), moment=visit.moment, application=visit.application)
    return attachment(results_workbook(found, visit.answers, day=today()), "政策测算结果.xlsx", EXCEL)


@require_safe
def result_schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The JSON Schema of a result (``?format=json`` of the calculator)."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to save under a Chinese name."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition or "attachment"})
