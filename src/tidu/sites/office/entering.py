"""Logging in with a password and, where it is set up, a code; logging out."""

from __future__ import annotations

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tidu.apps.accounts.domain.second_factor import has_factor, take_code
from tidu.apps.accounts.domain.sessions import leave_session
from tidu.apps.accounts.enums import LoginWay
from tidu.apps.accounts.interfaces.duties import RECORD, open_during_duties
from tidu.apps.accounts.interfaces.locking import failed, is_locked, lock_sentence
from tidu.apps.accounts.interfaces.logging_in import after_first_step, complete_login, remember_first_step
from tidu.apps.accounts.interfaces.outside import provider
from tidu.apps.accounts.interfaces.requests import actor_of_request
from tidu.apps.accounts.models import User
from tidu.kernel.errors import TiduError
from tidu.look.fields import CODE, HIDDEN, Field


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """登录."""
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        user = authenticate(request, username=request.POST.get("username", "").strip(), password=request.POST.get("password", ""))
        if isinstance(user, User) and user.is_active:
            return _after_password(request, user)
        problems.append({"text": f"用户名或密码不对。{lock_sentence()}", "href": "#username"})
    fields = [
        Field("username", "用户名", values=(request.POST.get("username", ""),)),
        Field("password", "密码", HIDDEN),
    ]
    known = provider()
    context = {
        "fields": fields,
        "problems": problems,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "outside": known.name if known else "",
    }
    return render(request, "office/login.html", context, status=400 if problems else 200)


def _after_password(request: HttpRequest, user: User) -> HttpResponse:
    at, wanted = timezone.now(), request.POST.get("next", "")
    if has_factor(user):
        remember_first_step(request, user, at, wanted)
        return HttpResponseRedirect(reverse("second-step"))
    complete_login(request, user, at, LoginWay.PASSWORD)
    return HttpResponseRedirect(reverse("password") if user.must_change_password else safe_address(request, wanted))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """登录第二步: a code, after the password was right."""
    at, problems = timezone.now(), []
    known = after_first_step(request, at)
    if known is None:
        return HttpResponseRedirect(reverse("login"))
    user, wanted = known
    if request.method == "POST":
        if is_locked(request, user.username):
            raise TiduError("locked-out", f"输错次数太多，账号已锁定。{lock_sentence()}")
        try:
            recovery = take_code(user=user, at=at, code=request.POST.get("code", "")[:40])
        except TiduError as error:
            failed(request, user.username, "code")
            problems.append({"text": error.message, "href": "#code"})
        else:
            complete_login(request, user, at, LoginWay.RECOVERY if recovery else LoginWay.CODE)
            return HttpResponseRedirect(reverse("password") if user.must_change_password else safe_address(request, wanted))
    fields = [Field("code", "动态码", CODE, "手机验证器上的 6 位数字；设备不在身边时输入一个备用码")]
    return render(request, "office/second_step.html", {"fields": fields, "problems": problems}, status=400 if problems else 200)


def safe_address(request: HttpRequest, wanted: str) -> str:
    """Where somebody wanted to go, if it is a page of this site."""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else reverse("desk")


@open_during_duties
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """退出."""
    actor = actor_of_request(request)
    if actor is not None and isinstance(request.user, User):
        leave_session(actor=actor, at=timezone.now(), user=request.user, record=request.session.get(RECORD))
    logout(request)
    return HttpResponseRedirect(reverse("login"))
