"""What a settlement says as a whole: money by payer, award, subdistrict and firm, in integer fen.

Nothing here decides an amount. Sums are made in fen and held against the totals of the document; a report whose
figures do not agree is not written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from tidu.exchange.report_words import award_state, firm_fact, results_of, ruling_id
from tidu.kernel.errors import TiduError

Result = Mapping[str, Any]
Firms = Mapping[str, Mapping[str, object]]

PAID_STATES = frozenset({"granted", "capped"})
NO_PAYER = "未注明"


@dataclass(frozen=True, slots=True)
class Item:
    """One settled item; amounts in fen, None where nothing could be computed."""

    firm: str
    award: str
    clause: str
    title: str
    item: str
    payer: str
    state: str
    amount: int
    computed: int | None
    base: int | None
    result: Result

    @property
    def is_paid(self) -> bool:
        return self.state in PAID_STATES


@dataclass
class Share:
    """What falls to one payer, award, subdistrict or firm."""

    name: str
    items: int = 0
    amount: int = 0
    firms: set[str] = field(default_factory=set)
    states: Counter[str] = field(default_factory=Counter)
    by_payer: Counter[str] = field(default_factory=Counter)
    open_amount: int = 0
    sample: Item | None = None

    def add(self, item: Item) -> None:
        self.sample = self.sample or item
        self.states[item.state] += 1
        if item.is_paid:
            self.items += 1
            self.amount += item.amount
            self.firms.add(item.firm)
            self.by_payer[item.payer] += item.amount
        elif item.state == "ruling needed":
            self.open_amount += item.computed or 0


@dataclass
class SettlementFigures:
    """All figures of one settlement; awards in natural order, firms by amount."""

    items: list[Item] = field(default_factory=list)
    payers: dict[str, Share] = field(default_factory=dict)
    awards: dict[str, Share] = field(default_factory=dict)
    subdistricts: dict[str, Share] = field(default_factory=dict)
    firms: dict[str, Share] = field(default_factory=dict)
    rulings: dict[str, Share] = field(default_factory=dict)
    whole: Share = field(default_factory=lambda: Share("合计"))

    def of_states(self, *states: str) -> list[Item]:
        return [item for item in self.items if item.state in states]


def yuan(fen: int | None) -> Decimal | None:
    """Fen as yuan with two decimals."""
    return None if fen is None else Decimal(fen) / 100


def wan(fen: int) -> Decimal:
    """Fen as 万元."""
    return Decimal(fen) / 1_000_000


def natural(award: str) -> tuple[object, ...]:
    """Sort key under which C2 comes before C10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", award))


def settlement_figures(document: Mapping[str, object], firms: Firms) -> SettlementFigures:
    """Count the results of ``document``; raises ``totals-disagree`` where the sums are not the document's totals."""
    figures = SettlementFigures()
    totals = document.get("totals")
    # A payer who pays nothing this time is still named, in the order of the totals.
    figures.payers = {str(payer): Share(str(payer)) for payer in totals} if isinstance(totals, Mapping) else {}
    figures.items = sorted((_item(result) for result in results_of(document)), key=lambda item: natural(item.award))
    for item in figures.items:
        _add(figures.awards, item.award, item)
        _add(figures.subdistricts, firm_fact(item.firm, firms, "所属街道"), item)
        _add(figures.firms, item.firm, item)
        _add(figures.payers, item.payer, item)
        for ruling in dict.fromkeys(ruling_id(ruling) for ruling in item.result.get("rulings") or ()):
            _add(figures.rulings, ruling, item)
        figures.whole.add(item)
    _check_totals(figures, document)
    figures.subdistricts = dict(sorted(figures.subdistricts.items(), key=lambda entry: (entry[0] == "未填写", -entry[1].amount)))
    figures.firms = dict(sorted(figures.firms.items(), key=lambda entry: -entry[1].amount))
    figures.rulings = dict(sorted(figures.rulings.items(), key=lambda entry: natural(entry[0])))
    return figures


def _add(shares: dict[str, Share], name: str, item: Item) -> None:
    shares.setdefault(name, Share(name)).add(item)


def _item(result: Result) -> Item:
    award_state(result.get("state"))
    if result.get("unit", "元") != "元":
        raise TiduError("unit-not-yuan", f"兑现结果的金额单位应为“元”，收到“{result['unit']}”。请用 tidu settle 的输出生成报表。")
    return Item(
        firm=str(result["firm"]),
        award=str(result["award"]),
        clause=str(result.get("clause") or ""),
        title=str(result.get("title") or ""),
        item=str(result.get("item") or ""),
        payer=str(result.get("payer") or NO_PAYER),
        state=str(result["state"]),
        amount=_fen(result.get("amount"), result) or 0,
        computed=_fen(result.get("computed"), result),
        base=_fen(result.get("municipal_base"), result),
        result=result,
    )


def _fen(value: object, result: Result) -> int | None:
    """Yuan as it stands in JSON, in fen; what is no whole number of fen is refused."""
    if value is None:
        return None
    try:
        fen = Decimal(str(value)) * 100
        if isinstance(value, bool) or not fen.is_finite() or fen != fen.to_integral_value():
            raise InvalidOperation
    except InvalidOperation as error:
        where = f"企业 {result.get('firm')}、条目 {result.get('award')}"
        raise TiduError("amount-not-fen", f"{where}的金额“{value}”不是精确到分的数值。请用 tidu settle 的输出生成报表。") from error
    return int(fen)


def _check_totals(figures: SettlementFigures, document: Mapping[str, object]) -> None:
    totals = document.get("totals")
    if not isinstance(totals, Mapping):
        return
    for payer in dict.fromkeys([*totals, *figures.payers]):
        stated = _fen(totals.get(payer, 0), {"firm": "合计", "award": payer}) or 0
        summed = figures.payers[payer].amount if payer in figures.payers else 0
        if stated != summed:
            raise TiduError(
                "totals-disagree",
                f"“{payer}”的合计 {stated / 100:,.2f} 元与明细之和 {summed / 100:,.2f} 元不一致，没有生成报表。请重新运行 tidu settle。",
                payer=payer,
                stated=stated,
                summed=summed,
            )
