"""How much room texts take in a report: widths of columns, heights of rows, titles on two lines."""

from __future__ import annotations

from collections.abc import Sequence

from tidu.exchange.workbook_styles import Column, Figure, Link, State, display_width

LINE_POINTS = 16.5
ROW_POINTS = 18
ARROW = 3
"""Room for the arrow of the filter beside a title."""
_SAMPLE = 2_000


def row_height(lines: int) -> float:
    """Height in points of a row of that many lines, as far as Excel allows."""
    return min(max(ROW_POINTS, lines * LINE_POINTS + 2), 409)


def column_widths(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> list[int]:
    """Width of each column from its title and the first rows, within its bounds."""
    widths = []
    for index, column in enumerate(columns):
        longest = max((display_width(line) for entry in rows[:_SAMPLE] for line in shown_text(entry[index]).split("\n")), default=0)
        title = _title_width(column.title) + ARROW
        widths.append(max(column.least, title, min(column.most, longest + 2)))
    return widths


def _title_width(title: str) -> int:
    """Room for a title on two lines: its words, and its unit in brackets on a line of its own."""
    words, bracket, unit = title.partition("（")
    half = -(-display_width(words) // 2)
    return max(half + half % 2, display_width(bracket + unit))


def folded_title(title: str, room: int) -> str:
    """The title with its unit on a line of its own where both do not fit one."""
    return title if display_width(title) <= room else title.replace("（", "\n（", 1)


def shown_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Link):
        return shown_text(value.value)
    if isinstance(value, State):
        return value.text
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, Figure):
        return f"{value.value:,.{value.decimals}f}"
    return f"{value:,.2f}" if isinstance(value, int | float) else str(value)
