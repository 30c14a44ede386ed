"""The gap of many firms at once: for each row of inputs the same entries as ``gap.unmet_entries``.

Which criteria fail comes from the compiled rule tree; the figures beside them are made only for the rows that need them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from tidu.kernel.compile_polars import Compiler
from tidu.kernel.gap import better_brackets
from tidu.kernel.gap_figures import Reading, reading_of
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import standard_keys
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.rules import All, AnyOf, AtLeast, Compare, Rule, ScoreAtLeast, ScoreItem, walk
from tidu.kernel.traces import Tracer
from tidu.kernel.wording import bound_unit

Entry = dict[str, Any]
LEAST = -(10**9)


@dataclass(frozen=True)
class _Slot:
    """One place an entry can come from: the nodes that must fail, the entry without its figures, how these are read."""

    path: tuple[Rule, ...]
    entry: Entry
    reading: Reading


@dataclass(frozen=True)
class _Step:
    """A better bracket of a score line: the rule that opens it, its words and unit, how its figures are read."""

    rule: Rule
    text: str
    unit: str
    reading: Reading


class GapFrames:
    """The entries of one standard over frames of inputs; what does not depend on the rows is prepared once."""

    def __init__(self, standard: Standard, moment: Moment, packs: PackSet) -> None:
        self.standard = standard
        self.keys = list(standard_keys(standard))
        self.compiler = Compiler(share=True)
        self.tracer = Tracer({}, moment, packs.scope.catalogue, standard.tests)
        self.bounds = [node for node in walk(standard.requires) if isinstance(node, ScoreAtLeast)]
        self.bound_names = {id(node): (f"分低{place}", f"分高{place}") for place, node in enumerate(self.bounds)}
        self.slots = list(self._slots(standard.requires, (), "", "", "", False))
        self.items = list({id(item): item for node in self.bounds for item in node.items}.values())
        self.steps = {id(item): self._steps(item) for item in self.items}
        self.columns = self._columns()

    def _slots(self, node: Rule, path: tuple[Rule, ...], owner: str, clause: str, text: str, alternative: bool) -> Iterator[_Slot]:
        """The leaves in the order in which ``gap.unmet_entries`` comes by them."""
        trace = self.tracer.of(node)
        owner, path = owner or trace.id, (*path, node)
        clause, text = trace.clause or clause, trace.text or text
        if not isinstance(node, All | AnyOf | AtLeast):
            entry = {
                "id": trace.id or owner, "clause": clause, "text": text, "actual": None, "needed": None, "gap": None,
                "unit": trace.unit, "criterion": owner, "kind": "criterion", "alternative": alternative,
            }  # fmt: skip
            yield _Slot(path, entry, reading_of(node, self.tracer, self.bound_names))
            return
        for part in node.parts:
            yield from self._slots(part, path, owner, clause, text, alternative or isinstance(node, AnyOf | AtLeast))

    def _steps(self, item: ScoreItem) -> dict[int, _Step]:
        found = {}
        for rule, _ in better_brackets(item.points, LEAST):
            trace = self.tracer.of(rule)
            unit = bound_unit(rule) if isinstance(rule, Compare) else trace.unit
            found[id(rule)] = _Step(rule, trace.text, unit, reading_of(rule, self.tracer, self.bound_names))
        return found

    def _columns(self) -> dict[str, pl.Expr]:
        """Which nodes fail, and the points of items and of score bounds."""
        found: dict[str, pl.Expr] = {}
        rules = [node for slot in self.slots for node in slot.path]
        rules += [step.rule for steps in self.steps.values() for step in steps.values()]
        for node in (*rules, *self.bounds):
            found.setdefault(f"败{id(node)}", (~self.compiler.answer(node)).fill_null(False))
        for node in self.bounds:
            pairs = [self.compiler.item(item) for item in node.items]
            low_name, high_name = self.bound_names[id(node)]
            found[low_name] = pl.sum_horizontal(low for low, _ in pairs)
            found[high_name] = pl.sum_horizontal(high for _, high in pairs)
        return found

    def entries(self, inputs: pl.DataFrame, wanted: Sequence[bool]) -> list[list[Entry]]:
        """For each row of ``inputs`` its unmet entries; none where not ``wanted`` or for a classification."""
        found: list[list[Entry]] = [[] for _ in wanted]
        if self.standard.classes or not found:
            return found
        rows = pl.Series(wanted, dtype=pl.Boolean).arg_true()
        frame = self._evaluated(inputs.select(self.keys)[rows]).with_columns(rows.alias("行"))
        for slot in self.slots:
            failing = frame.filter(pl.all_horizontal(f"败{id(node)}" for node in slot.path))
            for row, figures in _figures(failing, slot.reading):
                found[row].append(_with_figures(slot.entry, figures))
        self._add_brackets(frame, found)
        return found

    def _evaluated(self, part: pl.DataFrame) -> pl.DataFrame:
        leaves = [expression.alias(name) for name, expression in self.compiler.leaves.values()]
        items = [
            expr for low, low_expr, high, high_expr in self.compiler.items.values() for expr in (low_expr.alias(low), high_expr.alias(high))
        ]
        named = [expression.alias(name) for name, expression in self.columns.items()]
        return part.lazy().with_columns(leaves).with_columns(items).with_columns(named).collect()

    def _add_brackets(self, frame: pl.DataFrame, found: list[list[Entry]]) -> None:
        """The next bracket of every known score line under a failing bound, each line once per firm."""
        seen: dict[int, pl.Series] = {}
        for node in self.bounds:
            failed = frame[f"败{id(node)}"]
            for item in node.items:
                before = seen.get(id(item))
                self._add_bracket(frame.filter(failed if before is None else failed & ~before), item, found)
                seen[id(item)] = failed if before is None else failed | before

    def _add_bracket(self, frame: pl.DataFrame, item: ScoreItem, found: list[list[Entry]]) -> None:
        low_name, _, high_name, _ = self.compiler.items[id(item)]
        known = frame.filter((pl.col(low_name) == pl.col(high_name)) & (pl.col(low_name) < item.highest))
        for low in known[low_name].unique().to_list():
            rest = known.filter(pl.col(low_name) == low)
            for rule, reached in sorted(better_brackets(item.points, low), key=lambda pair: pair[1]):
                step = self.steps[id(item)][id(rule)]
                failing = pl.col(f"败{id(rule)}")
                entry = {
                    "id": item.id, "clause": item.clause, "text": f"{item.title}（{low}分，下一档{reached}分：{step.text}）",
                    "actual": None, "needed": None, "gap": None, "unit": step.unit, "criterion": item.group, "kind": "item",
                    "points": low, "next_points": reached,
                }  # fmt: skip
                for row, figures in _figures(rest.filter(failing), step.reading):
                    found[row].append(_with_figures(entry, figures))
                rest = rest.filter(~failing)


def _figures(frame: pl.DataFrame, reading: Reading) -> Iterator[tuple[int, tuple[Any, Any, Any]]]:
    """Row number and figures of every row of a frame."""
    if not reading.keys:
        same = reading.of()
        return ((row, same) for row in frame["行"].to_list())
    columns = [frame[key].to_list() for key in reading.keys]
    return ((row, reading.of(*values)) for row, *values in zip(frame["行"].to_list(), *columns, strict=True))


def _with_figures(entry: Entry, figures: tuple[Any, Any, Any]) -> Entry:
    made = entry.copy()
    made["actual"], made["needed"], made["gap"] = figures
    return made


def prerequisite_answers(standard: Standard, inputs: pl.DataFrame) -> list[tuple[bool | None, ...]]:
    """For each row the answers of the standard's prerequisites."""
    if not standard.prerequisites:
        return [()] * inputs.height
    compiler = Compiler()
    return inputs.select(compiler.answer(rule).alias(str(place)) for place, rule in enumerate(standard.prerequisites)).rows()
