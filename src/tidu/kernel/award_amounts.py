"""The money of award packs: fixed sums, tables, rates, matches of a dated base, as amounts of the rule tree in fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tidu.kernel.algebra import ONE, Polynomial
from tidu.kernel.awards import BASE_KEY, Base, BaseRow, Formula
from tidu.kernel.criteria import DATE_FIELDS, Ground, read_criterion
from tidu.kernel.expressions import compare, parse_quantity
from tidu.kernel.headers import read_confidence, read_reference, read_validity
from tidu.kernel.located import Listing, Section
from tidu.kernel.packs import Origin, Validity
from tidu.kernel.quantities import MONEY, RATIO, RATIO_SCALE
from tidu.kernel.rules import All, Amount, Choose, Measure, Number, Quantity, Rule, Times
from tidu.kernel.scoring import ELSE, literal_value

BASE_KEYS = {"base", "payer", "event", "reference", "confidence", "checked_on", "note", "rows"}
ROW_KEYS = {"tier", "when", "in_force", "amount", "confidence", "note", "clause"}
AMOUNT_FORMS: Mapping[str, set[str]] = {
    "fixed": set(),
    "choose": set(),
    "rate": {"of"},
    "match": {"base", "of", "zero_base", "stated"},
}


def _known_of(key: str) -> Measure:
    """The input ``key`` in fen."""
    return Measure(Quantity(key, Polynomial.variable(key), ONE, (), MONEY, "元"), {key: (0, None)})


NOT_DATED = _known_of("未定基数")
"""An amount that no input ever gives: what a base says of days that none of its rows covers."""


@dataclass
class AmountRead:
    """The amount of one award as it was read."""

    formula: Formula = field(default_factory=lambda: Formula("fixed"))
    computed: Amount = field(default_factory=lambda: Number(Fraction(0)))
    base: Base | None = None
    zero_base: Any = None
    stated: dict[str, int] = field(default_factory=dict)


def _money(text: Any, ground: Ground, line: int) -> int:
    fen = literal_value(text, MONEY, ground, line)
    if fen < 0:
        ground.fault("negative-amount", line, f"金额“{text}”小于零。奖补金额不能为负。", value=str(text))
    return max(fen, 0)


def _rate(text: Any, ground: Ground, line: int) -> Fraction:
    rate = Fraction(literal_value(text, RATIO, ground, line), RATIO_SCALE)
    if rate <= 0:
        ground.fault("bad-rate", line, f"比例“{text}”应大于零。", value=str(text))
    return rate


def read_amount(section: Section, ground: Ground, bases: Mapping[str, Base], event: str) -> AmountRead:
    """The ``amount`` of an award document over the fields of its event."""
    raw = section.get("amount")
    if not isinstance(raw, Section):
        ground.fault(
            "missing-amount",
            section.at("amount"),
            f"奖补 {section['award']} 缺少金额“amount”。请写 fixed、choose、rate 或 match 中的一种。",
            key="amount",
        )
        return AmountRead()
    forms = [form for form in AMOUNT_FORMS if form in raw]
    if len(forms) != 1:
        ground.fault("bad-amount", raw.line, f"金额只能用一种写法（{'、'.join(AMOUNT_FORMS)}），这里有：{'、'.join(forms) or '没有'}。")
        return AmountRead()
    ground.unknown_keys(raw, {forms[0]} | AMOUNT_FORMS[forms[0]], "金额")
    match forms[0]:
        case "fixed":
            return AmountRead(Formula("fixed"), Number(Fraction(_money(raw["fixed"], ground, raw.line))))
        case "choose":
            return AmountRead(Formula("choose"), _choose(raw, ground))
        case "rate":
            return _share(raw, "rate", ground)
        case _:
            return _match(raw, ground, bases, event)


def _choose(raw: Section, ground: Ground) -> Amount:
    """Rows of [condition, amount], the first that holds wins; the last is ``else``."""
    rows = raw["choose"]
    if not isinstance(rows, Listing) or not rows or not all(isinstance(row, Listing) and len(row) == 2 for row in rows):
        ground.fault("bad-table", raw.at("choose"), "金额表 choose 应是 [[条件, 50万元], …, [else, 0万元]] 的列表。")
        return Number(Fraction(0))
    if rows[-1][0] != ELSE:
        ground.fault("table-hole", rows.line, "金额表没有 else 行：不符合任何一行的事项没有金额。请在最后加 [else, 0万元]。")
    cases: list[tuple[Rule, Amount]] = []
    otherwise: Amount = Number(Fraction(0))
    for row in rows:
        amount = Number(Fraction(_money(row[1], ground, row.line)))
        if row[0] != ELSE:
            cases.append((read_criterion(row[0], ground, row.line), amount))
        elif row is rows[-1]:
            otherwise = amount
        else:
            ground.fault("unreachable-row", row.line, "else 之后的各行永远到不了。请把 else 放在最后一行。")
    return Choose(tuple(cases), otherwise)


def _share(raw: Section, key: str, ground: Ground) -> AmountRead:
    """A rate of a money field of the event."""
    rate = _rate(raw[key], ground, raw.at(key))
    name = str(raw.get("of") or "")
    fact = ground.scope.fields.get(name)
    if fact is None or fact.unit.dimension != MONEY:
        known = "、".join(found.name for found in ground.scope.fields.values() if found.unit.dimension == MONEY) or "（没有）"
        ground.fault("unknown-field", raw.at("of"), f"“{name}”不是这类事项的金额栏，不能按比例计算。可用：{known}。", name=name)
        return AmountRead()
    quantity = parse_quantity(name, ground.scope)
    return AmountRead(Formula(key, name, rate), Times(Measure(quantity, {name: (fact.lowest, fact.highest)}), rate))


def _match(raw: Section, ground: Ground, bases: Mapping[str, Base], event: str) -> AmountRead:
    """A share of a dated base, or of the subsidy that the event itself is."""
    if ("base" in raw) == ("of" in raw):
        ground.fault("bad-amount", raw.line, "配套须写明配什么：base: 基数名称，或 of: 事项的金额栏，只能选一种。")
        return AmountRead()
    if "of" in raw:
        return _share(raw, "match", ground)
    base = bases.get(str(raw["base"]))
    if base is None:
        ground.fault(
            "unknown-base",
            raw.at("base"),
            f"没有名为“{raw['base']}”的基数。可用：{'、'.join(bases) or '（没有）'}。",
            name=str(raw["base"]),
        )
        return AmountRead()
    if base.event != event:
        ground.fault("unknown-base", raw.at("base"), f"基数“{base.name}”是“{base.event}”的，不能用于“{event}”。", name=base.name)
    rate = _rate(raw["match"], ground, raw.at("match"))
    return AmountRead(
        Formula("match-base", base.name, rate), Times(_known_of(BASE_KEY), rate), base, raw.get("zero_base"), _stated(raw, base, ground)
    )


def _stated(raw: Section, base: Base, ground: Ground) -> dict[str, int]:
    """The amounts that the plan itself writes for each tier, for the ruling on a base that became zero."""
    listed = raw.get("stated")
    if listed is None and raw.get("zero_base") is None:
        return {}
    if not isinstance(listed, Section) or raw.get("zero_base") is None or set(listed) != set(base.tiers):
        ground.fault("bad-stated", raw.at("stated"), f"zero_base 与 stated 要一起写，stated 须列出每一档的金额：{'、'.join(base.tiers)}。")
        return {}
    return {tier: _money(text, ground, listed.at(tier)) for tier, text in listed.items()}


def read_base(section: Section, ground: Ground) -> Base:
    """A base document: dated rows, which for one tier must neither overlap nor leave a gap."""
    ground.unknown_keys(section, BASE_KEYS, "基数")
    event = ground.scope.catalogue.events.get(str(section.get("event")))
    if event is None:
        known = "、".join(ground.scope.catalogue.events)
        ground.fault(
            "unknown-event", section.at("event"), f"事项目录中没有“{section.get('event')}”。可用：{known}。", name=str(section.get("event"))
        )
    fields = Ground(ground.path, ground.scope.with_fields(event.fields if event else {}), ground.faults)
    date_field = next((name for name in DATE_FIELDS if event and name in event.fields), "日期")
    if not section.get("payer"):
        ground.fault("missing-payer", section.at("payer"), f"基数“{section['base']}”缺少出资方“payer”。请补上。", key="payer")
    confidence = read_confidence(section, ground)
    listed = section.get("rows")
    if not isinstance(listed, Listing) or not listed or not all(isinstance(row, Section) for row in listed):
        ground.fault(
            "missing-rows",
            section.at("rows"),
            "基数缺少 rows。请写 rows: [{tier: 国家级, when: […], in_force: {from: …, to: …}, amount: 50万元}]。",
        )
        listed = Listing()
    rows = tuple(_row(raw, fields, confidence) for raw in listed)
    _check_dates(rows, ground)
    covered = event is not None and date_field in event.fields
    cases = tuple((_dated(row, date_field, fields) if covered else row.when, Number(Fraction(row.fen))) for row in rows)
    return Base(
        str(section["base"]),
        str(section.get("payer") or ""),
        event.name if event else "",
        read_reference(section, ground),
        rows,
        Choose(cases, NOT_DATED),
        confidence,
        str(section.get("note") or ""),
        Origin(ground.path, section.line),
    )


def _row(raw: Section, ground: Ground, confidence: str) -> BaseRow:
    ground.unknown_keys(raw, ROW_KEYS, "基数的一行")
    if not raw.get("tier"):
        ground.fault("missing-key", raw.line, "基数的一行缺少“tier”（档次名称）。请补上。", key="tier")
    listed = raw.get("when")
    parts = tuple(read_criterion(part, ground, getattr(part, "line", raw.line)) for part in listed) if isinstance(listed, Listing) else ()
    if listed is not None and not parts:
        ground.fault("bad-criterion", raw.at("when"), "when 应是一个不为空的条件列表，例如 [级别 = 国家级]。")
    own = read_confidence(raw, ground) if "confidence" in raw else confidence
    return BaseRow(
        str(raw.get("tier") or ""),
        All(parts),
        read_validity(raw, ground),
        _money(raw.get("amount"), ground, raw.at("amount")),
        own,
        raw.line,
    )


def _dated(row: BaseRow, date_field: str, ground: Ground) -> Rule:
    """The row's condition on a day inside its validity."""
    day = parse_quantity(date_field, ground.scope)
    parts: list[Rule] = [row.when, compare(day, ">=", parse_quantity(row.in_force.start.isoformat(), ground.scope), ground.scope)]
    if row.in_force.end is not None:
        parts.append(compare(day, "<", parse_quantity(row.in_force.end.isoformat(), ground.scope), ground.scope))
    return All(tuple(parts))


def _check_dates(rows: tuple[BaseRow, ...], ground: Ground) -> None:
    """Rows of one tier follow each other without overlap or gap."""
    by_tier: dict[str, list[BaseRow]] = {}
    for row in rows:
        by_tier.setdefault(row.tier, []).append(row)
    for tier, found in by_tier.items():
        ordered = sorted(found, key=lambda row: row.in_force.start)
        for earlier, later in pairwise(ordered):
            _check_pair(tier, earlier.in_force, later.in_force, later.line, ground)


def _check_pair(tier: str, earlier: Validity, later: Validity, line: int, ground: Ground) -> None:
    end: date | None = earlier.end
    if end is None or later.start < end:
        ground.fault(
            "overlapping-base", line, f"“{tier}”的两行有效期重叠（{earlier.text()}；{later.text()}）。同一天只能有一个金额。", tier=tier
        )
    elif later.start > end:
        ground.fault(
            "base-hole",
            line,
            f"“{tier}”在 {end.isoformat()} 至 {later.start.isoformat()} 之间没有金额。没有资金时请写一行 0万元。",
            tier=tier,
        )
