"""Tidu over the benchmark shape: the rules are a pack (``shape.yaml``), amounts are whole fen, nothing is a float."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import shape
from benchmarks.paced import Contender, serve
from benchmarks.shape import Columns
from tidu.kernel.calculations import calculate_frame, promises
from tidu.kernel.packs import Calculation
from tidu.kernel.reading import read_packs

FEN = 100


def calculation() -> Calculation:
    """The rules of the shape, as the pack beside this file states them."""
    return read_packs([Path(__file__).with_name("shape.yaml")], base=None).calculations["基准测算"]


def stored(firms: Columns) -> pl.DataFrame:
    """Firms as they are stored: money in fen."""
    return pl.DataFrame({name: values * FEN if name in shape.MONEY_INPUTS else values for name, values in firms.items()})


def outputs(firms: pl.LazyFrame) -> pl.LazyFrame:
    """The 12 outputs of firms given as 18 integer columns, money in yuan; amounts in fen.

    What the columns hold is read through first, since nothing is promised of a file.
    """
    in_fen = firms.with_columns(pl.col(shape.MONEY_INPUTS) * FEN)
    return calculate_frame(calculation(), in_fen, promises(in_fen, shape.INPUTS))


def contender(firms: Columns) -> Contender:
    rules, frame = calculation(), stored(firms)
    given = promises(frame, shape.INPUTS)

    def run() -> pl.DataFrame:
        return calculate_frame(rules, frame.lazy(), given).collect()

    return Contender(name="Tidu", run=run, columns=in_yuan, note=f"polars {pl.__version__}, {pl.thread_pool_size()} threads")


def in_yuan(result: pl.DataFrame) -> dict[str, np.ndarray]:
    """The outputs with money in yuan, as the reference has them."""
    return {name: result[name].to_numpy() / FEN if name in shape.AMOUNTS else result[name].to_numpy() for name in shape.OUTPUTS}


if __name__ == "__main__":
    serve(contender)
