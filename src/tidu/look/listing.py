"""Lists: columns declared once, for the page and for the file that exports exactly what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PAGE_SIZE = 50


@dataclass(frozen=True)
class Column:
    """One column: its title, the text of a row's cell, where the cell leads, whether it is a figure; ``state`` names a state."""

    title: str
    text: Callable[[Any], str]
    href: Callable[[Any], str] | None = None
    number: bool = False
    state: Callable[[Any], str] | None = None
    whole: bool = False
    """Never broken into two lines: codes, dates."""
    wide: bool = False
    """Prose: never squeezed into a narrow column."""
    below: Column | None = None
    """A second, quiet line of the cell on the page; in a file a column of its own."""


@dataclass(frozen=True)
class Cell:
    """One cell as it is shown."""

    title: str
    text: str
    href: str
    number: bool
    state: str
    whole: bool
    wide: bool = False
    below: str = ""


@dataclass(frozen=True)
class PageOf:
    """One page of a list: its cells row by row, and the ways to the pages beside it."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    number: int
    count: int
    total: int
    before: str
    after: str
    export: str
    label: str = ""
    empty: str = "没有符合条件的内容。"
    filters: Mapping[str, str] = field(default_factory=dict)


def page_of(
    listed: Any,
    columns: Sequence[Column],
    query: Mapping[str, str],
    *,
    label: str,
    empty: str = "没有符合条件的内容。",
    size: int = PAGE_SIZE,
) -> PageOf:
    """The page that the address asks for. ``listed`` is anything that counts and slices (a queryset): two queries, however long.

    ``query`` are the parameters of the address; a page beyond the last is the last.
    """
    total = listed.count()
    count = max(1, -(-total // size))
    wanted = query.get("page", "1")
    number = min(max(int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 1, 1), count)
    rows = [cells(columns, row) for row in listed[(number - 1) * size : number * size]]
    kept = {name: value for name, value in query.items() if value and name not in {"page", "format"}}

    def address(**more: str) -> str:
        return f"?{urlencode({**kept, **more})}"

    return PageOf(
        columns, rows, number, count, total, address(page=str(number - 1)) if number > 1 else "",
        address(page=str(number + 1)) if number < count else "", address(format="xlsx"), label, empty, kept,
    )  # fmt: skip


def spread(columns: Sequence[Column]) -> list[Column]:
    """The columns of a file: what stands below a cell on the page is a column beside it."""
    return [one for column in columns for one in (column, column.below) if one is not None]


def cells(columns: Sequence[Column], row: Any) -> list[Cell]:
    """The cells of one row."""
    return [
        Cell(
            column.title,
            column.text(row),
            column.href(row) if column.href is not None else "",
            column.number,
            column.state(row) if column.state is not None else "",
            column.whole,
            column.wide,
            column.below.text(row) if column.below is not None else "",
        )
        for column in columns
    ]
