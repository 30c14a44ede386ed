"""异议: registered on one row of a notice, listed, answered by the head; who raised one is sealed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain import notice_rights as rights
from tidu.apps.fulfilment.domain.noticing import answer_objection, receive_objection
from tidu.apps.fulfilment.domain.revealing import reveal_objector
from tidu.apps.fulfilment.enums import ObjectionState
from tidu.apps.fulfilment.models import Case, Objection
from tidu.apps.fulfilment.models.reviews import SEES_DRAFTS
from tidu.apps.fulfilment.queries import notices as queries
from tidu.kernel.errors import TiduError
from tidu.look.fields import LONG, RADIO, Choice, Field
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import wan_text
from tidu.sites.office.fulfilment.notices import notice_of
from tidu.sites.office.fulfilment.payments_confirming import Confirm, ask_first
from tidu.sites.office.grant_pages import moment_text
from tidu.sites.office.plain_pages import FormPage, ListPage, answer_form, answer_list, attempt, chosen, text_of, way

STATES = {ObjectionState.OPEN: "lacking", ObjectionState.UPHELD: "unmet", ObjectionState.DISMISSED: "done"}
UPHELD, DISMISSED = "upheld", "dismissed"
COLUMNS = (
    Column("企业", lambda one: one.case.enterprise.name, lambda one: reverse("objection", args=[one.pk])),
    Column("事项", lambda one: one.case.title),
    Column("公示", lambda one: one.notice.title, lambda one: reverse("notice", args=[one.notice_id])),
    Column("状态", lambda one: one.get_state_display(), state=lambda one: STATES[ObjectionState(one.state)]),
    Column("收到", lambda one: moment_text(one.received_at), whole=True),
    Column("答复", lambda one: moment_text(one.answered_at), whole=True),
)


@page_for(*SEES_DRAFTS)
@require_safe
def objections(request: HttpRequest, actor: Actor) -> HttpResponse:
    """异议."""
    state = chosen(request, "state", "状态", ObjectionState.choices)
    number = request.GET.get("notice", "")
    notice = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
    page = ListPage(
        "公示异议",
        COLUMNS,
        "一条异议只停它那一项，其余照常。提出人的信息加密保存。",
        (state,),
        crumbs=(way("notices", "公示管理"),),
        empty="没有异议。",
    )
    return answer_list(request, actor, queries.objections(actor, state=state.value, notice=notice), page)


@page_for(*rights.DRAFTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def objection_new(request: HttpRequest, actor: Actor, number: int, case_number: int) -> HttpResponse:
    """登记异议."""
    notice = notice_of(actor, number)
    case = Case.objects.visible_to(actor).select_related("enterprise", "notice").filter(pk=case_number, notice=notice).first()
    if case is None:
        raise Http404("这个办件不在这份公示里。请从公示页面的名单登记。")
    text, who = text_of(request, "text", 4000), text_of(request, "who", 200)
    decision, problems = rights.may_object(actor, notice, timezone.localdate()), []
    if request.method == "POST":
        made, problems = attempt(
            lambda: receive_objection(actor=actor, at=timezone.now(), notice=notice, case=case, text=text, raised_by=who)
        )
        if made is not None:
            return HttpResponseRedirect(reverse("objection", args=[made.pk]))
    lines = [
        ("企业", case.enterprise.name), ("事项", f"{case.title}（{case.clause}）"), ("对象", case.item), ("金额", f"{wan_text(case.amount)} 万元"),
        ("公示", notice.title),
    ]  # fmt: skip
    fields = (
        Field("text", "异议内容", LONG, "反映的事实和理由；不写提出人的姓名和电话", values=(text,)),
        Field(
            "who", "提出人和联系方式", hint="加密保存，只有负责人说明理由后才能查看，任何公开页面和文书都没有", values=(who,), optional=True
        ),
    )
    page = Confirm(
        "登记异议", "登记异议", lines, (way("notices", "公示管理"), way("notice", notice.title, notice.pk)),
        ["登记后这一项停下来核查，其余各项照常；核查结果由负责人答复。"], fields, why=decision.reason, back=reverse("notice", args=[notice.pk]),
    )  # fmt: skip
    return ask_first(request, page, problems)


def _objection(actor: Actor, number: int) -> Objection:
    found = Objection.objects.visible_to(actor).select_related("notice", "case__enterprise").filter(pk=number).first()
    if found is None:
        raise Http404("没有这条异议。请从“公示异议”进入。")
    return found


@page_for(*SEES_DRAFTS)
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一条异议: what it says, and its answer."""
    found, problems = _objection(actor, number), []
    given = {"verdict": text_of(request, "verdict", 20), "answer": text_of(request, "answer", 4000)}
    if request.method == "POST":
        answered, problems = attempt(lambda: _answer(actor, found, given))
        if answered is not None:
            return HttpResponseRedirect(reverse("objection", args=[found.pk]))
    fields = [
        Field(
            "verdict", "核查结果", RADIO, values=(given["verdict"],),
            choices=[
                Choice(DISMISSED, "异议不成立", "这一项恢复公示，期满后照常拨付"),
                Choice(UPHELD, "异议成立", "这一项不予支持，金额退回预算；企业会收到消息"),
            ],
        ),
        Field("answer", "核查情况和答复", LONG, "异议成立时企业会看到这段话，不要写提出人", values=(given["answer"],)),
    ]  # fmt: skip
    context = {
        "one": found, "mark": STATES[ObjectionState(found.state)], "fields": fields, "problems": problems,
        "may": rights.may_answer(actor, found), "open": found.state == ObjectionState.OPEN,
    }  # fmt: skip
    return render(request, "office/fulfilment/objection.html", context, status=400 if problems else 200)


def _answer(actor: Actor, found: Objection, given: dict[str, str]) -> Objection:
    rights.may_answer(actor, found).require()
    if given["verdict"] not in {UPHELD, DISMISSED}:
        raise TiduError("verdict-missing", "请选择异议成立还是不成立。")
    return answer_objection(actor=actor, at=timezone.now(), objection=found, upheld=given["verdict"] == UPHELD, answer=given["answer"])


@page_for(Role.BUREAU_HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def objection_who(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """查看提出人: with a reason, shown once."""
    found, problems = _objection(actor, number), []
    reason = text_of(request, "reason", 200)
    if request.method == "POST":
        who, problems = attempt(lambda: reveal_objector(actor=actor, at=timezone.now(), objection=found, reason=reason))
        if who is not None:
            return render(request, "office/fulfilment/objector_shown.html", {"one": found, "who": who})
    page = FormPage(
        "查看提出人", (Field("reason", "查看的理由", hint="例如：需要向提出人核实情况", values=(reason,)),), "查看",
        crumbs=(way("objections", "公示异议"), way("objection", found.case.enterprise.name, found.pk)),
        notes=("只显示这一次。谁在什么时候、为什么看了，记入操作日志。",),
    )  # fmt: skip
    return answer_form(request, page, problems)
