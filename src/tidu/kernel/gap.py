"""The gap: for each criterion that is not met, how far the firm is, in the criterion's own unit; and the next bracket of a score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tidu.kernel.packs import Standard
from tidu.kernel.quantities import number
from tidu.kernel.rules import Amount, Choose, Compare, Largest, Number, Rule, ScoreAtLeast, ScoreItem, Smallest, Sum, walk
from tidu.kernel.traces import Trace, Tracer
from tidu.kernel.truth import answer, points
from tidu.kernel.wording import bound_unit


def unmet_entries(standard: Standard, tracer: Tracer) -> Iterator[dict[str, Any]]:
    """Every leaf that keeps the standard from being met, then the score lines that could still give more.

    An entry: ``id, clause, text, actual, needed, gap, unit, criterion`` (the id of the criterion it belongs to) and
    ``kind`` (criterion | item); ``alternative`` is true under "any of".
    """
    found = list(_unmet(tracer.of(standard.requires), "", False))
    yield from found
    failed = {id(item): item for node in walk(standard.requires) if isinstance(node, ScoreAtLeast) and answer(node, tracer.known) is False for item in node.items}
    for item in failed.values():
        entry = next_bracket(item, tracer)
        if entry is not None:
            yield entry


def _unmet(trace: Trace, criterion: str, alternative: bool) -> Iterator[dict[str, Any]]:
    if trace.answer is not False:
        return
    owner = criterion or trace.id
    if trace.kind in {"leaf", "score", "not"}:
        value, bound = trace.value, trace.bound
        if trace.kind == "not" and trace.parts:
            inner = trace.parts[0]
            value, bound = inner.value, None
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
        return
    for part in trace.parts:
        for entry in _unmet(part, owner, alternative or trace.kind in {"any", "count"}):
            yield {**entry, "clause": entry["clause"] or trace.clause, "text": entry["text"] or trace.text}


def next_bracket(item: ScoreItem, tracer: Tracer) -> dict[str, Any] | None:
    """The nearest better bracket of a score line that is known and below its best; None where there is none."""
    low, high = points(item.points, tracer.known)
    if low != high or low >= item.highest:
        return None
    better = list(better_brackets(item.points, low))
    for rule, reached in sorted(better, key=lambda pair: pair[1]):
        if answer(rule, tracer.known) is False:
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
