"""A simulation on the screen: what changes, standard by standard, and in money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tidu.commands.screen import Right, screen, table
from tidu.exchange.report_simulation import EFFECTS, GROUPS, KINDS, WHAT, change_name, verdict_text
from tidu.exchange.report_words import VERDICTS

MOST_FIRMS = 15


def print_simulation(document: Mapping[str, Any]) -> None:
    """Print the comparison."""
    where = screen()
    where.print(f"政策日期 {document['law_date']}，数据截至 {document['facts_as_of']}；同一批企业按修改前、修改后的规则各算一遍。\n")
    rows = [(KINDS.get(one["kind"], one["kind"]), change_name(one), WHAT[one["what"]]) for one in document["changes"]]
    where.print(table("改了什么", ["种类", "名称", "改动"], rows))
    if not document["standards"]:
        where.print("没有哪项标准的结论因此改变。\n")
    for standard in document["standards"]:
        for part in _standard(standard):
            where.print(part)
    if document["awards"] is None:
        where.print("这次修改不涉及奖补，或所选日期没有现行的奖补政策。")
        return
    for part in _awards(document["awards"]):
        where.print(part)


def _standard(standard: Mapping[str, Any]) -> list[Any]:
    counts = [side["counts"] if side else {} for side in (standard["before"], standard["after"])]
    words = [word for word in (*VERDICTS, *sorted({*counts[0], *counts[1]} - set(VERDICTS))) if word in counts[0] or word in counts[1]]
    changes: list[Sequence[object]] = [
        (verdict_text(word), before, after, f"{after - before:+,}") for word in words for before, after in [_both(counts, word)]
    ]
    versions = " → ".join(side["version"] if side else "没有现行文本" for side in (standard["before"], standard["after"]))
    title = f"{standard['standard']}（{versions}）：新符合 {standard['gained']:,} 家，不再符合 {standard['lost']:,} 家"
    parts: list[Any] = [table(title, ["结论", Right("修改前"), Right("修改后"), Right("增减")], changes)]
    for key in ("by_subdistrict", "by_industry"):
        if standard[key]:
            listed = [(one["name"], one["gained"], one["lost"]) for one in standard[key]]
            parts.append(table("", [GROUPS[key], Right("新符合"), Right("不再符合")], listed))
    if standard["moved"]:
        first = sorted(standard["moved"], key=lambda one: list(EFFECTS).index(one["effect"]))[:MOST_FIRMS]
        rows = [(one["name"] or one["firm"], one["subdistrict"], verdict_text(one["before"]), verdict_text(one["after"])) for one in first]
        parts.append(table(_some("结论有变的企业", len(standard["moved"])), ["企业", "街道", "修改前", "修改后"], rows))
    return parts


def _both(counts: list[Mapping[str, int]], word: str) -> tuple[int, int]:
    return counts[0].get(word, 0), counts[1].get(word, 0)


def _some(title: str, count: int) -> str:
    return title if count <= MOST_FIRMS else f"{title}（共 {count:,} 家，先列 {MOST_FIRMS} 家；全部请用 --out）"


def _money(amount: float, *, signed: bool = False) -> str:
    return f"{Decimal(str(amount)):+,.2f}" if signed else f"{Decimal(str(amount)):,.2f}"


def _sums(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return _money(one["before"]), _money(one["after"]), _money(one["change"], signed=True)


def _awards(awards: Mapping[str, Any]) -> list[Any]:
    sums = [Right("修改前（元）"), Right("修改后（元）"), Right("增减（元）")]
    payers = [(one["payer"], *_sums(one)) for one in awards["totals"]] + [("合计", *_sums(awards["cost"]))]
    title = f"奖补资金：{awards['winners']:,} 家增加，{awards['losers']:,} 家减少"
    parts: list[Any] = [table(title, ["出资方", *sums], payers)]
    clauses = [(f"{one['award']} {one['title']}", one["clause"], *_sums(one)) for one in awards["awards"] if one["change"]]
    if clauses:
        parts.append(table("有变化的奖补", ["奖补", "条款", *sums], clauses))
    for key in ("by_subdistrict", "by_industry"):
        if awards[key]:
            rows = [(one["name"], _money(one["change"], signed=True), one["winners"], one["losers"]) for one in awards[key]]
            parts.append(table("", [GROUPS[key], Right("增减（元）"), Right("增加（家）"), Right("减少（家）")], rows))
    if awards["firms"]:
        listed = [(one["name"] or one["firm"], one["subdistrict"], *_sums(one)) for one in awards["firms"][:MOST_FIRMS]]
        parts.append(table(_some("金额有变的企业", len(awards["firms"])), ["企业", "街道", *sums], listed))
    return parts
