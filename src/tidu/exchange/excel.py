"""Excel files as grids of raw cells, with what the reader library hides: error values, percent formats, empty formulas.

calamine gives an error cell as empty and a cell shown as 3% as 0.03; both would be misread without a
sound, so an .xlsx is also looked at as XML. The older formats (.xls, .et, .ods, .xlsb) cannot be looked
into that way, which is said in a notice.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import python_calamine

from tidu.exchange.notices import Notice, Report, Severity
from tidu.exchange.sheets import Grid, Row, column_letter
from tidu.exchange.wordings import UNCALCULATED
from tidu.kernel.errors import TiduError

EXCEL_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb"})
LARGEST_UNPACKED = 2 * 2**30
LARGEST_AREA = 40_000_000
"""Cells of a sheet between A1 and its last cell; a stray entry in XFD1048576 would claim 17 thousand million."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx 再提交。"
_TAG = r"<(?:\w+:)?"
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_WIDE = re.compile(rb'\br="([A-Z]{2,3})[0-9]+"')
_LAST_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="([0-9]+)"')


@dataclass(frozen=True)
class Workbook:
    """The grids of a workbook in its order; ``blind`` says that errors and percent formats could not be seen."""

    grids: list[Grid]
    blind: bool = False


def read_workbook(path: Path, report: Report) -> Workbook:
    """All sheets as grids; raises ``not-excel``, ``password-protected`` or ``too-large`` where the file cannot be read."""
    content = path.read_bytes()
    _refuse_other_content(path, content)
    try:
        hidden = _Hidden(path, content) if content[:2] == b"PK" else None
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
        grids = [_grid(book.get_sheet_by_name(name), hidden) for name in names]
    except python_calamine.PasswordError:
        raise _protected(path) from None
    except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise TiduError(
            "not-excel", f"“{path.name}”不能作为 Excel 文件打开（{error}），可能已损坏或不是 Excel 格式。{_SAVE_AS}", path=str(path)
        ) from None
    blind = hidden is None or not hidden.is_xlsx
    if blind:
        report.add(
            Notice(
                "blind-format",
                f"“{path.name}”不是 .xlsx 格式：其中的错误值（如 #N/A）会按空白读取，百分比格式的单元格按小数读取。",
                "如含公式或百分比，请另存为 .xlsx 再读取。",
                Severity.WARNING,
            )
        )
    return Workbook(grids, blind)


def _refuse_other_content(path: Path, content: bytes) -> None:
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content:
        raise TiduError("not-excel", f"“{path.name}”是空文件。请重新导出或上传。", path=str(path))
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<head")):
        raise TiduError("not-excel", f"“{path.name}”其实是网页（HTML），不是 Excel 文件。{_SAVE_AS}", path=str(path))
    if content[:8] == _OLE and "EncryptedPackage".encode("utf-16-le") in content:
        raise _protected(path)
    if content[:2] != b"PK" and content[:8] != _OLE and not start.startswith((b"<?xml", b"\t\x08")) and b"\0" not in content[:4096]:
        raise TiduError(
            "not-excel",
            f"“{path.name}”是文本文件，不是 Excel 文件。{_SAVE_AS}若是 CSV，请按工作表命名（企业.csv 等）放入一个文件夹，再读取该文件夹。",
            path=str(path),
        )


def _protected(path: Path) -> TiduError:
    return TiduError(
        "password-protected", f"“{path.name}”设有打开密码，无法读取。请取消密码后重新保存（文件—信息—保护工作簿）。", path=str(path)
    )


def _grid(sheet: python_calamine.CalamineSheet, hidden: _Hidden | None) -> Grid:
    rows: list[Row] = [] if sheet.end is None else list(sheet.to_python(skip_empty_area=False))
    for row, column, replace in hidden.cells(sheet.name) if hidden else ():
        if row >= len(rows):
            rows.extend([] for _ in range(row + 1 - len(rows)))
        line = list(rows[row])
        line.extend([""] * (column + 1 - len(line)))
        line[column] = replace if replace is not None else _percent(line[column])
        rows[row] = line
    return Grid(sheet.name.strip(), f"工作表“{sheet.name.strip()}”", rows)


