"""What a person sees: tables on standard output, progress and remarks on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from tidu.exchange.notices import Notice, Severity

WIDTH_OF_A_PIPE = 160
MOST_REMARKS = 20
_REMARKS = {Severity.WARNING: "提醒", Severity.INFORMATION: "说明"}

Share = Callable[[str, float], None]


def screen() -> Console:
    """Standard output: coloured and as wide as the terminal, plain and of fixed width in a pipe."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, width=WIDTH_OF_A_PIPE)


def say(text: str) -> None:
    """A remark on standard error."""
    typer.echo(text, err=True)


def say_notices(notices: Sequence[Notice]) -> None:
    """What reading had to say without stopping; a long list ends with a count."""
    for notice in notices[:MOST_REMARKS]:
        say(f"{_REMARKS.get(notice.severity, '提醒')}：{notice.text}")
    if len(notices) > MOST_REMARKS:
        say(f"提醒：另有 {len(notices) - MOST_REMARKS} 条同类提示没有列出。加 --remarks 文件.xlsx 可得到逐格标注的副本。")


def print_json(document: Any) -> None:
    """A document as JSON on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))


class Right(str):
    """The title of a column of figures, which stand at the right."""

    __slots__ = ()


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> RenderableType:
    """A plain table below its title; a column is its title."""
    found = Table(header_style="bold", expand=False)
    for column in columns:
        found.add_column(str(column), justify="right" if isinstance(column, Right) else "left", overflow="fold")
    for row in rows:
        found.add_row(*(cell if isinstance(cell, Text) else escape(cell_text(cell)) for cell in row))
    return Group(Text(title, style="bold"), found) if title else found


def cell_text(value: object) -> str:
    """A figure as people read it; nothing is a dash."""
    if value is None or value == "":
        return "—"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


@contextmanager
def progress(label: str) -> Iterator[Share]:
    """A bar on a terminal, silence in a pipe; gives a function to call with (what is being done, share from 0 to 1)."""
    if not sys.stderr.isatty():
        yield lambda _what, _share: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=1.0)

        def share(what: str, done: float) -> None:
            bar.update(task, description=what or label, completed=done)

        yield share


def counted(share: Share, what: str) -> Callable[[int, int], None]:
    """A progress of (done, in all) on a bar."""
    return lambda done, whole: share(what, done / whole if whole else 1.0)


def written(path: Path, note: str = "") -> None:
    """Say what was written, on standard error so that a pipe stays clean."""
    say(f"已写出 {path}{note}")
