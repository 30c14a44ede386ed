"""What a paper is made of, before it is Word or PDF: headings, paragraphs, tables. Plain texts only, never markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

_NOT_PRINTED = frozenset({"Cc", "Cs", "Co", "Cn"})
_NUMERALS = ("", *"一二三四五六七八九")
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean(text: str) -> str:
    """The text without what no paper can hold: control characters, halves of characters, marks that turn the direction of writing."""
    return "".join(
        letter
        for letter in text.replace("\r\n", "\n").replace("\t", " ")
        if letter == "\n" or (unicodedata.category(letter) not in _NOT_PRINTED and letter not in _DIRECTIONS)
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first or second level."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. ``indent`` as Chinese paragraphs begin; ``right`` for who signs and when."""

    text: str
    indent: bool = True
    right: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and what they stand for, as a framed table of two columns."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its share of the width, and whether figures stand at its right."""

    title: str
    share: float = 1.0
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under titles that are repeated on every page; ``total`` is the last row, set strong. ``empty`` stands for no rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    empty: str = "无。"


@dataclass(frozen=True, slots=True)
class Listed:
    """Steps one after the other, numbered."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own."""


Block = Heading | Paragraph | Pairs | Table | Listed | NewPage


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. ``day`` is the day it speaks of and the only date a file carries, so the same state gives the same bytes.

    ``foot`` stands on every page; ``wide`` lays the page across.
    """

    title: str
    day: date
    blocks: tuple[Block, ...]
    subtitle: str = ""
    foot: str = ""
    wide: bool = False
    cover: tuple[tuple[str, str], ...] = field(default=())


def pairs(rows: Iterable[tuple[str, str]]) -> Pairs:
    """Names and values; what is empty is said to be empty."""
    return Pairs(tuple((name, value or "—") for name, value in rows))


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, total: Sequence[str] = (), empty: str = "无。") -> Table:
    """A table; every row must fill every column."""
    listed = tuple(tuple(row) for row in rows)
    if any(len(row) != len(columns) for row in (*listed, *((tuple(total),) if total else ()))):
        raise ValueError("a row does not fill the columns of its table")
    return Table(tuple(columns), listed, tuple(total), empty)


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with 一、二、三 … before their headings of the first level."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            count = sum(isinstance(one, Heading) and one.level == 1 for one in found) + 1
            tens, ones = divmod(count, 10)
            number = ("十" if tens == 1 else f"{_NUMERALS[tens]}十" if tens else "") + _NUMERALS[ones]
            found.append(Heading(f"{number}、{block.text}"))
        else:
            found.append(block)
    return tuple(found)


def texts(paper: Paper) -> list[str]:
    """Every text of a paper in reading order: what any rendering of it must hold."""
    found = [paper.title, *([paper.subtitle] if paper.subtitle else [])]
    for name, value in paper.cover:
        found += [name, value]
    for block in paper.blocks:
        found += _texts(block)
    return [clean(one) for one in found]


def _texts(block: Block) -> list[str]:
    match block:
        case Heading() | Paragraph():
            return [block.text]
        case Pairs():
            return [text for row in block.rows for text in row]
        case Table():
            titles = [column.title for column in block.columns]
            return [*titles, *(text for row in block.rows for text in row), *block.total] + ([] if block.rows else [block.empty])
        case Listed():
            return list(block.items)
        case _:
            return []
