"""公示管理: notices with their countdown, drafted from decided batches, previewed, published, closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.administration.queries import values_of
from tidu.apps.fulfilment.domain import notice_rights as rights
from tidu.apps.fulfilment.enums import CaseState, NoticeState, ObjectionState
from tidu.apps.fulfilment.models import Notice
from tidu.apps.fulfilment.models.reviews import SEES_DRAFTS
from tidu.apps.fulfilment.queries import notices as queries
from tidu.apps.fulfilment.queries.public_notices import public_notice
from tidu.apps.paper.domain.notices import make_notice_paper
from tidu.apps.paper.enums import Form, NoticePaper
from tidu.look.figures import grouped
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import Sheet, answer_list, number_told, told, wan_text
from tidu.sites.office.fulfilment.payments_confirming import case_href
from tidu.sites.office.plain_pages import Act, ListPage, chosen, typed
from tidu.sites.office.plain_pages import answer_list as answer_plain

READERS: tuple[Role, ...] = (*SEES_DRAFTS, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)
STATES = {NoticeState.DRAFT: "todo", NoticeState.PUBLISHED: "near", NoticeState.CLOSED: "done", NoticeState.DROPPED: "not"}
CASE_MARKS = {
    CaseState.DECIDED: "todo", CaseState.NOTICED: "near", CaseState.OBJECTED: "lacking", CaseState.CLEARED: "met", CaseState.REFUSED: "not",
    CaseState.BOUNCED: "lacking",
}  # fmt: skip


def _columns(actor: Actor, day: date) -> tuple[Column, ...]:
    columns = (
        Column("标题", lambda one: one.title, lambda one: reverse("notice", args=[one.pk])),
        Column("状态", lambda one: one.get_state_display(), state=lambda one: STATES[NoticeState(one.state)]),
        Column("项数", lambda one: grouped(str(one.count)), number=True),
        Column("发布", lambda one: str(one.published_on or "—"), whole=True),
        Column("公示最后一日", lambda one: str(one.until or "—"), whole=True),
        Column("倒计时", lambda one: queries.countdown(one, day) if one.state == NoticeState.PUBLISHED else ""),
    )
    if not actor.has(*SEES_DRAFTS):
        return columns

    def waiting(one: Any) -> str:
        return f"{reverse('objections')}?notice={one.pk}&state={ObjectionState.OPEN}" if one.open else ""

    return (*columns, Column("待答复异议", lambda one: str(one.open) if one.open else "", waiting, number=True))


@page_for(*READERS)
@require_safe
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """公示管理."""
    states = [one for one in NoticeState.choices if actor.has(*SEES_DRAFTS) or one[0] in {NoticeState.PUBLISHED, NoticeState.CLOSED}]
    filters = (chosen(request, "state", "状态", states), typed(request, "q", "标题"))
    listed = queries.notices(actor, state=filters[0].value, words=filters[1].value)
    drafting = actor.may_write(*rights.DRAFTERS)
    acts = (Act(reverse("notice-new"), "起草公示", drafting.reason),) if actor.has(*SEES_DRAFTS) else ()
    line = "会审同意的办件在这里公示；有异议的只停那一项，其余照常。期满办结后进入资金兑现。"
    page = ListPage("公示管理", _columns(actor, timezone.localdate()), line, filters, acts, empty="没有公示。")
    return answer_plain(request, actor, listed, page)


def notice_of(actor: Actor, number: int, *, rows: bool = False) -> Notice:
    """The notice of an address, if the actor may see it; its ``rows`` are read at once only where they are shown."""
    listed = Notice.objects.visible_to(actor) if rows else Notice.objects.visible_to(actor).defer("rows")
    found = listed.filter(pk=number).first()
    if found is None:
        raise Http404("没有这份公示，或者还没有发布。请从“公示管理”进入。")
    return found


def _objections(notice: Notice, *, may_register: bool) -> Column:
    """What waits for an answer, or the way to register an objection where that is still open."""
    there = f"{reverse('objections')}?notice={notice.pk}"

    def text(case: Any) -> str:
        if case.open:
            return f"{case.open} 条待答复"
        return "登记异议" if may_register and case.state == CaseState.NOTICED else ""

    def href(case: Any) -> str:
        if case.open:
            return there
        return reverse("objection-new", args=[notice.pk, case.pk]) if text(case) else ""

    return Column("异议", text, href, whole=True)


def _row_columns(actor: Actor, notice: Notice, day: date) -> tuple[Column, ...]:
    of_case = (lambda case: case_href(case.pk)) if actor.has(*SEES_DRAFTS) else None
    columns = [
        Column("企业名称", lambda case: case.enterprise.name, of_case),
        Column("受理编号", lambda case: case.number, whole=True),
        Column("事项和对象", lambda case: f"{case.title}：{case.item}"),
        Column("金额（万元）", lambda case: wan_text(case.amount), of_case, number=True),
        Column("状态", lambda case: case.get_state_display(), state=lambda case: CASE_MARKS.get(CaseState(case.state), "done")),
    ]
    if actor.has(*SEES_DRAFTS):
        columns.append(_objections(notice, may_register=bool(rights.may_object(actor, notice, day))))
    return tuple(columns)


def _acts(actor: Actor, notice: Notice, day: date) -> list[Act]:
    """Ways on that fit the state of the notice; those a person may not go say why."""
    listed = (
        ("notice-publish", "发布公示", rights.may_publish_notice(actor, notice)),
        ("notice-edit", "修改文字", rights.may_edit_notice(actor, notice)),
        ("notice-drop", "作废", rights.may_edit_notice(actor, notice)),
        ("notice-close", "期满办结", rights.may_close_notice(actor, notice, day)),
    )
    return [Act(reverse(name, args=[notice.pk]), text, one.reason) for name, text, one in listed if one.code != "wrong-state"]


def papers_of(notice: Notice) -> list[tuple[str, str]]:
    """Files of a notice: address and name."""
    kinds = [NoticePaper.NOTICE, *([NoticePaper.ANNOUNCEMENT] if notice.state == NoticeState.CLOSED else [])]
    return [
        (reverse("notice-paper", args=[notice.pk, kind.value, form.value]), f"{kind.label}（{form.label}）")
        for kind in kinds
        for form in Form
    ]


@page_for(*READERS)
@require_safe
def notice(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一份公示: how long it runs, what can be done now and why not, its rows with their states."""
    found, day = notice_of(actor, number), timezone.localdate()
    state, words = told(request, "state"), told(request, "q")
    rows = queries.notice_cases(actor, found, state=state if state in CaseState.values else "", words=words)
    public = {NoticeState.PUBLISHED: "public-notice", NoticeState.CLOSED: "public-announcement"}.get(NoticeState(found.state))
    context: dict[str, Any] = {
        "notice": found, "mark": STATES[NoticeState(found.state)], "sums": queries.notice_sums(found), "state": state, "words": words,
        "countdown": queries.countdown(found, day), "acts": _acts(actor, found, day),
        "papers": papers_of(found) if actor.has(*SEES_DRAFTS) and found.state != NoticeState.DROPPED else [],
        "public": reverse(public, args=[found.pk]) if public else "", "sees_drafts": actor.has(*SEES_DRAFTS),
    }  # fmt: skip
    sheet = Sheet(rows, _row_columns(actor, found, day), f"{found.title}名单", "没有符合条件的办件。")
    return answer_list(request, actor, sheet, "office/fulfilment/notice.html", context)


@page_for(*SEES_DRAFTS)
@require_safe
def notice_preview(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """预览: exactly what the public page shows, made by the same functions and the same template."""
    found = notice_of(actor, number, rows=True)
    shown = public_notice(found, timezone.localdate(), number_told(request, "page", 9999) or 1)
    return render(request, "office/fulfilment/notice_preview.html", {"notice": found, "shown": shown})


@page_for(*SEES_DRAFTS)
@require_safe
def notice_paper(request: HttpRequest, actor: Actor, number: int, kind: str, form: str) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """公示、公告 as Word or PDF."""
    found = notice_of(actor, number, rows=True)
    if kind not in NoticePaper.values or form not in Form.values:
        raise Http404("没有这种文书。请从公示页面下载。")
    sponsor = values_of(["site.sponsor"])["site.sponsor"]
    made = make_notice_paper(actor=actor, at=timezone.now(), notice=found, kind=NoticePaper(kind), form=Form(form), sponsor=sponsor)
    disposition = content_disposition_header(as_attachment=True, filename=made.name) or "attachment"
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": disposition})
