"""权限授予复核: what was proposed, what is granted, who could open what; passwords that wait for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.passwords import decide_reset, may_decide_reset
from tidu.apps.accounts.domain.posts import (
    Place,
    Wanted,
    decide_post,
    end_post,
    may_decide_post,
    may_end_post,
    propose_post,
    withdraw_proposal,
)
from tidu.apps.accounts.enums import FIRM_ROLES, ReviewState, Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.accounts.models import PasswordReset, Post, PostProposal, User
from tidu.apps.accounts.queries import open_sessions
from tidu.apps.administration.queries import items, words
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, SELECT, Choice, Field
from tidu.look.listing import Column
from tidu.sites.office.plain_pages import FormPage, ListPage, answer_form, answer_list, attempt, chosen, text_of, typed, way
from tidu.sites.office.unit_pages import SEERS
from tidu.sites.office.user_pages import slip

MARKS = {
    ReviewState.ASKED: "checking", ReviewState.GRANTED: "done", ReviewState.REFUSED: "lacking", ReviewState.WITHDRAWN: "blocked",
}  # fmt: skip
FIRST = Case(When(state=ReviewState.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField())


def moment_text(at: Any) -> str:
    """A moment as tables write it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "—"


REVIEW_COLUMNS = (
    Column("状态", lambda one: one.get_state_display(), state=lambda one: MARKS[ReviewState(one.state)]),
    Column("申请", lambda one: f"{one.asked_by_name}，{moment_text(one.asked_at)}"),
    Column("复核", lambda one: f"{one.decided_by_name}，{moment_text(one.decided_at)}" if one.decided_at else "—"),
)


@page_for(*SEERS)
@require_safe
def post_reviews(request: HttpRequest, actor: Actor) -> HttpResponse:
    """岗位申请与复核: what waits stands first."""
    filters = (typed(request, "q", "姓名或用户名"), chosen(request, "state", "状态", ReviewState.choices))
    q, state = (one.value for one in filters)
    listed = PostProposal.objects.select_related("user", "unit", "enterprise").order_by(FIRST, "-asked_at", "-pk")
    if q:
        listed = listed.filter(Q(user__name__icontains=q) | Q(user__username__icontains=q))
    if state:
        listed = listed.filter(state=state)
    columns = (
        Column("姓名", lambda one: one.user.name, lambda one: reverse("post-review", args=[one.pk])),
        Column("岗位", lambda one: one.get_role_display()),
        Column("单位或企业", lambda one: one.place_name),
        *REVIEW_COLUMNS,
    )
    page = ListPage(
        "岗位申请与复核", columns, "系统管理员申请，安全管理员复核授予；申请人和本人都不能复核。", filters, (way("reset-reviews", "密码重置复核"),),
        empty="没有岗位申请。",
    )  # fmt: skip
    return answer_list(request, actor, listed, page)


@page_for(*SEERS)
@require_safe
def reset_reviews(request: HttpRequest, actor: Actor) -> HttpResponse:
    """密码重置复核."""
    filters = (chosen(request, "state", "状态", ReviewState.choices),)
    listed = PasswordReset.objects.select_related("user").order_by(FIRST, "-asked_at", "-pk")
    if filters[0].value:
        listed = listed.filter(state=filters[0].value)
    columns = (
        Column("姓名", lambda one: one.user.name, lambda one: reverse("reset-review", args=[one.pk])),
        Column("用户名", lambda one: one.user.username),
        Column("二次验证", lambda one: "同时解除" if one.factor_too else "保留"),
        *REVIEW_COLUMNS,
    )
    line = "担任岗位的人重置密码须两人办理：系统管理员申请，安全管理员复核；安全管理员自己的由审计管理员复核。"
    return answer_list(request, actor, listed, ListPage("密码重置复核", columns, line, filters, (way("post-reviews", "岗位申请与复核"),)))


