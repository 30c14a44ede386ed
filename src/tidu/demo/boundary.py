"""Firms whose facts lie exactly on a bound of a standard or an award, or one step beside it: the documented list.

Every case is a sound manufacturing firm with all facts known, so that only the bound under test decides.
Values are stored integers: fen, millionths, persons. The day of the facts is 1 June of the year after the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

WAN = 1_000_000
"""Fen in 10,000 yuan."""
SPACING = 5
"""Every fifth firm, from the fifth on, is a boundary case until the list is used up."""

_STEPS = (("恰在界上", 0), ("低一档", -1), ("高一档", 1))


@dataclass(frozen=True)
class BoundaryCase:
    """One case: ``identifier`` as in ``docs/demo-district.md``, the firm's name, and its facts by table."""

    identifier: str
    title: str
    name: str
    firm: Mapping[str, Any]
    years: Mapping[int, Mapping[str, Any]]
    months: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)
    events: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Change:
    """What a case changes in the sound firm; ``years`` are counted back from the last (0, 1, 2)."""

    identifier: str
    title: str
    firm: Mapping[str, Any] = field(default_factory=dict)
    years: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    months: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)
    events: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


def _sound_firm(last: int) -> dict[str, Any]:
    return {
        "市场主体类型": "企业",
        "成立日期": date(last - 13, 5, 18),
        "登记状态": "存续",
        "纳税关系所在区": "420114",
        "统计关系所在区": "420114",
        "国民经济行业代码": "3484",
        "主导产业": "装备制造",
        "主导产品": "精密机械零部件",
        "从事特定细分市场起始年份": last - 7,
        "主导产品属战略性新兴产业": True,
        "主导产品所属领域": "补短板锻长板填空白",
        "列入经营异常名录": False,
        "列入严重失信主体名单": False,
        "产品属禁止限制淘汰类": False,
        "数字化水平": 2,
        "管理体系认证": True,
        "产品认证": False,
        "自主品牌": True,
        "省级以上质量奖": False,
        "参与制修订标准": False,
        "研发机构级别": "市级",
        "核心业务采用信息系统": True,
        "主导产品全国细分市场占有率": 150_000,
        "主导产品国内细分市场排名": 6,
        "产业链关键环节": True,
        "重点领域": True,
        "Ⅰ类高价值知识产权数": 1,
        "自主研发Ⅰ类知识产权数": 3,
        "Ⅰ类知识产权数": 4,
        "Ⅱ类知识产权数": 6,
        "Ⅱ类知识产权数（科技型口径）": 8,
        "地方特色化得分": 9,
    }


def _sound_year(back: int) -> dict[str, Any]:
    revenue = (7000, 6200, 5600)[min(back, 2)] * WAN
    return {
        "营业收入": revenue,
        "主营业务收入": revenue * 9 // 10,
        "研发费用": revenue * 8 // 100,
        "净利润": revenue * 7 // 100,
        "资产总额": 8000 * WAN,
        "负债总额": 3600 * WAN,
        "成本费用支出": revenue * 91 // 100,
        "高新技术产品收入": revenue * 8 // 10,
        "总收入": revenue,
        "从业人员": 120,
        "研发人员": 30,
        "科技人员": 36,
        "新增股权融资额": 0,
        "上缴税金": revenue * 4 // 100,
        "研发费用加计扣除": True,
        "专精特新发展评价得分": 62,
    }


def _around(identifier: str, title: str, fact: str, bound: int, **others: Any) -> Iterator[_Change]:
    """Three cases: ``fact`` of the last year exactly on ``bound`` and one stored step below and above."""
    for number, (word, step) in enumerate(_STEPS):
        yield _Change(f"{identifier}{'abc'[number]}", f"{title}，{word}", years={0: {**others, fact: bound + step}})


