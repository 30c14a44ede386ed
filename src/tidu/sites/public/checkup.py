"""梯度体检: where the firm stands on every rung, what is missing, the cheapest way up, and sliders to try."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tidu.apps.calculator.domain import (
    Answers,
    Checkup,
    Lever,
    Rung,
    Way,
    WhatIf,
    checkup,
    checkup_document,
    example,
    examples,
    questionnaire,
    way_document,
    way_to,
    what_if,
    what_if_document,
)
from tidu.apps.calculator.domain.ladder import rung_name
from tidu.apps.policies.loaded import packs
from tidu.look.fields import Field
from tidu.sites.public.calculator import date_fields, problems_of
from tidu.sites.public.question_fields import blanks_shown, fields_of
from tidu.sites.public.visit import AGAIN, RESTART, Visit, read_visit, today

TRY = "try:"
"""Prefix of the fields of the sliders."""


# The form changes nothing on the server and belongs to nobody, so there is nothing that a forged one could do.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check_up(request: HttpRequest) -> HttpResponse:
    """The whole ladder for what was filled in, as a page or as JSON."""
    visit = chosen_example(request, read_visit(request, today=today(), apart=TRY))
    if visit.do == RESTART:
        visit = replace(visit, answers=Answers(), problems=(), raw={}, target="")
    found = checkup(
        visit.answers, packs=packs(), moment=visit.moment, chosen=rung_name(visit.target).id if visit.target else None,
        application=visit.application,
    )  # fmt: skip
    way = way_of(visit, found)
    tried = tried_of(visit, found)
    if request.GET.get("format") == "json":
        document = {
            **checkup_document(found),
            "way_up": way_document(way) if way is not None else None,
            "what_if": what_if_document(tried) if tried is not None else None,
        }
        return JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    return render(request, "public/checkup.html", page_of(visit, found, way, tried), status=400 if visit.faulty else 200)


def chosen_example(request: HttpRequest, visit: Visit) -> Visit:
    """The visit of a named example firm, where one was chosen."""
    name = request.POST.get("example", "")
    return replace(visit, answers=example(name).answers, do=AGAIN) if name else visit


def rung_chosen(found: Checkup) -> Rung | None:
    """The rung that the page tells about."""
    return found.rung(found.chosen) if found.chosen else None


def way_of(visit: Visit, found: Checkup) -> Way | None:
    """The way up to the chosen rung; None where nothing was filled in or the rung is reached or has no text."""
    rung = rung_chosen(found)
    if rung is None or rung.result is None or rung.verdict == "met" or not visit.answers.given:
        return None
    return way_to(visit.answers, rung=rung.id, packs=packs(), moment=visit.moment, application=visit.application)


def tried_of(visit: Visit, found: Checkup) -> WhatIf | None:
    """What the sliders change; None where none was moved."""
    rung = rung_chosen(found)
    if rung is None or rung.result is None:
        return None
    texts = {lever.field.name: visit.apart.get(lever.field.name, "").strip() for lever in found.levers}
    read, _ = Answers.parse(texts)
    changes = {name: text for name, text in texts.items() if text and read.given.get(name) != visit.answers.given.get(name)}
    if not changes:
        return None
    return what_if(visit.answers, changes, standard=rung.result.name, packs=packs(), moment=visit.moment, application=visit.application)


def page_of(visit: Visit, found: Checkup, way: Way | None, tried: WhatIf | None) -> dict[str, Any]:
    """What the page shows."""
    sections = sections_of(visit)
    standing = {field.name for _, questions, _ in sections for _, fields in questions for field in fields}
    fields = [field for _, questions, _ in sections for _, listed in questions for field in listed]
    return {
        "visit": visit,
        "found": found,
        "rung": rung_chosen(found),
        "way": way,
        "tried": tried,
        "levers": [slider_of(lever, visit) for lever in found.levers],
        "sections": sections,
        "carried": {name: text for name, text in visit.answers.as_fields().items() if name not in standing},
        "problems": problems_of(visit, fields),
        "dates": date_fields(visit),
        "examples": examples(),
        "today": today(),
        "is_start": not visit.answers.given,
    }


def slider_of(lever: Lever, visit: Visit) -> dict[str, str]:
    """A slider as texts: its field, where it stands, and its bounds."""
    return {
        "name": lever.field.name,
        "label": lever.label,
        "unit": lever.unit,
        "current": lever.text(lever.current),
        "least": lever.text(lever.least),
        "most": lever.text(lever.most),
        "step": lever.text(lever.step),
        "text": visit.apart.get(lever.field.name) or lever.text(lever.current),
    }


def sections_of(visit: Visit) -> list[tuple[str, list[tuple[Any, list[Field]]], int]]:
    """Every question that can be asked, by section, with how many fields of the section are filled in."""
    known = questionnaire()
    found: list[tuple[str, list[tuple[Any, list[Field]]], int]] = []
    for section in known.sections:
        listed = [one for one in known.questions.values() if one.section == section and visit.answers.is_open(one, known)]
        questions = [(one, fields_of(blanks_shown(one, visit.answers, visit.moment.year, 1), visit.faulty, visit.raw)) for one in listed]
        filled = sum(visit.answers.has(field.name) for _, fields in questions for field in fields)
        found.append((section, questions, filled))
    return found
