"""Rows with digits where words belong: left over from tests, counters and slips, they are no firm."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from tidu.apps.imports.reading.contents import cell_text, cells_of
from tidu.apps.imports.reading.finding import Skipped, Table
from tidu.apps.imports.reading.plans import CODE, NAME, NUMBER, SheetPlan
from tidu.exchange.sheets import Column
from tidu.exchange.wordings import plain_width

SHORTEST_NUMBER = 13
WHY = "名称和代码处只有零星数字，不是企业"


def without_strays(table: Table, plan: SheetPlan) -> Table:
    """The table without rows whose keys hold nothing but short digits; the rows are among those skipped, with their numbers."""
    keys = [column.position for target in (CODE, NUMBER, NAME) for column in plan.of(target)]
    columns = [cells_of(column) for column in table.columns if column.position in keys]
    if not columns:
        return table
    stray = [at for at in range(len(table.rows)) if _is_stray([column[at] for column in columns])]
    if not stray:
        return table
    gone = set(stray)
    kept = [at for at in range(len(table.rows)) if at not in gone]
    skipped = [
        Skipped(int(table.rows[at]), WHY, " ".join(cell_text(column[at]) for column in columns if column[at] is not None)) for at in stray
    ]
    return replace(
        table,
        columns=[_gathered(column, kept) for column in table.columns],
        rows=table.rows.gather(kept),
        skipped=[*table.skipped, *skipped],
    )


def _is_stray(cells: list[object]) -> bool:
    texts = [text for cell in cells if cell is not None and (text := plain_width(cell_text(cell)))]
    return bool(texts) and all(len(text) < SHORTEST_NUMBER and not any(letter.isalpha() for letter in text) for text in texts)


def _gathered(column: Column, kept: list[int]) -> Column:
    cells = column.cells.gather(kept) if isinstance(column.cells, pl.Series) else [column.cells[at] for at in kept]
    return Column(column.position, column.title, cells)
