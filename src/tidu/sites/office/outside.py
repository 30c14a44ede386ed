"""Logging in by an identity provider, and binding the own identity to the own account."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.entering import record_failure
from tidu.apps.accounts.domain.identities import bind_identity, unbind_identity, user_behind
from tidu.apps.accounts.domain.second_factor import has_factor
from tidu.apps.accounts.enums import LoginWay, Role
from tidu.apps.accounts.interfaces.locking import browser_of
from tidu.apps.accounts.interfaces.logging_in import complete_login, remember_first_step
from tidu.apps.accounts.interfaces.outside import Provider, begin, finish, provider
from tidu.apps.accounts.interfaces.requests import actor_of_request, page_for
from tidu.apps.accounts.models import OutsideIdentity, User
from tidu.kernel.errors import TiduError
from tidu.sites.office.entering import safe_address


def _provider() -> Provider:
    known = provider()
    if known is None:
        raise Http404("没有接入统一身份认证。请用用户名和密码登录。")
    return known


@require_safe
def outside_begin(request: HttpRequest) -> HttpResponse:
    """去统一身份认证."""
    back = request.build_absolute_uri(reverse("outside-return"))
    bind = request.GET.get("bind") == "1" and isinstance(request.user, User)
    return HttpResponseRedirect(begin(request, _provider(), back, request.GET.get("next", "")[:500], bind=bind))


@require_safe
def outside_return(request: HttpRequest) -> HttpResponse:
    """从统一身份认证回来: log in, or bind the identity to the account that is logged in."""
    known, at = _provider(), timezone.now()
    subject, flow = finish(request, known)
    actor = actor_of_request(request)
    if flow["bind"]:
        if actor is None or not isinstance(request.user, User):
            raise TiduError("outside-state", "绑定期间登录已失效，没有绑定。请登录后重新绑定。")
        bind_identity(actor=actor, at=at, user=request.user, issuer=known.issuer, subject=subject)
        return HttpResponseRedirect(reverse("account"))
    user = user_behind(known.issuer, subject)
    if user is None:
        record_failure(at=at, username="", browser=browser_of(request), why="outside")
        raise TiduError(
            "identity-unknown",
            "这个统一身份还没有绑定本系统的账号。请先用用户名和密码登录，再到“我的账号”里绑定；没有账号请找系统管理员开立。",
        )
    if has_factor(user):
        remember_first_step(request, user, at, str(flow["next"]))
        return HttpResponseRedirect(reverse("second-step"))
    complete_login(request, user, at, LoginWay.OUTSIDE)
    return HttpResponseRedirect(safe_address(request, str(flow["next"])))


@page_for(*Role, bare=True)
@require_POST
def outside_unbind(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """解除绑定."""
    listed = OutsideIdentity.objects.select_related("user")
    identity = listed.filter(pk=number).first() if actor.has(Role.SYSTEM_ADMIN) else listed.filter(pk=number, user=actor.user).first()
    if identity is None:
        raise Http404("没有这个绑定，或者不是您的。")
    unbind_identity(actor=actor, at=timezone.now(), identity=identity)
    own = identity.user_id == actor.user
    return HttpResponseRedirect(reverse("account") if own else reverse("user", args=[identity.user_id]))
