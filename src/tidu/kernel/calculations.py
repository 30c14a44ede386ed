"""Calculations: named outputs over own inputs, for engineers who embed the kernel and for the benchmark.

A ``calculation:`` document lists its inputs with units and its outputs in order; each output may use the inputs and
the outputs before it. Points are whole numbers, money is rounded to whole fen per output, an answer is yes or no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import polars as pl

from tidu.kernel.algebra import Polynomial
from tidu.kernel.compile_amounts import AmountCompiler
from tidu.kernel.compile_polars import Compiler
from tidu.kernel.criteria import Ground, read_criterion
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import Scope, parse_quantity
from tidu.kernel.facts import Catalogue, Fact, Kind, Store
from tidu.kernel.located import Listing, Section
from tidu.kernel.packs import Calculation, Origin
from tidu.kernel.quantities import MONEY, RATIO, RATIO_SCALE, UNITS, Unit, parse_literal, round_half_up
from tidu.kernel.rules import (
    Amount,
    Choose,
    Largest,
    Measure,
    Number,
    Rule,
    Share,
    Smallest,
    Sum,
    Times,
    keys_of,
)
from tidu.kernel.scoring import ELSE, NOTHING, read_points
from tidu.kernel.truth import amount, answer

CALCULATION_KEYS = {"calculation", "facts", "outputs", "note", "reference", "confidence"}
ANSWERS = ("that", "all", "any")
NUMBERS = ("fixed", "choose", "rate", "match", "sum", "max", "min")
HUNDREDTH = Polynomial.constant(Fraction(1, 100))
OUTPUT_KEYS = {"id", "title", "note", "when", "cap", "of", "points", *ANSWERS, *NUMBERS}


def read_calculation(path: str, section: Section, faults: list[TiduError]) -> Calculation:
    """A calculation document; faults carry file and line."""
    ground = Ground(path, Scope(Catalogue({}, {})), faults)
    ground.unknown_keys(section, CALCULATION_KEYS, "测算")
    known: dict[str, Fact] = {}
    for name, unit in (section.get("facts") or {}).items():
        symbol = str(unit or "")
        if symbol not in UNITS:
            ground.fault(
                "bad-literal", section.at("facts"), f"输入“{name}”的单位“{symbol}”无法识别。可用：{'、'.join(filter(None, UNITS))}。"
            )
        known[str(name)] = _input(str(name), UNITS.get(symbol, UNITS[""]))
    inputs = tuple(known)
    outputs: list[tuple[str, Amount | Rule]] = []
    for raw in section.get("outputs") or []:
        ground.scope = Scope(Catalogue(known, {}))
        ground.unknown_keys(raw, OUTPUT_KEYS, "测算输出")
        name = str(raw.get("id") or "")
        if not name or name in known:
            ground.fault("duplicate-id", raw.line, f"输出“{name}”缺少 id，或与已有的输入、输出同名。", id=name)
        node, fact = _output(name, raw, ground)
        outputs.append((name, node))
        known = {**known, name: fact}
    return Calculation(
        str(section["calculation"]), {name: (known[name].lowest, None) for name in inputs}, tuple(outputs), Origin(path, section.line)
    )


def _input(name: str, unit: Unit) -> Fact:
    return Fact(name, name, Kind.FIRM, Store.INTEGER, unit, lowest=0 if unit.dimension == MONEY else None)


def _output(name: str, raw: Section, ground: Ground) -> tuple[Amount | Rule, Fact]:
    """One output, and what later outputs read of it: money in fen, points, or an answer; no bound while it is unknown."""
    if any(key in raw for key in ANSWERS):
        return read_criterion(raw, ground, raw.line), Fact(name, name, Kind.FIRM, Store.BOOLEAN, UNITS[""])
    if "points" in raw:
        return read_points(raw, ground, {"id", "title", "note"}), Fact(name, name, Kind.FIRM, Store.INTEGER, UNITS[""])
    dimensions: set[str] = set()
    node = read_number(raw, ground, dimensions)
    return node, Fact(name, name, Kind.FIRM, Store.INTEGER, UNITS["元" if MONEY in dimensions else ""])


def read_number(raw: Any, ground: Ground, dimensions: set[str]) -> Amount:
    """A number of a calculation: a quantity in text, or one of ``NUMBERS`` with optional ``when`` and ``cap``."""
    if not isinstance(raw, Section):
        return _plain(str(raw), ground, dimensions, 0)
    forms = [key for key in NUMBERS if key in raw]
    if len(forms) != 1:
        ground.fault("bad-amount", raw.line, f"只能用一种写法（{'、'.join(NUMBERS)}），这里有：{'、'.join(forms) or '没有'}。")
        return NOTHING
    node = _READERS[forms[0]](raw, ground, dimensions)
    if "cap" in raw:
        node = Smallest((node, _plain(str(raw["cap"]), ground, dimensions, raw.at("cap"))))
    if "when" in raw:
        node = Choose(((read_criterion(raw["when"], ground, raw.at("when")), node),), NOTHING)
    return node


def _plain(text: str, ground: Ground, dimensions: set[str], line: int) -> Amount:
    try:
        quantity = parse_quantity(text, ground.scope)
    except TiduError as error:
        ground.fault(error.code, line, error.message, **error.data)
        return NOTHING
    dimensions.add(quantity.dimension)
    if quantity.numerator.is_constant:
        return Number(quantity.numerator.value / quantity.divisor.value)
    if not quantity.divisor.is_constant:
        ground.fault(
            "bad-amount", line, f"“{text}”除以了一个输入。金额只能除以固定的数；比例请写成 rate 或 match，比较请写成条件。", text=text
        )
        return NOTHING
    return Measure(quantity, dict.fromkeys(quantity.keys, (0, None)))


def _parts(raw: Section, key: str, ground: Ground, dimensions: set[str]) -> tuple[Amount, ...]:
    listed = raw[key]
    if not isinstance(listed, Listing) or not listed:
        ground.fault("bad-amount", raw.at(key), f"“{key}”下面应是一个不为空的列表。")
        return (NOTHING,)
    return tuple(read_number(part, ground, dimensions) for part in listed)


def _choice(raw: Section, ground: Ground, dimensions: set[str]) -> Amount:
    rows = raw["choose"]
    if (
        not isinstance(rows, Listing)
        or not rows
        or not all(isinstance(row, Listing) and len(row) == 2 for row in rows)
        or rows[-1][0] != ELSE
    ):
        ground.fault("table-hole", raw.at("choose"), "choose 应是 [[条件, 数值], …, [else, 数值]] 的列表，最后一行是 else。")
        return NOTHING
    cases = tuple((read_criterion(row[0], ground, row.line), read_number(row[1], ground, dimensions)) for row in rows[:-1])
    return Choose(cases, read_number(rows[-1][1], ground, dimensions))


def _rated(raw: Section, ground: Ground, dimensions: set[str]) -> Amount:
    try:
        value, unit = parse_literal(str(raw["rate"]))
    except TiduError as error:
        ground.fault(error.code, raw.at("rate"), error.message, **error.data)
        return NOTHING
    if unit.dimension != RATIO:
        ground.fault("unit-mismatch", raw.at("rate"), f"比例“{raw['rate']}”应写成百分数，例如 10%。")
    return Times(read_number(raw.get("of"), ground, dimensions), value / RATIO_SCALE)


def _matched(raw: Section, ground: Ground, dimensions: set[str]) -> Amount:
    """``match: 输入`` in percent, of a number."""
    unit: set[str] = set()
    percent = _plain(str(raw["match"]), ground, unit, raw.at("match"))
    if not isinstance(percent, Measure):
        ground.fault("bad-amount", raw.at("match"), f"match 应是一个以百分数计的输入，读到“{raw['match']}”。")
        return NOTHING
    # an input in % is a ratio already; a plain number counts per cent
    share = percent.quantity if RATIO in unit else replace(percent.quantity, numerator=percent.quantity.numerator * HUNDREDTH)
    return Share(read_number(raw.get("of"), ground, dimensions), share)


def _fixed(raw: Section, ground: Ground, dimensions: set[str]) -> Amount:
    return _plain(str(raw["fixed"]), ground, dimensions, raw.at("fixed"))


_READERS: dict[str, Callable[[Section, Ground, set[str]], Amount]] = {
    "fixed": _fixed,
    "choose": _choice,
    "rate": _rated,
    "match": _matched,
    "sum": lambda raw, ground, dimensions: Sum(_parts(raw, "sum", ground, dimensions)),
    "max": lambda raw, ground, dimensions: Largest(_parts(raw, "max", ground, dimensions)),
    "min": lambda raw, ground, dimensions: Smallest(_parts(raw, "min", ground, dimensions)),
}


def calculate(calculation: Calculation, inputs: Mapping[str, int | None]) -> dict[str, int | bool | None]:
    """All outputs for one row of stored inputs; an output with an unknown part is None."""
    known: dict[str, Any] = dict(inputs)
    for name, node in calculation.outputs:
        if _is_rule(node):
            known[name] = answer(node, known)
        else:
            value = amount(node, known)
            known[name] = None if value is None else round_half_up(value)
    return {name: known[name] for name, _ in calculation.outputs}


def _is_rule(node: Amount | Rule) -> bool:
    return not isinstance(node, Number | Measure | Choose | Sum | Largest | Smallest | Times | Share)


@dataclass(frozen=True)
class Promises:
    """What may be taken for granted of columns: which are ``complete`` (no nulls), and the ``ranges`` of their values.

    They save work and widths; a wrong promise gives wrong results, so take them from the data (``promises``).
    """

    complete: frozenset[str] = frozenset()
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)


NO_PROMISES = Promises()


def calculate_frame(calculation: Calculation, frame: pl.LazyFrame, given: Promises = NO_PROMISES) -> pl.LazyFrame:
    """All outputs as columns over a lazy frame of stored inputs (``Int64``); the same answers as ``calculate``.

    Inputs without a promised range must lie within ``LARGEST_STORED``.
    """
    complete, ranges = set(given.complete), dict(given.ranges)
    stored: dict[str, int] = {}
    for stage in _stages(calculation):
        positive = frozenset(name for name, (low, _) in ranges.items() if low > 0)
        narrow = frozenset(name for name, bits in stored.items() if bits < 64)
        rules = Compiler(complete=frozenset(complete), positive=positive, ranges=ranges, narrow=narrow)
        amounts = AmountCompiler(rules, dict(ranges), dict(stored))
        columns: list[pl.Expr] = []
        for name, node in stage:
            if _is_rule(node):
                columns.append(rules.answer(node).alias(name))
            else:
                found, ranges[name] = amounts.amount(node)  # type: ignore[arg-type]
                stored[name] = found.bits
                columns.append(found.of.alias(name))
        complete |= {name for name, node in stage if rules.whole(node)}
        frame = frame.with_columns(columns)
    return frame.select(pl.col(name).cast(pl.Int64) if stored.get(name, 64) < 64 else pl.col(name) for name, _ in calculation.outputs)


def _stages(calculation: Calculation) -> list[list[tuple[str, Amount | Rule]]]:
    """Outputs grouped so that each stage reads only inputs and earlier stages."""
    made: set[str] = set()
    pending = list(calculation.outputs)
    names = {name for name, _ in pending}
    stages: list[list[tuple[str, Amount | Rule]]] = []
    while pending:
        stage = [(name, node) for name, node in pending if not (keys_of(node) & names) - made]
        made |= {name for name, _ in stage}
        pending = [(name, node) for name, node in pending if name not in made]
        stages.append(stage)
    return stages


def promises(frame: pl.DataFrame | pl.LazyFrame, names: Iterable[str]) -> Promises:
    """The promises that the data keep; a lazy frame is read through once, streamed."""
    columns = list(names)
    bounds = [bound for name in columns for bound in (pl.col(name).min().alias(f"{name}↓"), pl.col(name).max().alias(f"{name}↑"))]
    counts = [pl.col(name).null_count().alias(f"{name}?") for name in columns]
    found = frame.lazy().select(*bounds, *counts).collect(engine="streaming").row(0, named=True)
    complete = frozenset(name for name in columns if found[f"{name}?"] == 0)
    return Promises(complete, {name: (found[f"{name}↓"] or 0, found[f"{name}↑"] or 0) for name in columns})
