"""What the standards in force say of all firms, as distinct outcomes: the bulk engine's rows folded into patterns.

Nothing here judges a firm except whether a standard speaks of it at all (``OUT``): a firm that is struck off, was closed
or moved away is no firm of the district any more; and a standard says itself whom it addresses, by the criteria that ask
for the kind of body or the industry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import polars as pl

from tidu.apps.assessments.domain.titles import held_for, titles_held
from tidu.apps.assessments.enums import Verdict
from tidu.apps.calculator.domain.shortfalls import criteria_of
from tidu.kernel.bulk import BulkEngine, BulkResult
from tidu.kernel.compile_polars import Compiler
from tidu.kernel.criteria import INDUSTRY_CLASS, NOT_COVERED
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.frames import ENTITY_TYPE
from tidu.kernel.interpret import passing_mark
from tidu.kernel.packs import Standard
from tidu.kernel.population import Population
from tidu.kernel.rules import OneOf, Rule

STATUS, IN_BUSINESS = "登记状态", "存续"
ADDRESSED = frozenset({ENTITY_TYPE, INDUSTRY_CLASS})
"""Inputs that say what a firm is. A criterion of nothing but such a word says whom the standard addresses."""
PARTS = ("verdict", "value", "low", "high", "failing", "missing", "manual", "held")
BETWEEN = "\x1f"


@dataclass(frozen=True)
class Assessed:
    """One standard over the population: its distinct outcomes, and which of them each firm has (an index, in order)."""

    standard: Standard
    patterns: list[dict[str, Any]]
    picked: pl.Series
    failing: pl.Series
    """Bits of the criteria not met, in the order of ``criteria_of``."""

    @property
    def verdicts(self) -> pl.Series:
        """The verdict of every firm."""
        return pl.Series("verdict", [one["verdict"] for one in self.patterns], pl.String)[self.picked]


@lru_cache(maxsize=1024)
def criteria(standard: Standard) -> tuple[Rule, ...]:
    """The criteria of a standard; none where it only sorts into classes."""
    return () if standard.classes else tuple(criteria_of(standard.requires))


def addresses(rule: Rule) -> bool:
    """Whether a criterion says whom the standard addresses."""
    return isinstance(rule, OneOf) and rule.key in ADDRESSED


def assessed(
    engine: BulkEngine, inputs: pl.DataFrame, population: Population, progress: Callable[[int, int], None] | None = None
) -> Iterator[Assessed]:
    """Every standard over the population. ``inputs`` is the engine's frame; ``progress`` counts standards."""
    gone = population.firms.select(pl.when(pl.col(STATUS) != IN_BUSINESS).then(STATUS).fill_null("").alias("gone"))["gone"]
    titles = titles_held(population.events, engine.moment.facts_as_of)
    found = engine.assess(inputs, population, progress)
    failing = _failing(engine.standards, inputs)
    for place in range(len(found)):
        one = found[place]
        bits = failing[str(place)]
        rows = _rows(one, bits, gone).with_columns(held_for(one.standard.name, inputs[FIRM_CODE], titles).alias("held"))
        open_ways = pl.col("verdict").is_in([Verdict.MET, Verdict.MANUAL])
        rows = rows.with_columns(pl.when(open_ways).then("held").otherwise(pl.lit("")).alias("held"))
        patterns = rows.unique(maintain_order=True).with_row_index("pattern")
        picked = rows.join(patterns, on=PARTS, how="left", nulls_equal=True, maintain_order="left")["pattern"]
        yield Assessed(one.standard, [_pattern(one.standard, row) for row in patterns.iter_rows(named=True)], picked, bits)


def _failing(standards: Sequence[Standard], inputs: pl.DataFrame) -> pl.DataFrame:
    """For each standard (by its place) the criteria that surely fail, as bits."""
    compiler = Compiler(share=True)
    masks: dict[str, pl.Expr] = {}
    for place, standard in enumerate(standards):
        bits = [(~compiler.answer(rule)).fill_null(False).cast(pl.Int64) * (1 << bit) for bit, rule in enumerate(criteria(standard))]
        masks[str(place)] = reduce(lambda left, right: left + right, bits) if bits else pl.lit(0, pl.Int64)
    leaves = [expression.alias(name) for name, expression in compiler.leaves.values()]
    items = [expr for low, low_expr, high, high_expr in compiler.items.values() for expr in (low_expr.alias(low), high_expr.alias(high))]
    columns = [mask.alias(name) for name, mask in masks.items()]
    return inputs.lazy().with_columns(leaves).with_columns(items).with_columns(columns).select(list(masks)).collect()


def _rows(found: BulkResult, bits: pl.Series, gone: pl.Series) -> pl.DataFrame:
    """The parts of an outcome for every firm, the title apart; lists as one text, criteria as bits."""
    standard = found.standard
    addressed = sum(1 << bit for bit, rule in enumerate(criteria(standard)) if addresses(rule))
    frame = found.rows.select(
        "verdict", pl.col("value").fill_null(""), "low", "high", pl.col("missing").list.join(BETWEEN), pl.col("manual").list.join(BETWEEN)
    ).with_columns(bits.alias("failing"), gone.alias("gone"))
    beside = ((pl.col("failing") & addressed) != 0) if addressed else pl.lit(False)
    left, strange = pl.col("gone") != "", pl.col("value") == NOT_COVERED
    out = left | beside | strange
    why = pl.when(left).then("gone").when(beside).then(pl.lit("不在适用范围")).otherwise("value")
    return frame.select(
        pl.when(out).then(pl.lit(str(Verdict.OUT))).otherwise("verdict").alias("verdict"),
        why.alias("value"),
        pl.when(~out).then("low").alias("low"),
        pl.when(~out).then("high").alias("high"),
        pl.when(left | strange).then(0).when(beside).then(pl.col("failing") & addressed).otherwise("failing").alias("failing"),
        pl.when(out).then(pl.lit("")).otherwise("missing").alias("missing"),
        pl.when(out).then(pl.lit("")).otherwise("manual").alias("manual"),
    )


def _pattern(standard: Standard, row: dict[str, Any]) -> dict[str, Any]:
    """An outcome as plain values, named as the fields of ``Outcome``."""
    missing = row["missing"].split(BETWEEN) if row["missing"] else []
    manual = row["manual"].split(BETWEEN) if row["manual"] else []
    rules = [rule for bit, rule in enumerate(criteria(standard)) if row["failing"] >> bit & 1]
    verdict = row["verdict"]
    alone = verdict == Verdict.UNKNOWN and len(missing) == 1 and not manual
    return {
        "standard": standard.name,
        "version": standard.version,
        "verdict": verdict,
        "value": row["value"],
        "low": row["low"],
        "high": row["high"],
        "passing": passing_mark(standard) if standard.scores else None,
        "failing": [[rule.label.id, rule.label.text] for rule in rules],
        "missing": missing,
        "manual": manual,
        "lone_fact": missing[0] if alone else "",
        "held": row["held"],
    }
