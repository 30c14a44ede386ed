"""Sentences and the pieces between their commas, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tidu.documents.lines import Line

_PAIRS = {"（": "）", "“": "”", "《": "》", "【": "】", "〔": "〕"}
LONGEST_SENTENCE = 1200
"""What is longer between two stops is no sentence that grants or aims at anything; leaving it out keeps the time bounded."""
_REACH = 160
"""A bracket that is not closed within so many characters was forgotten, and closes nothing."""


@dataclass(frozen=True)
class Span:
    """A piece of text and where it starts in the normalised text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    def part(self, begin: int, end: int | None = None) -> Span:
        """A piece of it, by positions within it."""
        return Span(self.text[begin:end], self.start + begin)

    def stripped(self, characters: str = " ，。；、：\n") -> Span:
        """Without these characters at both ends."""
        left = len(self.text) - len(self.text.lstrip(characters))
        return Span(self.text.strip(characters), self.start + left)


def pieces(span: Span, separators: str) -> Iterator[Span]:
    """Cut at separators outside brackets and quotes; the separators are left out."""
    begin, index, text = 0, 0, span.text
    while index < len(text):
        character = text[index]
        if character in _PAIRS:
            closed = text.find(_PAIRS[character], index, index + _REACH)
            index = index + 1 if closed < 0 else closed + 1
            continue
        if character in separators:
            if begin < index:
                yield span.part(begin, index)
            begin = index + 1
        index += 1
    if begin < len(text):
        yield span.part(begin)


def sentences(line: Line) -> list[Span]:
    """The sentences of a paragraph, without their stops."""
    return list(pieces(Span(line.text, line.start), "。！？"))
