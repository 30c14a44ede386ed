"""A settlement on the screen: money by payer and award, what was not paid and why, the rulings it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tidu.commands.screen import Right, screen, table
from tidu.exchange.report_words import AWARD_STATES, joined
from tidu.exchange.settlement_figures import natural

MOST_ITEMS = 40


def yuan_text(amount: float | None) -> str:
    """``1,234.50``; nothing is a dash."""
    return "—" if amount is None else f"{Decimal(str(amount)):,.2f}"


def print_settlement(document: Mapping[str, Any], *, listed: bool) -> None:
    """Print the sums, and where ``listed`` the items or how to get them."""
    where = screen()
    results = document["results"]
    names = "、".join(f"{policy['policy']}（{policy['version']}）" for policy in document["policies"])
    where.print(f"政策日期 {document['law_date']}，核定日 {document['as_of']}；{names}\n", markup=False)
    if not results:
        where.print("没有可测算的事项：表里没有认定、合同、标准等事项，或都不属于这份政策。")
        return
    where.print(_payers(document))
    where.print(_awards(results))
    where.print(_states(results))
    where.print(_rulings(document))
    if listed and len(results) <= MOST_ITEMS:
        where.print(_items(results))
    elif listed:
        where.print("逐项结果请用 --out 兑现.xlsx（报表）、兑现.json 或 兑现.parquet。")


def _payers(document: Mapping[str, Any]) -> Any:
    firms = {payer: {one["firm"] for one in document["results"] if one["payer"] == payer and one["amount"]} for payer in document["totals"]}
    rows: list[Sequence[object]] = [(payer, yuan_text(amount), len(firms[payer])) for payer, amount in document["totals"].items()]
    return table("由谁出资", ["出资方", Right("金额（元）"), Right("企业（家）")], rows)


def _awards(results: Sequence[Mapping[str, Any]]) -> Any:
    awards = sorted({(one["award"], one["clause"], one["title"]) for one in results}, key=lambda one: natural(one[0]))
    rows = []
    for award, clause, title in awards:
        own = [one for one in results if one["award"] == award]
        states = Counter(one["state"] for one in own)
        amount = sum((Decimal(str(one["amount"])) for one in own), Decimal(0))
        rows.append((f"{award} {title}", clause, f"{amount:,.2f}", *(states[state] for state in AWARD_STATES)))
    columns = ["奖补", "条款", Right("金额（元）"), *(Right(state.text) for state in AWARD_STATES.values())]
    return table("各项奖补（后几列为项数）", columns, rows)


def _states(results: Sequence[Mapping[str, Any]]) -> Any:
    missing = Counter(name for one in results for name in one["missing"])
    rows = [(name, count) for name, count in missing.most_common(10)]
    return table("待补充的数据（补上才能确定金额）", ["数据", Right("事项（项）")], rows) if rows else "没有因缺数据而待定的事项。\n"


def _rulings(document: Mapping[str, Any]) -> Any:
    touched = Counter(ruling for one in document["results"] for ruling in one["rulings"])
    used = [one for one in document["rulings"] if touched[one["id"]]]
    rows = []
    for one in used:
        state = "系统默认，尚未确定" if one["default"] else joined(part for part in (one["by"], one["on"]) if part) or ""
        rows.append((one["id"], one["question"], one["choice"], state, touched[one["id"]]))
    columns = ["编号", "问题", "现用选项", "由谁确定", Right("换一个选项会变的（项）")]
    return table("结果所依的口径", columns, rows) if rows else "没有结果取决于口径。\n"


def _items(results: Sequence[Mapping[str, Any]]) -> Any:
    rows = [
        (
            f"{one['name'] or ''}\n{one['firm']}".strip(),
            f"{one['award']} {one['title']}\n{one['item']}",
            yuan_text(one["amount"]),
            AWARD_STATES[one["state"]].text,
            one["why"] or "\n".join(one["how"]),
        )
        for one in results
    ]
    return table("逐项结果", ["企业", "事项", Right("金额（元）"), "结果", "说明"], rows)
