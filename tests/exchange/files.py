"""Real files for the tests of reading: cells as an office would have typed them, in every format that is read."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tidu.exchange.intake import Intake, read_population
from tidu.exchange.notices import Notice, problem_notices
from tidu.kernel.credit_code import check_character
from tidu.kernel.errors import Problems

CODE = "统一社会信用代码"
Rows = Sequence[Sequence[Any]]


def credit_code(number: int) -> str:
    """A code with a right check character; the numbers are fictional."""
    stem = f"91420114MA{number:07d}"
    return stem + check_character(stem)


FIRM_A, FIRM_B, FIRM_C = credit_code(1), credit_code(2), credit_code(3)


@dataclass(frozen=True)
class Percent:
    """A number in a cell with a percent format: 0.03 is shown as 3%."""

    value: float


@dataclass(frozen=True)
class Formula:
    """A formula with the result the spreadsheet programme stored for it."""

    text: str
    result: Any


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Sheets of rows; dates become date cells, None an empty cell."""
    with xlsxwriter.Workbook(str(path)) as book:
        percent, day = book.add_format({"num_format": "0.00%"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    match cell:
                        case None:
                            continue
                        case bool():
                            page.write_boolean(row, column, cell)
                        case Percent(value):
                            page.write_number(row, column, value, percent)
                        case Formula(text, result):
                            page.write_formula(row, column, text, None, result)
                        case datetime() | date():
                            page.write_datetime(row, column, cell, day)
                        case str():
                            page.write_string(row, column, cell)
                        case _:
                            page.write_number(row, column, cell)
    return path


def write_csv(folder: Path, sheets: Mapping[str, Rows], encoding: str = "utf-8") -> Path:
    """A folder with one CSV file per sheet."""
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows(rows)
    return folder


def firm_sheet(**columns: Any) -> dict[str, Rows]:
    """A sheet 企业 with firm A alone and the given columns."""
    return {"企业": [[CODE, *columns], [FIRM_A, *columns.values()]]}


def year_sheet(title: str, *values: Any) -> dict[str, Rows]:
    """Firm A with one year fact in the years 2023, 2022, …"""
    years = [[FIRM_A, 2023 - index, value] for index, value in enumerate(values)]
    return {"企业": [[CODE, "企业名称"], [FIRM_A, "甲"]], "年度数据": [[CODE, "年度", title], *years]}


def event_sheet(event: str, **fields: Any) -> dict[str, Rows]:
    """Firm A with one event."""
    return {"企业": [[CODE], [FIRM_A]], "事项": [[CODE, "事项类型", *fields], [FIRM_A, event, *fields.values()]]}


def problems_in(path: Path) -> list[Notice]:
    """The problems that stop the reading of ``path``."""
    with pytest.raises(Problems) as caught:
        read_population(path)
    return problem_notices(caught.value)


def places(notices: list[Notice]) -> list[tuple[str, str, int | None, str]]:
    """Code, sheet, row and column letter of each."""
    return [(one.code, one.sheet, one.row, one.letter) for one in notices]


def firm_value(path: Path, name: str) -> Any:
    """The value of a firm fact of the only firm in ``path``."""
    return read_population(path).population.firms[name].item()


def year_values(path: Path, name: str) -> list[Any]:
    """The values of a year fact in the order of the rows."""
    return read_population(path).population.years[name].to_list()


def intake_of(path: Path) -> Intake:
    """What is read from ``path``."""
    return read_population(path)
