"""One firm against one standard: verdict, score, what is unmet, what is missing, and the trace. The oracle of the bulk engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tidu.kernel.decisive import Outlook, facts_named, outlook
from tidu.kernel.gap import unmet_entries
from tidu.kernel.inputs import EVENT_PREFIX, FirmInputs, Moment, unknown_fields
from tidu.kernel.packs import EventTest, PackSet, Standard
from tidu.kernel.population import Firm
from tidu.kernel.residual import FREE, faulty_divisors
from tidu.kernel.rules import Expert, Judged, Rule, ScoreAtLeast, keys_of, walk
from tidu.kernel.traces import Trace, Tracer, is_manual

MET, UNMET, UNKNOWN, MANUAL = "met", "unmet", "unknown", "manual"
TOTAL = "总分"


@dataclass(frozen=True)
class Score:
    """Points over the whole table and by group, as intervals; ``passing`` is the mark of the total, if there is one."""

    low: int
    high: int
    passing: int | None
    groups: Mapping[str, tuple[int, int]]
    items: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Assessment:
    """What one standard says of one firm."""

    firm: str
    standard: Standard
    verdict: str
    value: str | None
    score: Score | None
    unmet: tuple[dict[str, Any], ...] = ()
    missing: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()
    prerequisites: tuple[tuple[str, bool | None], ...] = ()
    trace: Trace | None = field(default=None, compare=False)


@lru_cache(maxsize=1024)
def standard_keys(standard: Standard) -> tuple[str, ...]:
    """All inputs a standard reads, sorted."""
    nodes: list[Any] = [standard.requires, *standard.prerequisites, *(rule for _, rule in standard.classes)]
    nodes += [item.points for item in standard.scores]
    return tuple(sorted(frozenset().union(*(keys_of(node) for node in nodes))))


@lru_cache(maxsize=1024)
def passing_mark(standard: Standard) -> int | None:
    """The least total that passes, where the text has one."""
    marks = [node.threshold for node in walk(standard.requires) if isinstance(node, ScoreAtLeast) and node.name == TOTAL]
    return min(marks) if marks else None


def score_of(standard: Standard, tracer: Tracer) -> Score | None:
    """The score table as intervals; None where the text has none."""
    if not standard.scores:
        return None
    items = {item.id: tracer.points(item) for item in standard.scores}
    sums: dict[str, tuple[int, int]] = {}
    for item in standard.scores:
        (low, high), (item_low, item_high) = sums.get(item.group, (0, 0)), items[item.id]
        sums[item.group] = low + item_low, high + item_high
    groups = {name: sums[name] for name in standard.groups}
    low, high = sum(low for low, _ in groups.values()), sum(high for _, high in groups.values())
    return Score(low, high, passing_mark(standard), groups, items)


def missing_names(keys: Iterable[str], inputs: FirmInputs, tests: Mapping[str, EventTest]) -> tuple[str, ...]:
    """Decisive inputs as names of facts: a mapping's source for a derived class, an event's open fields for a question."""
    names: dict[str, None] = {}
    for key in sorted(keys):
        if is_manual(key):
            continue
        if key.startswith(FREE):
            names.update((name, None) for name in facts_named(faulty_divisors(key)))
            continue
        plain = facts_named([key])[0]
        if plain.startswith(EVENT_PREFIX):
            test = tests[plain]
            open_fields = unknown_fields(test, inputs.firm.events.get(test.event, ()), inputs.moment)
            names.update((f"{test.event}.{name}", None) for name in open_fields)
        elif plain in inputs.packs.mappings:
            names[inputs.packs.mappings[plain][0]] = None
        else:
            names[plain] = None
    places = inputs.packs.scope.catalogue.places
    return tuple(sorted(names, key=lambda name: (places.get(name, len(places)), name)))


def _classified(standard: Standard, known: Mapping[str, Any]) -> tuple[str | None, frozenset[str]]:
    """The class a firm falls in, trying the classes top down; None with the deciding inputs where it stays open."""
    value: str | None = standard.rest
    keys: frozenset[str] = frozenset()
    for name, rule in standard.classes:
        found = outlook(rule, known)
        if found.answer is None:
            keys |= found.decisive
            value = None
        elif found.answer and value is not None:
            return name, frozenset()
        elif found.answer:
            break
    return value, keys


def assess(inputs: FirmInputs, standard: Standard, *, with_trace: bool = False) -> Assessment:
    """What ``standard`` says of the firm behind ``inputs``.

    The verdict is unknown only where some values of the missing facts meet the standard and others do not, and
    ``missing`` names exactly the facts that can change it; ``manual`` where only a person's judgement is left.
    """
    known = inputs.fill(standard_keys(standard), standard.tests)
    tracer = _tracer(inputs, standard)
    trace = _explained(standard, tracer) if with_trace else None
    if standard.classes:
        return _class_assessment(inputs, standard, known, trace)
    found = outlook(standard.requires, known)
    manual = manual_texts(standard.requires, found)
    missing = missing_names(found.decisive, inputs, standard.tests) if found.answer is None else ()
    verdict = MET if found.answer else UNMET if found.answer is False else UNKNOWN if missing or not manual else MANUAL
    return Assessment(
        inputs.firm.code,
        standard,
        verdict,
        None,
        score_of(standard, tracer),
        () if verdict == MET else tuple(unmet_entries(standard, tracer)),
        missing,
        manual,
        prerequisites=tuple((rule.label.id, tracer.answer(rule)) for rule in standard.prerequisites),
        trace=trace,
    )


def _class_assessment(inputs: FirmInputs, standard: Standard, known: Mapping[str, Any], trace: Trace | None) -> Assessment:
    value, keys = _classified(standard, known)
    industry = known.get("划型行业")
    if industry == "不适用":
        value, keys = "不适用", frozenset()
    elif industry is None:
        value, keys = None, keys | {"划型行业"}
    missing = missing_names(keys, inputs, standard.tests)
    return Assessment(inputs.firm.code, standard, MET if value else UNKNOWN, value, None, missing=missing, trace=trace)


def manual_texts(rule: Rule, found: Outlook) -> tuple[str, ...]:
    """What a person must still judge, where the verdict hangs on it."""
    if found.answer is not None:
        return ()
    return tuple(text for key, text in _manual_questions(rule).items() if key in found.decisive)


@lru_cache(maxsize=1024)
def _manual_questions(rule: Rule) -> Mapping[str, str]:
    """What a rule leaves to a person, by input."""
    return {node.key: node.text for node in walk(rule) if isinstance(node, Judged | Expert) and is_manual(node.key)}


def _tracer(inputs: FirmInputs, standard: Standard) -> Tracer:
    return Tracer(inputs.known, inputs.moment, inputs.packs.scope.catalogue, standard.tests)


def explain(inputs: FirmInputs, standard: Standard) -> Trace:
    """The whole trace of one standard: its criteria, then its score table line by line."""
    inputs.fill(standard_keys(standard), standard.tests)
    return _explained(standard, _tracer(inputs, standard))


def _explained(standard: Standard, tracer: Tracer) -> Trace:
    if standard.classes:
        parts = tuple(tracer.of(rule) for _, rule in standard.classes)
        return Trace("standard", standard.name, None, standard.version, standard.reference.text(), standard.confidence, parts=parts)
    items = tuple(tracer.item(item) for item in standard.scores)
    criteria = tracer.of(standard.requires)
    before = tuple(tracer.of(rule) for rule in standard.prerequisites)
    score = (Trace("scores", "评分表", None, parts=items),) if items else ()
    prior = (Trace("prerequisites", "前置条件（只提示，不决定结论）", None, parts=before),) if before else ()
    return Trace(
        "standard", standard.name, criteria.answer, standard.version, standard.reference.text(), standard.confidence,
        parts=(criteria, *score, *prior),
    )  # fmt: skip


def assess_firm(
    firm: Firm, packs: PackSet, moment: Moment, *, application: str = "new", names: Iterable[str] | None = None
) -> list[Assessment]:
    """One firm against every standard in force, or those named (which must be in force)."""
    if names is None:
        standards = packs.in_force(law_date=moment.law_date, application=application)
    else:
        standards = [packs.select(name, law_date=moment.law_date, application=application) for name in names]
    inputs = FirmInputs(firm, moment, packs)
    return [assess(inputs, standard) for standard in standards]
