"""Reading a population of firms from whatever an office hands over: Excel, CSV, Parquet or JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tidu.exchange.excel import EXCEL_SUFFIXES, read_workbook
from tidu.exchange.folders import read_folder
from tidu.exchange.json_files import read_json
from tidu.exchange.notices import Notice, Report, Severity
from tidu.exchange.sheets import EVENTS, FIRMS, MONTHS, SHEETS, YEARS, Grid, Sheet, sheet_of
from tidu.exchange.tables import event_tables, keep_known_firms, one_row_each, read_events, read_firms, read_table
from tidu.exchange.titles import MONTH_FACT, YEAR_FACT
from tidu.exchange.wordings import plain_width
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, MONTH, YEAR, Catalogue, Fact, Kind, catalogue
from tidu.kernel.population import Population, firm_schema, month_schema, year_schema

Progress = Callable[[str, float], None]
"""Called with what is being done and the share done so far, 0 to 1."""

HELP_SHEETS = frozenset({"填写说明", "选项", "问题清单"})
"""Sheets that the template and the annotated copy add; they hold no data of firms."""


@dataclass(frozen=True)
class Intake:
    """What was read: the population, and everything worth a look that did not stop the reading."""

    population: Population
    notices: list[Notice]


def read_population(path: Path, *, progress: Progress | None = None) -> Intake:
    """Read a workbook, a folder of CSV or Parquet files, or a JSON file of firms.

    Raises ``Problems`` (each an ``InputProblem`` with its place, value and advice) with all problems of the
    input at once, and a plain ``TiduError`` where the file cannot be opened at all.
    """
    step = progress or (lambda _label, _share: None)
    report = Report()
    step("打开文件", 0.0)
    sheets = load_sheets(path, report)
    step("读取企业", 0.4)
    population = _population(sheets, report, step)
    notices = report.finish()
    step("读取完成", 1.0)
    return Intake(population, notices)


def load_sheets(path: Path, report: Report) -> dict[str, Sheet]:
    """The sheets of an input by name; a missing sheet 企业 is a problem that lists what was found."""
    if path.is_dir():
        sheets = read_folder(path, report)
        found = sorted(entry.name for entry in path.iterdir() if entry.is_file())
    elif not path.exists():
        raise TiduError("no-such-file", f"找不到“{path}”。请核对路径。", path=str(path))
    elif path.suffix.lower() == ".json":
        return read_json(path, report)
    elif path.suffix.lower() in {".csv", ".parquet"}:
        message = f"“{path.name}”只是一张表。请把各表按 {'、'.join(SHEETS)} 命名放入同一个文件夹，再给出该文件夹的路径。"
        raise TiduError("single-table", message, path=str(path))
    elif path.suffix.lower() in EXCEL_SUFFIXES or path.suffix == "":
        grids = read_workbook(path, report).grids
        sheets = _sheets_of(grids, report)
        found = [grid.name for grid in grids]
    else:
        message = f"“{path.name}”的格式不支持。可用：Excel（.xlsx、.xls、.et、.ods）、CSV 文件夹、Parquet 文件夹或一个 .json 文件。"
        raise TiduError("unknown-format", message, path=str(path))
    if FIRMS not in {plain_width(Path(name).stem).strip() if path.is_dir() else plain_width(name).strip() for name in found}:
        what = "文件" if path.is_dir() else "工作表"
        listed = "、".join(found[:20]) or "没有任何" + what
        report.add(
            Notice(
                "no-firm-sheet",
                f"“{path.name}”中没有{what}“{FIRMS}”，只有：{listed}。",
                f"请把企业基本信息所在的{what}命名为“{FIRMS}”。",
                Severity.PROBLEM,
            )
        )
    return sheets


def _sheets_of(grids: list[Grid], report: Report) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    for grid in grids:
        name = plain_width(grid.name).strip()
        if name in sheets:
            report.add(
                Notice(
                    "repeated-sheet",
                    f"与另一张名为“{name}”的工作表重名，无法确定以哪张为准。",
                    "请只保留一张。",
                    Severity.PROBLEM,
                    grid.place,
                    name,
                )
            )
        elif name in SHEETS:
            sheet = sheet_of(Grid(name, grid.place, grid.rows), report)
            if sheet is not None:
                sheets[name] = sheet
        elif name not in HELP_SHEETS:
            report.add(Notice("unread-sheet", "该工作表未读取。", f"只读取 {'、'.join(SHEETS)}。", place=grid.place, sheet=name))
    return sheets


def _population(sheets: dict[str, Sheet], report: Report, step: Progress) -> Population:
    facts = catalogue()
    if FIRMS not in sheets:
        # Said once, by ``load_sheets``; every row of the other sheets would only repeat it.
        return _empty(facts)
    firms = read_firms(sheets[FIRMS], facts, report).select(list(firm_schema(facts)))
    codes = firms.select(FIRM_CODE)
    step("读取年度数据", 0.6)
    years = _periods(sheets.get(YEARS), YEAR_FACT, Kind.YEAR, facts, codes, report)
    step("读取月度数据", 0.75)
    months = _periods(sheets.get(MONTHS), MONTH_FACT, Kind.MONTH, facts, codes, report)
    step("读取事项", 0.85)
    events = {}
    if EVENTS in sheets:
        events = {
            name: keep_known_firms(sheets[EVENTS], rows, codes, report) for name, rows in read_events(sheets[EVENTS], facts, report).items()
        }
    return Population(firms, years.select(list(year_schema(facts))), months.select(list(month_schema(facts))), event_tables(facts, events))


def _empty(facts: Catalogue) -> Population:
    return Population(
        pl.DataFrame(schema=firm_schema(facts)),
        pl.DataFrame(schema=year_schema(facts)),
        pl.DataFrame(schema=month_schema(facts)),
        event_tables(facts, {}),
    )


def _periods(sheet: Sheet | None, period: Fact, kind: Kind, facts: Catalogue, codes: pl.DataFrame, report: Report) -> pl.DataFrame:
    schema = year_schema(facts) if kind is Kind.YEAR else month_schema(facts)
    if sheet is None:
        return pl.DataFrame(schema=schema)
    named = {FIRM_CODE: facts.fact(FIRM_CODE), period.name: period} | {fact.name: fact for fact in facts.of_kind(kind)}
    rows = keep_known_firms(sheet, read_table(sheet, named, report), codes, report)
    return one_row_each(sheet, rows, YEAR if kind is Kind.YEAR else MONTH, report)
