"""政策计算器: one question after the other, the results beside it; nothing is kept on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tidu.apps.calculator.domain import (
    GROUPS,
    Answers,
    Asked,
    Blank,
    Question,
    Results,
    as_document,
    asked_document,
    example,
    examples,
    step,
)
from tidu.apps.calculator.domain.asking import blank_of
from tidu.apps.policies.loaded import packs
from tidu.look.fields import DATE, RADIO, Choice, Field
from tidu.sites.public.question_fields import asked_again, fields_of, rows_shown
from tidu.sites.public.visit import AGAIN, BACK, EDIT, FINISH, RESTART, ROW, Visit, known_question, read_visit, today

STATES = dict(zip(GROUPS, ("can", "near", "open", "not"), strict=True))
APPLICATIONS = (Choice("new", "首次申报"), Choice("review", "到期复核"))


# The form changes nothing on the server and belongs to nobody, so there is nothing that a forged one could do.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def calculator(request: HttpRequest) -> HttpResponse:
    """One step of the calculator, as a page or as JSON."""
    visit = stepped(with_example(request, read_visit(request, today=today())))
    now = step(visit.answers, packs=packs(), moment=visit.moment, asked=visit.asked, application=visit.application)
    found = now.results
    asked = question_of(visit) or (None if visit.do == FINISH else now.asked)
    if request.GET.get("format") == "json":
        document = {**as_document(found), "next": asked_document(asked), **problems_document(visit)}
        return JsonResponse(document, json_dumps_params={"ensure_ascii": False}, status=400 if visit.faulty else 200)
    return render(request, "public/calculator.html", page_of(visit, asked, found), status=400 if visit.faulty else 200)


def problems_document(visit: Visit) -> dict[str, Any]:
    """What could not be read, as JSON; nothing where all could."""
    listed = [{"field": one.field, "code": one.code, "message": one.sentence} for one in visit.faulty]
    return {"problems": listed} if listed else {}


def with_example(request: HttpRequest, visit: Visit) -> Visit:
    """The visit of a named example firm, where one was chosen."""
    name = request.POST.get("example", "")
    return replace(visit, answers=example(name).answers, asked=(), current="", do=FINISH) if name else visit


def stepped(visit: Visit) -> Visit:
    """The visit after what its button says; faulty fields keep the question where it is."""
    if visit.do == RESTART:
        return replace(visit, answers=Answers(), asked=(), current="", problems=(), raw={})
    if visit.faulty:
        return replace(visit, do=AGAIN)
    if visit.do == BACK:
        before = [name for name in visit.asked if name != visit.current]
        return replace(visit, asked=tuple(before[:-1]), current=before[-1] if before else "", do=AGAIN)
    if visit.do.startswith(EDIT):
        return replace(visit.answered_now(), current=known_question(visit.do.removeprefix(EDIT)), do=AGAIN)
    if visit.do == ROW:
        return replace(visit, rows=visit.rows + 1, do=AGAIN)
    if visit.do == FINISH and not visit.current_told:
        return replace(visit, current="")
    return visit if visit.do == AGAIN else replace(visit.answered_now(), current="")


def question_of(visit: Visit) -> Asked | None:
    """The question that stays or was opened again; None where the next one is to be found."""
    if not visit.current or visit.do != AGAIN:
        return None
    return asked_again(visit.current, visit.answers, visit.moment.year, visit.rows)


def page_of(visit: Visit, asked: Asked | None, found: Results) -> dict[str, Any]:
    """What the page shows."""
    blanks = () if asked is None else asked.blanks
    standing = {blank.field.name for blank in blanks}
    fields = fields_of(blanks, visit.faulty, visit.raw)
    rows = rows_shown(blanks)
    return {
        "visit": visit,
        "asked": asked,
        "field_rows": by_row(blanks, fields),
        "rows": rows,
        "more_rows": asked is not None and 0 < rows < asked.question.rows,
        "carried": {name: text for name, text in visit.answers.as_fields().items() if name not in standing},
        "problems": problems_of(visit, fields),
        "found": found,
        "groups": [(name, STATES[name], found.group(name)) for name in GROUPS],
        "decided": sum(result.group != "待补充" for result in found.results),
        "told": told_of(visit),
        "dates": date_fields(visit),
        "examples": examples(),
        "today": today(),
        "is_start": not visit.answers.given and not visit.asked,
    }


def told_of(visit: Visit) -> list[tuple[Question, list[tuple[str, str]]]]:
    """What was filled in, question by question, each field with its year."""
    year = visit.moment.year
    return [
        (question, [(blank_of(asking, visit.answers, year).label, text) for asking, text in pairs])
        for question, pairs in visit.answers.shown()
    ]


def by_row(blanks: Sequence[Blank], fields: Sequence[Field]) -> list[tuple[int, list[Field]]]:
    """The fields of a question by the event they tell of; 0 for a question that is not about events."""
    found: dict[int, list[Field]] = {}
    for blank, field in zip(blanks, fields, strict=True):
        found.setdefault(blank.field.row, []).append(field)
    return list(found.items())


def problems_of(visit: Visit, fields: list[Field]) -> list[dict[str, str]]:
    """The summary of what must be corrected, each with the way to its field."""
    anchors = {field.name: f"#{field.name}-group" if field.grouped else f"#{field.name}" for field in fields}
    return [{"text": problem.sentence, "href": anchors.get(problem.field, f"#{problem.field}")} for problem in visit.faulty]


def date_fields(visit: Visit) -> list[Field]:
    """The two dates and the kind of application."""
    wrong = {problem.field: problem.sentence for problem in visit.faulty}
    law, facts = visit.moment.law_date.isoformat(), visit.moment.facts_as_of.isoformat()
    return [
        Field("law_date", "政策日期", DATE, "按哪一天有效的政策和标准测算", values=(law,), error=wrong.get("law_date", "")),
        Field("facts_as_of", "数据日期", DATE, "“上年度”是这一天的前一年", values=(facts,), error=wrong.get("facts_as_of", "")),
        Field("application", "申报类型", RADIO, values=(visit.application,), choices=APPLICATIONS),
    ]
