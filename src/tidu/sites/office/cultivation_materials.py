"""材料目录: which certificates the system already holds, so that nobody is asked for them again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.cultivation.domain.materials import materials
from tidu.apps.cultivation.queries import latest_computation
from tidu.apps.cultivation.queries.materials import material_counts, material_firms
from tidu.apps.enterprises.models import Enterprise
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import READERS, Sheet, answer_list, street_of, told

COLUMNS = (
    Column("企业名称", lambda firm: firm.name, lambda firm: f"{reverse('firm-ladder', args=[firm.code])}#materials"),
    Column("统一社会信用代码", lambda firm: firm.code, whole=True),
    Column("所属街道", street_of),
)


@page_for(*READERS)
@require_safe
def catalogue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The catalogue by group, with how many firms each kind is held for."""
    computed = latest_computation()
    counts = material_counts(actor, computed)
    groups: dict[str, list[object]] = {}
    for one in materials():
        groups.setdefault(one.group, []).append((one, counts[one.key]))
    context = {
        "groups": groups.items(),
        "total": Enterprise.objects.visible_to(actor).in_registry().count(),
        "computed": computed,
        "kinds": len(materials()),
        "placed": sum(bool(one.held_in) for one in materials()),
        "used": sum(counts[one.key] > 0 for one in materials()),
    }
    return render(request, "office/materials.html", context)


@page_for(*READERS)
@require_safe
def material(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """The firms for which one kind is held, or is not."""
    one = next((each for each in materials() if each.key == key), None)
    if one is None:
        raise Http404("材料目录里没有这一类。")
    held = told(request, "held") != "no"
    words = told(request, "q")
    sheet = Sheet(material_firms(actor, key, held=held, words=words), COLUMNS, f"{one.name}{'已掌握' if held else '未掌握'}的企业")
    return answer_list(
        request, actor, sheet, "office/material.html", {"one": one, "held": held, "words": words, "computed": latest_computation()}
    )
