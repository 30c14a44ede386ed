"""What one sheet says twice: equal repetitions are read once, contradictions are told and only the first is taken."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tidu.apps.imports.reading.assembling import AT
from tidu.apps.imports.reading.values import Reading
from tidu.exchange.notices import Severity

IDENTITY = {"知识产权": "编号", "商标": "编号", "作品著作权": "编号", "标准": "标准号"}
"""The field that tells one entry of a register: a later delivery of the same entry replaces the earlier one."""


def one_each(reading: Reading, frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """One row per firm and period."""
    first = frame.unique(list(key), keep="first", maintain_order=True)
    if first.height == frame.height:
        return frame
    values = [name for name in frame.columns if name != AT]
    again = frame.join(first.select(AT), on=AT, how="anti").join(first.select(*key, pl.col(AT).alias("\0first")), on=list(key))
    equal = set(again.join(first.select(values), on=values, how="semi", nulls_equal=True)[AT])
    for at, before in again.select(AT, "\0first").iter_rows():
        row = int(reading.table.rows[before])
        if at in equal:
            reading.remark("said-twice", f"与第 {row} 行是同一家企业、同一期间，内容相同，只取一次。", severity=Severity.INFORMATION, at=at)
        else:
            told = f"与第 {row} 行是同一家企业、同一期间，内容不同，本行没有采用。"
            reading.remark("said-otherwise", told, "请核对后只保留一行；若是不同期间的数据，请指定年度或月份列。", at=at)
    return first


def one_entry_each(reading: Reading, frame: pl.DataFrame, event: str, code: str) -> pl.DataFrame:
    """Each event once; an entry of a register is told by its number."""
    values = [name for name in frame.columns if name != AT]
    kept = frame.unique(values, keep="first", maintain_order=True)
    for at in frame.join(kept.select(AT), on=AT, how="anti")[AT].to_list():
        reading.remark("said-twice", "与前面某一行内容完全相同，只取一次。", severity=Severity.INFORMATION, at=at)
    identity = IDENTITY.get(event)
    if identity is None or identity not in kept.columns:
        return kept
    nameless = kept.filter(pl.col(identity).is_null())
    for at in nameless[AT].to_list():
        reading.remark("no-entry-number", f"没有“{identity}”，以后再次导入时认不出是同一件。", "请补填。", severity=Severity.WARNING, at=at)
    single = pl.concat(
        [kept.filter(pl.col(identity).is_not_null()).unique([code, identity], keep="first", maintain_order=True), nameless]
    ).sort(AT)
    for at in kept.join(single.select(AT), on=AT, how="anti")[AT].to_list():
        reading.remark(
            "entry-twice", f"同一家企业的同一个“{identity}”前面已经有了，内容不同，本行没有采用。", "请核对后只保留一行。", at=at
        )
    return single
