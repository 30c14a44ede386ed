"""The first page after login."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.accounts.queries import reviews_waiting
from tidu.apps.administration.models import Announcement
from tidu.apps.corrections.enums import TO_REVIEW
from tidu.apps.corrections.models import Correction, Filing
from tidu.apps.cultivation.queries import ToDo, to_dos
from tidu.apps.enterprises.queries import firms_by_subdistrict
from tidu.apps.fulfilment.queries.desk import case_to_dos
from tidu.apps.quality.enums import RequestState
from tidu.apps.quality.queries import requests
from tidu.kernel.legal_days import legal_day

REVIEWERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)


@page_for(*Role, bare=True)
@require_safe
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我的工作台; the people of firms have a site of their own."""
    if not actor.is_official and actor.firms:
        return HttpResponseRedirect(reverse("portal"))
    streets = firms_by_subdistrict(actor)
    posts = sorted({role.label for role in actor.roles})
    context = {
        "streets": streets,
        "total": sum(count for _, _, count in streets),
        "posts": posts,
        "to_dos": _to_dos(actor),
        "announcements": Announcement.objects.visible_to(actor).on(timezone.localdate())[:5],
    }
    return render(request, "office/desk.html", context)


def _to_dos(actor: Actor) -> list[ToDo]:
    """Everything that waits, of every part of the system that knows of it; each is the length of the list it leads to."""
    day = legal_day(timezone.now())
    reviews = [ToDo(text, count, page) for text, count, page in reviews_waiting(actor)]
    return [*case_to_dos(actor, day), *_registry(actor), *to_dos(actor, day), *reviews]


def _registry(actor: Actor) -> list[ToDo]:
    found = []
    if actor.has(*REVIEWERS):
        corrections = Correction.objects.visible_to(actor).filter(state__in=TO_REVIEW).count()
        filings = Filing.objects.visible_to(actor).filter(state__in=TO_REVIEW).count()
        found += [ToDo("待审核的更正", corrections, "review-corrections"), ToDo("待审核的年度填报", filings, "review-filings")]
    if actor.has(Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK):
        found.append(ToDo("向您单位提出的数据需求", requests(actor, state=RequestState.OPEN).count(), "fact-requests"))
    return [one for one in found if one.count]
