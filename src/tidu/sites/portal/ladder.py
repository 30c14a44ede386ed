"""梯度培育: 我的位置, 差距清单, 提升计划."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.policies.loaded import packs
from tidu.apps.registry.domain.position import gaps_of, position_of, save_plan, way_of
from tidu.apps.registry.models import GrowthPlan
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import Standard
from tidu.kernel.wayup_document import sentences
from tidu.sites.portal.pages import firm_page


def _moment() -> Moment:
    today = timezone.localdate()
    return Moment(today, today)


def _standards(moment: Moment) -> list[Standard]:
    """Standards that one can meet, as the packs order them."""
    return [standard for standard in packs().in_force(law_date=moment.law_date) if not standard.classes]


def _chosen(request: HttpRequest, firm: Enterprise, moment: Moment) -> Standard | None:
    """The standard asked for; without one that of the next rung; None where no text is in force."""
    listed = _standards(moment)
    named = request.POST.get("standard") or request.GET.get("standard", "")
    if named:
        found = next((standard for standard in listed if standard.name == named), None)
        if found is None:
            raise TiduError("no-such-standard", f"今天没有现行的“{named[:40]}”标准。请从列表里选择。")
        return found
    following = position_of(firm, packs(), moment).next
    wanted = following.name.standard if following is not None else ""
    return next((standard for standard in listed if standard.name == wanted), listed[0] if listed else None)


@firm_page()
@require_safe
def position(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """我的位置."""
    moment = _moment()
    return render(request, "portal/ladder.html", {"firm": firm, "position": position_of(firm, packs(), moment), "day": moment.law_date})


@firm_page()
@require_safe
def gaps(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """差距清单: every unmet criterion with fact, value, source, date, bound and distance."""
    moment = _moment()
    standard = _chosen(request, firm, moment)
    found = gaps_of(firm, standard, packs(), moment) if standard is not None else None
    return render(
        request,
        "portal/gaps.html",
        {"firm": firm, "standards": _standards(moment), "gaps": found, "chosen": standard, "day": moment.law_date},
    )


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def way(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """提升计划: the cheapest way up to a chosen standard; POST keeps it as the firm's plan."""
    moment = _moment()
    standard = _chosen(request, firm, moment)
    found = way_of(firm, standard, packs(), moment) if standard is not None else None
    if request.method == "POST":
        if found is None:
            raise TiduError("no-such-standard", "今天没有现行的标准，不能保存提升计划。")
        save_plan(actor=actor, at=timezone.now(), enterprise=firm, found=found, moment=moment, note=request.POST.get("note", ""))
        return HttpResponseRedirect(f"{reverse('portal-way', args=[firm.code])}#plans")
    context = {
        "firm": firm,
        "standards": _standards(moment),
        "chosen": standard,
        "found": found,
        "headline": sentences(found)[0] if found is not None else "",
        "plans": list(GrowthPlan.objects.filter(enterprise=firm, put_aside_at=None)),
        "day": moment.law_date,
    }
    return render(request, "portal/way.html", context)
