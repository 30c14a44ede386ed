"""操作日志, 登录日志, 数据变更, 日志校验 and its export."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.audit.background import VERIFY
from tidu.apps.audit.domain.exporting import record_log_export
from tidu.apps.audit.models import AuditEvent
from tidu.apps.audit.queries import (
    LOGIN_ACTIONS,
    Asked,
    changes_of,
    digest_of,
    events,
    exported_lines,
    history_of,
    logins,
    short_text,
)
from tidu.apps.audit.words import ACTIONS, SUBJECTS, action_text
from tidu.apps.jobs.domain.asking import ask_for
from tidu.apps.jobs.models import Job
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, Field
from tidu.look.listing import Column
from tidu.sites.office.jobs import STATES
from tidu.sites.office.plain_pages import ListPage, answer_list, chosen, typed, way

READERS = (Role.AUDIT_ADMIN, Role.AUDITOR)
MOST_EXPORTED = 200_000
COLUMNS = (
    Column("序号", lambda event: str(event.number), lambda event: reverse("audit-event", args=[event.number]), number=True),
    Column("时间", lambda event: f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}", whole=True),
    Column("操作人", lambda event: event.actor_name),
    Column("动作", lambda event: action_text(event.action), whole=True),
    Column("对象", lambda event: event.subject_name),
    Column("内容", short_text),
)


def _filters(request: HttpRequest) -> tuple[Field, ...]:
    return (
        typed(request, "person", "操作人"),
        chosen(request, "action", "动作", sorted(ACTIONS.items(), key=lambda one: one[1])),
        chosen(request, "kind", "对象类别", sorted(SUBJECTS.items(), key=lambda one: one[1])),
        typed(request, "subject", "对象名称"),
        typed(request, "since", "从", DATE),
        typed(request, "until", "到", DATE),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _asked(filters: tuple[Field, ...]) -> Asked:
    given = {one.name: one.value for one in filters}
    return Asked(
        given.get("person", ""), given.get("action", ""), given.get("subject", ""), given.get("kind", ""), _day(given["since"]),
        _day(given["until"]),
    )  # fmt: skip


@page_for(*Role)
@require_safe
def audit_log(request: HttpRequest, actor: Actor) -> HttpResponse:
    """操作日志: auditors see everything, everybody else the own acts."""
    filters = _filters(request)
    acts = (way("audit-verify", "校验与导出"),) if actor.has(*READERS) else ()
    line = "每一次写入都有一条，前后相连，改动任何一条都会被校验发现。"
    page = ListPage("操作日志", COLUMNS, line, filters, acts, empty="没有符合条件的记录。")
    return answer_list(request, actor, events(actor, _asked(filters)), page)


@page_for(Role.AUDIT_ADMIN, Role.AUDITOR, Role.SECURITY_ADMIN)
@require_safe
def login_log(request: HttpRequest, actor: Actor) -> HttpResponse:
    """登录日志: logins, failures, locks."""
    filters = (
        typed(request, "person", "姓名或用户名"),
        chosen(request, "action", "结果", [(one, action_text(one)) for one in LOGIN_ACTIONS]),
        typed(request, "since", "从", DATE),
        typed(request, "until", "到", DATE),
    )
    columns = (
        COLUMNS[0],
        COLUMNS[1],
        Column("账号", lambda event: event.subject_name),
        Column("结果", lambda event: action_text(event.action), state=_login_state),
        Column("内容", short_text),
    )
    line = "登录成功、失败、锁定和会话结束。不存在的用户名不记下来，因为可能是误填的密码。"
    return answer_list(
        request, actor, logins(actor, _asked(filters)), ListPage("登录日志", columns, line, filters, empty="没有符合条件的记录。")
    )


def _login_state(event: AuditEvent) -> str:
    return {"account.login": "done", "account.login-failed": "lacking", "account.locked": "blocked"}.get(event.action, "todo")


@page_for(*Role)
@require_safe
def audit_event(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一条记录: what changed, before and after, and its place in the chain."""
    found = AuditEvent.objects.visible_to(actor).filter(number=number).first()
    if found is None:
        raise Http404("没有这条记录，或者不是您能看的。")
    changes, told = changes_of(found)
    context = {
        "event": found, "action": action_text(found.action), "changes": changes, "told": told, "kind": SUBJECTS.get(found.subject_type, found.subject_type),
        "object": _object_address(found),
    }  # fmt: skip
    return render(request, "office/audit_event.html", context)


