"""The trace of a rule: what was asked of which fact, what the fact was, where it comes from, and what followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tidu.kernel.expressions import ASSESSMENT_DAY, ASSESSMENT_YEAR, split_key
from tidu.kernel.facts import Catalogue, Kind, Store
from tidu.kernel.inputs import EVENT_PREFIX, MANUAL_PREFIX, Moment
from tidu.kernel.packs import EventTest
from tidu.kernel.quantities import number
from tidu.kernel.rules import (
    All,
    Amount,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Constant,
    Expert,
    Flag,
    Judged,
    Label,
    Largest,
    Measure,
    Named,
    Not,
    OneOf,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Smallest,
    Sum,
)
from tidu.kernel.truth import answer, points, quantity_value
from tidu.kernel.wording import ANSWERS, bound_unit, compare_text, constant_of, in_unit, measured, shown


@dataclass(frozen=True, slots=True)
class FactUsed:
    """One fact behind a leaf: its value, unit, period and source."""

    fact: str
    value: Any
    unit: str
    period: str
    source: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One node of an explanation; leaves carry the facts, the value found, the bound and the answer."""

    kind: str
    text: str
    answer: bool | None
    id: str = ""
    clause: str = ""
    confidence: str = ""
    value: Any = None
    bound: Any = None
    gap: Any = None
    unit: str = ""
    facts: tuple[FactUsed, ...] = ()
    points: tuple[int, int] | None = None
    most: int | None = None
    parts: tuple[Trace, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The trace as JSON."""
        found: dict[str, Any] = {"kind": self.kind, "id": self.id, "clause": self.clause, "text": self.text, "answer": ANSWERS[self.answer]}
        if self.confidence:
            found["confidence"] = self.confidence
        if self.kind == "leaf":
            found |= {"value": self.value, "bound": self.bound, "gap": self.gap, "unit": self.unit}
            found["facts"] = [
                {"fact": used.fact, "value": used.value, "unit": used.unit, "period": used.period, "source": used.source} for used in self.facts
            ]
        if self.points is not None:
            found["points"] = {"low": self.points[0], "high": self.points[1], "max": self.most}
        if self.parts:
            found["parts"] = [part.as_dict() for part in self.parts]
        return found


@dataclass
class Tracer:
    """Builds traces over one firm's inputs."""

    known: Mapping[str, Any]
    moment: Moment
    catalogue: Catalogue
    tests: Mapping[str, EventTest]

    def of(self, node: Rule | Amount) -> Trace:
        """The trace of a rule node."""
        match node:
            case Compare():
                return self.compare(node)
            case Flag(key, wanted, label):
                return self.flag(key, wanted, label)
            case OneOf(key, values, _, label):
                return self.word(key, values, label)
            case Judged(key, text, label):
                return self._leaf(label, text, answer(node, self.known), None, "人工判断", (), "")
            case Constant(decided, label):
                return self._leaf(label, "恒定", decided, None, None, (), "")
            case Not(part, label):
                inner = self.of(part)
                return self._with(Trace("not", f"非：{inner.text}", answer(node, self.known), parts=(inner,)), label)
            case ScoreAtLeast():
                return self.score(node)
            case Named(_, inner_node):
                return self.of(inner_node)
            case All(parts, label):
                return self.group("all", "全部满足", parts, label, node)
            case AnyOf(parts, label):
                return self.group("any", "满足其一", parts, label, node)
            case AtLeast(count, parts, label):
                return self.group("count", f"至少满足{count}项", parts, label, node)
        raise TypeError(type(node).__name__)

    def group(self, kind: str, words: str, parts: tuple[Rule, ...], label: Label, node: Rule) -> Trace:
        """A composed criterion."""
        traced = tuple(self.of(part) for part in parts)
        return self._with(Trace(kind, label.text or words, answer(node, self.known), parts=traced), label)

    def _with(self, trace: Trace, label: Label) -> Trace:
        return Trace(
            trace.kind, label.text or trace.text, trace.answer, label.id, label.clause, label.confidence, trace.value, trace.bound,
            trace.gap, trace.unit, trace.facts, trace.points, trace.most, trace.parts,
        )  # fmt: skip

    def _leaf(self, label: Label, text: str, found: bool | None, value: Any, bound: Any, facts: tuple[FactUsed, ...], unit: str, gap: Any = None) -> Trace:
        return Trace("leaf", label.text or text, found, label.id, label.clause, label.confidence, value, bound, gap, unit, facts)

    def compare(self, node: Compare) -> Trace:
        """A comparison with the value found, the bound and the distance between them."""
        unit, dimension = bound_unit(node), node.left.dimension
        left = in_unit(quantity_value(node.left, self.known), node.left, unit)
        right = measured(quantity_value(node.right, self.known) if node.right.keys else constant_of(node.right), node.right)
        decided = answer(node, self.known)
        gap = abs(right - left) if decided is False and left is not None and right is not None else None
        facts = tuple(self.used(key) for key in sorted(node.left.keys | node.right.keys) if key not in {ASSESSMENT_YEAR, ASSESSMENT_DAY})
        distance = None if gap is None else number(gap)
        return self._leaf(node.label, compare_text(node), decided, shown(left, dimension), shown(right, dimension), facts, unit, distance)

    def used(self, key: str) -> FactUsed:
        """A stored fact as people read it."""
        name, shift = split_key(key)
        fact = self.catalogue.facts.get(name)
        value = self.known.get(key)
        if fact is None:
            return FactUsed(name, value, "", "", "")
        yearly = fact.kind is Kind.YEAR
        period = f"{self.moment.year - shift}年度" if yearly else f"截至{self.moment.facts_as_of.isoformat()}"
        return FactUsed(name, self._readable(value, fact.store, fact.unit.scale, fact.unit.dimension), fact.unit.symbol, period, fact.source)

    @staticmethod
    def _readable(value: Any, store: Store, scale: int, dimension: str) -> Any:
        if value is None or store is Store.TEXT:
            return value
        if store is Store.BOOLEAN:
            return "是" if value else "否"
        if store is Store.DATE:
            return date.fromordinal(value).isoformat()
        return shown(measured_stored(value, scale), dimension if dimension == "level" else "")

    def flag(self, key: str, wanted: bool, label: Label) -> Trace:
        """A yes/no fact, or a question about events."""
        value = self.known.get(key)
        found = None if value is None else value is wanted
        if key.startswith(EVENT_PREFIX):
            test = self.tests.get(key)
            event = test.event if test else key.removeprefix(EVENT_PREFIX)
            source = self.catalogue.events[event].source if event in self.catalogue.events else ""
            text = f"{'有' if wanted else '没有'}{test.text if test else key}"
            used = FactUsed(event, _yes_no(value), "", f"截至{self.moment.facts_as_of.isoformat()}", source)
            return self._leaf(label, text, found, _yes_no(value), "有" if wanted else "没有", (used,), "")
        return self._leaf(label, f"{key} = {_yes_no(wanted)}", found, _yes_no(value), _yes_no(wanted), (self.used(key),), "")

    def word(self, key: str, values: tuple[str, ...], label: Label) -> Trace:
        """A fact from a list of words."""
        value = self.known.get(key)
        found = None if value is None else value in values
        text = f"{split_key(key)[0]} {'=' if len(values) == 1 else '属于'} {'、'.join(values)}"
        return self._leaf(label, text, found, value, "、".join(values), (self.used(key),), "")

    def score(self, node: ScoreAtLeast) -> Trace:
        """A score bound with its items."""
        low = high = 0
        for item in node.items:
            item_low, item_high = points(item.points, self.known)
            low, high = low + item_low, high + item_high
        decided = answer(node, self.known)
        gap = node.threshold - high if decided is False else None
        text = f"{node.name} ≥ {node.threshold}分"
        value: Any = low if low == high else [low, high]
        leaf = self._leaf(node.label, text, decided, value, node.threshold, (), "分", gap)
        return Trace(
            "score", leaf.text, decided, leaf.id, leaf.clause, leaf.confidence, value, node.threshold, gap, "分",
            points=(low, high), most=sum(item.highest for item in node.items),
        )  # fmt: skip

    def item(self, item: ScoreItem) -> Trace:
        """One line of the score table with the facts behind it."""
        low, high = points(item.points, self.known)
        parts = tuple(self._amount_parts(item.points))
        decided = None if low != high else low == item.highest
        return Trace(
            "item", item.title, decided, item.id, item.clause, item.confidence, points=(low, high), most=item.highest, parts=parts
        )

    def _amount_parts(self, node: Amount) -> list[Trace]:
        """The comparison that gave the points, or those that stay open."""
        match node:
            case Choose(cases, _):
                found: list[Trace] = []
                for rule, _amount in cases:
                    decided = answer(rule, self.known)
                    if decided is not False:
                        found.append(self.of(rule))
                    if decided:
                        return found
                return found or [self.of(rule) for rule, _amount in cases[-1:]]
            case Sum(parts) | Largest(parts) | Smallest(parts):
                return [trace for part in parts for trace in self._amount_parts(part)]
            case Measure(quantity):
                value = measured(quantity_value(quantity, self.known), quantity)
                facts = tuple(self.used(key) for key in sorted(quantity.keys))
                return [Trace("leaf", quantity.text, None if value is None else True, value=shown(value, ""), unit=quantity.unit, facts=facts)]
            case Expert(_, text, low, high):
                return [Trace("leaf", text, None, bound=f"{low}至{high}分，由人工评定", unit="分")]
        return []


def measured_stored(value: int, scale: int) -> Any:
    """A stored integer in its unit."""
    return Fraction(value, scale)


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "是" if value else "否"


def is_manual(key: str) -> bool:
    """Whether an input is a person's judgement."""
    return key.startswith(MANUAL_PREFIX)

