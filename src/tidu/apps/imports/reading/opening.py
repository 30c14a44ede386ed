"""A file of any kind as grids of raw cells: Excel, CSV with any separator, JSON of any shape.

Nothing is parsed before it is known not to exhaust the machine (the trial of the public upload is used for that).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from tidu.apps.calculator.domain.probing import refuse_exhausting
from tidu.apps.calculator.domain.uploads import check_archive, memory_folder, safe_name
from tidu.exchange.excel import EXCEL_SUFFIXES, read_workbook
from tidu.exchange.folders import decode
from tidu.exchange.notices import Notice, Report
from tidu.exchange.sheets import Grid, Row
from tidu.kernel.errors import TiduError

WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
"""What files begin with that are opened as workbooks."""
SUFFIXES = (".xlsx", ".xls", ".csv", ".json")
SEPARATORS = (",", "\t", ";", "|")
DEEPEST = 6
LONGEST_FIELD = 10_000_000
MOST_SHEETS = 60


def open_file(content: bytes, name: str, *, tried: bool = False) -> tuple[list[Grid], list[Notice]]:
    """The sheets of a file, hidden traps refused with a sentence; what it could not see is in the notices.

    ``tried`` says that the trial in a process of its own was passed before. Raises ``unknown-format``, ``too-many-sheets``, and
    what the readers of ``tidu.exchange`` raise.
    """
    if not content:
        raise TiduError("empty-file", f"“{name}”是空文件。请重新导出或选择文件。", name=name)
    report = Report()
    with TemporaryDirectory(prefix="tidu-import-", dir=memory_folder()) as folder:
        path = Path(folder, safe_name(name))
        path.write_bytes(content)
        if content.startswith(WORKBOOKS) or (path.suffix.lower() in EXCEL_SUFFIXES and not _is_plain_text(content)):
            if not tried:
                check_archive(content)
                refuse_exhausting(content)
            grids = read_workbook(path, report).grids
        elif path.suffix.lower() == ".json":
            grids = _json_grids(decode(path), name)
        elif path.suffix.lower() in {".csv", ".txt", ".tsv", *EXCEL_SUFFIXES}:
            grids = [Grid(path.stem, f"文件“{name}”", _csv_rows(decode(path), name))]
        else:
            raise TiduError("unknown-format", f"“{name}”的格式不支持。请上传 Excel（.xlsx、.xls）、CSV 或 JSON 文件。", name=name)
    if len(grids) > MOST_SHEETS:
        raise TiduError("too-many-sheets", f"“{name}”有 {len(grids)} 张工作表，一次最多 {MOST_SHEETS} 张。请分几个文件上传。", name=name)
    return _named(grids), report.notices


def _is_plain_text(content: bytes) -> bool:
    """A text that was only named like a workbook, as many systems export it; web pages are left to the reader of workbooks."""
    return b"\0" not in content[:4096] and not content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _named(grids: Iterable[Grid]) -> list[Grid]:
    """Sheets with names of their own that any workbook can bear."""
    taken: set[str] = set()
    found = []
    for grid in grids:
        plain = "".join("_" if letter in "[]:*?/\\'" else letter for letter in grid.name).strip()[:28] or "表"
        name, number = plain, 2
        while name in taken:
            name, number = f"{plain}~{number}", number + 1
        taken.add(name)
        found.append(Grid(name, f"工作表“{name}”", grid.rows))
    return found


def _csv_rows(text: str, name: str) -> list[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)))
    except csv.Error as error:
        raise TiduError("bad-csv", f"“{name}”不是有效的 CSV（{error}）。请用 Excel 打开后另存为“CSV UTF-8”。", name=name) from None


def _separator(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of cells, more than one."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20]

    def agreement(separator: str) -> tuple[int, int]:
        widths = [line.count(separator) for line in lines]
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(common), common) if common else (0, 0)

    return max(SEPARATORS, key=agreement)


def _json_grids(text: str, name: str) -> list[Grid]:
    try:
        content = json.loads(text, parse_float=_decimal_text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise TiduError(
            "bad-json",
            f"“{name}”不是有效的 JSON：第 {error.lineno} 行第 {error.colno} 列（{error.msg}）。请检查引号、逗号和括号。",
            name=name,
        ) from None
    except RecursionError:
        raise TiduError("bad-json", f"“{name}”的 JSON 嵌套过深。请按“一行一个对象”的形式导出。", name=name) from None
    found: dict[str, list[Mapping[str, Any]] | list[list[Any]]] = {}
    for path, rows in _tables(content, Path(name).stem, 0):
        found.setdefault(path, []).extend(rows)
    if not found:
        raise TiduError("bad-json", f'“{name}”里没有成列表的数据。请写成 [{{"统一社会信用代码": "…", …}}, …] 的形式。', name=name)
    return [Grid(path, f"“{path}”", _rows(rows)) for path, rows in found.items()]


def _decimal_text(text: str) -> str:
    return format(Decimal(text), "f")


def _no_number(word: str) -> NoReturn:
    raise json.JSONDecodeError(f"{word} 不是 JSON 数值", word, 0)


def _tables(content: Any, path: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """Every list of records in the JSON with a name; records inside records carry the plain values of their parents along."""
    if depth > DEEPEST:
        return
    if isinstance(content, dict):
        for key, value in content.items():
            if isinstance(value, (dict, list)):
                yield from _tables(value, str(key), depth + 1)
    elif isinstance(content, list) and content:
        if all(isinstance(row, list) for row in content):
            yield path, content
            return
        records = [row for row in content if isinstance(row, dict)]
        if records:
            yield path, [_plain(row) for row in records]
        for row in records:
            for key, value in row.items():
                inner = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
                yield from _tables([_plain(row) | one for one in inner if isinstance(one, dict)], str(key), depth + 1)


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in record.items() if not isinstance(value, (dict, list))}


def _rows(records: list[Any]) -> list[Row]:
    if isinstance(records[0], list):
        return [[cell if not isinstance(cell, (dict, list)) else json.dumps(cell, ensure_ascii=False) for cell in row] for row in records]
    titles = list(dict.fromkeys(key for record in records for key in record))
    return [titles, *([record.get(title) for title in titles] for record in records)]
