"""Every workbook as LibreOffice opens it: the same sheets and values, and no formula. Run by ``script/check-workbooks``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import python_calamine

from tests.exchange.formulas import formulas_in
from tidu.look.listing import Column
from tidu.sites.office.exports import exported

HOSTILE = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x.example")', "００１２３", "91420114MA4KAAAA01")
TOTALS = "SUBTOTAL("
"""The sums under a list follow its filter; everything else is a value."""

DAY = "2024-06-01"
MOMENT = datetime(2024, 6, 3, 4, 0, tzinfo=UTC)


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    """Every sheet with its values; empty lines and columns at the end left out."""
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: _trimmed(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names}


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    rows = [row[: max((place + 1 for place, value in enumerate(row) if value != ""), default=0)] for row in rows]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def through_libreoffice(path: Path, folder: Path) -> bytes:
    """The workbook opened and saved by LibreOffice."""
    target = folder / "saved"
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir", target, path]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return (target / path.with_suffix(".xlsx").name).read_bytes()


def a_list_as_sent(folder: Path) -> Path:
    """A list of the office with texts that begin like formulas."""
    rows = [SimpleNamespace(name=text, amount=text * 2) for text in HOSTILE]
    columns = [Column("名称", lambda row: row.name), Column("备注", lambda row: row.amount)]
    answer = exported(rows, columns, title="企业名单", who="牵头局经办某", at=MOMENT)
    path = folder / "list.xlsx"
    path.write_bytes(answer.content)
    return path


def reports(folder: Path) -> Iterator[Path]:
    """The fictional district as a workbook, and what assessing and settling it write."""
    out = folder / "demo"
    for line in (
        ("demo", "--firms", "300", "--out", out),
        ("assess", out / "district.xlsx", "--law-date", DAY, "--facts-as-of", DAY, "--out", out / "assessment.xlsx"),
        ("settle", out / "district.xlsx", "--law-date", DAY, "--as-of", DAY, "--out", out / "settlement.xlsx"),
    ):
        subprocess.run([Path(sys.executable).with_name("tidu"), *line], check=True, capture_output=True, timeout=600)
    yield from sorted(out.glob("*.xlsx"))


def compare(path: Path, folder: Path) -> tuple[int, list[str]]:
    """How many values were compared, and what differs."""
    before = path.read_bytes()
    after = through_libreoffice(path, folder)
    found = [f"{path.name}：{name} 里有公式" for name in formulas_in(before, TOTALS)]
    ours, theirs = sheets_of(before), sheets_of(after)
    if list(ours) != list(theirs):
        return 0, [*found, f"{path.name}：工作表 {list(ours)} 变成 {list(theirs)}"]
    count = 0
    for name, rows in ours.items():
        count += sum(map(len, rows))
        if rows != theirs[name]:
            found += [
                f"{path.name} {name} 第 {line} 行：{mine} ≠ {other}"
                for line, (mine, other) in enumerate(zip(rows, theirs[name], strict=False), start=1)
                if mine != other
            ][:5] or [f"{path.name} {name}：行数 {len(rows)} ≠ {len(theirs[name])}"]
    return count, found


def main(given: list[str]) -> int:
    """Compare the workbooks; 0 where all values are the same."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        differences: list[str] = []
        for path in [a_list_as_sent(folder), *reports(folder), *map(Path, given)]:
            count, found = compare(path, folder)
            sys.stdout.write(f"{path.name}：{count:,} 个值，{'一致' if not found else '有差别'}\n")
            differences += found
    sys.stdout.writelines(f"{line}\n" for line in differences)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
