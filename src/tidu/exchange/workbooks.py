"""Writing firms: the empty template, a population as the same workbook, a population as Parquet.

What is written here is read back by ``read_population`` as the same population.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from tidu.exchange.layout import REQUIRED, LayoutColumn, SheetLayout, explanation, layouts, row_height, written
from tidu.exchange.sheets import EVENTS, FIRMS, MONTHS, YEARS, column_letter
from tidu.exchange.titles import MILLIONTHS, MONTH_FACT
from tidu.exchange.whole_files import write_whole, write_whole_folder
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import EVENT_TYPE, FIRM_CODE, Catalogue, Fact, Kind, Store, catalogue
from tidu.kernel.population import Population
from tidu.kernel.quantities import LARGEST_STORED, MONEY, RATIO, UNITS, from_stored

LAST_ROW = 1_048_575
_MANY_CELLS = 3_000_000
_TEXT_FORMAT = 49
"""Excel's number for the format “text”, in which typed digits stay a text."""
_FONT = {"font_name": "等线", "font_size": 11, "valign": "vcenter"}
Book = Any
Page = Any


def write_template(path: Path) -> Path:
    """The empty workbook: titles with units, choice lists, comments, and a sheet that explains every column."""
    return write_whole(path, lambda draft: _write_book(draft, None, catalogue()))


def population_to_workbook(population: Population, path: Path) -> Path:
    """A population as a workbook of the template's shape; raises ``too-many-rows`` beyond what a sheet can hold."""
    return write_whole(path, lambda draft: _write_book(draft, population, catalogue()))


def population_to_parquet(population: Population, folder: Path) -> Path:
    """A population as a folder of Parquet files, money in fen and ratios in millionths as their titles say."""
    facts = catalogue()

    def write(draft: Path) -> None:
        for layout in layouts(facts):
            frame = sheet_frame(population, layout, facts)
            frame.rename({column.name: _stored_title(column.fact) for column in layout.columns}).write_parquet(
                draft / f"{layout.name}.parquet"
            )

    return write_whole_folder(folder, write, names=frozenset(f"{name}.parquet" for name in (FIRMS, YEARS, MONTHS, EVENTS)))


def _stored_title(fact: Fact) -> str:
    unit = {MONEY: "分钱", RATIO: MILLIONTHS}.get(fact.unit.dimension) if fact.store is Store.INTEGER else None
    return f"{fact.name}（{unit}）" if unit else fact.name


def sheet_frame(population: Population, layout: SheetLayout, facts: Catalogue) -> pl.DataFrame:
    """The rows of one sheet in stored encodings; events of all types stand below each other."""
    names = [column.name for column in layout.columns]
    if layout.name != EVENTS:
        return {FIRMS: population.firms, YEARS: population.years, MONTHS: population.months}[layout.name].select(names)
    parts = [population.events[name].with_columns(pl.lit(name).alias(EVENT_TYPE)) for name in facts.events]
    return pl.concat(parts, how="diagonal").select(names)


def _write_book(draft: Path, population: Population | None, facts: Catalogue) -> None:
    sheets = layouts(facts)
    frames = {} if population is None else {layout.name: sheet_frame(population, layout, facts) for layout in sheets}
    for name, frame in frames.items():
        if frame.height > LAST_ROW:
            raise TiduError(
                "too-many-rows", f"“{name}”有 {frame.height} 行，超出 Excel 工作表的行数上限。请改用 Parquet 文件夹。", sheet=name
            )
    cells = sum(frame.height * frame.width for frame in frames.values())
    try:
        # Beyond some millions of cells rows go to disk as they are written instead of being held.
        with xlsxwriter.Workbook(str(draft), {"constant_memory": cells > _MANY_CELLS, "strings_to_formulas": False}) as book:
            book.set_properties({"title": "企业数据", "comments": "列标题中的括号为单位；填写要求见“填写说明”。"})
            pages = [(layout, book.add_worksheet(layout.name)) for layout in sheets]
            help_page, choice_page = book.add_worksheet("填写说明"), book.add_worksheet("选项")
            choices = _write_choices(book, choice_page, sheets)
            for layout, page in pages:
                _write_sheet(book, page, layout, frames.get(layout.name), choices)
            _write_help(book, help_page, sheets)
    except XlsxWriterException as error:
        raise OSError(str(error)) from error


