"""Firms and effort documents of the way-up tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tidu.kernel.effort import Effort, read_effort
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.located import read_documents
from tidu.kernel.population import Firm
from tidu.kernel.reading import load_packs

WAN = 1_000_000
MOMENT = Moment(date(2024, 6, 1), date(2024, 6, 1))

FACTS: dict[str, Any] = {
    "市场主体类型": "企业",
    "国民经济行业代码": "C3512",
    "列入经营异常名录": False,
    "列入严重失信主体名单": False,
    "产品属禁止限制淘汰类": False,
    "从事特定细分市场起始年份": 2015,
    "主导产品所属领域": "六基或关键配套",
    "主导产品属战略性新兴产业": False,
    "数字化水平": 1,
    "省级以上质量奖": False,
    "管理体系认证": True,
    "自主品牌": False,
    "参与制修订标准": False,
    "研发机构级别": "无",
    "地方特色化得分": 8,
    "Ⅰ类高价值知识产权数": 0,
    "自主研发Ⅰ类知识产权数": 0,
    "Ⅰ类知识产权数": 0,
    "Ⅱ类知识产权数": 3,
    "Ⅱ类知识产权数（科技型口径）": 3,
}
LAST_YEAR: dict[str, int] = {
    "营业收入": 3000,
    "主营业务收入": 2500,
    "研发费用": 80,
    "净利润": 150,
    "资产总额": 4000,
    "负债总额": 2600,
    "新增股权融资额": 0,
}
"""In 万元; head counts are given apart."""
HEADS = {"从业人员": 80, "研发人员": 8, "科技人员": 10}
EARLIER = {
    2022: {"营业收入": 2800, "主营业务收入": 2400, "研发费用": 70, "新增股权融资额": 0},
    2021: {"营业收入": 2700, "主营业务收入": 2300, "新增股权融资额": 0},
}


def firm_inputs(
    facts: dict[str, Any] | None = None,
    last_year: dict[str, int | None] | None = None,
    earlier: dict[int, dict[str, int]] | None = None,
    events: dict[str, list[dict[str, Any]]] | None = None,
    **heads: int | None,
) -> FirmInputs:
    """The firm of these tests with some values replaced (money in 万元); None takes a value away."""
    money = {name: None if value is None else value * WAN for name, value in {**LAST_YEAR, **(last_year or {})}.items()}
    years: dict[int, dict[str, Any]] = {2023: {**money, **HEADS, **heads}}
    for year, row in EARLIER.items():
        years[year] = {name: value * WAN for name, value in {**row, **(earlier or {}).get(year, {})}.items()}
    kept = {year: {name: value for name, value in row.items() if value is not None} for year, row in years.items()}
    known = {name: value for name, value in {**FACTS, **(facts or {})}.items() if value is not None}
    return FirmInputs(Firm("91420114MA000000XX", "示例制造有限公司", known, kept, {}, events or {}), MOMENT, load_packs())


def effort_text(text: str, folder: Path) -> Effort:
    """An effort document from YAML; its faults are raised."""
    faults: list[TiduError] = []
    found = effort_with_faults(text, folder, faults)
    if faults:
        raise faults[0]
    return found


def effort_with_faults(text: str, folder: Path, faults: list[TiduError]) -> Effort:
    """An effort document from YAML with its faults collected."""
    file = folder / "own.yaml"
    file.write_text(text, encoding="utf-8")
    (section,) = read_documents(file, file.name, faults)
    return read_effort(file.name, section, load_packs().scope, faults)