def _scaled(revenue: int, **others: Any) -> dict[str, Any]:
    """Figures of the last year that go with another revenue, all of it from the main line."""
    research = max(revenue * 8 // 100, 100 * WAN)
    return {
        "研发费用": research,
        "净利润": revenue * 7 // 100,
        "成本费用支出": revenue * 91 // 100,
        "高新技术产品收入": revenue * 8 // 10,
    } | others


def _revenue_cases() -> Iterator[_Change]:
    bounds = ((300, 20), (1000, 60), (1500, 60), (2000, 300), (5000, 120), (10000, 150), (20000, 260), (40000, 1000))
    for number, (wan, staff) in enumerate(bounds, 1):
        for letter, (word, step) in zip("abc", _STEPS, strict=True):
            revenue = wan * WAN + step
            figures = {"营业收入": revenue, "主营业务收入": revenue, "总收入": revenue, "从业人员": staff} | _scaled(revenue)
            yield _Change(f"R{number}{letter}", f"营业收入 {wan} 万元，{word}", years={0: figures})


def _money_cases() -> Iterator[_Change]:
    yield from _around("D1", "研发费用 100 万元", "研发费用", 100 * WAN, 营业收入=3000 * WAN, 主营业务收入=2900 * WAN, 总收入=3000 * WAN)
    for number, (percent, label) in enumerate(((3, "3%"), (5, "5%"), (6, "6%"), (10, "10%")), 2):
        yield from _around(f"D{number}", f"研发费用占比 {label}", "研发费用", 70 * percent * WAN)
    yield from _around("D6", "研发费用 500 万元", "研发费用", 500 * WAN)
    for number, percent in enumerate((50, 55, 70, 75), 1):
        yield from _around(f"L{number}", f"资产负债率 {percent}%", "负债总额", 80 * percent * WAN)
    for number, percent in enumerate((60, 70, 80, 90), 1):
        yield from _around(f"M{number}", f"主营业务收入占比 {percent}%", "主营业务收入", 70 * percent * WAN)
    for number, percent in enumerate((2, 10), 1):
        yield from _around(f"P{number}", f"净利润率 {percent}%", "净利润", 70 * percent * WAN)
    for number, wan in enumerate((500, 2000, 6000, 8000), 1):
        yield from _around(f"E{number}", f"新增股权融资额 {wan} 万元", "新增股权融资额", wan * WAN)
    yield from _around("Z1", "资产总额 2 亿元", "资产总额", 20_000 * WAN)
    for number, percent in enumerate((0, 5, 10, 15), 1):
        for letter, (word, step) in zip("abc", _STEPS, strict=True):
            now = 50 * (100 + percent) * WAN + step
            yield _Change(
                f"G{number}{letter}",
                f"主营业务收入增长率 {percent}%，{word}",
                years={0: {"主营业务收入": now}, 1: {"主营业务收入": 5000 * WAN}},
            )


def _count_cases() -> Iterator[_Change]:
    for number, heads in enumerate((20, 300, 500, 1000), 1):
        yield from _around(
            f"S{number}", f"从业人员 {heads} 人", "从业人员", heads, 营业收入=41_000 * WAN, 总收入=41_000 * WAN, 研发人员=8, 科技人员=10
        )
    yield from _around("N1", "研发人员占比 20%", "研发人员", 24)
    yield from _around("N2", "研发人员占比 10%", "研发人员", 12)
    yield from _around("N3", "科技人员占比 10%", "科技人员", 12, 研发人员=9)
    for letter, (word, step) in zip("abc", _STEPS, strict=True):
        yield _Change(f"K1{letter}", f"全国细分市场占有率 10%，{word}", firm={"主导产品全国细分市场占有率": 100_000 + step})
    yield _Change("X1", "营业收入为零而有研发费用", years={0: {"营业收入": 0, "主营业务收入": 0, "总收入": 0, "净利润": -150 * WAN}})
    yield _Change("X2", "前一年主营业务收入为零", years={1: {"营业收入": 0, "主营业务收入": 0, "总收入": 0}})
    yield _Change("X3", "资不抵债", years={0: {"负债总额": 8000 * WAN + 1, "净利润": -900 * WAN}})


def _event_cases(assessed_on: date) -> Iterator[_Change]:
    day = timedelta(days=1)
    for letter, (word, step) in zip("abc", _STEPS, strict=True):
        contract = {
            "合同类型": "技术开发",
            "成交额": 1000 * WAN + step,
            "登记日期": date(assessed_on.year - 1, 5, 4),
            "对方类型": "高等院校",
        }
        yield _Change(f"C1{letter}", f"技术合同成交额 1000 万元，{word}", events={"技术合同": [contract]})
        paid = {"级别": "省级", "金额": 200 * WAN + step, "日期": date(assessed_on.year - 1, 9, 1), "年度": assessed_on.year - 2}
        yield _Change(f"C2{letter}", f"研发补贴 200 万元，{word}", events={"研发补贴": [paid]})
        rank = {"标准号": "示例标准-00001", "级别": "国家", "角色": "参与", "排名": 2 + step, "日期": date(assessed_on.year - 1, 8, 1)}
        yield _Change(f"C3{letter}", f"参与标准排名第 2，{word}", events={"标准": [rank]}, firm={"参与制修订标准": True})
        until = {"名称": "高新技术企业", "级别": "国家级", "日期": date(assessed_on.year - 3, 6, 2), "有效期至": assessed_on + step * day}
        yield _Change(f"T1{letter}", f"高新技术企业有效期至评估日，{word}", events={"认定": [until]})
        found = {"类型": "安全", "日期": _years_before(assessed_on, 3) + step * day, "文号": "示例罚〔000〕号"}
        yield _Change(f"T2{letter}", f"重大违法违规距评估日三年，{word}", events={"重大违法违规": [found]})
        yield _Change(f"T3{letter}", f"成立 365 天，{word}", firm={"成立日期": assessed_on - (365 + step) * day}, years={1: {}, 2: {}})
        payment = {"条款": "二（一）4", "金额": 20 * WAN, "日期": _years_before(assessed_on, 5) + step * day, "资金来源": "区级"}
        move = {"关系": "注册地", "迁往": "420105", "日期": assessed_on}
        yield _Change(f"T4{letter}", f"领取奖补满五年之日迁出，{word}", events={"奖补发放": [payment], "迁移": [move]})
        yield _Change(f"A1{letter}", f"近 12 个月应税收入合计 2000 万元，{word}", months=_twelve_months(assessed_on, 2000 * WAN + step))


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)


