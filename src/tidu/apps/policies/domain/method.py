"""测算口径: how results are computed, as text with links to terms, rulings, standards and awards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tidu.apps.policies.domain.documents import Document

FILE = Path(__file__).resolve().parent.parent / "method.yaml"
LINKS = ("term", "ruling", "standard", "award", "library")


@dataclass(frozen=True, slots=True)
class Link(Document):
    """Where to read on: ``kind`` is one of ``LINKS``, ``key`` names the page (for library: the kind of entries)."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Paragraph(Document):
    """A paragraph with its links."""

    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Section(Document):
    """A section; ``key`` is its anchor."""

    key: str
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Method(Document):
    """The whole text."""

    sections: tuple[Section, ...]

    def section(self, key: str) -> Section | None:
        """The section with this anchor."""
        return next((section for section in self.sections if section.key == key), None)


@cache
def method() -> Method:
    """The text, read once."""
    raw = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Method(
        tuple(
            Section(
                str(section["key"]),
                str(section["title"]),
                tuple(Paragraph(str(row["text"]), tuple(_links(row))) for row in section["paragraphs"]),
            )
            for section in raw["sections"]
        )
    )


def _links(row: Any) -> Iterator[Link]:
    for link in row.get("links") or ():
        ((kind, key),) = link.items()
        yield Link(str(kind), str(key))
