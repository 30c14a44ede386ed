"""消息: what was told to the firm and to the person, and what of it nobody has read."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.messages.domain.reading import mark_read
from tidu.apps.messages.models import Message, MessageQuerySet
from tidu.kernel.errors import TiduError
from tidu.look.listing import Column, page_of
from tidu.sites.portal.pages import firm_page

COLUMNS = (
    Column("标题", lambda one: one.title, lambda one: one.href),
    Column("正文", lambda one: one.text),
    Column("时间", lambda one: f"{timezone.localtime(one.sent_at):%Y-%m-%d %H:%M}", whole=True),
)


def messages_of(actor: Actor, firm: Enterprise) -> MessageQuerySet:
    """What was told to this firm, and to the person alone; not what was told to other firms of the same person."""
    return Message.objects.visible_to(actor).filter(Q(enterprise=firm) | Q(user=actor.user))


@firm_page()
@require_safe
def listed(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """The inbox, newest first; all or what is unread."""
    found = messages_of(actor, firm)
    unread = found.unread().count()
    fresh = request.GET.get("show") == "unread"
    shown = found.unread() if fresh else found
    listing = page_of(shown, COLUMNS, request.GET.dict(), label="消息", empty="没有未读的消息。" if fresh else "还没有消息。", size=20)
    pages = shown[(listing.number - 1) * 20 : listing.number * 20]
    context = {"firm": firm, "notes": list(pages), "listing": listing, "unread": unread, "fresh": fresh}
    return render(request, "portal/messages.html", context)


@firm_page()
@require_POST
def read(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """Mark one message or all as read."""
    sent = request.POST.get("message", "")
    numbers = [int(sent)] if sent.isascii() and sent.isdigit() and len(sent) < 19 else None
    try:
        mark_read(actor=actor, at=timezone.now(), numbers=numbers, among=messages_of(actor, firm))
    except TiduError as error:  # somebody else of the firm read them a moment ago: what was wanted is so
        if error.code != "nothing-unread":
            raise
    return HttpResponseRedirect(reverse("portal-messages", args=[firm.code]))
