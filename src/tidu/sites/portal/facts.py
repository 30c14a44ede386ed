"""企业档案 and 资质荣誉与有效期."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.assessments.domain.standing import firm_of_registry
from tidu.apps.corrections.domain.corrections import may_ask
from tidu.apps.corrections.queries import open_corrections
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import fact_blocks
from tidu.apps.registry.domain.position import titles_of
from tidu.sites.portal.pages import firm_page


@firm_page()
@require_safe
def facts(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """企业档案: every fact in force with source and date, and a way to say that it is wrong."""
    waiting = {(one.fact, one.period): one for one in open_corrections(firm)}
    context = {
        "firm": firm,
        "blocks": [
            (block, [(line, waiting.get((line.name, block.period))) for line in block.lines]) for block in fact_blocks(firm)
        ],
        "names": list(firm.names.order_by("kind", "name")),
        "may_ask": may_ask(firm, actor),
    }  # fmt: skip
    return render(request, "portal/facts.html", context)


@firm_page()
@require_safe
def titles(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """资质荣誉与有效期."""
    found = titles_of(firm_of_registry(firm), timezone.localdate())
    return render(request, "portal/titles.html", {"firm": firm, "titles": found})
