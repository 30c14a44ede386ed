"""Sheets to the four tables of a population: titles to facts, cells to stored values, rows to firms.

What a cell means is decided in ``cells``; here it is decided which rows belong together and which may
not: a firm twice, a firm-year twice, rows of firms that are not in the sheet 企业.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from tidu.exchange.codes import doubtful_codes
from tidu.exchange.columns import Converted, convert
from tidu.exchange.notices import Report, Severity
from tidu.exchange.sheets import EVENTS, FIRMS, Column, Sheet
from tidu.exchange.titles import Meaning, Title, meaning_of, read_title
from tidu.exchange.wordings import PROVINCIAL_LITTLE_GIANT, subdistrict_names, title_key
from tidu.kernel.credit_code import check_credit_code
from tidu.kernel.facts import EVENT_TYPE, FIRM_CODE, Catalogue, EventType, Fact, Kind, Store
from tidu.kernel.population import column_type, event_schema, firm_schema

ROW = "\0row"
"""Position of the row in its sheet, kept beside the values for messages."""


@dataclass(frozen=True)
class Known:
    """A column of the sheet that names a fact."""

    column: Column
    title: Title


def known_columns(sheet: Sheet, names: Mapping[str, str], report: Report) -> dict[str, Known]:
    """Columns of the sheet by catalogue name; unknown, untitled and repeated ones are reported."""
    found: dict[str, Known] = {}
    for column in sheet.columns:
        title = read_title(column.title, names) if column.title else None
        if title is None:
            _report_unread(sheet, column, report)
        elif title.name in found:
            first = found[title.name].column
            where = f"{first.letter} 列" if sheet.paths is None else f"“{first.title}”"
            report.add(
                sheet.notice(
                    "repeated-title",
                    f"与{where}“{first.title}”是同一指标，无法确定以哪一列为准。"
                    if sheet.paths is None
                    else f"与{where}是同一指标的两种写法，无法确定以哪个为准。",
                    "请只保留一列。",
                    severity=Severity.PROBLEM,
                    column=column,
                )
            )
        else:
            found[title.name] = Known(column, title)
    return found


def _report_unread(sheet: Sheet, column: Column, report: Report) -> None:
    filled = column.filled
    count = int(filled.sum())
    if not column.title:
        if count:
            first = int(sheet.rows[filled.arg_true()[0]])
            report.add(
                sheet.notice(
                    "untitled-column",
                    f"没有列标题但有 {count} 个单元格有内容（首个在第 {first} 行），未读取。",
                    "若是需要的指标，请补上列标题。",
                    column=column,
                )
            )
        return
    twice = sum(1 for other in sheet.columns if title_key(other.title) == title_key(column.title)) > 1
    what = "整列为空" if not count else f"{count} 个有内容的单元格未读取"
    repeated = "，且该标题出现了不止一次" if twice else ""
    report.add(
        sheet.notice("unknown-column", f"列标题不在指标目录中{repeated}，{what}。", "若是需要的指标，请改用模板中的名称。", column=column)
    )


def meaning_in(sheet: Sheet, known: Known, fact: Fact, report: Report) -> Meaning | None:
    """How the column is read as ``fact``; a unit that is not recognised is a problem."""
    canonical = subdistrict_names() if fact.identifier == "subdistrict" else None
    meaning = meaning_of(fact, known.title, sheet.unit, canonical)
    if meaning is None:
        allowed = "、".join(dict.fromkeys(Meaning(fact, fact.unit).unit_words)) or "不带单位"
        report.add(
            sheet.notice(
                "unknown-unit",
                f"列标题中的“{known.title.unit_text}”不是“{fact.name}”可用的单位。",
                f"可用：{allowed}。若不是单位，请去掉括号。",
                severity=Severity.PROBLEM,
                column=known.column,
            )
        )
    return meaning


def read_columns(
    sheet: Sheet, columns: Mapping[str, Known], facts: Mapping[str, Fact], report: Report, rows: pl.Series | None = None
) -> pl.DataFrame:
    """The named facts of a sheet in stored encodings, one row per row of the sheet (or of the positions ``rows``).

    Facts without a column are null; ``ROW`` keeps the position.
    """
    positions = rows if rows is not None else pl.Series(range(len(sheet.rows)), dtype=pl.Int64)
    out: dict[str, pl.Series] = {ROW: positions.alias(ROW)}
    for name, fact in facts.items():
        known = columns.get(name)
        meaning = meaning_in(sheet, known, fact, report) if known else None
        if known is None or meaning is None:
            out[name] = pl.Series(name, [None] * len(positions), dtype=column_type(fact))
            continue
        converted = convert(_picked(known.column.cells, rows), meaning)
        if not (sheet.nested and name == FIRM_CODE):
            _report_cells(sheet, known.column, converted, positions, report)
        out[name] = converted.values.alias(name)
    return pl.DataFrame(out)


def _picked(cells: pl.Series | list[object], rows: pl.Series | None) -> pl.Series | list[object]:
    if rows is None:
        return cells
    return cells.gather(rows) if isinstance(cells, pl.Series) else [cells[row] for row in rows.to_list()]


def _report_cells(sheet: Sheet, column: Column, converted: Converted, positions: pl.Series, report: Report) -> None:
    for index, cell, error in converted.refused:
        report.add(
            sheet.notice(
                error.code, error.message, error.advice, severity=Severity.PROBLEM, at=int(positions[index]), column=column, value=cell
            )
        )
    for code, indexes, what in (
        ("not-a-number", converted.not_numbers, "是 NaN"),
        ("placeholder", converted.placeholders, "只有横线或斜线"),
    ):
        if indexes:
            first = int(sheet.rows[int(positions[indexes[0]])])
            where = f"首个在第 {first} 行" if sheet.paths is None else f"首个在 {sheet.paths[int(positions[indexes[0]])]}"
            report.add(sheet.notice(code, f"{len(indexes)} 个单元格{what}（{where}），按未知处理。", "", column=column))


def read_table(sheet: Sheet, facts: Mapping[str, Fact], report: Report) -> pl.DataFrame:
    """A sheet of firms, firm-years or firm-months with its ``ROW``; rows without a code are reported and dropped."""
    columns = known_columns(sheet, {title_key(name): name for name in facts}, report)
    return with_codes(sheet, read_columns(sheet, columns, facts, report), columns, report)


def with_codes(sheet: Sheet, frame: pl.DataFrame, columns: Mapping[str, Known], report: Report) -> pl.DataFrame:
    """Rows that have a usable code; a row without any is a problem (an unusable one was reported with its cell)."""
    without = frame.filter(pl.col(FIRM_CODE).is_null())
    if without.height and not sheet.nested:
        column = columns[FIRM_CODE].column
        filled = column.filled
        for position in without[ROW].to_list():
            if not filled[position]:
                report.add(_no_code(sheet, column, position))
    return frame.filter(pl.col(FIRM_CODE).is_not_null())


def _no_code(sheet: Sheet, column: Column, position: int) -> Any:
    others = [_cell(other, position) for other in sheet.columns if other is not column and other.filled[position]]
    text = "、".join(str(one) for one in others[:3])
    return sheet.notice(
        "no-code",
        f"本行没有统一社会信用代码，但有其他内容（{text}）。",
        "请补填 18 位代码；若代码是合并单元格，请取消合并并逐行填写；不需要的行请删除。",
        severity=Severity.PROBLEM,
        at=position,
        column=column,
    )


def _cell(column: Column, position: int) -> object:
    return column.cells[position]


def firm_facts(facts: Catalogue) -> dict[str, Fact]:
    """Columns of the sheet 企业."""
    return {fact.name: fact for fact in facts.of_kind(Kind.FIRM)}


def read_firms(sheet: Sheet, facts: Catalogue, report: Report) -> pl.DataFrame:
    """The table of firms with ``ROW``: one row per code, check digits looked at."""
    frame = read_table(sheet, firm_facts(facts), report)
    first = frame.unique(FIRM_CODE, keep="first", maintain_order=True)
    if first.height < frame.height:
        where = dict(zip(first[FIRM_CODE], first[ROW], strict=True))
        column = _code_column(sheet)
        for code, position in frame.join(first, on=ROW, how="anti").select(FIRM_CODE, ROW).iter_rows():
            report.add(
                sheet.notice(
                    "firm-twice",
                    f"企业 {code} 与{_row_name(sheet, where[code])}重复。",
                    "每家企业只保留一行。",
                    severity=Severity.PROBLEM,
                    at=position,
                    column=column,
                    value=code,
                )
            )
    _check_digits(sheet, first, report)
    known = subdistrict_names()
    for name, position in first.filter(pl.col("所属街道").str.contains(r"^[0-9]{9}$")).select("所属街道", ROW).iter_rows():
        if name not in known:
            report.add(
                sheet.notice("unknown-subdistrict", f"街道代码 {name} 不在代码表中，按原样保留。", "请核对代码。", at=position, value=name)
            )
    return first.select(ROW, *firm_schema(facts))


def _code_column(sheet: Sheet) -> Column:
    return next(one for one in sheet.columns if title_key(one.title).partition("(")[0] == FIRM_CODE)


def _row_name(sheet: Sheet, position: int) -> str:
    return f"第 {sheet.rows[position]} 行" if sheet.paths is None else f" {sheet.paths[position]} "


def _check_digits(sheet: Sheet, firms: pl.DataFrame, report: Report) -> None:
    for position in doubtful_codes(firms[FIRM_CODE]).to_list():
        code, row = firms[FIRM_CODE][position], firms[ROW][position]
        report.add(
            sheet.notice(
                "doubtful-code", check_credit_code(code).message, "本行数据已照常读取。", at=row, column=_code_column(sheet), value=code
            )
        )


def keep_known_firms(sheet: Sheet, frame: pl.DataFrame, codes: pl.DataFrame, report: Report) -> pl.DataFrame:
    """Rows whose firm is in the sheet 企业; ``codes`` also holds firms refused there, whose rows need no second complaint."""
    unknown = frame.join(codes, on=FIRM_CODE, how="anti", maintain_order="left")
    for code, position in unknown.select(FIRM_CODE, ROW).iter_rows():
        report.add(
            sheet.notice(
                "no-such-firm",
                f"企业 {code} 不在工作表“{FIRMS}”中。",
                f"请在“{FIRMS}”中补上该企业，或删除本行。",
                severity=Severity.PROBLEM,
                at=position,
                value=code,
            )
        )
    return frame if unknown.is_empty() else frame.join(codes, on=FIRM_CODE, how="semi", maintain_order="left")


def one_row_each(sheet: Sheet, frame: pl.DataFrame, period: str, report: Report) -> pl.DataFrame:
    """One row per firm and period: equal repetitions are dropped with a notice, unequal ones are problems."""
    for position in frame.filter(pl.col(period).is_null())[ROW].to_list():
        if not _refused_there(sheet, period, position):
            report.add(sheet.notice("no-period", f"本行没有{period}。", f"请补填{period}。", severity=Severity.PROBLEM, at=position))
    dated = frame.filter(pl.col(period).is_not_null())
    first = dated.unique([FIRM_CODE, period], keep="first", maintain_order=True)
    if first.height == dated.height:
        return first
    values = [name for name in dated.columns if name != ROW]
    again = dated.join(first, on=ROW, how="anti").join(
        first.select(FIRM_CODE, period, pl.col(ROW).alias("\0first")), on=[FIRM_CODE, period]
    )
    equal = again.join(first.select(values), on=values, how="semi", nulls_equal=True)[ROW]
    for row in again.iter_rows(named=True):
        when = row[period].strftime("%Y-%m") if isinstance(row[period], date) else str(row[period])
        same = row[ROW] in set(equal)
        report.add(
            sheet.notice(
                "period-twice",
                f"企业 {row[FIRM_CODE]} {when} 的数据与{_row_name(sheet, row[chr(0) + 'first'])}重复"
                + ("，内容相同，只取一次。" if same else "且内容不同。"),
                "" if same else "请核对后只保留一行。",
                severity=Severity.WARNING if same else Severity.PROBLEM,
                at=row[ROW],
                value=when,
            )
        )
    return first


def _refused_there(sheet: Sheet, name: str, position: int) -> bool:
    column = next((one for one in sheet.columns if title_key(one.title).partition("(")[0] == name), None)
    return column is not None and bool(column.filled[position])


def read_events(sheet: Sheet, facts: Catalogue, report: Report) -> dict[str, pl.DataFrame]:
    """The sheet 事项 as one table per event type, each with ``ROW``."""
    code = facts.fact(FIRM_CODE)
    kind = Fact(EVENT_TYPE, "event_type", Kind.EVENT, Store.TEXT, code.unit, tuple(facts.events))
    names = {title_key(name): name for name in (FIRM_CODE, EVENT_TYPE)}
    for event in facts.events.values():
        names |= {title_key(name): name for name in event.fields}
    columns = known_columns(sheet, names, report)
    if EVENT_TYPE not in columns:
        report.add(sheet.notice("no-event-type", f"找不到列标题“{EVENT_TYPE}”。", "请按模板补上该列。", severity=Severity.PROBLEM))
        return {}
    keys = with_codes(sheet, read_columns(sheet, columns, {FIRM_CODE: code, EVENT_TYPE: kind}, report), columns, report)
    for position in keys.filter(pl.col(EVENT_TYPE).is_null())[ROW].to_list():
        if not _refused_there(sheet, EVENT_TYPE, position):
            report.add(
                sheet.notice(
                    "no-event-type", "本行没有事项类型。", f"可选：{'、'.join(facts.events)}。", severity=Severity.PROBLEM, at=position
                )
            )
    by_type = {str(key[0]): rows for key, rows in keys.partition_by(EVENT_TYPE, as_dict=True).items() if key[0] is not None}
    return {name: _events_of(sheet, columns, event, by_type[name], report) for name, event in facts.events.items() if name in by_type}


def _events_of(sheet: Sheet, columns: Mapping[str, Known], event: EventType, keys: pl.DataFrame, report: Report) -> pl.DataFrame:
    rows = keys[ROW]
    frame = read_columns(sheet, columns, event.fields, report, rows).insert_column(1, keys[FIRM_CODE])
    for name, known in columns.items():
        if name in event.fields or name in {FIRM_CODE, EVENT_TYPE}:
            continue
        extra = rows.filter(known.column.filled.gather(rows)).to_list()
        for position in extra:
            report.add(
                sheet.notice(
                    "field-of-other-type",
                    f"事项“{event.name}”没有“{name}”这一项，该内容未采用。",
                    f"该事项可填：{'、'.join(event.fields)}。",
                    at=position,
                    column=known.column,
                    value=known.column.cells[position],
                )
            )
    if event.name == "认定":
        frame = _settle_provincial_titles(sheet, frame, report)
    _note_equal_events(sheet, frame, event, report)
    return frame


def _settle_provincial_titles(sheet: Sheet, frame: pl.DataFrame, report: Report) -> pl.DataFrame:
    """省级小巨人 dated before 2023 is 专精特新中小企业 of the province (catalogue, note on 认定); later or undated it is a problem."""
    titled = pl.col("名称") == PROVINCIAL_LITTLE_GIANT
    early = titled & (pl.col("日期") < date(2023, 1, 1))
    for row in frame.filter(titled & ~early.fill_null(value=False)).iter_rows(named=True):
        what = "没有日期" if row["日期"] is None else f"日期为 {row['日期']}"
        report.add(
            sheet.notice(
                "not-listed",
                f"“省级小巨人”{what}；该称号只在 2023 年以前使用（等同专精特新中小企业）。",
                "请核对名称和日期。",
                severity=Severity.PROBLEM,
                at=row[ROW],
                value=PROVINCIAL_LITTLE_GIANT,
            )
        )
    return frame.with_columns(
        pl.when(early).then(pl.lit("专精特新中小企业")).otherwise(pl.col("名称")).alias("名称"),
        pl.when(early & pl.col("级别").is_null()).then(pl.lit("省级")).otherwise(pl.col("级别")).alias("级别"),
    )


def _note_equal_events(sheet: Sheet, frame: pl.DataFrame, event: EventType, report: Report) -> None:
    values = [name for name in frame.columns if name != ROW]
    first = frame.unique(values, keep="first", maintain_order=True)
    if first.height == frame.height:
        return
    again = frame.join(first, on=ROW, how="anti").join(first.rename({ROW: "\0first"}), on=values, nulls_equal=True)
    for code, position, origin in again.select(FIRM_CODE, ROW, "\0first").iter_rows():
        report.add(
            sheet.notice(
                "event-twice",
                f"企业 {code} 的“{event.name}”与{_row_name(sheet, origin)}内容完全相同，两行均保留。",
                "若是重复录入，请删除一行，以免重复计算。",
                at=position,
                value=code,
            )
        )


def event_tables(facts: Catalogue, found: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """A table for every event type of the catalogue, empty where the input has none."""
    return {
        name: found[name].select(list(event_schema(facts, name))) if name in found else pl.DataFrame(schema=event_schema(facts, name))
        for name in facts.events
    }


__all__ = [
    "EVENTS",
    "ROW",
    "event_tables",
    "keep_known_firms",
    "one_row_each",
    "read_events",
    "read_firms",
    "read_table",
]