def _object_address(event: AuditEvent) -> str:
    if not event.subject_id:
        return ""
    try:
        return reverse("audit-object", args=[event.subject_type, event.subject_id])
    except NoReverseMatch:
        return ""


@page_for(*Role)
@require_safe
def audit_object(request: HttpRequest, actor: Actor, kind: str, number: str) -> HttpResponse:
    """数据变更: everything that was done to one object and that the reader may see."""
    found = history_of(actor, kind, number)
    newest = found.first()
    if newest is None:
        raise Http404("没有您能看的变更记录。您只能看到自己办理的；全部记录由审计管理员查看。")
    shown = [(event, action_text(event.action), *changes_of(event)) for event in found[:200]]
    context = {"shown": shown, "name": newest.subject_name, "kind": SUBJECTS.get(kind, kind), "total": found.count()}
    return render(request, "office/audit_object.html", context)


@page_for(*READERS)
@require_safe
def audit_verify(request: HttpRequest, actor: Actor) -> HttpResponse:
    """日志校验: earlier results, and the ways to a new one and to an export."""
    jobs = Job.objects.visible_to(actor).filter(kind=VERIFY).order_by("-created_at", "-pk")
    newest = AuditEvent.objects.order_by("-number").first()
    context = {
        "runs": [(one, STATES[one.state]) for one in jobs[:20]], "newest": newest, "acts": actor.has(Role.AUDIT_ADMIN),
        "most": MOST_EXPORTED,
    }  # fmt: skip
    return render(request, "office/audit_verify.html", context)


@page_for(Role.AUDIT_ADMIN)
@require_POST
def audit_verify_ask(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """开始校验."""
    job = ask_for(actor=actor, at=timezone.now(), kind=VERIFY, title="校验操作日志", key=VERIFY)
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


@page_for(Role.AUDIT_ADMIN)
@require_POST
def audit_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """导出日志: every event of a span of days in full, with a digest of the file."""
    asked = Asked(since=_day(request.POST.get("since", "")), until=_day(request.POST.get("until", "")))
    found, at = events(actor, asked), timezone.now()
    span = found.aggregate(first=Min("number"), last=Max("number"), count=Count("pk"))
    if span["count"] > MOST_EXPORTED:
        raise TiduError("too-many-events", f"这段日期有 {span['count']:,} 条记录，一次最多导出 {MOST_EXPORTED:,} 条。请缩短日期范围。")
    content = "".join(f"{line}\n" for line in exported_lines(found)).encode()
    digest = digest_of(content)
    record_log_export(actor=actor, at=at, digest=digest, span=span)
    note = (
        f"操作日志导出\n导出人：{actor.name}\n导出时间：{timezone.localtime(at):%Y-%m-%d %H:%M:%S}\n"
        f"记录：{span['count']:,} 条（第 {span['first'] or 0} 条至第 {span['last'] or 0} 条）\n文件：audit.jsonl\n摘要（SM3）：{digest}\n\n"
        "每行是一条记录（JSON）。digest 是“上一条的摘要 + 换行 + 去掉 before、digest 两项后按键排序、无空格的 JSON”的 SM3 摘要，"
        "before 是上一条的 digest。本文件的摘要同时记入操作日志。\n"
    )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("audit.jsonl", content)
        archive.writestr("说明.txt", note)
    disposition = content_disposition_header(as_attachment=True, filename=f"操作日志-{timezone.localdate(at)}.zip") or "attachment"
    return HttpResponse(stream.getvalue(), content_type="application/zip", headers={"Content-Disposition": disposition})
