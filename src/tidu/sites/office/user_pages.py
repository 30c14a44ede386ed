"""用户: the list, opening an account, and one account with what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.accounts import describe_account, may_switch, open_account, switch_off, switch_on, unlock_account
from tidu.apps.accounts.domain.passwords import ask_reset, has_rights, may_ask_reset, reset_powerless
from tidu.apps.accounts.domain.posts import may_end_post
from tidu.apps.accounts.domain.second_factor import has_factor
from tidu.apps.accounts.enums import ReviewState, Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.accounts.models import OutsideIdentity, PasswordReset, Post, PostProposal, User
from tidu.apps.accounts.passwords import first_password
from tidu.apps.accounts.queries import locked_names, users
from tidu.apps.administration.queries import items, value_of, words, written
from tidu.apps.units.models import Unit
from tidu.look.fields import CHECKBOXES, SELECT, Choice, Field
from tidu.look.figures import day_text
from tidu.look.listing import Column
from tidu.sites.office.plain_pages import FormPage, ListPage, answer_form, answer_list, attempt, chosen, text_of, typed, way
from tidu.sites.office.unit_pages import SEERS

STATES = (("on", "启用"), ("off", "已停用"), ("locked", "已锁定"), ("idle", "从未登录"), ("bare", "没有岗位"))


def _posts_text(user: User) -> str:
    day = timezone.localdate()
    held = [post for post in user.posts.all() if post.until is None or post.until > day]
    places = ((post, post.unit.short_name if post.unit else post.enterprise.name if post.enterprise else "") for post in held)
    return "；".join(f"{post.get_role_display()}（{place}）" for post, place in places) or "没有岗位"


@page_for(*SEERS)
@require_safe
def user_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """用户."""
    units = [(one.code, f"{'　' * (one.path.count('/') - 2)}{one.short_name}") for one in Unit.objects.visible_to(actor)]
    filters = (
        typed(request, "q", "姓名或用户名"),
        chosen(request, "role", "岗位", Role.choices),
        chosen(request, "unit", "单位（含下级）", units),
        chosen(request, "state", "状态", STATES),
    )
    q, role, unit, state = (one.value for one in filters)
    locked = locked_names()

    def state_of(user: User) -> tuple[str, str]:
        if not user.is_active:
            return "blocked", "已停用"
        return ("lacking", "已锁定") if user.username in locked else ("done", "启用")

    columns = (
        Column("姓名", lambda one: one.name, lambda one: reverse("user", args=[one.pk])),
        Column("用户名", lambda one: one.username),
        Column("岗位", _posts_text),
        Column("状态", lambda one: state_of(one)[1], state=lambda one: state_of(one)[0]),
        Column(
            "最近登录", lambda one: f"{timezone.localtime(one.last_login):%Y-%m-%d %H:%M}" if one.last_login else "从未登录", whole=True
        ),
    )
    acts = (way("user-new", "开立账号"),) if actor.has(Role.SYSTEM_ADMIN) else ()
    page = ListPage("用户", columns, "账号由系统管理员开立；岗位由系统管理员申请、安全管理员授予。", filters, acts)
    return answer_list(request, actor, users(actor, words=q, role=role, unit=unit, state=state), page)


@sensitive_variables("password")
@page_for(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def user_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """开立账号: with a first password that is shown once."""
    problems: list[dict[str, str]] = []
    sent = {name: text_of(request, name) for name in ("username", "name", "email")}
    if request.method == "POST":
        password = first_password()
        made, problems = attempt(lambda: open_account(actor=actor, at=timezone.now(), password=password, **sent))
        if made is not None:
            return slip(request, made, password, "account-opened")
    fields = (
        Field("name", "姓名", values=(sent["name"],)),
        Field("username", "用户名", hint="登录时用，字母、数字、点、横线；以后不能改", values=(sent["username"],)),
        Field("email", "电子邮箱", values=(sent["email"],), optional=True),
    )
    notes = ("初始密码由系统生成，只显示一次。新账号没有任何岗位，打不开业务页面。",)
    return answer_form(request, FormPage("开立账号", fields, "开立", crumbs=(way("users", "用户"),), notes=notes), problems)


@sensitive_variables("password")
def slip(request: HttpRequest, user: User, password: str, text: str) -> HttpResponse:
    """The slip with a first password: shown in this one answer, kept nowhere."""
    values = {
        "姓名": user.name, "用户名": user.username, "初始密码": password, "网站名称": value_of("site.name"),
        "日期": day_text(timezone.localdate()),
    }  # fmt: skip
    return render(request, "office/slip.html", {"person": user, "words": written(text, values), "may_open": text == "account-opened"})


def _user(actor: Actor, number: int) -> User:
    found = User.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这个账号。请从“用户”进入。")
    return found


def _page(request: HttpRequest, actor: Actor, user: User, problems: Sequence[dict[str, str]] = ()) -> HttpResponse:
    day = timezone.localdate()
    posts = list(Post.objects.filter(user=user).select_related("unit", "enterprise", "user").order_by("-until", "role"))
    ended = words("post-end-reasons", {post.end_reason for post in posts if post.end_reason})
    context: dict[str, Any] = {
        "person": user, "problems": list(problems), "acts": actor.has(Role.SYSTEM_ADMIN), "locked": bool(locked_names([user.username])),
        "factor": has_factor(user), "identities": list(OutsideIdentity.objects.filter(user=user)),
        "off_reason": words("account-off-reasons", [user.off_reason]).get(user.off_reason, ""),
        "posts": [(post, may_end_post(actor, post, day), ended.get(post.end_reason, "")) for post in posts],
        "ends": actor.has(Role.SECURITY_ADMIN),
        "proposals": list(PostProposal.objects.filter(user=user, state=ReviewState.ASKED).select_related("unit", "enterprise")),
        "resets": list(PasswordReset.objects.filter(user=user, state=ReviewState.ASKED)),
        "switch": may_switch(actor, user, day), "reset": may_ask_reset(actor, user), "reviewed": has_rights(user, day),
        "describe": (Field("name", "姓名", values=(user.name,)), Field("email", "电子邮箱", values=(user.email,), optional=True)),
        "off_reasons": _reasons("account-off-reasons", "停用原因"), "reset_reasons": _reasons("reset-reasons", "重置原因"),
        "factor_too": Field("factor_too", "二次验证", CHECKBOXES, choices=(Choice("1", "设备已丢失，同时解除二次验证"),), optional=True),
    }  # fmt: skip
    return render(request, "office/user.html", context, status=400 if problems else 200)


def _reasons(key: str, label: str) -> Field:
    return Field("reason", label, SELECT, choices=[Choice(one.code, one.text) for one in items(key)])


@page_for(*SEERS)
@require_safe
def user(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一个账号: posts, state, what can be done."""
    return _page(request, actor, _user(actor, number))