def _write_sheet(book: Book, page: Page, layout: SheetLayout, frame: pl.DataFrame | None, choices: dict[str, str]) -> None:
    heads = {required: _header_format(book, required=required) for required in (True, False)}
    page.set_row(0, 34)
    page.freeze_panes(1, 2)
    _prepare_print(page, header=0)
    page.autofilter(0, 0, max(frame.height if frame is not None else 0, 1), len(layout.columns) - 1)
    formats = [_cell_format(book, column) for column in layout.columns]
    for index, column in enumerate(layout.columns):
        page.set_column(index, index, column.width, formats[index])
        page.write_string(0, index, column.title, heads[column.name in REQUIRED])
        page.write_comment(0, index, _comment(column), {"x_scale": 2.2, "y_scale": 1.6})
        rule = _validation(column, index, choices)
        if rule:
            page.data_validation(1, index, LAST_ROW, index, rule)
    if frame is not None:
        _write_rows(page, layout, frame, formats)


def _prepare_print(page: Page, *, header: int) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(header)


def _header_format(book: Book, *, required: bool) -> Any:
    colour = {"bg_color": "#1F4E79", "font_color": "#FFFFFF"} if required else {"bg_color": "#DDEBF7", "font_color": "#1F2D3D"}
    return book.add_format({**_FONT, "bold": True, "text_wrap": True, "align": "center", "border": 1, "border_color": "#9DB2C7", **colour})


def _cell_format(book: Book, column: LayoutColumn) -> Any:
    fact = column.fact
    if fact.store is Store.DATE:
        style: dict[str, Any] = {"num_format": "yyyy-mm" if _is_month(fact) else "yyyy-mm-dd", "align": "center"}
    elif fact.store is Store.TEXT:
        style = {"num_format": _TEXT_FORMAT}
    elif fact.store is Store.BOOLEAN or fact.unit.symbol == "级":
        style = {"align": "center"}
    elif fact.unit.dimension == MONEY:
        style = {"num_format": "#,##0.00####"}
    else:
        # A ratio column stays General: only there does typing 3% become a cell with a percent format.
        style = {}
    return book.add_format({**_FONT, **style})


def _is_month(fact: Fact) -> bool:
    return fact.name == MONTH_FACT.name and fact.kind is Kind.MONTH


def _comment(column: LayoutColumn) -> str:
    return "\n".join(f"{label}：{text}" for label, text in explanation(column).items() if text)


def _write_rows(page: Page, layout: SheetLayout, frame: pl.DataFrame, formats: list[Any]) -> None:
    writers: dict[type, Callable[..., Any]] = {
        str: page.write_string,
        int: page.write_number,
        float: page.write_number,
        date: page.write_datetime,
    }
    columns = [[written(value, column.fact) for value in frame[column.name].to_list()] for column in layout.columns]
    for row, values in enumerate(zip(*columns, strict=True), start=1):
        for index, value in enumerate(values):
            if value is not None:
                writers[type(value)](row, index, value, formats[index])


def _write_choices(book: Book, page: Page, sheets: list[SheetLayout]) -> dict[str, str]:
    """Lists too long for a rule, and lists by event type, on a hidden sheet; returns the range of each by key."""
    page.hide()
    lists: dict[str, tuple[str, ...]] = {}
    for layout in sheets:
        for column in layout.columns:
            if layout.name == EVENTS and column.by_event:
                lists |= {f"{event}_{column.name}": fact.values for event, fact in column.by_event.items() if fact.values}
            elif column.values and sum(len(value) + 1 for value in column.values) > 255:
                lists[column.name] = column.values
    ranges = {}
    rows = max((len(values) for values in lists.values()), default=0) + 1
    for row in range(rows):
        for index, (key, values) in enumerate(lists.items()):
            if row == 0:
                page.write_string(0, index, key)
                letter = column_letter(index)
                ranges[key] = f"=选项!${letter}$2:${letter}${len(values) + 1}"
                book.define_name(key, ranges[key])
            elif row <= len(values):
                page.write_string(row, index, values[row - 1])
    return ranges


