"""Formulas in a workbook, looked for in the sheets themselves: the file as a whole is compressed and would show none."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile


def formulas_in(content: bytes) -> list[str]:
    """The sheets that hold a formula; at least one sheet there must be."""
    with ZipFile(BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert sheets
        return [name for name in sheets if b"<f>" in parts.read(name) or b"<f " in parts.read(name)]


def links_in(content: bytes) -> list[str]:
    """The sheets that hold a link."""
    with ZipFile(BytesIO(content)) as parts:
        return [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet") and b"hyperlink" in parts.read(name)]
