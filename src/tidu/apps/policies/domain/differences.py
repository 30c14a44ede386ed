"""What changed between two texts, in runs that a page can mark without colour: kept, removed, added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from tidu.apps.policies.domain.documents import Document

SAME, REMOVED, ADDED = "same", "removed", "added"
_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[A-Za-z]+|\s+|.", re.DOTALL)
_SHORTEST_KEPT = 2
"""A kept run of fewer tokens between two changes reads as noise and becomes part of the change."""


@dataclass(frozen=True, slots=True)
class Segment(Document):
    """A run of text: ``same`` in both, ``removed`` from the first, ``added`` in the second."""

    kind: str
    text: str


def tokens(text: str) -> list[str]:
    """Words for comparing: each Chinese character, each number, each run of letters."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=4096)
def segments(before: str, after: str) -> tuple[Segment, ...]:
    """The runs that turn ``before`` into ``after``; removed before added where one replaces the other."""
    first, second = tokens(before), tokens(after)
    found: list[tuple[str, str]] = []
    removed: list[str] = []
    added: list[str] = []
    blocks = _settled(first, second)
    for tag, one, other in blocks:
        if tag != SAME:
            removed += one
            added += other
            continue
        found += _changed(removed, added)
        removed, added = [], []
        found.append((SAME, "".join(one)))
    found += _changed(removed, added)
    return tuple(Segment(kind, text) for kind, text in found if text)


def _changed(removed: list[str], added: list[str]) -> list[tuple[str, str]]:
    return [(REMOVED, "".join(removed)), (ADDED, "".join(added))]


def _settled(first: list[str], second: list[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Runs of a matcher, those too short to read between two changes counted as changed."""
    codes = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(codes):
        inside = 0 < place < len(codes) - 1
        short = b - a < _SHORTEST_KEPT and not any(token[0].isdigit() for token in first[a:b])
        kept = tag == "equal" and not (inside and short)
        yield SAME if kept else "changed", first[a:b], second[c:d]


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1; decides only which rows stand side by side."""
    return SequenceMatcher(None, tokens(one), tokens(other), autojunk=False).ratio()
