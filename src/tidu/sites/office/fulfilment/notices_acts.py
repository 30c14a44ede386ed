"""What is done with notices: drafted from a decided batch, worded, published by the head, given up, closed after the last day."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.administration.queries import calendar_in_force, values_of, written
from tidu.apps.fulfilment.domain import notice_rights as rights
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.noticing import drop_notice, notice_words, reword_notice, row_of
from tidu.apps.fulfilment.models import DecisionBatch, Notice
from tidu.apps.fulfilment.queries import notices as queries
from tidu.apps.fulfilment.queries.public_notices import public_notice
from tidu.apps.jobs.domain.asking import ask_for
from tidu.look.fields import LONG, Field
from tidu.look.figures import day_text, yuan_text
from tidu.sites.office.fulfilment.notices import notice_of
from tidu.sites.office.fulfilment.payments_confirming import Confirm, ask_first, typed_version
from tidu.sites.office.plain_pages import Act, attempt, text_of, way

TEXT = "public-notice"
LONGEST = {"title": 400, "body": 9000, "contact": 400}
Given = dict[str, str]


def _given(request: HttpRequest) -> Given:
    return {name: text_of(request, name, most) for name, most in LONGEST.items()}


def _fields(given: Given) -> list[Field]:
    return [
        Field("title", "标题", values=(given["title"],)),
        Field("body", "正文", LONG, "名单、公示期和怎样提出异议由系统接在正文后面，不用写", values=(given["body"],)),
        Field("contact", "受理单位和联系方式", hint="公众从这里反映异议：单位、电话、地址", values=(given["contact"],)),
    ]


@page_for(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD"])
def notice_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """起草公示: which decided batch."""
    return render(request, "office/fulfilment/notice_new.html", {"batches": list(queries.decided_without_notice(actor)[:200])})


@page_for(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_draft(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """起草公示: the words, a look at it as the public will see it, then the draft itself."""
    batch = queries.decided_without_notice(actor).filter(pk=number).first()
    if batch is None:
        raise Http404("这个批次没有可以公示的办件：须是会审同意、还没有列入公示的。")
    cases = list(queries.cases_to_notice(batch))
    days = max(item_rules(case.award).notice_days for case in cases)
    given = _given(request) if request.method == "POST" else _defaults(batch, days)
    problems: list[dict[str, str]] = []
    shown = None
    if request.method == "POST":
        _, problems = attempt(lambda: notice_words(**given))
        if not problems and "preview" not in request.POST:
            return _asked(actor, batch, given)
        shown = (
            public_notice(Notice(rows=[row_of(case) for case in cases], days=days, **given), timezone.localdate()) if not problems else None
        )
    context = {"batch": batch, "days": days, "fields": _fields(given), "problems": problems, "shown": shown}
    return render(request, "office/fulfilment/notice_draft.html", context, status=400 if problems else 200)


def _defaults(batch: Any, days: int) -> Given:
    site = values_of(["site.district", "site.sponsor", "site.telephone"])
    values = {
        "区名": site["site.district"], "批次": batch.title, "件数": f"{batch.ready:,}", "金额": yuan_text(batch.fen), "工作日": str(days),
    }  # fmt: skip
    contact = "，电话 ".join(part for part in (site["site.sponsor"], site["site.telephone"]) if part)
    return {"title": f"{batch.title}拟支持名单公示", "body": written(TEXT, values), "contact": contact}


def _asked(actor: Actor, batch: DecisionBatch, given: Given) -> HttpResponse:
    job = ask_for(
        actor=actor, at=timezone.now(), kind="fulfilment.notice", title=f"起草公示：{batch.title}", key=f"fulfilment.notice:{batch.pk}",
        parameters={"batch": batch.pk, **given, "href": reverse("notices"), "page": reverse("notices")},
    )  # fmt: skip
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


@page_for(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_edit(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """修改公示稿的文字."""
    notice = notice_of(actor, number)
    given = _given(request) if request.method == "POST" else {"title": notice.title, "body": notice.body, "contact": notice.contact}
    problems: list[dict[str, str]] = []
    shown = None
    if request.method == "POST" and "preview" in request.POST:
        _, problems = attempt(lambda: notice_words(**given))
        shown = public_notice(Notice(rows=notice.rows, days=notice.days, **given), timezone.localdate()) if not problems else None
    elif request.method == "POST":
        seen = notice.version
        notice.version = typed_version(request)
        changed, problems = attempt(lambda: reword_notice(actor=actor, at=timezone.now(), notice=notice, **given))
        if changed is not None:
            return HttpResponseRedirect(reverse("notice", args=[notice.pk]))
        notice.version = seen
    context = {
        "notice": notice, "fields": _fields(given), "problems": problems, "shown": shown, "may": rights.may_edit_notice(actor, notice),
    }  # fmt: skip
    return render(request, "office/fulfilment/notice_edit.html", context, status=400 if problems else 200)


def _lines(notice: Notice) -> list[tuple[str, str]]:
    sums = queries.notice_sums(notice)
    return [
        ("标题", notice.title), ("名单", f"{sums.count:,} 项，合计 {yuan_text(sums.fen)} 元"), ("公示期", f"{notice.days} 个工作日，从发布次日起算"),
        ("受理异议", notice.contact),
    ]  # fmt: skip


def _crumbs(notice: Notice) -> tuple[Act, ...]:
    return (way("notices", "公示管理"), way("notice", notice.title, notice.pk))


@page_for(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_publish(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """发布公示: what will stand on the public pages, and until when."""
    notice, problems = notice_of(actor, number), []
    if request.method == "POST":
        answer, problems = attempt(lambda: _publish(request, actor, notice))
        if answer is not None:
            return answer
    until, _ = attempt(lambda: calendar_in_force().add_workdays(timezone.localdate(), notice.days))
    notes = ["发布后文字和名单不能再改。公众不用登录就能看到企业名称、事项、金额；没有账号、电话和身份证号。"]
    if until is not None:
        notes.insert(0, f"今天发布，公示到 {day_text(until)} 止。")
    left_out = len(notice.rows) - queries.notice_sums(notice).count
    gone = sum(count for state, _, count in queries.notice_sums(notice).states if state != "decided")
    if left_out or gone:
        notes.append(f"名单里有 {max(left_out, gone)} 项起草后取消了支持，发布时自动去掉。")
    page = Confirm(
        "发布公示", "发布", _lines(notice), _crumbs(notice), notes, hidden={"version": str(notice.version)},
        why=rights.may_publish_notice(actor, notice).reason, back=reverse("notice", args=[notice.pk]),
    )  # fmt: skip
    return ask_first(request, page, problems)


def _publish(request: HttpRequest, actor: Actor, notice: Notice) -> HttpResponse:
    rights.may_publish_notice(actor, notice).require()
    job = ask_for(
        actor=actor, at=timezone.now(), kind="fulfilment.publish", title=f"发布公示：{notice.title}"[:200], key=f"fulfilment.publish:{notice.pk}",
        parameters={"notice": notice.pk, "version": typed_version(request), "href": reverse("notice", args=[notice.pk])},
    )  # fmt: skip
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


@page_for(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_drop(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """作废公示稿: with a reason; its cases are free for another."""
    notice, problems = notice_of(actor, number), []
    reason = text_of(request, "reason")
    if request.method == "POST":
        seen = notice.version
        notice.version = typed_version(request)
        dropped, problems = attempt(lambda: drop_notice(actor=actor, at=timezone.now(), notice=notice, reason=reason))
        if dropped is not None:
            return HttpResponseRedirect(reverse("notice", args=[notice.pk]))
        notice.version = seen
    page = Confirm(
        "作废公示稿", "作废", _lines(notice), _crumbs(notice), ["作废后名单里的办件可以重新起草公示。"],
        (Field("reason", "作废的理由", LONG, values=(reason,)),), {"version": str(notice.version)},
        rights.may_edit_notice(actor, notice).reason, danger=True, back=reverse("notice", args=[notice.pk]),
    )  # fmt: skip
    return ask_first(request, page, problems)


@page_for(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_close(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """期满办结: rows without an open objection go on to payment."""
    notice, day = notice_of(actor, number), timezone.localdate()
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        answer, problems = attempt(lambda: _close(actor, notice))
        if answer is not None:
            return answer
    waiting = queries.notice_sums(notice)
    lines = [*_lines(notice), *((label, f"{count:,} 项") for _, label, count in waiting.states)]
    notes = ["没有异议或者异议不成立的，进入资金兑现；异议正在核查的留着，答复后再办结一次。企业会收到公示期满的消息。"]
    page = Confirm(
        "公示期满办结", "办结", lines, _crumbs(notice), notes, why=rights.may_close_notice(actor, notice, day).reason,
        back=reverse("notice", args=[notice.pk]),
    )  # fmt: skip
    return ask_first(request, page, problems)


def _close(actor: Actor, notice: Notice) -> HttpResponse:
    rights.may_close_notice(actor, notice, timezone.localdate()).require()
    job = ask_for(
        actor=actor, at=timezone.now(), kind="fulfilment.close", title=f"公示期满办结：{notice.title}"[:200], key=f"fulfilment.close:{notice.pk}",
        parameters={"notice": notice.pk, "href": reverse("notice", args=[notice.pk])},
    )  # fmt: skip
    return HttpResponseRedirect(reverse("job", args=[job.pk]))
