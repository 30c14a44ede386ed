"""Cost by size: one Parquet file of firms streamed through the rules into a Parquet file of results.

``python -m benchmarks.scale tidu|by-hand FIRMS.parquet RESULTS.parquet``
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import shape
from benchmarks.paced import Contender, command_line, measure
from benchmarks.peers import polars_by_hand

PIECE = 250_000
"""Firms per row group: what a streaming reader holds at once, in multiples of the number of threads."""


def write_firms(path: Path, count: int, *, seed: int = 20262) -> None:
    """`count` distinct firms, drawn and written a row group at a time."""
    schema = pa.schema([(name, pa.int64()) for name in shape.INPUTS])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, count, PIECE):
            firms = shape.make_firms(min(PIECE, count - start), seed=seed + start)
            writer.write_table(pa.table(firms, schema=schema), row_group_size=PIECE)


def right_total(path: Path) -> int:
    """The sum of the yearly totals in yuan by the hand-written rules, for comparison only."""
    rules = polars_by_hand.outputs(pl.scan_parquet(path))
    return int(rules.select(pl.col("total").cast(pl.Int64).sum()).collect(engine="streaming").item())


def by_hand(firms: pl.LazyFrame) -> pl.LazyFrame:
    return polars_by_hand.outputs(firms)


def streamed(name: str, rules: Callable[[pl.LazyFrame], pl.LazyFrame], firms: Path, results: Path) -> Contender:
    return Contender(
        name=name,
        run=lambda: rules(pl.scan_parquet(firms)).sink_parquet(results, compression="lz4"),
        note=f"polars {pl.__version__}, streaming",
    )


def main() -> None:
    parser = command_line()
    parser.add_argument("engine", choices=["tidu", "by-hand"])
    parser.add_argument("firms", type=Path)
    parser.add_argument("results", type=Path)
    wanted = parser.parse_args()
    rows = pl.scan_parquet(wanted.firms).select(pl.len()).collect().item()
    contender = streamed("Polars by hand", by_hand, wanted.firms, wanted.results)
    measure(contender, rows=rows, reference=None, repetitions=wanted.repetitions, paced=wanted.paced)


if __name__ == "__main__":
    main()
