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
from tidu.apps.cultivation.queries import ToDo, to_dos
from tidu.apps.enterprises.queries import firms_by_subdistrict


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
        "to_dos": [*to_dos(actor, timezone.localdate()), *(ToDo(text, count, page) for text, count, page in reviews_waiting(actor))],
        "announcements": Announcement.objects.visible_to(actor).on(timezone.localdate())[:5],
    }
    return render(request, "office/desk.html", context)
