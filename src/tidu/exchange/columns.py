"""Whole columns at once: plain cells by vectorised expressions, every other cell by ``cells.read_cell``.

The fast path only takes cells whose reading is beyond doubt and leaves the rest null; it must never
differ from ``read_cell`` where it answers (a property test holds the two together).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tidu.exchange.cells import CellError, is_placeholder, read_cell, shown
from tidu.exchange.titles import Form, Meaning
from tidu.kernel.facts import EVENT_TYPE, Fact, Store
from tidu.kernel.population import Value, column_type
from tidu.kernel.quantities import LARGEST_STORED, MONEY, RATIO, UNITS, decimal_text, from_stored

CODE_PATTERN = r"^[0-9A-HJ-NPQRTUWXY]{18}$"
_FAST_DIGITS = 10**14


@dataclass
class Converted:
    """A column in its stored encoding (null: unknown or refused), what was refused and what was passed over, by position."""

    values: pl.Series
    refused: list[tuple[int, object, CellError]] = field(default_factory=list)
    not_numbers: list[int] = field(default_factory=list)
    placeholders: list[int] = field(default_factory=list)


def convert(cells: pl.Series | list[object], meaning: Meaning) -> Converted:
    """Raw cells of one column as stored values."""
    dtype = pl.Date if meaning.form is Form.MONTH else pl.String if meaning.form is Form.CODE else column_type(meaning.fact)
    if isinstance(cells, pl.Series):
        fast = _fast(cells, meaning)
        values = pl.Series("", [None] * len(cells), dtype=dtype) if fast is None else fast.cast(dtype)
        rest = (cells.is_not_null() & values.is_null()).arg_true().to_list()
        raw: Any = cells if len(rest) * 20 < len(cells) else cells.to_list()
    else:
        values = pl.Series("", [None] * len(cells), dtype=dtype)
        rest = [index for index, cell in enumerate(cells) if cell is not None]
        raw = cells
    converted = Converted(values)
    if rest:
        _convert_rest(raw, rest, meaning, converted, dtype)
    _check_domain(raw if rest else cells, meaning, converted)
    return converted


def _convert_rest(raw: Any, rest: list[int], meaning: Meaning, converted: Converted, dtype: Any) -> None:
    known: dict[tuple[type, object], Value | CellError] = {}
    found: list[tuple[int, Value]] = []
    for index in rest:
        cell = raw[index]
        key = (type(cell), cell)
        if key not in known:
            try:
                known[key] = read_cell(cell, meaning)
            except CellError as error:
                known[key] = error
        answer = known[key]
        if isinstance(answer, CellError):
            converted.refused.append((index, cell, answer))
        elif answer is not None:
            found.append((index, answer))
        elif isinstance(cell, float):
            # Of the floats only NaN is read as nothing.
            converted.not_numbers.append(index)
        elif is_placeholder(cell):
            converted.placeholders.append(index)
    if found:
        values = converted.values.to_list()
        for index, answer in found:
            values[index] = answer
        converted.values = pl.Series("", values, dtype=dtype)


def _fast(cells: pl.Series, meaning: Meaning) -> pl.Series | None:
    if meaning.form is Form.CODE:
        return _fast_codes(cells)
    if meaning.form is Form.MONTH:
        return cells.dt.truncate("1mo") if cells.dtype == pl.Date and _all_modern(cells) else _fast_months(cells)
    store = meaning.fact.store
    if store is Store.INTEGER:
        return _fast_integers(cells, meaning)
    if store is Store.BOOLEAN:
        return _fast_booleans(cells)
    if store is Store.DATE:
        return _fast_dates(cells)
    return _fast_texts(cells, meaning)


def _only(condition: pl.Expr, value: pl.Expr, **columns: pl.Series) -> pl.Series:
    """``value`` where ``condition`` holds, else null."""
    return pl.DataFrame(columns).select(pl.when(condition).then(value).alias("out"))["out"]


def _fast_codes(cells: pl.Series) -> pl.Series | None:
    if cells.dtype != pl.String:
        return None
    code = pl.col("cell").str.strip_chars()
    return _only(code.str.contains(CODE_PATTERN), code, cell=cells)


def _all_modern(cells: pl.Series) -> bool:
    lowest, highest = cells.dt.year().min(), cells.dt.year().max()
    return lowest is None or bool(lowest > 1900 and highest <= 2100)  # type: ignore[operator]


def _fast_months(cells: pl.Series) -> pl.Series | None:
    if cells.dtype != pl.String:
        return None
    text = pl.col("cell").str.strip_chars()
    day = (text + "-01").str.to_date("%Y-%m-%d", strict=False)
    return _only(text.str.contains(r"^(19[0-9]{2}|20[0-9]{2})-[0-9]{2}$") & (day.dt.year() > 1900), day, cell=cells)


def _fast_dates(cells: pl.Series) -> pl.Series | None:
    if cells.dtype == pl.Date:
        return cells if _all_modern(cells) else None
    if cells.dtype != pl.String:
        return None
    text = pl.col("cell").str.strip_chars()
    day = text.str.to_date("%Y-%m-%d", strict=False)
    return _only(text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$") & day.dt.year().is_between(1901, 2100), day, cell=cells)


def _fast_booleans(cells: pl.Series) -> pl.Series | None:
    if cells.dtype == pl.Boolean:
        return cells
    if cells.dtype.is_numeric():
        return _only((pl.col("cell") == 0) | (pl.col("cell") == 1), pl.col("cell") == 1, cell=cells)
    if cells.dtype != pl.String:
        return None
    word = pl.col("cell").str.strip_chars()
    return _only(word.is_in(["是", "否"]), word == "是", cell=cells)


def _fast_texts(cells: pl.Series, meaning: Meaning) -> pl.Series | None:
    fact = meaning.fact
    if cells.dtype != pl.String:
        return None
    text = pl.col("cell").str.strip_chars()
    if fact.values or fact.name == EVENT_TYPE:
        return _only(text.is_in(list(fact.values)), text, cell=cells)
    if fact.identifier == "industry_code":
        return _only(text.str.contains(r"^([A-T]|[0-9]{2,4})$"), text, cell=cells)
    if meaning.canonical:
        return _only(text.str.contains(r"^\p{Han}+$"), text, cell=cells)
    # Anything with a letter or a digit in front is no placeholder and no error value.
    plain = text.str.contains(r"^[\p{L}\p{N}]")
    return _only(plain & ~text.str.contains(r"[\x00-\x1F\x7F\x{200B}\x{FEFF}]"), text, cell=cells)


def _fast_integers(cells: pl.Series, meaning: Meaning) -> pl.Series | None:
    scale = meaning.unit.scale
    unsure = meaning.unit.dimension == RATIO and not meaning.explicit
    number = pl.col("cell")
    if cells.dtype == pl.Int64:
        return _only(number.abs() <= LARGEST_STORED // scale, number * scale, cell=cells)
    if cells.dtype == pl.Float64:
        return _exact_floats(cells, scale, unsure=unsure)
    if cells.dtype == pl.Decimal:
        return _fast_integers(cells.cast(pl.String), meaning)
    if cells.dtype != pl.String:
        return None
    text = number.str.strip_chars()
    # At most 15 digits: such a text and the float nearest to it determine each other.
    sure = text.str.contains(r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$")
    return _exact_floats(_only(sure, text.cast(pl.Float64, strict=False), cell=cells), scale, unsure=unsure)


def _exact_floats(cells: pl.Series, scale: int, *, unsure: bool) -> pl.Series:
    """Floats that are the image of a decimal with at most 14 digits and no more places than the scale has, as that decimal.

    A decimal of up to 15 digits is the only one of that length with its float image, so comparing the
    quotient with the cell is an exact test although it runs in floats; all other cells are left null.
    """
    number = pl.col("cell")
    scaled = (number * scale).round()
    sure = (scaled.abs() < _FAST_DIGITS) & (scaled / scale == number)
    if unsure:
        sure &= ~((number != 0) & (number.abs() < 1))
    return _only(sure, pl.when(sure).then(scaled).cast(pl.Int64), cell=cells)


def _check_domain(raw: Any, meaning: Meaning, converted: Converted) -> None:
    """Values outside the catalogue's domain are refused: they could decide nothing."""
    fact, values = meaning.fact, converted.values
    if fact.store is not Store.INTEGER or meaning.form is not Form.VALUE:
        return
    outside = pl.Series([False]).new_from_index(0, len(values))
    if fact.lowest is not None:
        outside |= (values < fact.lowest).fill_null(value=False)
    if fact.highest is not None:
        outside |= (values > fact.highest).fill_null(value=False)
    if not outside.any():
        return
    for index in outside.arg_true().to_list():
        cell = raw[index]
        converted.refused.append((index, cell, _domain_error(cell, fact)))
    converted.values = pl.select(pl.when(~outside).then(values)).to_series()


def _domain_error(cell: object, fact: Fact) -> CellError:
    unit = fact.unit if fact.unit.dimension in {MONEY, RATIO} else UNITS[""]
    low, high = (None if bound is None else decimal_text(from_stored(bound, unit)) for bound in (fact.lowest, fact.highest))
    symbol = fact.unit.symbol
    if high is None:
        allowed = f"不小于 {low}{symbol}" if low != "0" else "不为负数"
    elif low is None:
        allowed = f"不大于 {high}{symbol}"
    else:
        allowed = f"在 {low} 至 {high}{symbol} 之间"
    return CellError(
        "out-of-domain", f"“{shown(cell)}”超出“{fact.name}”的取值范围（应{allowed}）。", "请核对数值、正负号和单位；未知请留空。"
    )