@page_for(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def post_propose(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """申请岗位."""
    person = User.objects.visible_to(actor).filter(pk=number).first()
    if person is None:
        raise Http404("没有这个账号。请从“用户”进入。")
    problems: list[dict[str, str]] = []
    sent = {name: text_of(request, name) for name in ("role", "unit", "firm", "since", "until", "reason")}
    if request.method == "POST":
        made, problems = attempt(
            lambda: propose_post(actor=actor, at=timezone.now(), user=person, wanted=_wanted(sent), reason=sent["reason"])
        )
        if made is not None:
            return HttpResponseRedirect(reverse("user", args=[person.pk]))
    units = [
        Choice(one.code, f"{'　' * (one.path.count('/') - 2)}{one.name}") for one in Unit.objects.visible_to(actor).filter(active=True)
    ]
    fields = (
        Field("role", "岗位", SELECT, values=(sent["role"],), choices=[Choice(*one) for one in Role.choices]),
        Field("unit", "单位", SELECT, "企业岗位不用选", values=(sent["unit"],), choices=units, optional=True),
        Field("firm", "企业的统一社会信用代码", hint="只有企业岗位填写", values=(sent["firm"],), optional=True),
        Field("since", "起始日", DATE, "不填为马上生效", values=(sent["since"],), optional=True),
        Field("until", "截止日（当天起不再担任）", DATE, "借调、挂职等写明；不填为长期", values=(sent["until"],), optional=True),
        Field("reason", "事由", hint="例如所在单位的意见、任职文件的文号", values=(sent["reason"],)),
    )
    crumbs = (way("users", "用户"), way("user", person.name, person.pk))
    return answer_form(request, FormPage("申请岗位", fields, "提交复核", crumbs=crumbs), problems)


def _wanted(sent: dict[str, str]) -> Wanted:
    if sent["role"] not in Role.values:
        raise TiduError("form-incomplete", "请从列表里选岗位。")
    role = Role(sent["role"])
    days = [day_of(sent[name], label) for name, label in (("since", "起始日"), ("until", "截止日"))]
    if role in FIRM_ROLES:
        firm = Enterprise.objects.filter(code=sent["firm"].upper()).first()
        if firm is None:
            raise TiduError("no-such-firm", f"企业库里没有代码“{sent['firm']}”。企业岗位须填写统一社会信用代码。")
        return Wanted(role, Place(enterprise=firm), *days)
    unit = Unit.objects.filter(code=sent["unit"]).first()
    if unit is None:
        raise TiduError("form-incomplete", f"{role.label}须选择单位。")
    return Wanted(role, Place(unit=unit), *days)


def day_of(text: str, label: str) -> date | None:
    """An entered day, or None where nothing was entered; raises ``bad-day``."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TiduError("bad-day", f"{label}收到“{text}”，要写成 2026-11-23 的样子。") from error


def _proposal(number: int) -> PostProposal:
    found = PostProposal.objects.select_related("user", "unit", "enterprise").filter(pk=number).first()
    if found is None:
        raise Http404("没有这份岗位申请。请从“岗位申请与复核”进入。")
    return found


@page_for(*SEERS)
@require_http_methods(["GET", "HEAD", "POST"])
def post_review(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一份岗位申请: what is asked, what the person holds already, the decision."""
    proposal, problems = _proposal(number), []
    if request.method == "POST":
        _, problems = attempt(
            lambda: decide_post(
                actor=actor,
                at=timezone.now(),
                proposal=proposal,
                grant=request.POST.get("grant") == "1",
                note=text_of(request, "note", 200),
            )
        )
        if not problems:
            return HttpResponseRedirect(reverse("post-reviews"))
    context = {
        "review": proposal, "problems": problems, "decide": may_decide_post(actor, proposal), "withdraws": actor.has(Role.SYSTEM_ADMIN),
        "held": Post.objects.filter(user=proposal.user).not_over(timezone.localdate()).select_related("unit", "enterprise"),
        "mark": MARKS[ReviewState(proposal.state)], "note": _note(),
    }  # fmt: skip
    return render(request, "office/post_review.html", context, status=400 if problems else 200)


def _note() -> Field:
    phrases = "；".join(one.text for one in items("refusal-phrases"))
    return Field("note", "复核意见", hint=f"退回须写明原因。常用：{phrases}" if phrases else "退回须写明原因", optional=True)


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def proposal_withdraw(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """撤回岗位申请."""
    proposal = _proposal(number)
    withdraw_proposal(actor=actor, at=timezone.now(), proposal=proposal)
    return HttpResponseRedirect(reverse("user", args=[proposal.user_id]))


@sensitive_variables("password")
@page_for(*SEERS)
@require_http_methods(["GET", "HEAD", "POST"])
def reset_review(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一份密码重置申请; where it is granted, the answer shows the new password once."""
    asked = PasswordReset.objects.select_related("user").filter(pk=number).first()
    if asked is None:
        raise Http404("没有这份重置申请。请从“密码重置复核”进入。")
    problems: Sequence[dict[str, str]] = ()
    if request.method == "POST":
        password, problems = attempt(
            lambda: decide_reset(
                actor=actor, at=timezone.now(), asked=asked, grant=request.POST.get("grant") == "1", note=text_of(request, "note", 200)
            )
        )
        if password:
            return slip(request, asked.user, password, "password-reset")
        if not problems:
            return HttpResponseRedirect(reverse("reset-reviews"))
    context = {
        "review": asked, "problems": list(problems), "decide": may_decide_reset(actor, asked, timezone.localdate()),
        "reason": words("reset-reasons", [asked.reason]).get(asked.reason, asked.reason), "mark": MARKS[ReviewState(asked.state)],
        "note": _note(),
    }  # fmt: skip
    return render(request, "office/reset_review.html", context, status=400 if problems else 200)


@page_for(*SEERS)
@require_safe
def posts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """授权清单: who holds what, where, until when."""
    states = (("now", "在任"), ("later", "尚未开始"), ("over", "已结束"))
    filters = (
        typed(request, "q", "姓名或用户名"), chosen(request, "role", "岗位", Role.choices), chosen(request, "state", "状态", states),
    )  # fmt: skip
    q, role, state = (one.value for one in filters)
    day = timezone.localdate()
    listed = Post.objects.visible_to(actor).select_related("user", "unit", "enterprise").order_by("role", "user__username", "pk")
    if q:
        listed = listed.filter(Q(user__name__icontains=q) | Q(user__username__icontains=q))
    if role:
        listed = listed.filter(role=role)
    if state:
        listed = {"now": listed.held_on(day), "later": listed.filter(since__gt=day), "over": listed.filter(until__lte=day)}[state]
    columns = (
        Column("姓名", lambda one: one.user.name, lambda one: reverse("user", args=[one.user_id])),
        Column("用户名", lambda one: one.user.username),
        Column("岗位", lambda one: one.get_role_display()),
        Column("单位或企业", lambda one: one.unit.name if one.unit else one.enterprise.name if one.enterprise else ""),
        Column("起", lambda one: str(one.since or "—"), whole=True),
        Column("止（不含）", lambda one: str(one.until or "—"), whole=True),
        Column(
            "账号", lambda one: "启用" if one.user.is_active else "已停用", state=lambda one: "done" if one.user.is_active else "blocked"
        ),
    )
    return answer_list(request, actor, listed, ListPage("授权清单", columns, "", filters, (way("role-matrix", "岗位能打开什么"),)))


@page_for(Role.SECURITY_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def post_end(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """结束岗位: from a day on, with a reason."""
    post = Post.objects.visible_to(actor).select_related("user", "unit", "enterprise").filter(pk=number).first()
    if post is None:
        raise Http404("没有这个岗位。请从“授权清单”进入。")
    problems: list[dict[str, str]] = []
    until = text_of(request, "until") or str(timezone.localdate())
    if request.method == "POST":
        _, problems = attempt(
            lambda: end_post(
                actor=actor, at=timezone.now(), post=post, until=day_of(until, "结束日") or date.min, reason=text_of(request, "reason")
            )
        )
        if not problems:
            return HttpResponseRedirect(reverse("user", args=[post.user_id]))
    may_end_post(actor, post, timezone.localdate()).require()
    place = post.unit.name if post.unit else post.enterprise.name if post.enterprise else ""
    reasons = [Choice(one.code, one.text) for one in items("post-end-reasons")]
    fields = (
        Field("until", "从哪天起不再担任", DATE, "填今天就是马上结束", values=(until,)),
        Field("reason", "结束原因", SELECT, values=(text_of(request, "reason"),), choices=reasons),
    )
    crumbs = (way("posts", "授权清单"), way("user", post.user.name, post.user_id))
    page = FormPage("结束岗位", fields, "结束岗位", f"{post.user.name}：{post.get_role_display()}（{place}）", crumbs, danger=True)
    return answer_form(request, page, problems)


@page_for(Role.SECURITY_ADMIN)
@require_safe
def sessions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """在线会话: all that are in use, each can be ended."""
    filters = (typed(request, "q", "姓名或用户名"),)
    listed = open_sessions(actor)
    if filters[0].value:
        listed = listed.filter(Q(user__name__icontains=filters[0].value) | Q(user__username__icontains=filters[0].value))
    total = listed.count()
    return render(request, "office/sessions.html", {"sessions": listed[:200], "total": total, "filters": filters})
