"""The demonstration of the ladder and the pools: monthly sales up to now, members, guides, warnings in every state.

Deterministic; everybody in it is invented. What the rules find is computed, not made up; only what people decide is told here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from tidu.apps.accounts.actors import SYSTEM, Actor
from tidu.apps.accounts.models import User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.cultivation.domain.computing import compute
from tidu.apps.cultivation.domain.forecasting import YEAR, month_index, period_of
from tidu.apps.cultivation.domain.handling import handle_warning
from tidu.apps.cultivation.domain.membership import Act, act_on_many, act_on_membership
from tidu.apps.cultivation.domain.nightly import settle_computation
from tidu.apps.cultivation.domain.revenue import SALES
from tidu.apps.cultivation.domain.rulebook import rulebook
from tidu.apps.cultivation.enums import MemberState
from tidu.apps.cultivation.models import Finding, FirmWarning, Membership
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, FactsInForce, Source
from tidu.kernel.legal_days import legal_day

SEASON = (86, 66, 102, 100, 102, 108, 98, 97, 105, 102, 110, 124)
"""Hundredths of an average month, from January."""
EARLIER = 18
"""Days before now at which the first computation of the demonstration stands."""
MEMBERS = {"zjtx": 70, "rise": 40, "new": 12, "fall": 25, "turn": 5}


def prepare_cultivation(*, at: datetime, people: dict[str, User]) -> None:
    """Everything, after firms and people stand. ``people`` are the demonstration's users by name to log in with."""
    at = timezone.localtime(at)
    _months(at)
    _households(at)
    before = at - timedelta(days=EARLIER)
    settle_computation(outcome=compute(legal_day(before)), actor=SYSTEM, at=before)
    clerk, head, street = (actor_of(people[name], legal_day(at)) for name in ("jingban", "kezhang", "jiedao"))
    _members(before + timedelta(days=3), clerk, head, street, people)
    _handle(before + timedelta(days=4), clerk, head)
    settle_computation(outcome=compute(legal_day(at)), actor=SYSTEM, at=at)


def _draw(*parts: object) -> int:
    """A number from 0 to 9999 that depends on nothing but its parts."""
    return int.from_bytes(sha256(repr(parts).encode()).digest()[:4]) % 10_000


def _months(at: datetime) -> None:
    """Months of taxable sales for the watched firms, from two years before this year to the last month declared."""
    last = at.year * YEAR + at.month - 1 - (1 if at.day > 20 else 2)
    first = (at.year - 2) * YEAR
    known: dict[int, dict[int, int]] = {}
    rows = FactsInForce.objects.filter(level=Level.MONTH).order_by().values_list("enterprise", "period", "values")
    for firm, period, values in rows:
        if values.get(SALES) is not None:
            known.setdefault(firm, {})[month_index(period)] = values[SALES]
    told = {(firm, month_index(period)) for firm, period, _ in rows}
    source = Source.objects.get(name="税务")
    codes = dict(Enterprise.objects.filter(pk__in=known).values_list("pk", "code"))
    sheets = [
        DataSheet(
            enterprise_id=firm,
            source=source,
            level=Level.MONTH,
            period=period_of(index),
            values={SALES: _sales(codes[firm], months, index)},
            received_at=at,
        )
        for firm, months in known.items()
        for index in range(first, last + 1)
        if (firm, index) not in told and not _unreported(codes[firm], index, last)
    ]
    DataSheet.objects.bulk_create(sheets, batch_size=2000)
    refresh_facts(known)


def _households(at: datetime) -> None:
    """Staff of the last year for individual households, a few of them as large as a firm."""
    source = Source.objects.get(name="人社")
    held = FactsInForce.objects.filter(level=Level.FIRM).order_by().values_list("enterprise", "enterprise__code", "values")
    found = {firm: code for firm, code, values in held if values.get("市场主体类型") == "个体工商户"}
    DataSheet.objects.bulk_create(
        DataSheet(
            enterprise_id=firm, source=source, level=Level.YEAR, period=at.year - 1, values={"从业人员": 1 + _draw(code, "staff") % 14},
            received_at=at,
        )
        for firm, code in found.items()
    )  # fmt: skip
    refresh_facts(found)


def _unreported(code: str, index: int, last: int) -> bool:
    """A few firms fall silent for the last months, and now and then somebody misses one."""
    return (_draw(code, "silent") < 400 and index > last - 2 - _draw(code) % 3) or _draw(code, "missed", index) < 60


