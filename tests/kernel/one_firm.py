"""One firm as told on 2024-06-01, far from every limit of time, whose figures the tests change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import Assessment, assess
from tidu.kernel.packs import Standard
from tidu.kernel.population import Firm
from tidu.kernel.reading import load_packs

DAY = date(2024, 6, 1)
MOMENT = Moment(DAY, DAY)
WAN = 1_000_000
INNOVATIVE = "创新型中小企业"
FACTS: dict[str, Any] = {
    "成立日期": date(2015, 1, 1),
    "国民经济行业代码": "3525",
    "列入经营异常名录": False,
    "列入严重失信主体名单": False,
    "产品属禁止限制淘汰类": False,
    "主导产品属战略性新兴产业": True,
    "研发机构级别": "无",
    "Ⅰ类高价值知识产权数": 0,
    "自主研发Ⅰ类知识产权数": 0,
    "Ⅰ类知识产权数": 0,
    "Ⅱ类知识产权数": 0,
}
YEARS: dict[int, dict[str, Any]] = {
    2023: {
        "营业收入": 5000 * WAN,
        "主营业务收入": 4400 * WAN,
        "研发费用": 149 * WAN,
        "资产总额": 6000 * WAN,
        "负债总额": 3000 * WAN,
        "从业人员": 100,
        "新增股权融资额": 0,
    },
    2022: {"主营业务收入": 4000 * WAN, "新增股权融资额": 0},
    2021: {"新增股权融资额": 0},
}


def firm(facts: Mapping[str, Any] | None = None, last_year: Mapping[str, Any] | None = None, **events: list[dict[str, Any]]) -> Firm:
    """The firm with some facts, figures of 2023 and events changed; None takes a fact away."""
    told = {name: value for name, value in (FACTS | dict(facts or {})).items() if value is not None}
    figures = {name: value for name, value in (YEARS[2023] | dict(last_year or {})).items() if value is not None}
    return Firm("91420114MA4K00001A", facts=told, years=YEARS | {2023: figures}, events=events)


def standard(name: str = INNOVATIVE) -> Standard:
    """A standard in force on the day."""
    return load_packs().select(name, law_date=DAY)


def assessed(subject: Firm, name: str = INNOVATIVE, *, with_trace: bool = False) -> Assessment:
    """What the standard says of the firm."""
    return assess(FirmInputs(subject, MOMENT, load_packs()), standard(name), with_trace=with_trace)
