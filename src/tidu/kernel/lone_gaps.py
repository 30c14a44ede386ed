"""Products in which one input alone is missing: what its domain decides, worked out only for the rows concerned.

Few rows miss an input of a growth rate, and the question whether its parabola can change sign is much dearer than the
product itself, so that it is not asked of every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from tidu.kernel.compile_polars import Compiler
from tidu.kernel.rules import Compare


def with_lone_gaps(whole: pl.DataFrame, compiler: Compiler) -> pl.DataFrame:
    """``whole`` with the leaves that the compiler put off completed in the rows where one of their inputs is missing."""
    columns: dict[str, pl.Series] = {}
    for keys, leaves in _by_keys(compiler.late):
        for key, rows in _alone(whole, keys, compiler):
            divided = {name for leaf in leaves.values() for divisor in leaf.divisors for name in divisor.keys}
            inputs = whole.select(sorted({*keys, *divided}))[rows]
            asked = inputs.select(compiler.alone(leaf, key).alias(name) for name, leaf in leaves.items())
            for name in leaves:
                columns[name] = columns.get(name, whole[name]).scatter(rows, asked[name])
    return whole.with_columns(columns.values())


def _by_keys(late: Mapping[str, Compare]) -> Iterable[tuple[tuple[str, ...], dict[str, Compare]]]:
    """Leaves over the same inputs, those of their divisors aside."""
    found: dict[tuple[str, ...], dict[str, Compare]] = {}
    for name, leaf in late.items():
        found.setdefault(leaf.form.keys, {})[name] = leaf
    return found.items()


def _alone(whole: pl.DataFrame, keys: Sequence[str], compiler: Compiler) -> Iterator[tuple[str, pl.Series]]:
    """Each input with the rows in which it is missing and no other is."""
    missing = [key for key in keys if key not in compiler.complete]
    counts = whole.select(pl.sum_horizontal(pl.col(key).is_null() for key in missing)).to_series()
    for key in missing:
        rows = (whole[key].is_null() & (counts == 1)).arg_true()
        if len(rows):
            yield key, rows
