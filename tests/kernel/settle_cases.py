"""Firms for the tests of settling: a sound firm of the district, and random ones around every bound."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tidu.kernel.population import Firm

WAN = 1_000_000
DISTRICT = "420114"
DAY = timedelta(days=1)
LAW_DATE = date(2024, 6, 1)
EDGES = (date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1), date(2024, 6, 1), date(2025, 1, 1), date(2021, 6, 1))
PAYERS = ("区级", "市级", None)
CLAUSES = ("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "二（一）4", "二（三）1", "二（三）3", "二（四）2", "别的政策")
CHOICES: Mapping[str, Sequence[str]] = {
    "R1": ("补差额", "全额", "待定"),
    "R2": ("分别享受", "同类从高", "待定"),
    "R3": ("取高", "合计", "待定"),
    "R4": ("事项年", "核定年", "待定"),
    "R5": ("只给排名最前", "各自给"),
    "R7": ("核定日", "事项日"),
    "R8": ("事项在期内即可", "须在期内核定"),
    "R9": ("市级入库起", "省级起"),
    "R10": ("按零配套", "按计划金额"),
}


def sound_firm(code: str = "91420114MA4K000017", facts: Mapping[str, Any] | None = None, **events: list[dict[str, Any]]) -> Firm:
    """A firm in scope with a provincial title since 2021, and its events."""
    title = {"名称": "专精特新中小企业", "级别": "省级", "日期": date(2021, 1, 1)}
    years = {year: {"研发费用加计扣除": True} for year in range(2020, 2025)}
    own = {"纳税关系所在区": DISTRICT, "登记状态": "存续"} | dict(facts or {})
    return Firm(code, "示例企业", own, years, {}, {"认定": [title], **events})


def contract(wan: float, day: date, **others: Any) -> dict[str, Any]:
    """A development contract with a university; ``wan`` in 万元."""
    return {"合同类型": "技术开发", "对方类型": "高等院校", "成交额": round(wan * WAN), "登记日期": day} | others


def payment(clause: str, wan: float, day: date, payer: str | None = "区级") -> dict[str, Any]:
    """A payment of the past."""
    return {"条款": clause, "金额": round(wan * WAN), "日期": day, "资金来源": payer}


def mostly(usual: st.SearchStrategy[Any], seldom: st.SearchStrategy[Any], weight: int = 7) -> st.SearchStrategy[Any]:
    """``usual`` in about ``weight`` of ten draws; so many results are paid that the caps are really put to the test."""
    return st.integers(0, 9).flatmap(lambda drawn: usual if drawn < weight else seldom)


edges = st.builds(lambda edge, step: edge + step * DAY, st.sampled_from(EDGES), st.integers(-1, 1))
days = mostly(st.dates(date(2022, 1, 1), date(2024, 5, 31)), edges)
as_of_days = mostly(st.dates(date(2024, 6, 1), date(2024, 12, 31)), edges.filter(lambda day: day >= date(2022, 12, 31)))
sums = st.one_of(
    st.builds(lambda bound, step: bound * WAN + step, st.sampled_from((10, 50, 100, 200, 1000, 2000)), st.integers(-1, 1)),
    st.integers(0, 3000 * WAN),
    st.integers(0, 30),
)


def _without(row: dict[str, Any], place: int) -> dict[str, Any]:
    """One field of a row missing, or none where ``place`` points beyond it."""
    return {name: value for index, (name, value) in enumerate(row.items()) if index != place}


def _rows(most: int, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    place = mostly(st.just(99), st.integers(0, len(fields) - 1), 9)
    return st.lists(st.builds(_without, st.fixed_dictionaries(fields), place), max_size=most)


def _seldom(rows: st.SearchStrategy[list[dict[str, Any]]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return mostly(st.just([]), rows, 8)


_level = st.sampled_from(("国家级", "省级", "市级"))
_title = st.sampled_from(("专精特新中小企业", "专精特新小巨人", "专精特新小巨人", "专精特新培育企业", "双创示范基地"))
_standard = {"标准号": st.sampled_from(("标准-1", "标准-2", "标准-3")), "级别": st.sampled_from(("国际", "国家", "行业", "地方", "团体"))}
_kind = mostly(st.sampled_from(("技术开发", "技术转让")), st.just("专利实施许可"), 9)
events = st.fixed_dictionaries(
    {
        "认定": _rows(3, 名称=_title, 级别=_level, 日期=days),
        "首次进规": _rows(1, 日期=days),
        "研发补贴": _rows(4, 级别=st.sampled_from(("省级", "市级")), 金额=sums, 日期=days, 年度=st.integers(2021, 2023)),
        "技术合同": _rows(4, 合同类型=_kind, 成交额=sums, 登记日期=days, 对方类型=mostly(st.just("高等院校"), st.just("企业"), 9)),
        "质量奖": _rows(
            3,
            名称=st.sampled_from(("中国质量奖", "长江质量奖", "市长质量奖", "区政府质量奖")),
            结果=st.sampled_from(("获奖", "提名")),
            日期=days,
        ),
        "标准": _rows(4, **_standard, 角色=st.sampled_from(("主持", "参与")), 排名=st.integers(1, 3), 日期=days),
        "创客中国": _rows(2, 名次=st.sampled_from(("一等奖", "优秀奖", "全国500强")), 日期=days),
        "重大违法违规": _seldom(_rows(1, 类型=st.just("安全"), 日期=edges)),
        "弄虚作假认定": mostly(st.just([]), _rows(1, 日期=days), 9),
        "迁移": _seldom(_rows(2, 关系=st.sampled_from(("注册地", "纳税")), 迁往=st.sampled_from((DISTRICT, "420105")), 日期=days)),
    }
)
titles = mostly(
    st.sampled_from(("专精特新中小企业", "专精特新培育企业")).map(lambda name: [{"名称": name, "级别": "省级", "日期": date(2021, 1, 1)}]),
    st.just([]),
    9,
)
payments = _rows(3, 条款=st.sampled_from(CLAUSES), 金额=sums, 日期=days, 资金来源=st.sampled_from(PAYERS))
facts = st.fixed_dictionaries(
    {
        "纳税关系所在区": mostly(st.just(DISTRICT), st.sampled_from(("420105", None)), 9),
        "登记状态": mostly(st.just("存续"), st.sampled_from(("注销", None)), 9),
    }
)
deductions = st.fixed_dictionaries(
    {
        year: mostly(st.just(True), st.sampled_from((False, None)), 9).map(lambda answer: {"研发费用加计扣除": answer})
        for year in (2021, 2022, 2023)
    }
)
choices = st.fixed_dictionaries(
    {}, optional={name: mostly(st.sampled_from(options[:2]), st.sampled_from(options), 8) for name, options in CHOICES.items()}
)


@st.composite
def firms(draw: st.DrawFn, code: str = "F1", *, paid: bool = True) -> Firm:
    """A random firm: most in scope and complete, a part with one field or fact missing, dates and sums on every bound."""
    happened = dict(draw(events))
    happened["认定"] = [*draw(titles), *happened["认定"]]
    if paid:
        happened["奖补发放"] = draw(_seldom(payments) if draw(st.booleans()) else payments)
    return Firm(code, code, draw(facts), draw(deductions), {}, {name: rows for name, rows in happened.items() if rows})


def shuffled(firm: Firm, seed: int) -> Firm:
    """The same firm with its rows in another order."""
    rng = random.Random(seed)
    kinds = list(firm.events)
    rng.shuffle(kinds)
    return Firm(
        firm.code, firm.name, firm.facts, firm.years, {}, {kind: rng.sample(firm.events[kind], len(firm.events[kind])) for kind in kinds}
    )