def _acted(request: HttpRequest, actor: Actor, number: int, act: Callable[[User], object]) -> HttpResponse:
    found = _user(actor, number)
    _, problems = attempt(lambda: act(found))
    return _page(request, actor, _user(actor, number), problems) if problems else HttpResponseRedirect(reverse("user", args=[number]))


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def user_describe(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """修改资料."""
    name, email = text_of(request, "name"), text_of(request, "email")
    return _acted(request, actor, number, lambda user: describe_account(actor=actor, at=timezone.now(), user=user, name=name, email=email))


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def user_switch(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """停用或启用."""

    def switch(user: User) -> None:
        if user.is_active:
            switch_off(actor=actor, at=timezone.now(), user=user, reason=text_of(request, "reason"))
        else:
            switch_on(actor=actor, at=timezone.now(), user=user)

    return _acted(request, actor, number, switch)


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def user_unlock(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """解除锁定."""
    return _acted(request, actor, number, lambda user: unlock_account(actor=actor, at=timezone.now(), user=user))


@sensitive_variables("password")
@page_for(Role.SYSTEM_ADMIN)
@require_POST
def user_reset(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """重置密码: asked for where the account opens something, done at once where it opens nothing."""
    found, at = _user(actor, number), timezone.now()
    if not has_rights(found, timezone.localdate(at)):
        password, problems = attempt(lambda: reset_powerless(actor=actor, at=at, user=found))
        return _page(request, actor, found, problems) if problems else slip(request, found, password, "password-reset")
    return _acted(
        request,
        actor,
        number,
        lambda user: ask_reset(
            actor=actor, at=at, user=user, reason=text_of(request, "reason"), factor_too=request.POST.get("factor_too") == "1"
        ),
    )
