"""名词解释: the field's terms explained to a clerk, searchable by any of their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.library import folded

FILE = Path(__file__).resolve().parent.parent / "glossary.yaml"


@dataclass(frozen=True, slots=True)
class Term(Document):
    """One term: ``also`` are other names for it, ``related`` terms of the same glossary, ``source`` the document if there is one."""

    group: str
    term: str
    english: str
    meaning: str
    also: tuple[str, ...]
    related: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Glossary(Document):
    """Terms in order of their groups; ``total`` counts all, found or not."""

    query: str
    total: int
    groups: tuple[str, ...]
    terms: tuple[Term, ...]


def glossary(query: str = "") -> Glossary:
    """Terms that hold every word of ``query`` in a name or in the meaning, those with it in a name first; empty: all."""
    everything = _terms()
    words = folded(query).split()
    found = [term for term in everything if all(word in _text(term) for word in words)]
    if words:
        found.sort(key=lambda term: not any(all(word in folded(name) for word in words) for name in names_of(term)))
    return Glossary(query, len(everything), tuple(dict.fromkeys(term.group for term in found)), tuple(found))


def term_of(name: str) -> Term | None:
    """The term of a name or of another name for it; None where it is not explained."""
    wanted = folded(name)
    return next((term for term in _terms() if wanted in map(folded, names_of(term))), None)


def names_of(term: Term) -> tuple[str, ...]:
    """The term and what else it is called, English included."""
    return (term.term, *term.also, term.english)


def _text(term: Term) -> str:
    return folded("\n".join((*names_of(term), term.meaning)))


@cache
def _terms() -> tuple[Term, ...]:
    return tuple(_read(yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)))


def _read(raw: Any) -> Iterator[Term]:
    for group in raw["groups"]:
        for row in group["terms"]:
            yield Term(
                str(group["group"]),
                str(row["term"]),
                str(row["english"]),
                str(row["meaning"]),
                tuple(map(str, row.get("also") or ())),
                tuple(map(str, row.get("related") or ())),
                str(row.get("source") or ""),
            )