def _percent(cell: object) -> object:
    """A number in a cell with a percent format as the text that the user sees."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return cell
    return f"{(Decimal(f'{cell:.15g}') * 100).normalize():f}%"


class _Hidden:
    """What the XML of an .xlsx tells beyond calamine: cells to replace, by sheet name."""

    def __init__(self, path: Path, content: bytes) -> None:
        self._archive = zipfile.ZipFile(BytesIO(content))
        entries = self._archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > LARGEST_UNPACKED:
            raise TiduError(
                "too-large",
                f"“{path.name}”解压后有 {unpacked // 2**20} MB，超出可读取的范围。请拆分文件，或改用 Parquet 或 CSV 文件夹。",
                path=str(path),
            )
        self._parts = {entry.filename for entry in entries}
        self.is_xlsx = "xl/workbook.xml" in self._parts
        self._sheets = self._sheet_parts() if self.is_xlsx else {}
        self._percents = self._percent_styles() if self.is_xlsx else frozenset()
        for name, part in self._sheets.items():
            _refuse_area(path, name, self._archive.read(part))

    def cells(self, name: str) -> Iterator[tuple[int, int, str | None]]:
        """Row and column from 0 and the text that replaces the cell (None: show it as a percentage)."""
        if name not in self._sheets:
            return
        xml = self._archive.read(self._sheets[name])
        if not (self._percents or b't="e"' in xml or b"t='e'" in xml or _FORMULA.search(xml)):
            return
        row, column = -1, -1
        for match in re.finditer(rb"<(?:\w+:)?row\b([^>]*?)/?>|" + _CELL.pattern, xml, re.DOTALL):
            if match[1] is not None:
                number = _attributes(match[1]).get("r")
                row, column = (int(number) - 1 if number else row + 1), -1
                continue
            attributes = _attributes(match[2])
            column = _column_number(attributes["r"]) if "r" in attributes else column + 1
            replace = self._replacement(attributes, match[3] or b"")
            if replace != "":
                yield row, column, replace

    def _replacement(self, attributes: dict[str, str], content: bytes) -> str | None:
        value = _VALUE.search(content)
        text = html.unescape(value[1].decode("utf-8", "replace")).strip() if value else ""
        kind = attributes.get("t", "n")
        if kind == "e":
            return text or "#N/A"
        if not text:
            return UNCALCULATED if kind == "n" and _FORMULA.search(content) else ""
        return None if kind == "n" and attributes.get("s") in self._percents else ""

    def _read_text(self, part: str) -> bytes:
        return self._archive.read(part) if part in self._parts else b""

    def _sheet_parts(self) -> dict[str, str]:
        targets = {}
        for tag in re.finditer(rb"<(?:\w+:)?Relationship\b([^>]*)>", self._read_text("xl/_rels/workbook.xml.rels")):
            found = _attributes(tag[1])
            target = found.get("Target", "")
            targets[found.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        sheets = {}
        for tag in re.finditer(rb"<(?:\w+:)?sheet\b([^>]*)>", self._read_text("xl/workbook.xml")):
            found = _attributes(tag[1])
            part = targets.get(next((value for key, value in found.items() if key.endswith(":id")), ""), "")
            if part in self._parts:
                sheets[found.get("name", "")] = part
        return sheets

    def _percent_styles(self) -> frozenset[str]:
        xml = self._read_text("xl/styles.xml")
        codes = {"9", "10"}
        for tag in re.finditer(rb"<(?:\w+:)?numFmt\b([^>]*)>", xml):
            found = _attributes(tag[1])
            if "%" in re.sub(r'"[^"]*"|\\.', "", found.get("formatCode", "")):
                codes.add(found.get("numFmtId", ""))
        block = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", xml, re.DOTALL)
        formats = re.finditer(rb"<(?:\w+:)?xf\b([^>]*)>", block[0]) if block else ()
        return frozenset(str(index) for index, tag in enumerate(formats) if _attributes(tag[1]).get("numFmtId") in codes)


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode(): html.unescape((double or single).decode("utf-8", "replace")) for key, double, single in _ATTRIBUTE.findall(tag)}


def _column_number(address: str) -> int:
    number = 0
    for letter in address:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


def _refuse_area(path: Path, name: str, xml: bytes) -> None:
    """Refuse a sheet whose last cell lies so far out that reading its whole area would exhaust the memory."""
    last = xml.rfind(b"<row")
    rows = [int(match[1]) for match in _LAST_ROW.finditer(xml, max(last, 0))]
    height = max(rows, default=1)
    width = max((_column_number(match[1].decode()) + 1 for match in _WIDE.finditer(xml)), default=26)
    if height * width > LARGEST_AREA:
        raise TiduError(
            "too-large",
            f"“{path.name}”的工作表“{name}”一直延伸到 {column_letter(width - 1)}{height}，远处可能有误填的内容或格式。请删除数据区以外的行和列后保存。",
            path=str(path),
        )
