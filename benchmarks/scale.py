"""Cost by size: one Parquet file of firms streamed through the rules into a Parquet file of results.

``python -m benchmarks.scale ENGINE FIRMS.parquet RESULTS.parquet``
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import shape, tidu_shape
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


def paid_yuan(results: Path, unit: int) -> int:
    """The sum of the yearly totals in a file of results whose money is in 1/`unit` yuan."""
    total = pl.scan_parquet(results).select(pl.col("total").cast(pl.Int64).sum()).collect(engine="streaming").item()
    whole, rest = divmod(int(total), unit)
    if rest:
        raise ValueError(f"{results.name}: {total} is not a whole number of yuan")
    return whole


Rules = Callable[[pl.LazyFrame], pl.LazyFrame]
ENGINES: dict[str, tuple[str, int, Rules]] = {
    "tidu": ("Tidu", tidu_shape.FEN, tidu_shape.outputs),
    "by-hand": ("Polars by hand", 1, polars_by_hand.outputs),
}
"""By key: the name, how many units of its money make a yuan, and the rules over firms in yuan."""


def main() -> None:
    parser = command_line()
    parser.add_argument("engine", choices=list(ENGINES))
    parser.add_argument("firms", type=Path)
    parser.add_argument("results", type=Path)
    wanted = parser.parse_args()
    name, _, rules = ENGINES[wanted.engine]
    contender = Contender(
        name=name,
        run=lambda: rules(pl.scan_parquet(wanted.firms)).sink_parquet(wanted.results, compression="lz4"),
        note=f"polars {pl.__version__}, streaming",
    )
    rows = pl.scan_parquet(wanted.firms).select(pl.len()).collect().item()
    measure(contender, rows=rows, reference=None, repetitions=wanted.repetitions, paced=wanted.paced)


if __name__ == "__main__":
    main()
