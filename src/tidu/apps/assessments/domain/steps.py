"""Who is one step away: one thing that a firm can work on, moved alone, brings it over the line.

A firm is *one step away* from a standard that it does not meet if there is one lever of the effort document (one fact, with
what moves along) and one whole number of its steps within reach, or one word it can be moved to, such that the standard is
then met, everything else staying as it is. Within reach is what stays within the lever's limit and the fact's domain and
at most doubles the fact (halves it, downwards), or changes what is counted by one; of words the next. What only a person can judge is taken
as judged in the firm's favour; what is missing stays missing, so that the rules must hold without it (Kleene logic);
relations that a plan must keep and that hold now must still hold. Of several levers the one of least effort is told.

Between two values at which a leaf of the rules changes its answer nothing changes. So only the first value on the other side
of each leaf is tried, for all firms at once; no value that could be the nearest is left out. Where two moving facts
multiply (no pack has that) a leaf has no such value, and the firm may be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

import polars as pl

from tidu.apps.assessments.domain.outcomes import Assessed, criteria
from tidu.apps.assessments.enums import Verdict
from tidu.kernel.algebra import Form
from tidu.kernel.compile_polars import Compiler
from tidu.kernel.effort import UP, Effort, Lever
from tidu.kernel.inputs import MANUAL_PREFIX
from tidu.kernel.rules import All, Compare, Expert, Judged, Rule, keys_of, walk
from tidu.kernel.wayup_moves import MOST_STEPS
from tidu.kernel.wayup_steps import readable

COUNTED = frozenset({"item", "person", "level", "rank"})
"""Units of what is counted by the piece, as the catalogue writes them."""
SHORT = "未达到"
ROW, STEPS, EFFORT, WORD = "行", "步数", "工作量", "改为"
SCHEMA = {ROW: pl.UInt32, STEPS: pl.Int64, EFFORT: pl.Int64, WORD: pl.Int64, "lever": pl.Int64}


@dataclass(frozen=True)
class Nearest:
    """The nearest step of one firm (a row number): the lever, how far (a signed stored integer) or to which word, in words."""

    row: int
    fact: str
    by: int | None
    to: str
    text: str


def steps_away(found: Assessed, inputs: pl.DataFrame, costs: Effort) -> list[Nearest]:
    """The firms one step away from a standard, in the order of the population."""
    rules = criteria(found.standard)
    candidates = found.verdicts == Verdict.UNMET
    if not rules or not candidates.any():
        return []
    keys = sorted(frozenset().union(*(keys_of(rule) for rule in rules)))
    related = sorted({key for relation in costs.keep for key in keys_of(relation)} - set(keys))
    rows = candidates.arg_true()
    present = [key for key in related if key in inputs.columns]
    frame = inputs.select(*keys, *present)[rows].with_columns(rows.alias(ROW))
    favoured = [pl.lit(value).alias(key) for key, value in in_favour(rules).items()]
    trying = _Trying(rules, frame.with_columns(favoured), costs)
    return trying.nearest()


def _not_met(rules: Sequence[Rule], frame: pl.DataFrame) -> pl.Series:
    """The criteria that do not surely hold, as bits: those that fail and those that are open."""
    compiler = Compiler(share=True)
    bits = [(~compiler.answer(rule)).fill_null(True).cast(pl.Int64) * (1 << bit) for bit, rule in enumerate(rules)]
    return evaluated(compiler, frame, [reduce(lambda left, right: left + right, bits).alias(SHORT)]).to_series()


def evaluated(compiler: Compiler, frame: pl.DataFrame, wanted: Sequence[pl.Expr]) -> pl.DataFrame:
    """Expressions of a compiler that shares its leaves and items."""
    leaves = [expression.alias(name) for name, expression in compiler.leaves.values()]
    items = [expr for low, low_expr, high, high_expr in compiler.items.values() for expr in (low_expr.alias(low), high_expr.alias(high))]
    return frame.lazy().with_columns(leaves).with_columns(items).select(wanted).collect()


def in_favour(rules: Sequence[Rule]) -> dict[str, bool | int]:
    """What a person is taken to judge: yes, and the most points there are to give."""
    found: dict[str, bool | int] = {}
    for node in (inner for rule in rules for inner in walk(rule)):
        if isinstance(node, Judged):
            found[node.key] = True
        elif isinstance(node, Expert) and node.key.startswith(MANUAL_PREFIX):
            found[node.key] = node.highest
    return found


class _Trying:
    """One standard, the firms that do not meet it, and what each lever does for them."""

    def __init__(self, rules: Sequence[Rule], frame: pl.DataFrame, costs: Effort) -> None:
        self.rules, self.costs = rules, costs
        self.frame = frame.with_columns(_not_met(rules, frame))
        self.levers = list(costs.levers.values())
        efforts = [effort for lever in self.levers for effort in ([lever.effort] if lever.by_steps else lever.options.values())]
        self.scale = lcm(*(effort.denominator for effort in efforts), 1)

    def nearest(self) -> list[Nearest]:
        """The step of least effort of every firm that has one; among equals the lever that the document names first."""
        tried = [self._tried(place, lever) for place, lever in enumerate(self.levers)]
        every = pl.concat([one for one in tried if one is not None and one.height] or [pl.DataFrame(schema=SCHEMA)])
        best = every.sort(ROW, EFFORT, "lever", STEPS, WORD).unique(ROW, keep="first", maintain_order=True)
        starts = self.frame.select(ROW, *{lever.key for lever in self.levers} & set(self.frame.columns))
        return list(self._told(best.join(starts, on=ROW, how="left", maintain_order="left")))

    def _told(self, best: pl.DataFrame) -> Iterable[Nearest]:
        for row in best.iter_rows(named=True):
            lever = self.levers[row["lever"]]
            before = row[lever.key]
            if lever.by_steps:
                by = row[STEPS] * lever.step * lever.direction
                yield Nearest(row[ROW], lever.key, by, "", _phrase(lever, before, before + by))
            else:
                word = list(lever.options)[row[WORD]]
                yield Nearest(row[ROW], lever.key, None, readable(lever.fact, word), _phrase(lever, before, word))

    def _tried(self, place: int, lever: Lever) -> pl.DataFrame | None:
        """Rows for which the lever alone is enough, with the fewest steps or the cheapest word."""
        moved = [fact.name for fact in lever.moved if fact.name in self.frame.columns]
        touched = [bit for bit, rule in enumerate(self.rules) if keys_of(rule) & set(moved)]
        if not touched or lever.key not in self.frame.columns:
            return None
        reach = sum(1 << bit for bit in touched)
        # every criterion that does not hold must be one that the lever touches
        frame = self.frame.filter((pl.col(SHORT) & ~pl.lit(reach)) == 0, pl.col(lever.key).is_not_null())
        if not frame.height:
            return None
        asked = self._asked(frame, [rule for bit, rule in enumerate(self.rules) if bit in touched], moved)
        tried = self._by_steps(frame, lever, moved, asked) if lever.by_steps else self._to_words(frame, lever, asked)
        return None if tried is None else tried.with_columns(pl.lit(place, pl.Int64).alias("lever")).select(list(SCHEMA))

    def _asked(self, frame: pl.DataFrame, rules: list[Rule], moved: Sequence[str]) -> _Asked:
        relations = [one for one in self.costs.keep if keys_of(one) & set(moved) and keys_of(one) <= set(frame.columns)]
        return _Asked(rules, relations)

    def _by_steps(self, frame: pl.DataFrame, lever: Lever, moved: Sequence[str], asked: _Asked) -> pl.DataFrame | None:
        pace = lever.step * lever.direction
        once = frame.with_columns(pl.col(name) + pace for name in moved)
        counts = asked.counts(frame, once, moved)
        if not counts:
            return None
        reach = _reach(lever)
        tries = frame.select(ROW, reach.alias("够得着"), *(column.alias(f"步{number}") for number, column in enumerate(counts)))
        tries = tries.unpivot(index=[ROW, "够得着"], value_name=STEPS).filter(pl.col(STEPS).is_between(1, pl.col("够得着")))
        tries = tries.select(ROW, STEPS).unique()
        moving = tries.join(frame, on=ROW).with_columns(pl.col(name) + pl.col(STEPS) * pace for name in moved)
        inside = [pl.col(fact.name).is_null() | _within(fact.name, fact.lowest, fact.highest) for fact in lever.moved if fact.name in moved]
        moving = moving.filter(*inside)
        if not moving.height:
            return None
        good = moving.filter(asked.holds(moving, frame)).group_by(ROW).agg(pl.col(STEPS).min())
        effort = int(lever.effort * self.scale)
        return good.with_columns((pl.col(STEPS) * effort).alias(EFFORT), pl.lit(0, pl.Int64).alias(WORD))

    def _to_words(self, frame: pl.DataFrame, lever: Lever, asked: _Asked) -> pl.DataFrame | None:
        found = []
        for place, (word, effort) in enumerate(lever.options.items()):
            done = _paid(lever, self.scale)
            change = frame.with_columns(done.alias("已有")).filter(
                pl.col(lever.key) != pl.lit(word), pl.col("已有") == _before(lever, effort, self.scale)
            )
            moving = change.with_columns(pl.lit(word).alias(lever.key))
            if not moving.height:
                continue
            good = moving.filter(asked.holds(moving, frame)).select(
                ROW, pl.lit(0, pl.Int64).alias(STEPS), (int(effort * self.scale) - pl.col("已有")).alias(EFFORT),
                pl.lit(place, pl.Int64).alias(WORD),
            )  # fmt: skip
            found.append(good)
        if not found:
            return None
        return pl.concat(found).sort(ROW, EFFORT).unique(ROW, keep="first", maintain_order=True)


def _paid(lever: Lever, scale: int) -> pl.Expr:
    """The effort already made for the word at which a firm stands."""
    paid = {word: int(effort * scale) for word, effort in lever.options.items()}
    return reduce(
        lambda otherwise, pair: pl.when(pl.col(lever.key) == pl.lit(pair[0])).then(pl.lit(pair[1], pl.Int64)).otherwise(otherwise),
        paid.items(),
        pl.lit(0, pl.Int64),
    )


def _before(lever: Lever, effort: Fraction, scale: int) -> int:
    """The effort of the word below the one that takes ``effort``."""
    return int(max((other for other in lever.options.values() if other < effort), default=Fraction(0)) * scale)


def _reach(lever: Lever) -> pl.Expr:
    """The most steps that are within reach from where a firm stands."""
    most = MOST_STEPS if lever.limit is None else min(MOST_STEPS, lever.limit // lever.step)
    room = pl.col(lever.key) // (1 if lever.direction == UP else 2)
    one = 1 if lever.fact.unit_label in COUNTED else 0
    return pl.min_horizontal(pl.max_horizontal(room // lever.step, pl.lit(one, pl.Int64)), pl.lit(most, pl.Int64))


def _within(name: str, low: int | None, high: int | None) -> pl.Expr:
    inside = pl.lit(True)
    if low is not None:
        inside = inside & (pl.col(name) >= low)
    return inside if high is None else inside & (pl.col(name) <= high)


class _Asked:
    """The criteria that a lever touches and the relations it must keep, compiled once for many frames."""

    def __init__(self, rules: Sequence[Rule], relations: Sequence[Compare]) -> None:
        self.rules, self.relations = rules, relations
        self.compiler = Compiler(share=True)
        whole = All(tuple(rules))
        self.answer = self.compiler.answer(whole)
        self.leaves = {id(node): node for node in walk(whole) if isinstance(node, Compare)}
        self.kept = [self.compiler.compare(relation) for relation in relations]

    def counts(self, frame: pl.DataFrame, once: pl.DataFrame, moved: Sequence[str]) -> list[pl.Series]:
        """For each leaf the number of steps after which it first answers otherwise; null where it never does."""
        forms: dict[tuple[Any, ...], Form] = {}
        for leaf in self.leaves.values():
            for form in (leaf.form, *leaf.divisors):
                if set(form.keys) & set(moved) and not any(sum(key in moved for key in monomial) > 1 for _, monomial in form.terms):
                    forms[form.terms, form.constant] = form
        values = [self.compiler.value(form).alias(str(number)) for number, form in enumerate(forms.values())]
        if not values:
            return []
        before, after = frame.select(values), once.select(values)
        return [_first_flip(before[name], after[name]) for name in before.columns]

    def holds(self, moving: pl.DataFrame, before: pl.DataFrame) -> pl.Series:
        """For each row whether the criteria hold, and no relation that held before is broken."""
        found = evaluated(self.compiler, moving, [self.answer.fill_null(False)]).to_series()
        if self.kept:
            kept = [column.alias(f"守{number}") for number, column in enumerate(self.kept)]
            then, now = moving.select(ROW, *kept), before.select(ROW, *(one.name.suffix("前") for one in kept))
            both = then.join(now, on=ROW, how="left", maintain_order="left")
            broken = [(~pl.col(f"守{number}") & pl.col(f"守{number}前")).fill_null(False) for number in range(len(kept))]
            found = found & ~both.select(pl.any_horizontal(broken)).to_series()
        return found


def _first_flip(before: pl.Series, after: pl.Series) -> pl.Series:
    """``before + k·(after - before) >= 0`` for the least k at which it answers otherwise than for k = 0."""
    frame = pl.DataFrame({"b": before, "s": after - before})
    b, s = pl.col("b"), pl.col("s")
    return frame.select(
        pl.when((b < 0) & (s > 0)).then((s - b - 1) // pl.when(s > 0).then(s))
        .when((b >= 0) & (s < 0)).then(b // pl.when(s < 0).then(0 - s) + 1)
        .cast(pl.Int64, strict=False)
    ).to_series()  # fmt: skip


def _phrase(lever: Lever, before: Any, after: Any) -> str:
    """The change in words."""
    gap = ""
    if lever.by_steps:
        gap = f"{abs(after - before)}级" if lever.fact.unit_label == "level" else readable(lever.fact, abs(after - before))
    return lever.phrase.format(**{"gap": gap, "from": readable(lever.fact, before), "to": readable(lever.fact, after)})
