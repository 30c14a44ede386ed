"""Logging in, out, and changing one's password."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.accounts import change_password
from tidu.apps.accounts.domain.entering import record_login, record_logout
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import actor_of_request, page_for
from tidu.apps.accounts.models import User
from tidu.kernel.errors import TiduError
from tidu.look.fields import HIDDEN, Field

WRONG = "用户名或密码不对。连续输错 5 次，账号会锁定 15 分钟。"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """登录."""
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        user = authenticate(request, username=request.POST.get("username", "").strip(), password=request.POST.get("password", ""))
        if isinstance(user, User) and user.is_active:
            login(request, user)
            actor = actor_of_request(request)
            if actor is not None:
                record_login(actor=actor, at=timezone.now(), user=user)
            return HttpResponseRedirect(reverse("password") if user.must_change_password else _back(request))
        problems.append({"text": WRONG, "href": "#username"})
    fields = [
        Field("username", "用户名", values=(request.POST.get("username", ""),)),
        Field("password", "密码", HIDDEN),
    ]
    context = {"fields": fields, "problems": problems, "next": request.POST.get("next", request.GET.get("next", ""))}
    return render(request, "office/login.html", context, status=400 if problems else 200)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else reverse("desk")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """退出."""
    actor = actor_of_request(request)
    if actor is not None and isinstance(request.user, User):
        record_logout(actor=actor, at=timezone.now(), user=request.user)
    logout(request)
    return HttpResponseRedirect(reverse("login"))


@sensitive_post_parameters("old", "new", "again")
@page_for(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, actor: Actor) -> HttpResponse:
    """修改密码."""
    problems: list[dict[str, str]] = []
    if request.method == "POST" and isinstance(request.user, User):
        old, new = request.POST.get("old", ""), request.POST.get("new", "")
        try:
            if new != request.POST.get("again", ""):
                raise TiduError("passwords-differ", "两次输入的新密码不一样。请重新输入。")
            change_password(actor=actor, at=timezone.now(), user=request.user, old=old, new=new)
        except TiduError as error:
            problems.append({"text": error.message, "href": "#old"})
        else:
            update_session_auth_hash(request, request.user)
            return HttpResponseRedirect(reverse("desk"))
    fields = [
        Field("old", "原密码", HIDDEN),
        Field("new", "新密码", HIDDEN, "至少 10 位，包含大写字母、小写字母、数字、其他符号中的三类"),
        Field("again", "再输一次新密码", HIDDEN),
    ]
    return render(request, "office/password.html", {"fields": fields, "problems": problems}, status=400 if problems else 200)
