"""The navigation of the portal: the pages of the firm at hand."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from tidu.apps.accounts.interfaces.requests import actor_of_request
from tidu.apps.messages.models import Message

PREFIX = "/portal/"
GROUPS = (
    ("工作台", (("portal-desk", "工作台"),)),
    (
        "我的企业",
        (
            ("portal-facts", "企业档案"),
            ("portal-filings", "年度数据填报"),
            ("portal-corrections", "更正申请"),
            ("portal-titles", "资质荣誉与有效期"),
            ("portal-members", "成员与授权"),
        ),
    ),
    (
        "申报兑现",
        (
            ("portal-offers", "可申报事项"),
            ("portal-cases", "我的申报"),
            ("portal-payments", "收款账户与到账记录"),
        ),
    ),
    ("承诺与履约", (("portal-duties", "承诺与履约"),)),
    ("梯度培育", (("portal-ladder", "我的位置"), ("portal-gaps", "差距清单"), ("portal-way", "提升计划"))),
    ("消息与设置", (("portal-messages", "消息"), ("portal-log", "操作记录"))),
)


@dataclass(frozen=True)
class Entry:
    """One entry."""

    href: str
    text: str
    here: bool


def navigation(request: HttpRequest) -> dict[str, object]:
    """``portal_side`` for the pages of a firm; nothing elsewhere."""
    if not request.path.startswith(PREFIX):
        return {}
    where = request.resolver_match
    code = where.kwargs.get("code") if where is not None else None
    actor = actor_of_request(request) if hasattr(request, "user") else None
    if code is None or actor is None:
        return {"portal_side": ()}

    def here(name: str) -> bool:
        address = reverse(name, args=[code])
        return request.path == address if name == "portal-desk" else request.path.startswith(address)

    side = [(title, [Entry(reverse(name, args=[code]), text, here(name)) for name, text in entries]) for title, entries in GROUPS]
    unread = Message.objects.visible_to(actor).filter(Q(enterprise__code=code) | Q(user=actor.user)).unread().count()
    return {"portal_side": side, "portal_code": code, "many_firms": len(actor.firms) > 1, "unread": unread}