def _twelve_months(assessed_on: date, total: int) -> dict[date, dict[str, Any]]:
    """The twelve months to April with equal amounts, the last taking the rest."""
    months = [date(assessed_on.year - 1, month, 1) for month in range(5, 13)] + [date(assessed_on.year, month, 1) for month in range(1, 5)]
    share = total // 12
    amounts = [share] * 11 + [total - 11 * share]
    return {month: {"应税收入": amount, "社保人数": 60, "用电量": 42_000} for month, amount in zip(months, amounts, strict=True)}


def boundary_cases(years: Sequence[int] = (2021, 2022, 2023)) -> tuple[BoundaryCase, ...]:
    """The list for a district of these years, in the order in which the cases stand in the district."""
    last = max(years)
    assessed_on = date(last + 1, 6, 1)
    changes = [*_revenue_cases(), *_money_cases(), *_count_cases(), *_event_cases(assessed_on)]
    cases: list[BoundaryCase] = []
    for number, change in enumerate(changes, 1):
        firm = _sound_firm(last) | dict(change.firm)
        rows = {year: _sound_year(last - year) | dict(change.years.get(last - year, {})) for year in sorted(set(years))}
        rows = {year: row for year, row in rows.items() if firm["成立日期"] <= date(year, 12, 31)}
        name = f"武汉市蔡甸区临界样例{number:03d}机械有限公司"
        cases.append(BoundaryCase(change.identifier, change.title, name, firm, rows, change.months, change.events))
    return tuple(cases)


def boundary_positions(firms: int, cases: int) -> list[int]:
    """Rows of the district at which the cases stand: 4, 9, 14 … as far as the district reaches."""
    return [position for position in range(SPACING - 1, SPACING * cases, SPACING) if position < firms]
