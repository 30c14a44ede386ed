"""The navigation of the back office: what the actor's posts open, at most seven groups."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import resolve, reverse

from tidu.apps.accounts.interfaces.requests import actor_of_request

GROUPS = (
    ("工作台", (("desk", "我的工作台"), ("jobs", "后台任务"))),
    ("企业库", (("firms", "企业查询"),)),
    (
        "培育库",
        (
            ("ladder", "梯度总览"),
            ("ladder-expiring", "到期提醒"),
            ("pools", "三库与培育库"),
            ("revenue", "应税收入统计表"),
            ("warnings", "监测预警"),
            ("materials", "材料目录"),
        ),
    ),
    ("数据管理", (("imports", "数据导入"), ("import-codes", "代码对照"))),
    ("系统", (("audit-log", "操作日志"), ("password", "修改密码"))),
)


@dataclass(frozen=True)
class Entry:
    """One entry."""

    href: str
    text: str
    here: bool


def navigation(request: HttpRequest) -> dict[str, object]:
    """``side`` for templates, ``actor`` and the person's name; nothing for who is not logged in."""
    actor = actor_of_request(request) if hasattr(request, "user") else None
    if actor is None:
        return {"side": (), "actor": None}
    side = []
    for title, entries in GROUPS:
        listed = [
            Entry(reverse(name), text, request.path.startswith(reverse(name)) and (name != "desk" or request.path == reverse("desk")))
            for name, text in entries
            if actor.has(*getattr(resolve(reverse(name)).func, "roles", ()))
        ]
        if listed:
            side.append((title, listed))
    return {"side": side, "actor": actor}
