"""我的账号: posts, password, second step of the login, sessions, the identity of another system."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.passwords import change_password
from tidu.apps.accounts.domain.second_factor import begin_setup, codes_left, confirm_setup, has_factor, remove_factor
from tidu.apps.accounts.domain.sessions import end_session, move_session
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.duties import FACTOR_DUE, RECORD, open_during_duties
from tidu.apps.accounts.interfaces.locking import failed, is_locked, lock_sentence
from tidu.apps.accounts.interfaces.outside import provider
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.accounts.models import OutsideIdentity, Post, SessionRecord, User
from tidu.apps.accounts.queries import open_sessions
from tidu.apps.administration.queries import value_of
from tidu.kernel.errors import TiduError
from tidu.look.fields import CODE, HIDDEN, Field


def _user(actor: Actor) -> User:
    return User.objects.get(pk=actor.user)


@page_for(*Role, bare=True)
@require_safe
def own_account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我的账号."""
    user, known = _user(actor), provider()
    context = {
        "user_shown": user,
        "posts": Post.objects.filter(user=user).not_over(timezone.localdate()).select_related("unit", "enterprise"),
        "factor": has_factor(user),
        "codes_left": codes_left(user),
        "sessions": open_sessions(actor).filter(user=user)[:50],
        "this": request.session.get(RECORD),
        "provider": known.name if known else "",
        "identities": list(OutsideIdentity.objects.filter(user=user)),
    }
    return render(request, "office/account.html", context)


@sensitive_post_parameters("old", "new", "again")
@open_during_duties
@page_for(*Role, bare=True)
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, actor: Actor) -> HttpResponse:
    """修改密码."""
    problems: list[dict[str, str]] = []
    user = _user(actor)
    if request.method == "POST":
        old, new = request.POST.get("old", ""), request.POST.get("new", "")
        try:
            if new != request.POST.get("again", ""):
                raise TiduError("passwords-differ", "两次输入的新密码不一样。请重新输入。")
            change_password(actor=actor, at=timezone.now(), user=user, old=old, new=new, session=request.session.session_key or "")
        except TiduError as error:
            problems.append({"text": error.message, "href": "#old"})
        else:
            update_session_auth_hash(request, user)
            if isinstance(request.session.get(RECORD), int):
                move_session(request.session[RECORD], request.session.session_key or "")
            return HttpResponseRedirect(reverse("desk"))
    length, kinds = value_of("login.password-length"), "三" if value_of("login.password-kinds") == 3 else "四"
    fields = [
        Field("old", "原密码", HIDDEN),
        Field("new", "新密码", HIDDEN, f"至少 {length} 位，包含大写字母、小写字母、数字、其他符号中的{kinds}类"),
        Field("again", "再输一次新密码", HIDDEN),
    ]
    context = {"fields": fields, "problems": problems, "due": user.must_change_password}
    return render(request, "office/password.html", context, status=400 if problems else 200)


@sensitive_post_parameters("code")
@open_during_duties
@page_for(*Role, bare=True)
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest, actor: Actor) -> HttpResponse:
    """二次验证: set up with a first code, or take away with one."""
    user, at = _user(actor), timezone.now()
    problems: list[dict[str, str]] = []
    active = has_factor(user)
    if request.method == "POST":
        if is_locked(request, user.username):
            raise TiduError("locked-out", f"输错次数太多，账号已锁定。{lock_sentence()}")
        try:
            if active:
                remove_factor(actor=actor, at=at, user=user, code=request.POST.get("code", "")[:40])
                return HttpResponseRedirect(reverse("account"))
            codes = confirm_setup(actor=actor, at=at, user=user, code=request.POST.get("code", "")[:40])
        except TiduError as error:
            failed(request, user.username, "code")
            problems.append({"text": error.message, "href": "#code"})
        else:
            request.session.pop(FACTOR_DUE, None)
            return render(request, "office/recovery_codes.html", {"codes": codes})
    context = {
        "active": active,
        "due": bool(request.session.get(FACTOR_DUE)),
        "setup": None if active else begin_setup(user=user, site=value_of("site.name")),
        "fields": [Field("code", "动态码", CODE, "验证器上显示的 6 位数字")],
        "problems": problems,
    }
    return render(request, "office/second_factor.html", context, status=400 if problems else 200)


@page_for(*Role, bare=True)
@require_POST
def session_end(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """结束会话: one's own, and for the security administrator anybody's."""
    record = SessionRecord.objects.visible_to(actor).select_related("user").filter(pk=number).first()
    if record is None:
        raise Http404("没有这次会话，或者不是您的。")
    end_session(actor=actor, at=timezone.now(), record=record)
    return HttpResponseRedirect(reverse("sessions" if actor.has(Role.SECURITY_ADMIN) and record.user_id != actor.user else "account"))
