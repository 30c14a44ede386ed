"""Formulas in a workbook, looked for in the sheets themselves: the file as a whole is compressed and would show none."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile


def formulas_in(content: bytes, own: str = "") -> list[str]:
    """The sheets that hold a formula other than those that begin with ``own``; at least one sheet there must be."""
    with ZipFile(BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert sheets
        found = {name: re.findall(r"<f(?: [^>]*)?>([^<]*)<", parts.read(name).decode()) for name in sheets}
    return [name for name, texts in found.items() if any(not own or not text.startswith(own) for text in texts)]


def links_in(content: bytes) -> list[str]:
    """The sheets that hold a link."""
    with ZipFile(BytesIO(content)) as parts:
        return [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet") and b"hyperlink" in parts.read(name)]
