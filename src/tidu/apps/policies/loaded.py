"""The packs of this process: read once, shared by every page; a changed pack takes a new start."""

from __future__ import annotations

from functools import lru_cache

from tidu.kernel.packs import PackSet
from tidu.kernel.reading import read_packs


@lru_cache(maxsize=1)
def packs() -> PackSet:
    """The packs that come with the package."""
    return read_packs([])
