"""How much an award pays: the formula as one line and in words, tables of fixed amounts, caps, matching bases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.figures import money, percent
from tidu.apps.policies.domain.heads import Period, Source, Trust, period_of, source_of, trust_of
from tidu.apps.policies.domain.lines import LineReader, sentence
from tidu.apps.policies.domain.prose import prose
from tidu.apps.policies.domain.rulings import Choices, RulingRef, ref_of
from tidu.exchange.report_words import confidence_text
from tidu.kernel.awards import PER_FIRM_YEAR, PER_PROJECT, Award, Base, Cap
from tidu.kernel.packs import PackSet
from tidu.kernel.rules import Choose, Number
from tidu.kernel.scoring import ELSE

ROUNDING = "算到分，最后四舍五入一次。"
OTHERWISE = "其余情形"
_PER: Mapping[str, tuple[str, str]] = {
    PER_FIRM_YEAR: ("企业·年", "每家企业每年合计不超过"),
    PER_PROJECT: ("项目", "每个项目（现按企业计）合计不超过"),
}


@dataclass(frozen=True, slots=True)
class AmountRow(Document):
    """A row of a table of fixed amounts, tried top down; ``fen`` is exact."""

    condition: str
    amount: str
    fen: int


@dataclass(frozen=True, slots=True)
class CapText(Document):
    """The most that is paid, in fen and in words; ``ruling`` decides which year counts."""

    fen: int
    amount: str
    per: str
    text: str
    ruling: RulingRef | None


@dataclass(frozen=True, slots=True)
class BaseRowText(Document):
    """A higher level's amount for one tier over a period; ``confirmed`` is false where someone should still check it."""

    tier: str
    condition: str
    in_force: Period
    amount: str
    fen: int
    confidence: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class BaseText(Document):
    """The dated amounts that a match rests on; ``stated`` are those the plan itself writes, for when a base became zero."""

    name: str
    payer: str
    event: str
    reference: Source
    trust: Trust
    confirmed: bool
    note: str
    rows: tuple[BaseRowText, ...]
    stated: tuple[AmountRow, ...]
    zero: RulingRef | None


@dataclass(frozen=True, slots=True)
class AmountText(Document):
    """How an amount comes about: ``formula`` in one line, ``text`` in words; ``form`` as in the pack."""

    form: str
    formula: str
    text: str
    rows: tuple[AmountRow, ...]
    cap: CapText | None
    base: BaseText | None


def amount_text(packs: PackSet, award: Award, section: Mapping[str, Any], choices: Choices) -> AmountText:
    """The amount of one award, whose section in the pack is ``section``."""
    cap = _cap(packs, award.cap, choices) if award.cap else None
    plain, words = _ways(award)
    formula = f"min({plain}, {cap.amount}/{cap.per})" if cap else plain
    text = "；".join([words, *([cap.text] if cap else [])]) + f"。{ROUNDING}"
    rows = tuple(_rows(packs, award, section)) if award.formula.form == "choose" else ()
    base = base_text(packs, award.base, award, choices) if award.base else None
    return AmountText(award.formula.form, formula, text, rows, cap, base)


def _ways(award: Award) -> tuple[str, str]:
    """The amount before caps, as a formula and in words."""
    rate, of = percent(award.formula.rate), award.formula.of
    match award.formula.form:
        case "fixed":
            sum_text = money(int(award.computed.value)) if isinstance(award.computed, Number) else ""
            return sum_text, f"定额 {sum_text}"
        case "choose":
            return "下表金额", "按下表自上而下，先符合哪一行给哪一行的金额"
        case "match-base":
            return f"{rate} × 基数（{of}）", f"按事项当天上级给的“{of}”的 {rate} 配套，当天没有登记基数的不算也不付"
        case "match":
            return f"{rate} × {award.event}{of}", f"按{award.event}{of}的 {rate} 再给一份"
        case _:
            return f"{rate} × {of}", f"按{of}的 {rate} 计算"


def _cap(packs: PackSet, cap: Cap, choices: Choices) -> CapText:
    per, words = _PER.get(cap.per, ("项", "每项不超过"))
    ruling = ref_of(packs, cap.year, "每年上限按哪一年计", choices) if cap.year else None
    return CapText(cap.fen, money(cap.fen), per, f"{words} {money(cap.fen)}", ruling)


def _rows(packs: PackSet, award: Award, section: Mapping[str, Any]) -> Iterator[AmountRow]:
    reader = LineReader(packs).over(award.event)
    computed = award.computed
    if not isinstance(computed, Choose):
        return
    amounts = [*(amount for _, amount in computed.cases), computed.otherwise]
    for row, amount in zip(section["amount"]["choose"], amounts, strict=True):
        fen = int(amount.value) if isinstance(amount, Number) else 0
        condition = OTHERWISE if row[0] == ELSE else sentence(reader.line(row[0]))
        yield AmountRow(condition, money(fen), fen)


def base_text(packs: PackSet, base: Base, award: Award | None, choices: Choices) -> BaseText:
    """A base as ``award`` matches it; without an award, only its own rows."""
    section = next(one for one in packs.documents["base"] if str(one["base"]) == base.name)
    reader = LineReader(packs).over(base.event)
    rows = tuple(
        BaseRowText(
            row.tier,
            "，且".join(sentence(line) for line in reader.lines(raw.get("when"))) or "不分情形",
            period_of(row.in_force),
            money(row.fen),
            row.fen,
            confidence_text(row.confidence),
            row.confidence == "confirmed",
        )
        for row, raw in zip(base.rows, section["rows"], strict=True)
    )
    return BaseText(
        base.name,
        base.payer,
        base.event,
        source_of(base.reference),
        trust_of(base.confidence, section.get("checked_on")),
        base.confidence == "confirmed",
        prose(base.note),
        rows,
        tuple(AmountRow(tier, money(fen), fen) for tier, fen in award.stated.items()) if award else (),
        ref_of(packs, award.zero_base, "上级基数为零时怎样配套", choices) if award and award.zero_base else None,
    )
