"""The trace of a rule: what was asked of which fact, what the fact was, where it comes from, and what followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from tidu.kernel.algebra import truth
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import Catalogue, Fact, Kind, Store
from tidu.kernel.inputs import EVENT_PREFIX, MANUAL_PREFIX, Moment
from tidu.kernel.leaf_figures import leaf_of, shown_quotient
from tidu.kernel.packs import EventTest
from tidu.kernel.quantities import LEVELS
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
from tidu.kernel.truth import Interval, answer, points, quantity_value
from tidu.kernel.wording import ANSWERS, measured, shown


class FactUsed(NamedTuple):
    """One fact behind a leaf: its value, unit, period and source."""

    fact: str
    value: Any
    unit: str
    period: str
    source: str


class Trace(NamedTuple):
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
    points: Interval | None = None
    most: int | None = None
    parts: tuple[Trace, ...] = ()

    def as_dict(self, within: str = "") -> dict[str, Any]:
        """The trace as JSON; a part without a clause of its own stands under that of the criterion it belongs to."""
        clause = self.clause or within
        found: dict[str, Any] = {"kind": self.kind, "id": self.id, "clause": clause, "text": self.text, "answer": ANSWERS[self.answer]}
        if self.confidence:
            found["confidence"] = self.confidence
        if self.kind == "leaf":
            found |= {"value": self.value, "bound": self.bound, "gap": self.gap, "unit": self.unit}
            found["facts"] = [used._asdict() for used in self.facts]
        if self.points is not None:
            found["points"] = {"low": self.points[0], "high": self.points[1], "max": self.most}
        if self.parts:
            found["parts"] = [part.as_dict(clause) for part in self.parts]
        return found


@dataclass
class Tracer:
    """Builds traces over one firm's inputs; each node, item and fact once."""

    known: Mapping[str, Any]
    moment: Moment
    catalogue: Catalogue
    tests: Mapping[str, EventTest]
    _traces: dict[Rule | Amount, Trace] = field(default_factory=dict, repr=False)
    _points: dict[ScoreItem, Interval] = field(default_factory=dict, repr=False)
    _used: dict[str, FactUsed] = field(default_factory=dict, repr=False)
    _periods: dict[int | None, str] = field(default_factory=dict, repr=False)

    def of(self, node: Rule | Amount) -> Trace:
        """The trace of a rule node."""
        found = self._traces.get(node)
        if found is None:
            found = self._traces[node] = _TRACES[type(node)](self, node)
        return found

    def answer(self, node: Rule | Amount) -> bool | None:
        """The answer of a rule node, without its trace where there is none yet."""
        found = self._traces.get(node)
        return answer(node, self.known) if found is None else found.answer

    def points(self, item: ScoreItem) -> Interval:
        """Least and most points of a score line."""
        found = self._points.get(item)
        if found is None:
            found = self._points[item] = points(item.points, self.known)
        return found

    def _group(self, kind: str, words: str, label: Label, found: bool | None, parts: tuple[Trace, ...]) -> Trace:
        return Trace(kind, label.text or words, found, label.id, label.clause, label.confidence, parts=parts)

    def all(self, node: All) -> Trace:
        """Criteria that must all hold."""
        parts = tuple(map(self.of, node.parts))
        answers = [part.answer for part in parts]
        found = False if False in answers else None if None in answers else True
        return self._group("all", "全部满足", node.label, found, parts)

    def any(self, node: AnyOf) -> Trace:
        """Criteria of which one must hold."""
        parts = tuple(map(self.of, node.parts))
        answers = [part.answer for part in parts]
        found = True if True in answers else None if None in answers else False
        return self._group("any", "满足其一", node.label, found, parts)

    def count(self, node: AtLeast) -> Trace:
        """Criteria of which so many must hold."""
        parts = tuple(map(self.of, node.parts))
        return self._group("count", f"至少满足{node.count}项", node.label, answer(node, self.known), parts)

    def turned(self, node: Not) -> Trace:
        """A criterion that must not hold."""
        inner = self.of(node.part)
        found = None if inner.answer is None else not inner.answer
        return self._group("not", f"非：{inner.text}", node.label, found, (inner,))

    def _leaf(
        self, label: Label, text: str, found: bool | None, value: Any, bound: Any, facts: tuple[FactUsed, ...], unit: str, gap: Any = None
    ) -> Trace:
        return Trace("leaf", label.text or text, found, label.id, label.clause, label.confidence, value, bound, gap, unit, facts)

    def judged(self, node: Judged) -> Trace:
        """What only a person can judge."""
        return self._leaf(node.label, node.text, answer(node, self.known), None, "人工判断", (), "")

    def constant(self, node: Constant) -> Trace:
        """What is decided beforehand."""
        return self._leaf(node.label, "恒定", node.answer, None, None, (), "")

    def compare(self, node: Compare) -> Trace:
        """A comparison with the value found, the bound and the distance between them."""
        leaf, label, found = leaf_of(node), node.label, truth(node.form, node.divisors, self.known)
        value, bound, gap = leaf.figures(self.known, found is False)
        facts = tuple(map(self.used, leaf.facts))
        return Trace("leaf", leaf.text, found, label.id, label.clause, label.confidence, value, bound, gap, leaf.unit, facts)

    def used(self, key: str) -> FactUsed:
        """A stored fact as people read it."""
        found = self._used.get(key)
        if found is None:
            found = self._used[key] = self._fact_used(key)
        return found

    def _fact_used(self, key: str) -> FactUsed:
        name, shift = split_key(key)
        fact, value = self.catalogue.facts.get(name), self.known.get(key)
        if fact is None:
            return FactUsed(name, value, "", "", "")
        return FactUsed(name, readable(value, fact), fact.unit.symbol, self.period(shift if fact.kind is Kind.YEAR else None), fact.source)

    def period(self, shift: int | None) -> str:
        """The year so many years before 上年度, or the day of the facts."""
        found = self._periods.get(shift)
        if found is None:
            found = f"截至{self.moment.facts_as_of.isoformat()}" if shift is None else f"{self.moment.year - shift}年度"
            self._periods[shift] = found
        return found

    def flag(self, node: Flag) -> Trace:
        """A yes/no fact, or a question about events."""
        key, wanted, value = node.key, node.wanted, self.known.get(node.key)
        found = None if value is None else value is wanted
        if key.startswith(EVENT_PREFIX):
            test = self.tests.get(key)
            event = test.event if test else key.removeprefix(EVENT_PREFIX)
            source = self.catalogue.events[event].source if event in self.catalogue.events else ""
            text = f"{'有' if wanted else '没有'}{test.text if test else key}"
            used = FactUsed(event, has_or_not(value), "", self.period(None), source)
            return self._leaf(node.label, text, found, has_or_not(value), has_or_not(wanted), (used,), "")
        return self._leaf(node.label, f"{key} = {_yes_no(wanted)}", found, _yes_no(value), _yes_no(wanted), (self.used(key),), "")

    def word(self, node: OneOf) -> Trace:
        """A fact from a list of words."""
        value, words = self.known.get(node.key), "、".join(node.values)
        found = None if value is None else value in node.values
        text = f"{split_key(node.key)[0]} {'=' if len(node.values) == 1 else '属于'} {words}"
        return self._leaf(node.label, text, found, value, words, (self.used(node.key),), "")

    def score(self, node: ScoreAtLeast) -> Trace:
        """A score bound with its items."""
        low = high = 0
        for item in node.items:
            item_low, item_high = self.points(item)
            low, high = low + item_low, high + item_high
        found = True if low >= node.threshold else False if high < node.threshold else None
        gap = node.threshold - high if found is False else None
        value: Any = low if low == high else [low, high]
        leaf = self._leaf(node.label, f"{node.name} ≥ {node.threshold}分", found, value, node.threshold, (), "分", gap)
        return leaf._replace(kind="score", points=(low, high), most=sum(item.highest for item in node.items))

    def item(self, item: ScoreItem) -> Trace:
        """One line of the score table with the facts behind it."""
        (low, high), parts = self._amount(item.points)
        self._points[item] = low, high
        found = None if low != high else low == item.highest
        return Trace(
            "item", item.title, found, item.id, item.clause, item.confidence, points=(low, high), most=item.highest, parts=tuple(parts)
        )

    def _amount(self, node: Amount) -> tuple[Interval, list[Trace]]:
        """Points as ``truth.points`` gives them, with the comparisons that gave them or that stay open."""
        match node:
            case Choose():
                return self._chosen(node)
            case Sum(parts) | Largest(parts) | Smallest(parts):
                inner = [self._amount(part) for part in parts]
                combine: Any = {Sum: sum, Largest: max, Smallest: min}[type(node)]
                low, high = combine([found[0] for found, _ in inner]), combine([found[1] for found, _ in inner])
                return (low, high), [trace for _, traces in inner for trace in traces]
            case Measure(quantity):
                value = measured(quantity_value(quantity, self.known), quantity)
                facts = tuple(map(self.used, sorted(quantity.keys)))
                leaf = Trace(
                    "leaf", quantity.text, None if value is None else True, value=shown(value, ""), unit=quantity.unit, facts=facts
                )
                return points(node, self.known), [leaf]
            case Expert(_, text, low, high):
                return points(node, self.known), [Trace("leaf", text, None, bound=f"{low}至{high}分，由人工评定", unit="分")]
        return points(node, self.known), []

    def _chosen(self, node: Choose) -> tuple[Interval, list[Trace]]:
        traces: list[Trace] = []
        ranges: list[Interval] = []
        for rule, part in node.cases:
            found = self.answer(rule)
            if found is not False:
                traces.append(self.of(rule))
                ranges.append(points(part, self.known))
            if found:
                break
        else:
            ranges.append(points(node.otherwise, self.known))
            traces = traces or [self.of(rule) for rule, _ in node.cases[-1:]]
        return (min(low for low, _ in ranges), max(high for _, high in ranges)), traces