def _validation(column: LayoutColumn, index: int, choices: dict[str, str]) -> dict[str, Any] | None:
    fact = column.fact
    if any(one.values for one in column.by_event.values()):
        # The list depends on the event type; a type without a list must not block free text.
        return {"validate": "list", "source": f'=INDIRECT($B2&"_{column.name}")', "show_error": False}
    if column.values:
        listed = f"请从列表中选择：{'、'.join(column.values)}"
        rule: dict[str, Any] = {"validate": "list", "source": choices.get(column.name, list(column.values))}
        return rule | {"error_title": "不在可选值中", "error_message": listed if len(listed) <= 250 else "请从列表中选择。"}
    if fact.name == FIRM_CODE:
        cell = f"{column_letter(index)}2"
        rule = {"validate": "custom", "value": f"=AND(ISTEXT({cell}),LEN(TRIM({cell}))=18)", "error_type": "warning"}
        return rule | {"error_title": "统一社会信用代码", "error_message": "应为 18 位，并以文本格式填写。"}
    if fact.store is Store.DATE:
        rule = {"validate": "date", "criteria": "between", "minimum": date(1901, 1, 1), "maximum": date(2100, 12, 31)}
        return rule | {"error_title": "日期", "error_message": "请填写日期，如 2024-03-01。", "error_type": "warning"}
    return _number_rule(fact) if fact.store is Store.INTEGER else None


def _number_rule(fact: Fact) -> dict[str, Any]:
    money_or_ratio = fact.unit.dimension in {MONEY, RATIO}
    unit = fact.unit if money_or_ratio else UNITS[""]
    low = from_stored(-LARGEST_STORED if fact.lowest is None else fact.lowest, unit)
    high = from_stored(LARGEST_STORED if fact.highest is None else fact.highest, unit)
    what = explanation(LayoutColumn(fact, {}))["格式与单位"]
    rule: dict[str, Any] = {"validate": "decimal" if money_or_ratio else "integer", "criteria": "between"}
    rule |= {"minimum": int(low), "maximum": int(high), "error_type": "warning"}
    return rule | {"error_title": fact.name[:32], "error_message": f"应为{what}。未知请留空。"}


_ADVICE = (
    "1. 只填有把握的数据，不知道的留空；留空表示“未知”，零请填 0。",
    "2. 列标题括号里是单位，可改成实际单位（元、千元、万元、亿元），系统按标题换算；请勿在数字后写单位。",
    "3. 统一社会信用代码等代码请保持文本格式，避免末几位变成 0。",
    "4. “事项”是登记簿：一行一件，没有登记的事项视为没有发生；只需填写该事项用到的列。",
    "5. 可以增加列，但不认识的列不会读取，读取时会逐一提醒；空行可以保留。",
)


_HELP_WIDTHS = (12, 34, 26, 46, 16, 56)


def _write_help(book: Book, page: Page, sheets: list[SheetLayout]) -> None:
    title = book.add_format({**_FONT, "bold": True, "font_size": 14})
    text = book.add_format({**_FONT, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#D0D7DE"})
    plain = book.add_format(_FONT)
    head = _header_format(book, required=True)
    page.hide_gridlines(2)
    for index, width in enumerate(_HELP_WIDTHS):
        page.set_column(index, index, width)
    page.write_string(0, 0, "填写说明", title)
    for row, line in enumerate(_ADVICE, start=1):
        page.write_string(row, 0, line, plain)
    first = len(_ADVICE) + 2
    heads = ("工作表", "列", "格式与单位", "可选值", "数据来源", "说明")
    for index, label in enumerate(heads):
        page.write_string(first, index, label, head)
    page.freeze_panes(first + 1, 2)
    _prepare_print(page, header=first)
    row = first + 1
    for layout in sheets:
        for column in layout.columns:
            cells = (layout.name, column.title, *explanation(column).values())
            page.set_row(row, row_height(cells, _HELP_WIDTHS))
            for index, cell in enumerate(cells):
                page.write_string(row, index, cell, text)
            row += 1
    page.autofilter(first, 0, row - 1, len(heads) - 1)
