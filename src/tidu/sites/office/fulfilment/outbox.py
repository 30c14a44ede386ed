"""我的消息, and 发送记录 of what went outside."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import OFFICIALS, Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.audit.words import ACTIONS
from tidu.apps.messages.channels import channels
from tidu.apps.messages.domain.delivering import try_again
from tidu.apps.messages.domain.reading import mark_read
from tidu.apps.messages.enums import ChannelName, OutgoingState
from tidu.apps.messages.models import Delivery, Message, Outgoing
from tidu.kernel.errors import TiduError
from tidu.look.listing import Column, page_of
from tidu.sites.office.cultivation_lists import Sheet, answer_list
from tidu.sites.office.grant_pages import moment_text
from tidu.sites.office.plain_pages import ListPage, chosen, way
from tidu.sites.office.plain_pages import answer_list as answer_plain

EVERYBODY: tuple[Role, ...] = tuple(role for role in Role if role in OFFICIALS)
SEERS = (Role.SYSTEM_ADMIN, Role.AUDITOR, Role.AUDIT_ADMIN)
OUTGOING_STATES = {OutgoingState.WAITING: "todo", OutgoingState.SENT: "done", OutgoingState.GIVEN_UP: "lacking"}
TEXT = Column("", lambda one: one.text)


@page_for(*EVERYBODY)
@require_safe
def messages(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我的消息: unread first."""
    mine = Message.objects.visible_to(actor).filter(user=actor.user).order_by(F("read_at").asc(nulls_first=True), "-sent_at", "-pk")
    if request.GET.get("only") == "unread":
        mine = mine.filter(read_at=None)
    page = page_of(mine, (TEXT,), request.GET.dict(), label="我的消息")
    start = (page.number - 1) * 50
    unread = Message.objects.visible_to(actor).filter(user=actor.user, read_at=None).count()
    context = {"listing": page, "messages": list(mine[start : start + 50]), "unread": unread, "only": request.GET.get("only") == "unread"}
    return render(request, "office/fulfilment/messages.html", context)


@page_for(*EVERYBODY)
@require_POST
def messages_read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """标为已读: those ticked, or all."""
    numbers = None if request.POST.get("all") == "1" else _numbers(request)
    mark_read(actor=actor, at=timezone.now(), numbers=numbers)
    return HttpResponseRedirect(reverse("messages"))


def _numbers(request: HttpRequest) -> list[int]:
    found = [int(text) for text in request.POST.getlist("row") if text.isascii() and text.isdigit() and len(text) < 12]
    if not found:
        raise TiduError("nothing-ticked", "没有选中任何一条。请先勾选，再点按钮。")
    return found[:500]


def _occasion(one: Any) -> str:
    return ACTIONS.get(one.message.occasion, one.message.occasion)


TRY_COLUMNS = (
    Column("发送时间", lambda one: moment_text(one.tried_at), whole=True),
    Column("渠道", lambda one: one.get_channel_display()),
    Column("收件地址", lambda one: one.address, whole=True),
    Column("事由", _occasion),
    Column("结果", lambda one: "已发出" if one.done else "没有发出", state=lambda one: "done" if one.done else "lacking"),
    Column("说明", lambda one: one.outcome),
)
OUTGOING_COLUMNS = (
    Column("收件人", lambda one: one.user.name, lambda one: reverse("user", args=[one.user_id])),
    Column("渠道", lambda one: one.get_channel_display()),
    Column("事由", _occasion),
    Column("状态", lambda one: one.get_state_display(), state=lambda one: OUTGOING_STATES[OutgoingState(one.state)]),
    Column("消息时间", lambda one: moment_text(one.message.sent_at), whole=True),
    Column("已试", lambda one: f"{one.tries} 次", number=True),
    Column("下次发送", lambda one: moment_text(one.next_at) if one.state == OutgoingState.WAITING else "—", whole=True),
)
OUTGOING_TICK = Column("选择", lambda one: str(one.pk))


@page_for(*SEERS)
@require_safe
def deliveries(request: HttpRequest, actor: Actor) -> HttpResponse:
    """发送记录: every try, addresses masked, texts not shown."""
    done = chosen(request, "done", "结果", (("yes", "已发出"), ("no", "没有发出")))
    channel = chosen(request, "channel", "渠道", ChannelName.choices)
    listed = Delivery.objects.visible_to(actor).select_related("message").order_by("-tried_at", "-pk")
    if done.value:
        listed = listed.filter(done=done.value == "yes")
    if channel.value:
        listed = listed.filter(channel=channel.value)
    ways = "".join(f"{ChannelName(name).label}：{one.off or '已启用。'}" for name, one in channels().items())
    page = ListPage(
        "发送记录", TRY_COLUMNS, "站内消息之外的邮件和短信，每发一次记一条；地址掩码，不显示正文。", (channel, done),
        (way("outgoing", "待发和未成的"),), empty="没有发送过。", note=ways,
    )  # fmt: skip
    return answer_plain(request, actor, listed, page)


@page_for(*SEERS)
@require_safe
def outgoing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """待发和未成的: what waits, what was given up, to be tried again."""
    state = chosen(request, "state", "状态", OutgoingState.choices)
    listed = Outgoing.objects.visible_to(actor).select_related("message", "user").order_by("-pk")
    listed = listed.filter(state=state.value) if state.value else listed.exclude(state=OutgoingState.SENT)
    context = {"state": state, "may": actor.may_write(Role.SYSTEM_ADMIN)}
    sheet = Sheet(listed, OUTGOING_COLUMNS, "外发消息", "没有等待或者未成的消息。", OUTGOING_TICK)
    return answer_list(request, actor, sheet, "office/fulfilment/outgoing.html", context)


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def outgoing_retry(request: HttpRequest, actor: Actor) -> HttpResponse:
    """再发一次."""
    try_again(actor=actor, at=timezone.now(), numbers=_numbers(request))
    return HttpResponseRedirect(reverse("outgoing"))
