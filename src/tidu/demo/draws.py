"""Seeded draws for whole columns: a number depends on the seed, the key of its row and the name of the draw only.

Keys are mixed with SplitMix64, so a firm comes out the same in a district of 50 and of 100,000,
whatever is drawn before it, and no dependency beyond Polars is needed. For believable data only, never for secrets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import sqrt

import polars as pl

_GAMMA = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_WORD = 2**64


def _constant(value: int) -> pl.Series:
    return pl.Series([value % _WORD], dtype=pl.UInt64)


def _mix(words: pl.Series) -> pl.Series:
    """The finaliser of SplitMix64 on a column of unsigned 64-bit words (Polars multiplies modulo 2**64)."""
    words = (words ^ (words // 2**30)) * _constant(_FIRST)
    words = (words ^ (words // 2**27)) * _constant(_SECOND)
    return words ^ (words // 2**31)


class Draws:
    """Columns of random values for rows identified by ``keys`` (unsigned 64-bit integers)."""

    def __init__(self, seed: int, keys: pl.Series) -> None:
        self.seed = seed
        self.keys = keys.cast(pl.UInt64)

    def words(self, name: str) -> pl.Series:
        """Uniform 64-bit words of the draw called ``name``."""
        digest = hashlib.blake2b(f"{self.seed}/{name}".encode(), digest_size=8).digest()
        if self.keys.is_empty():
            return pl.Series([], dtype=pl.UInt64)
        salted = _mix(self.keys * _constant(_GAMMA) + _constant(int.from_bytes(digest, "big")))
        return _mix(salted + _constant(_GAMMA))

    def uniform(self, name: str) -> pl.Series:
        """Floats in [0, 1) on the grid of 2**-53."""
        return (self.words(name) // 2**11).cast(pl.Float64) / 2.0**53

    def normal(self, name: str) -> pl.Series:
        """Nearly normal floats with mean 0 and deviation 1, bounded by 3.47: the sum of four 16-bit parts of a word."""
        words = self.words(name)
        parts: pl.Series = (words % 2**16).cast(pl.Float64)
        for shift in (16, 32, 48):
            parts = parts + (words // 2**shift % 2**16).cast(pl.Float64)
        return (parts / 2.0**16 - 2.0) * sqrt(3.0)

    def integer(self, name: str, lowest: int, highest: int) -> pl.Series:
        """Integers from ``lowest`` to ``highest``, both included."""
        return (self.words(name) // 2**32 % (highest - lowest + 1)).cast(pl.Int64) + lowest

    def chance(self, name: str, probability: float | pl.Series) -> pl.Series:
        """True with the given probability, one for all rows or one per row."""
        return self.uniform(name) < probability

    def position(self, name: str, weights: Sequence[float]) -> pl.Series:
        """Positions in a weighted list."""
        total = float(sum(weights))
        bounds = pl.Series([bound / total for bound in accumulate(weights)][:-1], dtype=pl.Float64)
        return bounds.search_sorted(self.uniform(name), side="right").cast(pl.Int64)

    def choose(self, name: str, options: Mapping[str, float]) -> pl.Series:
        """One of the texts, by weight."""
        texts = pl.Series(list(options), dtype=pl.String)
        return texts.gather(self.position(name, list(options.values())))
