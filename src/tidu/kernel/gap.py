"""The gap: for each criterion that is not met, how far the firm is, in the criterion's own unit; and the next bracket of a score."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from tidu.kernel.packs import Standard
from tidu.kernel.quantities import number
from tidu.kernel.rules import (
    All,
    Amount,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Largest,
    Named,
    Number,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Smallest,
    Sum,
    walk,
)
from tidu.kernel.traces import Tracer
from tidu.kernel.wording import bound_unit, opposite


def unmet_entries(standard: Standard, tracer: Tracer) -> Iterator[dict[str, Any]]:
    """Every leaf that keeps the standard from being met, then the score lines that could still give more.

    An entry: ``id, clause, text, actual, needed, gap, unit, criterion`` (the id of the criterion it belongs to) and
    ``kind`` (criterion | item); ``alternative`` is true under "any of".
    """
    yield from _unmet(standard.requires, tracer, "", False)
    failed = {item: None for bound in score_bounds(standard) if tracer.answer(bound) is False for item in bound.items}
    for item in failed:
        entry = next_bracket(item, tracer)
        if entry is not None:
            yield entry


@lru_cache(maxsize=1024)
def score_bounds(standard: Standard) -> tuple[ScoreAtLeast, ...]:
    """The score bounds of a standard, depth first."""
    return tuple(node for node in walk(standard.requires) if isinstance(node, ScoreAtLeast))


def _unmet(node: Rule | Amount, tracer: Tracer, criterion: str, alternative: bool) -> Iterator[dict[str, Any]]:
    """The failing leaves of a failing node; only what fails is traced."""
    if tracer.answer(node) is not False:
        return
    if isinstance(node, Named):
        yield from _unmet(node.node, tracer, criterion, alternative)
    elif isinstance(node, All | AnyOf | AtLeast):
        label = node.label
        for part in node.parts:
            for entry in _unmet(part, tracer, criterion or label.id, alternative or not isinstance(node, All)):
                entry["clause"] = entry["clause"] or label.clause
                yield entry
    else:
        trace = tracer.of(node)
        owner = criterion or trace.id
        value, bound = (trace.parts[0].value, opposite(trace.parts[0].bound)) if trace.kind == "not" else (trace.value, trace.bound)
        yield {
            "id": trace.id or owner,
            "clause": trace.clause,
            "text": trace.text,
            "actual": value,
            "needed": bound,
            "gap": trace.gap,
            "unit": trace.unit,
            "criterion": owner,
            "kind": "criterion",
            "alternative": alternative,
        }


def next_bracket(item: ScoreItem, tracer: Tracer) -> dict[str, Any] | None:
    """The nearest better bracket of a score line that is known and below its best; None where there is none."""
    low, high = tracer.points(item)
    if low != high or low >= item.highest:
        return None
    better = list(better_brackets(item.points, low))
    for rule, reached in sorted(better, key=lambda pair: pair[1]):
        if tracer.answer(rule) is False:
            trace = tracer.of(rule)
            unit = bound_unit(rule) if isinstance(rule, Compare) else trace.unit
            return {
                "id": item.id,
                "clause": item.clause,
                "text": f"{item.title}（{low}分，下一档{reached}分：{trace.text}）",
                "actual": trace.value,
                "needed": trace.bound,
                "gap": trace.gap,
                "unit": unit,
                "criterion": item.group,
                "kind": "item",
                "points": low,
                "next_points": reached,
            }
    return None


def better_brackets(node: Amount, low: int) -> Iterator[tuple[Rule, Any]]:
    """The rules that open more than ``low`` points, with the points reached."""
    match node:
        case Choose(cases, _):
            for rule, part in cases:
                if isinstance(part, Number) and part.value > low:
                    yield rule, number(part.value)
        case Largest(parts):
            for part in parts:
                yield from better_brackets(part, low)
        case Smallest(parts) | Sum(parts):
            for part in parts:
                if isinstance(part, Sum):
                    for inner in part.parts:
                        for rule, reached in better_brackets(inner, 0):
                            yield rule, low + reached
                elif not isinstance(part, Number):
                    yield from better_brackets(part, low)
