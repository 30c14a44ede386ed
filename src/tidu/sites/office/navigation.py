"""The navigation of the back office: what the actor's posts open, at most seven groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import resolve, reverse

from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import actor_of_request

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("工作台", (("desk", "我的工作台"), ("messages", "我的消息"), ("deputies", "我的AB角"), ("phrases", "常用语"), ("jobs", "后台任务"))),
    (
        "企业与数据",
        (
            ("firms", "企业查询"),
            ("quality", "数据质量"),
            ("review-corrections", "更正审核"),
            ("review-filings", "年度填报审核"),
            ("fact-requests", "数据需求"),
            ("merges", "企业合并"),
            ("imports", "数据导入"),
            ("import-codes", "代码对照"),
        ),
    ),
    (
        "培育与评估",
        (
            ("ladder", "梯度总览"),
            ("ladder-expiring", "到期提醒"),
            ("pools", "三库与培育库"),
            ("revenue", "应税收入统计表"),
            ("warnings", "监测预警"),
            ("materials", "材料目录"),
            ("assessments", "全员评估"),
            ("to-report", "应报尽报"),
            ("recommendations", "推荐汇总表"),
        ),
    ),
    (
        "申报兑现",
        (
            ("cases", "办件"),
            ("opinions", "部门联审"),
            ("experts", "评审专家"),
            ("settlements", "兑现测算"),
            ("no-application", "免申即享名单"),
            ("open-rulings", "口径"),
            ("batches", "会审批次"),
            ("notices", "公示管理"),
            ("objections", "公示异议"),
        ),
    ),
    (
        "资金与履约",
        (
            ("budgets", "年度预算"),
            ("payments", "资金兑现"),
            ("payment-batches", "拨付批次"),
            ("payments-returned", "退票"),
            ("vouchers", "凭证"),
            ("reconciliation", "对账"),
            ("obligations", "履约义务台账"),
            ("campaigns", "履约核查"),
            ("change-reports", "变更报备"),
            ("leads", "履约线索"),
            ("recoveries", "追缴台账"),
        ),
    ),
    (
        "系统",
        (
            ("units", "单位与街道"),
            ("users", "用户"),
            ("post-reviews", "岗位申请与复核"),
            ("reset-reviews", "密码重置复核"),
            ("posts", "授权清单"),
            ("role-matrix", "岗位能打开什么"),
            ("login-policy", "登录策略"),
            ("sessions", "在线会话"),
            ("dictionaries", "字典"),
            ("parameters", "参数"),
            ("texts", "模板"),
            ("announcements", "公告"),
            ("workdays", "工作日历"),
            ("schedule", "定时任务"),
            ("deliveries", "发送记录"),
            ("service", "服务状态"),
            ("audit-log", "操作日志"),
            ("login-log", "登录日志"),
            ("audit-verify", "日志校验与导出"),
            ("account", "我的账号"),
        ),
    ),
)


@dataclass(frozen=True)
class Entry:
    """One entry."""

    href: str
    text: str
    here: bool


@dataclass(frozen=True)
class Group:
    """A group of entries; ``here`` where the page shown is one of them."""

    title: str
    entries: list[Entry]
    here: bool


@cache
def _places() -> tuple[tuple[str, tuple[tuple[str, str, tuple[Role, ...]], ...]], ...]:
    """Groups with address, text and roles of each entry; addresses never change while the site runs."""
    return tuple(
        (
            title,
            tuple((reverse(name), text, tuple(getattr(resolve(reverse(name)).func, "roles", ()))) for name, text in entries),
        )
        for title, entries in GROUPS
    )


def navigation(request: HttpRequest) -> dict[str, object]:
    """``side`` for templates, ``actor`` and the person's name; nothing for who is not logged in."""
    actor = actor_of_request(request) if hasattr(request, "user") else None
    if actor is None:
        return {"side": (), "actor": None}
    open_to = [(title, [(href, text) for href, text, roles in entries if actor.has(*roles)]) for title, entries in _places()]
    hrefs = [href for _, entries in open_to for href, _ in entries if request.path.startswith(href)]
    here = max(hrefs, key=len, default="")
    if here == reverse("desk") != request.path:
        here = ""
    side = [
        Group(title, [Entry(href, text, href == here) for href, text in entries], any(href == here for href, _ in entries))
        for title, entries in open_to
        if entries
    ]
    return {"side": side, "actor": actor}
