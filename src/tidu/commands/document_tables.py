"""A document that was read, on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidu.commands.screen import Right, screen, table
from tidu.kernel.quantities import decimal_text, parse_decimal

_OPERATORS = {">": "超过", ">=": "不少于", "=": "等于", "<=": "不超过", "<": "低于"}
_PERIODS = {"year": "每年", "quarter": "每季度", "month": "每月"}
_KINDS = {"fixed": "定额", "rate": "按比例", "match": "配套", "range": "区间"}
_PER = {
    "project": "每个项目",
    "enterprise": "每家企业",
    "enterprise-year": "每家企业每年",
    "year": "每年",
    "person": "每人",
    "item": "每项",
}
_LONGEST = 60


def print_reading(reading: Mapping[str, Any]) -> None:
    """The head, then clauses with units, targets and awards as tables."""
    where = screen()
    where.print(reading["title"] or "（没有认出标题）", style="bold", markup=False)
    about = [("文号", "document_number"), ("发文机关", "issuer"), ("日期", "date"), ("有效期至", "valid_until")]
    where.print("　".join(f"{word}：{reading[key] or '—'}" for word, key in about) + "\n", markup=False)
    if not reading["clauses"]:
        where.print("没有认出条款：正文里没有“一、”“（一）”“1.”“第一条”这样的序号。请核对是否选错了文件。")
        return
    where.print(_clauses(reading))
    if reading["targets"]:
        where.print(_targets(reading))
    if reading["awards"]:
        where.print(_awards(reading))
    for annex in reading["annexes"]:
        words = "表格或附表，未读条款" if annex.get("form") else f"另有 {len(annex['clauses'])} 条"
        where.print(f"{annex['label'] or '附文'}　{annex['title'] or ''}：{words}", markup=False)
    where.print("\n以上由规则读出，请对照原文核对后使用；全部内容和原文位置见 --json。")


def _clauses(reading: Mapping[str, Any]) -> Any:
    units = {one["path"]: one for one in reading["units"]}
    rows = []
    for clause in reading["clauses"]:
        found = units.get(clause["path"])
        helping = "、".join(one for one in found["units"] if one not in found["lead"]) if found else ""
        words = clause["heading"] or _shortened(clause["text"])
        rows.append((clause["path"], "　" * (clause["level"] - 1) + words, "、".join(found["lead"]) if found else "", helping))
    return table(f"条款（{len(rows)} 条）", ["序号", "标题或首句", "牵头", "配合"], rows)


def _targets(reading: Mapping[str, Any]) -> Any:
    rows = [
        (
            one["path"],
            one["metric"],
            ("约 " if one.get("about") else "") + _OPERATORS[one["op"]],
            f"{_figure(one['value'])}{one['unit']}",
            one["by"],
            _PERIODS.get(one["per"], one["per"]),
        )
        for one in reading["targets"]
    ]
    return table(f"量化目标（{len(rows)} 项）", ["条款", "指标", "比较", Right("数值"), "到", "周期"], rows)


def _awards(reading: Mapping[str, Any]) -> Any:
    rows = [(one["path"], one["what"], _KINDS[one["kind"]], _granted(one), _limit(one), one["payer"]) for one in reading["awards"]]
    return table(f"奖补（{len(rows)} 项）", ["条款", "对象", "方式", Right("标准"), Right("上限"), "出资"], rows)


def _granted(award: Mapping[str, Any]) -> str:
    if award["amount"] is not None:
        unit = f"/{award['per']}" if award.get("per") else ""
        return f"{_yuan(award['amount'])}{unit}"
    share = award["rate"] if award["rate"] is not None else award["match"]
    return "" if share is None else f"{decimal_text(parse_decimal(str(share)) * 100, 4)}%"


def _limit(award: Mapping[str, Any]) -> str:
    if award["cap"] is None:
        return ""
    per = _PER.get(award["cap_per"] or "", "")
    return f"{per}{_yuan(award['cap'])}"


def _yuan(value: float) -> str:
    """万元 from ten thousand yuan up, as people read money."""
    amount = parse_decimal(str(value))
    return f"{_figure_of(amount / 10_000)}万元" if amount >= 10_000 else f"{_figure_of(amount)}元"


def _figure(value: float) -> str:
    return _figure_of(parse_decimal(str(value)))


def _figure_of(amount: Any) -> str:
    return decimal_text(amount, 4)


def _shortened(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first if len(first) <= _LONGEST else f"{first[:_LONGEST]}…"
