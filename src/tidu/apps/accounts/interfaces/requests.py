"""The actor behind a request, and the one gate that every page with a login passes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import User
from tidu.apps.accounts.queries import actor_of

View = Callable[..., HttpResponse]


def actor_of_request(request: HttpRequest) -> Actor | None:
    """Who acts; None where nobody is logged in. Worked out once per request."""
    found: Actor | None = getattr(request, "tidu_actor", None)
    if found is None and isinstance(request.user, User):
        found = actor_of(request.user, timezone.localdate())
        request.tidu_actor = found  # type: ignore[attr-defined]
    return found


def page_for(*roles: Role, bare: bool = False) -> Callable[[View], View]:
    """A page for people who hold one of the roles; the view is given the ``actor`` first. ``bare`` lets in who holds no post yet.

    Who is not logged in is sent to the login page and comes back; who has no such post reads why.
    ``roles`` stand on the view, where the access matrix reads them.
    """

    def gate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if isinstance(request.user, AnonymousUser):
                return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()})}")
            actor = actor_of_request(request)
            if actor is None or not (actor.has(*roles) or (bare and not actor.posts)):
                raise NotAllowed("wrong-role", refusal(roles))
            return view(request, actor, *args, **named)

        gated.roles = frozenset(roles)  # type: ignore[attr-defined]
        return gated

    return gate


def refusal(roles: tuple[Role, ...]) -> str:
    """Why a page does not open."""
    return f"这个页面给{'、'.join(role.label for role in roles)}使用，您没有这样的岗位。需要时请联系系统管理员。"