_TRACES: dict[type, Callable[[Tracer, Any], Trace]] = {
    Compare: Tracer.compare,
    Flag: Tracer.flag,
    OneOf: Tracer.word,
    Judged: Tracer.judged,
    Constant: Tracer.constant,
    Not: Tracer.turned,
    ScoreAtLeast: Tracer.score,
    Named: lambda tracer, node: tracer.of(node.node),
    All: Tracer.all,
    AnyOf: Tracer.any,
    AtLeast: Tracer.count,
}


def readable(value: Any, fact: Fact) -> Any:
    """A stored value in the unit of its fact, as JSON."""
    if value is None or fact.store is Store.TEXT:
        return value
    if fact.store is Store.BOOLEAN:
        return _yes_no(value)
    if fact.store is Store.DATE:
        return date.fromordinal(value).isoformat()
    if fact.unit.dimension == "level" and 1 <= value <= len(LEVELS):
        return LEVELS[value - 1]
    return shown_quotient(value, fact.unit.scale)


def has_or_not(value: bool | None) -> str | None:
    """How the answer to a question about events reads."""
    return None if value is None else "有" if value else "没有"


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "是" if value else "否"


def is_manual(key: str) -> bool:
    """Whether an input is a person's judgement."""
    return key.startswith(MANUAL_PREFIX)
