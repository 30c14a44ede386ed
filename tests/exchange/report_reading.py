"""Reading a report back as a person would see it, and looking into its file where a reader cannot."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from python_calamine import CalamineWorkbook

HEADER = 3
"""Row (from 0) of the header of a list."""


def sheet_names(path: Path) -> list[str]:
    return CalamineWorkbook.from_path(path).sheet_names


def cells(path: Path, sheet: str) -> list[list[object]]:
    """All rows of a sheet from its first cell on; an empty cell is an empty text."""
    return [list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def listed(path: Path, sheet: str) -> list[dict[str, object]]:
    """The rows of a list by column title."""
    rows = cells(path, sheet)
    titles = [str(title).replace("\n", "") for title in rows[HEADER]]
    return [dict(zip(titles, row, strict=True)) for row in rows[HEADER + 1 :]]


def table_under(path: Path, sheet: str, heading: str) -> list[list[object]]:
    """Header and rows of the table under a heading of a page, without empty cells at the end."""
    rows = cells(path, sheet)
    start = next(index for index, row in enumerate(rows) if str(row[0]).endswith(heading)) + 1
    table = []
    for row in rows[start:]:
        filled = [index for index, cell in enumerate(row) if cell != ""]
        if len(filled) < 2:
            break
        table.append(row[: max(filled) + 1])
    return table


def sheet_xml(path: Path, sheet: str) -> str:
    """The XML of a sheet, by its name."""
    number = sheet_names(path).index(sheet) + 1
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml").decode()


def styles_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/styles.xml").decode()


def workbook_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/workbook.xml").decode()


def links(path: Path, sheet: str) -> dict[str, str]:
    """Where each linked cell of a sheet leads: ``{"C12": "'达标企业'!A5"}``."""
    return dict(re.findall(r'<hyperlink ref="([A-Z]+\d+)" location="([^"]+)"', sheet_xml(path, sheet)))
