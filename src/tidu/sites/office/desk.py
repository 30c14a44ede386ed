"""The first page after login, and the log of acts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.audit.models import AuditEvent
from tidu.apps.audit.words import action_text
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.apps.enterprises.queries import firms_by_subdistrict
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import MOST_ROWS, exported

LOG_COLUMNS = (
    Column("序号", lambda event: str(event.number), number=True),
    Column("时间", lambda event: f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}"),
    Column("操作人", lambda event: event.actor_name),
    Column("动作", lambda event: action_text(event.action)),
    Column("对象", lambda event: event.subject_name),
)


@page_for(*Role)
@require_safe
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我的工作台."""
    streets = firms_by_subdistrict(actor)
    posts = sorted({role.label for role in actor.roles})
    return render(request, "office/desk.html", {"streets": streets, "total": sum(count for _, _, count in streets), "posts": posts})


@page_for(*Role)
@require_safe
def audit_log(request: HttpRequest, actor: Actor) -> HttpResponse:
    """操作日志: auditors see everything, everybody else the own acts."""
    listed = AuditEvent.objects.visible_to(actor).order_by("-number")
    action = request.GET.get("action", "")[:60]
    if action:
        listed = listed.filter(action=action)
    if request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = list(listed[:MOST_ROWS])
        record_export(actor=actor, at=at, what="操作日志", filters={"action": action}, rows=len(rows))
        return exported(rows, LOG_COLUMNS, title="操作日志", who=actor.name, at=at)
    listing = page_of(listed, LOG_COLUMNS, request.GET.dict(), label="操作日志", empty="还没有记录。")
    return render(request, "office/audit.html", {"listing": listing})