def _sales(code: str, months: dict[int, int], index: int) -> int:
    """A month from the firm's average, the season, a trend of its own and chance; whole yuan."""
    average = sum(months.values()) // len(months)
    slope = -180 if _draw(code, "decline") < 900 else _draw(code, "trend") % 31 - 14
    trend = 1000 + slope * max(index - max(months), -12) // 3
    noise = 9_000 + _draw(code, index) % 2_000
    return max(average * SEASON[index % YEAR] * max(trend, 150) * noise // (100 * 1000 * 10_000) // 100 * 100, 0)


def _members(at: datetime, clerk: Actor, head: Actor, street: Actor, people: dict[str, User]) -> None:
    for pool in rulebook().pools:
        due = list(Finding.objects.filter(pool=pool.key, entry="met").select_related("enterprise"))
        due.sort(key=lambda one: _draw(one.enterprise.code, pool.key))
        most = min(MEMBERS[pool.key], len(due) * 3 // 4 + 1)
        _enter(at, clerk, pool.key, due[:most], people)
        for one in due[most : most + 3]:
            act = Act("refuse", reason="走访核实，主要厂房已出租，暂不具备培育条件")
            act_on_membership(actor=clerk, at=at, enterprise=one.enterprise, pool=pool.key, act=act)
        own = [one for one in due[most + 3 :] if one.enterprise.subdistrict_id in {post.unit for post in street.posts}][:4]
        _each(at, street, pool.key, own, Act("propose", reason="街道走访，企业有意愿"))
    _some_leave(at, clerk, head, street)


def _enter(at: datetime, clerk: Actor, pool: str, due: list[Finding], people: dict[str, User]) -> None:
    _each(at, clerk, pool, due, Act("enter"))
    inside = Membership.objects.filter(pool=pool, state=MemberState.MEMBER).select_related("enterprise").order_by("enterprise__code")
    guides = (people["jingban"], people["jiedao"])
    for place, row in enumerate(inside[: len(due) // 2]):
        act = Act("guide", row.version, guide=guides[place % 2])
        act_on_membership(actor=clerk, at=at + timedelta(days=1), enterprise=row.enterprise, pool=pool, act=act)


def _each(at: datetime, actor: Actor, pool: str, due: Iterable[Finding], act: Act) -> None:
    act_on_many(actor=actor, at=at, pool=pool, rows=[(one.enterprise, 0) for one in due], act=act)


def _some_leave(at: datetime, clerk: Actor, head: Actor, street: Actor) -> None:
    """Two left, one was proposed to leave, one was kept."""
    rows = list(
        Membership.objects.filter(pool="zjtx", state=MemberState.MEMBER).select_related("enterprise").order_by("-enterprise__code")[:3]
    )
    for place, row in enumerate(rows):
        key, reason = ("leave", "企业来函申请退出培育") if place < 2 else ("propose-exit", "主营业务已转为贸易")
        act = Act(key, row.version, reason)
        act_on_membership(actor=clerk if place < 2 else head, at=at + timedelta(days=2), enterprise=row.enterprise, pool="zjtx", act=act)
    own: Any = Membership.objects.visible_to(street).filter(pool="zjtx", state=MemberState.MEMBER).select_related("enterprise").first()
    if own is not None:
        act = Act("propose-exit", own.version, "企业反映近期无申报打算")
        act_on_membership(actor=street, at=at + timedelta(days=2), enterprise=own.enterprise, pool="zjtx", act=act)


STORIES = (
    (("claim", ""),),
    (("claim", ""), ("confirm", "电话和现场核实，订单减少，产线停了一条。")),
    (("claim", ""), ("dismiss", "企业已补报，数据晚到，经营正常。")),
    (("claim", ""), ("confirm", "企业正在办理复核材料。"), ("close", "已通知企业并约定提交时间。")),
    (("claim", ""), ("release", "由所在街道核实更合适。")),
    (("claim", ""), ("dismiss", "名录已移出。"), ("close", "附移出名录查询结果。"), ("approve", "")),
)
"""What happened to the first warnings of each rule, one story for each."""


def _handle(at: datetime, clerk: Actor, head: Actor) -> None:
    for rule in rulebook().warnings:
        rows = FirmWarning.objects.filter(rule=rule.key).select_related("enterprise").order_by("enterprise__code", "pk")[: len(STORIES)]
        for row, story in zip(rows, STORIES, strict=False):
            for number, (key, words) in enumerate(story):
                row.refresh_from_db()
                if key == "approve" and not rule.second:
                    continue
                actor = head if key == "approve" else clerk
                when = at + timedelta(days=number, hours=number)
                handle_warning(actor=actor, at=when, warning=row, key=key, version=row.version, words=words)
