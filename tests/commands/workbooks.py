"""A small workbook of three fictional firms, and the command run in this process."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.files import credit_code
from tidu.cli import main

GOOD, POOR, OPEN = credit_code(1), credit_code(2), credit_code(3)
LAW, FACTS = ("--law-date", "2024-06-01"), ("--facts-as-of", "2024-06-01")
DATES = (*LAW, *FACTS)
INNOVATIVE = "创新型中小企业"

_GOOD_FIRM: dict[str, Any] = {
    "统一社会信用代码": GOOD,
    "企业名称": "甲精密机械有限公司",
    "所属街道": "奓山街道",
    "主导产业": "装备制造",
    "国民经济行业代码": "3512",
    "市场主体类型": "企业",
    "登记状态": "存续",
    "纳税关系所在区": "蔡甸区",
    "统计关系所在区": "蔡甸区",
    "列入经营异常名录": "否",
    "列入严重失信主体名单": "否",
    "产品属禁止限制淘汰类": "否",
    "主导产品属战略性新兴产业": "是",
    "研发机构级别": "无",
    "自主研发Ⅰ类知识产权数": 1,
    "Ⅰ类知识产权数": 1,
    "Ⅱ类知识产权数": 3,
    "Ⅰ类高价值知识产权数": 0,
    "年度数据": [
        {
            "年度": 2023, "营业收入": 5000, "主营业务收入": 4000, "研发费用": 250, "资产总额": 4000, "负债总额": 2000, "从业人员": 80,
            "新增股权融资额": 0,
        },
        {"年度": 2022, "营业收入": 4000, "主营业务收入": 3600, "新增股权融资额": 0},
        {"年度": 2021, "新增股权融资额": 0},
    ],
    "事项": [
        {"事项类型": "首次进规", "日期": "2023-03-01", "名录批次": "年度批"},
        {"事项类型": "质量奖", "名称": "中国质量奖", "结果": "获奖", "日期": "2023-05-04"},
    ],
}  # fmt: skip


def firms() -> list[dict[str, Any]]:
    """A firm that meets 创新型中小企业, one that spends too little on research, and one whose debts are not known."""
    good, poor, unknown = (copy.deepcopy(_GOOD_FIRM) for _ in range(3))
    poor |= {"统一社会信用代码": POOR, "企业名称": "乙五金有限公司", "所属街道": "大集街道", "事项": []}
    poor["年度数据"][0] |= {"研发费用": 25}
    poor |= {"自主研发Ⅰ类知识产权数": 0, "Ⅰ类知识产权数": 0, "主导产品属战略性新兴产业": "否"}
    unknown |= {"统一社会信用代码": OPEN, "企业名称": "丙电子有限公司", "事项": []}
    unknown["年度数据"][0] |= {"研发费用": 100, "负债总额": None, "主营业务收入": 3700}
    return [good, poor, unknown]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The three firms as a JSON file."""
    path = tmp_path / "firms.json"
    path.write_text(json.dumps({"firms": firms()}, ensure_ascii=False), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Ran:
    """Exit status and what was printed."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ran:
    """One command in this process."""
    status = main([str(one) for one in arguments])
    printed = capsys.readouterr()
    return Ran(status, printed.out, printed.err)


def read_json(path: Path) -> Any:
    """A file that a command wrote."""
    return json.loads(path.read_text(encoding="utf-8"))
