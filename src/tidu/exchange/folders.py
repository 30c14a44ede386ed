"""Folders of CSV or Parquet files named by sheet (企业.csv, 年度数据.parquet …)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from tidu.exchange.notices import Notice, Report, Severity
from tidu.exchange.sheets import SHEETS, Grid, Row, Sheet, sheet_of, sheet_of_frame
from tidu.exchange.wordings import plain_width
from tidu.kernel.errors import TiduError

_UTF8_MARK = b"\xef\xbb\xbf"
_CSV_LIMIT = 10_000_000


def read_folder(folder: Path, report: Report) -> dict[str, Sheet]:
    """The sheets found in a folder; other files are named in a notice."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        name = plain_width(path.stem).strip()
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        if path.suffix.lower() not in {".csv", ".parquet"} or name not in SHEETS:
            report.add(Notice("unread-file", f"文件“{path.name}”未读取。", f"只读取以 {'、'.join(SHEETS)} 命名的 .csv 或 .parquet 文件。"))
        elif name in found:
            report.add(
                Notice(
                    "repeated-file",
                    f"“{found[name].name}”与“{path.name}”是同一张表，无法确定以哪个为准。",
                    "请只保留一个。",
                    Severity.PROBLEM,
                )
            )
        else:
            found[name] = path
    sheets = {name: _read_file(name, path, report) for name, path in found.items()}
    return {name: sheet for name, sheet in sheets.items() if sheet is not None}


def _read_file(name: str, path: Path, report: Report) -> Sheet | None:
    place = f"文件“{path.name}”"
    if path.suffix.lower() == ".csv":
        return sheet_of(Grid(name, place, read_csv(path)), report)
    try:
        frame = pl.read_parquet(path)
    except (PolarsError, OSError) as error:
        raise TiduError("not-parquet", f"“{path.name}”不能作为 Parquet 文件读取（{error}）。请重新导出。", path=str(path)) from None
    return sheet_of_frame(name, place, frame, report)


def read_csv(path: Path) -> list[Row]:
    """The records of a CSV file as texts; the encoding is found out, the separator is a comma, tab or semicolon."""
    text = decode(path)
    csv.field_size_limit(_CSV_LIMIT)
    head = text[:20_000].split("统一社会信用代码", 1)[-1][:1]
    separator = head if head in {"\t", ";"} else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise TiduError(
            "bad-csv", f"“{path.name}”不是有效的 CSV（{error}）。请用 Excel 打开后另存为“CSV UTF-8”。", path=str(path)
        ) from None


def decode(path: Path) -> str:
    """The text of a file in UTF-8 (with or without mark) or GB18030; raises ``wrong-encoding`` with the line at fault."""
    content = path.read_bytes()
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise TiduError(
            "wrong-encoding", f"“{path.name}”是 UTF-16（Excel 称“Unicode 文本”）编码，不能读取。请另存为“CSV UTF-8”。", path=str(path)
        )
    if content[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        raise TiduError(
            "wrong-encoding", f"“{path.name}”其实是 Excel 文件，只是扩展名为 .csv。请改回扩展名，或另存为“CSV UTF-8”。", path=str(path)
        )
    if b"\0" in content:
        raise TiduError("wrong-encoding", f"“{path.name}”不是文本文件（含有空字节）。请用 Excel 打开后另存为“CSV UTF-8”。", path=str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as utf8:
        if not content.startswith(_UTF8_MARK) and not _mostly_utf8(content):
            try:
                return content.decode("gb18030")
            except UnicodeDecodeError:
                pass
        line = content.count(b"\n", 0, utf8.start) + 1
        raise TiduError(
            "wrong-encoding",
            f"“{path.name}”第 {line} 行含有无法识别的字节，文件既不是完整的 UTF-8，也不是 GB18030。请用 Excel 打开后另存为“CSV UTF-8”。",
            path=str(path),
            line=line,
        ) from None


def _mostly_utf8(content: bytes) -> bool:
    """A UTF-8 text with some damaged bytes, which GB18030 would turn into other characters without complaint."""
    kept = content.decode("utf-8", "ignore")
    chinese = sum(1 for character in kept if "一" <= character <= "鿿")
    return chinese * 3 > 0.6 * sum(1 for byte in content if byte >= 0x80)
