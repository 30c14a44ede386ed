"""Read an official document: title, clauses, responsible units, targets, awards, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from tidu.documents.awards import Award, award_drafts
from tidu.documents.clauses import Clause, Outline, outline, separate
from tidu.documents.dates import valid_until
from tidu.documents.files import Source, open_document, source_of
from tidu.documents.heads import Head, head_of
from tidu.documents.lines import Line, clean_line, clean_lines, paragraphs
from tidu.documents.marks import Mark
from tidu.documents.parts import Part, divide
from tidu.documents.sentences import sentences
from tidu.documents.targets import Target, targets_of
from tidu.documents.units import Responsible, responsible_units

_PLAN = re.compile(r"计划|方案|规划|行动|要点|纲要|意见|任务|攻坚|工程|目标")
"""Titles of documents that set targets, and not only conditions."""


@dataclass(frozen=True)
class Body:
    """The clauses of one part and what they hold."""

    outline: Outline
    units: list[Responsible]
    targets: list[Target]
    awards: list[Award]


@dataclass(frozen=True)
class Annex:
    """An attached text with clauses of its own; a form is only named."""

    label: str
    title: str | None
    body: Body | None
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """All that was read of a document. ``text`` is the normalised text that every ``start`` and ``end`` counts in."""

    text: str
    head: Head
    valid_until: date | None
    body: Body
    annexes: list[Annex]

    def as_dict(self) -> dict[str, Any]:
        """The reading as JSON: the keys of the contract, and ``start``, ``end``, ``body_text``, ``annexes`` besides."""
        return {
            "title": self.head.title,
            "document_number": self.head.number,
            "issuer": self.head.issuer,
            "date": self.head.issued.isoformat() if self.head.issued else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            **_body(self.body),
            "annexes": [
                {
                    "label": one.label,
                    "title": one.title,
                    "start": one.start,
                    "end": one.end,
                    **(_body(one.body) if one.body else {"form": True}),
                }
                for one in self.annexes
            ],
            "body_text": self.text,
        }


def read_document(path: Path) -> Reading:
    """Read a file of one of the five kinds; raises a TiduError with a sentence for what cannot be read."""
    return read_source(open_document(path))


def read_bytes(data: bytes, name: str) -> Reading:
    """The same for an uploaded file: its bytes, and its name for the kind."""
    return read_source(source_of(data, name))


def read_text(text: str) -> Reading:
    """The same for text that is already there."""
    return read_source(Source(text.split("\n")))


def read_source(source: Source) -> Reading:
    """Raw lines to a reading."""
    hint = clean_line(source.title)
    parts = divide(paragraphs(clean_lines("\n".join(source.lines))))
    main, rest = _main(parts)
    head = head_of(parts[0], hint=hint, around=source.around)
    texts: list[str] = []
    marks: list[Mark | None] = []
    spans: list[tuple[int, int]] = []
    for part in (main, *rest):
        begin = len(texts)
        separated = separate(part.lines)
        texts += [*([part.label] if part.label else []), *(text for text, _ in separated), *part.signature]
        marks += [*([None] if part.label else []), *(mark for _, mark in separated), *(None for _ in part.signature)]
        spans.append((begin, len(texts)))
    lines = _placed(texts)
    planned = bool(_PLAN.search(head.title or ""))
    bodies = [
        _read_part(lines[begin:end], marks[begin:end], part, planned=planned)
        for (begin, end), part in zip(spans, (main, *rest), strict=True)
    ]
    annexes = [
        Annex(part.label or "", _annex_title(part), None if part.is_form else body, lines[begin].start, lines[end - 1].end)
        for part, body, (begin, end) in zip(rest, bodies[1:], spans[1:], strict=True)
        if end > begin
    ]
    until = valid_until([sentence.text for line in lines[: spans[0][1]] for sentence in sentences(line)], head.issued)
    return Reading("\n".join(texts), head, until, bodies[0], annexes)


def _main(parts: Sequence[Part]) -> tuple[Part, list[Part]]:
    """The part whose clauses are the document's: a notice that only hands on a plan gives its place to the plan."""
    first = parts[0]
    if first.has_clauses:
        return first, list(parts[1:])
    handed = next((one for one in parts[1:] if one.has_clauses and not one.is_form), None)
    if handed is None:
        return first, list(parts[1:])
    lines = [*first.lines, *first.signature, *([handed.label] if handed.label else []), *handed.lines]
    return Part(None, lines, handed.signature), [one for one in parts[1:] if one is not handed]


def _placed(texts: Sequence[str]) -> list[Line]:
    found, at = [], 0
    for text in texts:
        found.append(Line(text, at))
        at += len(text) + 1
    return found


def _read_part(lines: Sequence[Line], marks: Sequence[Mark | None], part: Part, *, planned: bool) -> Body:
    signed = len(part.signature)
    kept = slice(0, len(lines) - signed)
    found = outline(lines[kept], marks[kept])
    return Body(found, responsible_units(found.clauses), targets_of(found.clauses, planned=planned), award_drafts(found.clauses))


def _annex_title(part: Part) -> str | None:
    if part.is_form or not part.lines:
        return part.lines[0][:60] if part.lines else None
    return head_of(Part(None, part.lines)).title or part.lines[0][:60]


def _body(body: Body) -> dict[str, Any]:
    return {
        "clauses": [_clause(one) for one in body.outline.clauses],
        "units": [{"path": one.path, "units": one.units, "lead": one.lead, "start": one.start, "end": one.end} for one in body.units],
        "targets": [_target(one) for one in body.targets],
        "awards": [_award(one) for one in body.awards],
    }


def _clause(one: Clause) -> dict[str, Any]:
    return {
        "path": one.path,
        "heading": one.heading,
        "level": one.level,
        "parent": one.parent,
        "text": one.text,
        "start": one.start,
        "end": one.end,
    }


def _target(one: Target) -> dict[str, Any]:
    found = {
        "path": one.path,
        "text": one.text,
        "metric": one.metric,
        "op": one.op,
        "value": _number(one.value),
        "unit": one.unit,
        "by": one.by,
        "per": one.per,
        "start": one.start,
        "end": one.end,
    }
    if one.about:
        found["about"] = True
    if one.upper is not None:
        found["upper"] = _number(one.upper)
    return found


def _award(one: Award) -> dict[str, Any]:
    found = {
        "path": one.path,
        "text": one.text,
        "what": one.what,
        "kind": one.kind,
        "amount": _number(one.amount),
        "rate": _number(one.rate),
        "match": _number(one.match),
        "cap": _number(one.cap),
        "cap_per": one.cap_per,
        "payer": one.payer,
        "start": one.start,
        "end": one.end,
    }
    if one.per is not None:
        found["per"] = one.per
    return found


def _number(value: Fraction | None) -> int | float | None:
    """A whole number as such, another as a decimal; for display, nothing decides on it."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def without_places(document: dict[str, Any]) -> dict[str, Any]:
    """A reading as JSON without places and additions: the bare contract, to compare with labels."""
    keep = {
        "clauses": ("path", "heading", "level", "parent"),
        "units": ("path", "units", "lead"),
        "targets": ("path", "text", "metric", "op", "value", "unit", "by", "per"),
        "awards": ("path", "text", "what", "kind", "amount", "rate", "match", "cap", "cap_per", "payer"),
    }
    head = {name: document[name] for name in ("title", "document_number", "issuer", "date", "valid_until")}
    return head | {name: [{key: row[key] for key in keys} for row in document[name]] for name, keys in keep.items()}
