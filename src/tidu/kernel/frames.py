"""A population as one flat frame of inputs, a column for every input that rules read: the ground of the bulk engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import polars as pl

from tidu.kernel.compile_polars import Compiler
from tidu.kernel.decisive import outlook
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import ASSESSMENT_DAY, ASSESSMENT_YEAR, split_key
from tidu.kernel.facts import FIRM_CODE, YEAR, Kind, Store
from tidu.kernel.inputs import EVENT_PREFIX, MANUAL_PREFIX, REGISTRATION_CLASSES, Moment, first_day, years_before
from tidu.kernel.intellectual_property import CLASS_ONE, COUNTS, MAINTAINED, REGISTER, SOFTWARE
from tidu.kernel.packs import EventTest, PackSet
from tidu.kernel.population import Population
from tidu.kernel.rules import Rule, keys_of

ENTITY_TYPE = "市场主体类型"
SHARED_ALREADY = pl.QueryOptFlags(comm_subexpr_elim=False, comm_subplan_elim=False)
"""What several columns or rules share is a column of its own already; looking for more of it costs more than it finds."""


def inputs_frame(
    population: Population, packs: PackSet, moment: Moment, keys: Iterable[str], tests: Mapping[str, EventTest]
) -> pl.DataFrame:
    """One row per firm in the order of the population, the firm's code first, then a column for each of ``keys``.

    Dates are day numbers, a null is unknown; the assessment year and day are constant columns.
    """
    wanted = sorted(set(keys))
    codes = population.firms.lazy().select(FIRM_CODE)
    parts = [population.firms.lazy().select(FIRM_CODE, *_firm_columns(wanted, packs))]
    parts += [
        _beside(codes, part) for part in (*_year_parts(wanted, population, packs, moment), *_event_parts(wanted, tests, population, moment))
    ]
    collected = pl.collect_all(parts, optimizations=SHARED_ALREADY)
    frame = pl.concat([collected[0], *(part.drop(FIRM_CODE) for part in collected[1:])], how="horizontal").lazy()
    counts = [key for key in wanted if key in COUNTS]
    if counts and population.events[REGISTER].height:
        frame = _with_counts(frame, population.events[REGISTER], counts, moment.facts_as_of)
    answers = [key for key in wanted if key.startswith(EVENT_PREFIX)]
    frame = frame.with_columns(pl.when(pl.col(f"{key}?").is_null()).then(False).otherwise(pl.col(key)).alias(key) for key in answers)
    frame = frame.with_columns(column for column in constants(moment) if column.meta.output_name() in wanted)
    frame = frame.with_columns(pl.lit(None, pl.Boolean).alias(key) for key in wanted if key.startswith(MANUAL_PREFIX))
    return without_floats(frame.select(FIRM_CODE, *wanted).collect(optimizations=SHARED_ALREADY))


def _beside(codes: pl.LazyFrame, part: pl.LazyFrame) -> pl.LazyFrame:
    """The columns of ``part``, which has a row for some firms, in the order of ``codes``."""
    return codes.join(part, on=FIRM_CODE, how="left", maintain_order="left")


def _year_parts(wanted: list[str], population: Population, packs: PackSet, moment: Moment) -> Iterator[pl.LazyFrame]:
    """For each distance from the assessment year the facts that are read of that year."""
    names: dict[int, list[str]] = {}
    for key in wanted:
        if _is_yearly(key, packs):
            name, shift = split_key(key)
            names.setdefault(shift, []).append(name)
    for shift, listed in sorted(names.items()):
        year = population.years.lazy().filter(pl.col(YEAR) == moment.year - shift)
        yield year.select(FIRM_CODE, *(pl.col(name).alias(f"{name}@{shift}" if shift else name) for name in listed))


def _event_parts(wanted: list[str], tests: Mapping[str, EventTest], population: Population, moment: Moment) -> Iterator[pl.LazyFrame]:
    """For each type of event the answers of all questions about it."""
    asked: dict[str, list[EventTest]] = {}
    for key in wanted:
        if key.startswith(EVENT_PREFIX):
            asked.setdefault(tests[key].event, []).append(tests[key])
    for event, listed in asked.items():
        yield _event_columns(population.events[event], listed, moment)


def without_floats(inputs: pl.DataFrame) -> pl.DataFrame:
    """The frame itself; raises ``float-column`` for a column of floats, in which NaN would pass every lower bound."""
    for name, kind in inputs.schema.items():
        if kind.is_float():
            sentence = f"输入表的“{name}”是浮点数列，不能用于判定。请先按目录的单位换成整数（金额为分，百分数为百万分之一），未知请留空。"
            raise TiduError("float-column", sentence, name=name)
    return inputs


def constants(moment: Moment) -> list[pl.Expr]:
    """The assessment year and day as columns."""
    values = {ASSESSMENT_YEAR: moment.year, ASSESSMENT_DAY: moment.facts_as_of.toordinal()}
    return [pl.lit(value, pl.Int64).alias(name) for name, value in values.items()]


def _is_yearly(key: str, packs: PackSet) -> bool:
    fact = packs.scope.catalogue.facts.get(split_key(key)[0])
    return fact is not None and fact.kind is Kind.YEAR


def _firm_columns(wanted: list[str], packs: PackSet) -> list[pl.Expr]:
    columns: list[pl.Expr] = []
    for key in wanted:
        fact = packs.scope.catalogue.facts.get(key)
        if key in packs.mappings:
            source, prefixes = packs.mappings[key]
            columns.append(_class_column(pl.col(source), prefixes).alias(key))
        elif key == ENTITY_TYPE:
            registered = pl.col(FIRM_CODE).str.slice(0, 2).replace_strict(REGISTRATION_CLASSES, default=None, return_dtype=pl.String)
            columns.append(pl.coalesce(pl.col(key), registered).alias(key))
        elif fact is not None and fact.kind is Kind.FIRM:
            column = pl.col(key)
            if fact.store is Store.DATE:
                column = day_number(column)
            elif key in COUNTS and COUNTS[key].fallback:
                column = pl.coalesce(column, pl.col(COUNTS[key].fallback))
            columns.append(column.alias(key))
    return columns


def day_number(column: pl.Expr) -> pl.Expr:
    """A date as its proleptic day number, the same as ``date.toordinal``."""
    return column.cast(pl.Date).to_physical().cast(pl.Int64) + date(1970, 1, 1).toordinal()


def _class_column(code: pl.Expr, prefixes: Mapping[str, str]) -> pl.Expr:
    """The class by longest matching prefix, as ``inputs.derived_class`` finds it."""
    lettered = code.str.contains(r"^[A-Za-z].")
    code = pl.when(lettered).then(code.str.slice(1)).otherwise(code)
    longest = max((len(prefix) for prefix in prefixes), default=0)
    found = [
        code.str.slice(0, length).replace_strict(
            {prefix: value for prefix, value in prefixes.items() if len(prefix) == length}, default=None, return_dtype=pl.String
        )
        for length in range(longest, 0, -1)
        if any(len(prefix) == length for prefix in prefixes)
    ]
    return pl.coalesce(*found)


def _event_columns(events: pl.DataFrame, tests: list[EventTest], moment: Moment) -> pl.LazyFrame:
    """Per firm with events of one type: the answer of each test, and a marker column ``key?`` that the firm has rows."""
    wheres = {test.key: _where_answers(test.where, events, moment).alias(f"{test.key}!") for test in tests if test.where is not None}
    frame = events.with_columns(*wheres.values()).lazy()
    return frame.group_by(FIRM_CODE).agg(column for test in tests for column in _answer_columns(test, moment))


def _answer_columns(test: EventTest, moment: Moment) -> tuple[pl.Expr, pl.Expr]:
    today = pl.lit(moment.facts_as_of)
    passed = pl.lit(True)
    if test.where is not None:
        passed = passed & pl.col(f"{test.key}!")
    if test.within is not None:
        passed = passed & (pl.col(test.date_field) >= pl.lit(first_day(test.within, moment)))
    if test.valid:
        passed = passed & (pl.col("有效期至") >= today).fill_null(True)
    if test.date_field:
        passed = passed & (pl.col(test.date_field) <= today).fill_null(True)
    sure, possible = passed.fill_null(False).sum(), passed.fill_null(True).sum()
    decided = pl.when(sure >= test.at_least).then(True).when(possible < test.at_least).then(False)
    return decided.alias(test.key), pl.lit(True).first().alias(f"{test.key}?")


def _where_answers(where: Rule, events: pl.DataFrame, moment: Moment) -> pl.Series:
    """The column ``_where``: event by event what ``inputs.event_counts`` says of the conditions on its fields."""
    # conditions read day numbers as the interpreter does; the test's own dates stay legal days
    dates = [name for name, kind in events.schema.items() if kind == pl.Date]
    numbered = events.with_columns(day_number(pl.col(name)).alias(name) for name in dates).with_columns(constants(moment))
    table = numbered.with_columns(Compiler().answer(where).alias("_where"))
    if not table["_where"].null_count():
        return table["_where"]
    keys = sorted(keys_of(where))
    undecided = table.filter(pl.col("_where").is_null()).select(keys).unique(maintain_order=True)
    exact = pl.Series("_exact", [outlook(where, row).answer for row in undecided.iter_rows(named=True)], pl.Boolean)
    joined = table.join(undecided.with_columns(exact), on=keys, how="left", nulls_equal=True, maintain_order="left")
    return joined.select(pl.coalesce("_where", "_exact").alias("_where"))["_where"]


def _with_counts(frame: pl.LazyFrame, register: pl.DataFrame, counts: list[str], today: date) -> pl.LazyFrame:
    """Typed counts replaced by those derived from the register, for firms that have rows in it."""
    flags = _register_flags(today)
    grouped = (
        register.lazy()
        .group_by(FIRM_CODE)
        .agg(
            pl.when(flags[name].is_null().any()).then(None).otherwise(flags[name].sum()).cast(pl.Int64).alias(f"{name}#") for name in counts
        )
    )
    joined = frame.join(grouped.with_columns(pl.lit(True).alias("#")), on=FIRM_CODE, how="left", maintain_order="left")
    return joined.with_columns(
        pl.when(pl.col("#").is_not_null()).then(pl.col(f"{name}#")).otherwise(pl.col(name)).alias(name) for name in counts
    ).drop("#", *(f"{name}#" for name in counts))


def _register_flags(today: date) -> dict[str, pl.Expr]:
    """Row by row what ``intellectual_property`` says of one row."""
    kind, taken, granted = pl.col("类型"), pl.col("取得方式"), pl.col("授权日期")
    settled = pl.when(taken == "自主").then(True).when(taken == "受让").then(pl.col("受让日期") <= pl.lit(years_before(today, 1)))
    usable = pl.col("有效") & pl.col("与主导产品相关") & settled & (granted <= pl.lit(today)).fill_null(True)
    first = kind.is_in(sorted(CLASS_ONE)) & usable
    kept = pl.when(kind.is_in(sorted(MAINTAINED))).then(granted < pl.lit(years_before(today, 2))).otherwise(kind == SOFTWARE)
    valued = pl.col("高价值依据").is_not_null() & (pl.col("高价值依据") != "")
    return {
        "Ⅰ类高价值知识产权数": first & valued,
        "自主研发Ⅰ类知识产权数": first & (taken == "自主"),
        "Ⅰ类知识产权数": first,
        "Ⅱ类知识产权数": kept & usable,
        "Ⅱ类知识产权数（科技型口径）": (kind.is_in(sorted(MAINTAINED)) | (kind == SOFTWARE)) & usable,
    }
