"""The gate of every page of the portal: a person of the firm that the address names, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.registry.queries import firm_behind

MEMBERS = tuple(role for role in Role if role in FIRM_ROLES)
View = Callable[..., HttpResponse]
NOT_YOURS = "您不是这家企业的成员，或者授权已经到期。请从“我的企业”进入，需要授权时请联系企业的法定代表人。"


def own_firms(actor: Actor) -> list[Enterprise]:
    """The firms of which the actor is a member, by name."""
    found = Enterprise.objects.visible_to(actor).in_registry().filter(pk__in=actor.firms)
    return list(found.select_related("subdistrict").order_by("name", "code"))


def own_firm(actor: Actor, code: str) -> Enterprise:
    """The firm of an address; 404 for whoever is no member of it, whether it exists or not."""
    found = Enterprise.objects.visible_to(actor).in_registry().filter(pk__in=actor.firms, code=code).select_related("subdistrict").first()
    if found is None:
        raise Http404(NOT_YOURS)
    return found


def firm_page(*roles: Role) -> Callable[[View], View]:
    """A page of one firm: the view is given ``actor`` and ``firm``. An old code leads to the same page of the firm behind it."""

    def gate(view: View) -> View:
        @wraps(view)
        def with_firm(request: HttpRequest, actor: Actor, code: str, *args: Any, **named: Any) -> HttpResponse:
            behind = firm_behind(code)
            if behind is not None and behind.code != code and behind.pk in actor.firms:
                where = resolve(request.path)
                return HttpResponseRedirect(reverse(str(where.url_name), kwargs={**where.kwargs, "code": behind.code}))
            return view(request, actor, own_firm(actor, code), *args, **named)

        return page_for(*(roles or MEMBERS))(with_firm)

    return gate


def roles_in(actor: Actor, firm: Enterprise) -> list[str]:
    """What the actor is in a firm, in words."""
    return sorted({post.role.label for post in actor.posts if post.enterprise == firm.pk and post.role in FIRM_ROLES})
