"""成员与授权 and 操作记录."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.members import GRANTED, end_member, grant_member, may_end, may_grant, members
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.audit.words import action_text
from tidu.apps.enterprises.models import Enterprise
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, SELECT, Choice, Field
from tidu.look.listing import Column, page_of
from tidu.sites.portal.pages import firm_page

LOG_COLUMNS = (
    Column("时间", lambda event: f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}", whole=True),
    Column("动作", lambda event: action_text(event.action)),
    Column("对象", lambda event: event.subject_name),
)


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def members_page(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """Who may act for the firm; the legal representative gives and ends posts."""
    today = timezone.localdate()
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        role = request.POST.get("role", "")
        try:
            if role not in GRANTED:
                raise TiduError("role-needed", "请选择岗位。")
            grant_member(
                actor=actor, at=timezone.now(), today=today, enterprise=firm, username=request.POST.get("username", "")[:60], role=Role(role),
                until=_day(request.POST.get("until", "")),
            )  # fmt: skip
        except TiduError as error:
            if error.code == "not-legal":
                raise
            field = {"role-needed": "role", "until-needed": "until", "until-wrong": "until"}.get(error.code, "username")
            problems.append({"text": error.message, "href": f"#{field}"})
        else:
            return HttpResponseRedirect(reverse("portal-members", args=[firm.code]))
    context = {
        "firm": firm,
        "members": [(post, may_end(post, actor)) for post in members(firm, today)],
        "may_grant": may_grant(firm, actor),
        "fields": _fields(request),
        "problems": problems,
    }
    return render(request, "portal/members.html", context, status=400 if problems else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise TiduError("until-wrong", f"“{text[:20]}”不是日期。请写成 2026-12-31 的样子。") from None


def _fields(request: HttpRequest) -> list[Field]:
    given = {name: (request.POST.get(name, ""),) for name in ("username", "role", "until")}
    roles = [Choice(role.value, role.label) for role in GRANTED]
    return [
        Field("username", "对方的用户名", hint="对方先在牵头局开立账号，把用户名告诉您", values=given["username"]),
        Field("role", "岗位", SELECT, values=given["role"], choices=roles),
        Field("until", "截止日期（到这一天失效）", DATE, "代办机构必填，最长一年", values=given["until"], optional=True),
    ]


@firm_page()
@require_POST
def end(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """End the post of a member."""
    post = members(firm, timezone.localdate()).filter(pk=number).first()
    if post is None:
        raise Http404("没有这个成员，或者授权已经结束。")
    end_member(actor=actor, at=timezone.now(), today=timezone.localdate(), post=post)
    return HttpResponseRedirect(reverse("portal-members", args=[firm.code]))


@firm_page()
@require_safe
def log(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """操作记录: the own acts."""
    listed = AuditEvent.objects.visible_to(actor).filter(actor=actor.user).order_by("-number")
    listing = page_of(listed, LOG_COLUMNS, request.GET.dict(), label="操作记录", empty="还没有记录。")
    return render(request, "portal/log.html", {"firm": firm, "listing": listing})
