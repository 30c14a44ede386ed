"""Two dated texts of a standard side by side: row by row what is the same, changed, gone or new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tidu.apps.policies.domain.compare_rows import PLACES, Row, rows_of
from tidu.apps.policies.domain.differences import Segment, segments
from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.matching import CHANGED, ONLY_A, ONLY_B, SAME_ROW, pairs
from tidu.apps.policies.domain.remembered import remembered
from tidu.apps.policies.domain.standards import StandardPage, standard_page
from tidu.kernel.packs import PackSet

NONE = "—"


@dataclass(frozen=True, slots=True)
class Side(Document):
    """One side of a row: where it stands (``place``), its id, clause, text, condition in words and brackets."""

    place: str
    id: str
    clause: str
    text: str
    rule: str
    brackets: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class BoundChange(Document):
    """A measure whose bound differs; — where one side does not ask."""

    measure: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class CompareRow(Document):
    """A criterion or score item of both texts: ``state`` is same, changed, only-a or only-b; segments lead from A to B.

    ``matched`` says how the two were found to belong together: id, text, or empty where there is only one.
    """

    state: str
    state_text: str
    matched: str
    a: Side | None
    b: Side | None
    text: tuple[Segment, ...]
    rule: tuple[Segment, ...]
    bounds: tuple[BoundChange, ...]
    brackets: tuple[BoundChange, ...]


@dataclass(frozen=True, slots=True)
class HeadRow(Document):
    """A line of the head: passing marks, validity, reference and the like; segments lead from A to B."""

    name: str
    a: str
    b: str
    same: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Count(Document):
    """How many rows are in a state."""

    state: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Comparison(Document):
    """Version B beside version A; rows in the order of A, what is new in B where it stands in B."""

    name: str
    a: str
    b: str
    head: tuple[HeadRow, ...]
    rows: tuple[CompareRow, ...]
    counts: tuple[Count, ...]


STATES = {SAME_ROW: "相同", CHANGED: "有改动", ONLY_A: "只在前一版", ONLY_B: "只在后一版"}


@remembered
def compare(packs: PackSet, name: str, version_a: str, version_b: str) -> Comparison:
    """Two texts of one standard side by side; raises ``unknown-standard`` or ``unknown-version``."""
    a, b = standard_page(packs, name, version_a), standard_page(packs, name, version_b)
    rows = tuple(_row(one, other, how) for one, other, how in pairs(rows_of(a), rows_of(b)))
    counts = tuple(Count(state, text, sum(row.state == state for row in rows)) for state, text in STATES.items())
    return Comparison(name, version_a, version_b, tuple(_head(a, b)), rows, counts)


def _row(one: Row | None, other: Row | None, how: str) -> CompareRow:
    text = segments(one.text if one else "", other.text if other else "")
    rule = segments(one.rule if one else "", other.rule if other else "")
    bounds = tuple(_changes(one.bounds if one else (), other.bounds if other else ()))
    brackets = tuple(_changes(one.brackets if one else (), other.brackets if other else ()))
    if one is None or other is None:
        state = ONLY_B if one is None else ONLY_A
    else:
        alike = (one.text, one.rule, one.place, one.bounds, one.brackets) == (
            other.text,
            other.rule,
            other.place,
            other.bounds,
            other.brackets,
        )
        state = SAME_ROW if alike else CHANGED
    return CompareRow(state, STATES[state], how, _side(one), _side(other), text, rule, bounds, brackets)


def _side(row: Row | None) -> Side | None:
    if row is None:
        return None
    brackets = tuple(f"{name}：{value}" for name, value in row.brackets)
    return Side(PLACES[row.place], row.id, row.clause, row.text, row.rule, brackets, row.confidence)


def _changes(before: tuple[tuple[str, str], ...], after: tuple[tuple[str, str], ...]) -> Iterator[BoundChange]:
    """Names whose values differ."""
    first, second = _joined(before), _joined(after)
    for name in dict.fromkeys((*first, *second)):
        if first.get(name) != second.get(name):
            yield BoundChange(name, first.get(name, NONE), second.get(name, NONE))


def _joined(listed: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, value in listed:
        found.setdefault(name, []).append(value)
    return {name: "；".join(dict.fromkeys(values)) for name, values in found.items()}


def _head(a: StandardPage, b: StandardPage) -> Iterator[HeadRow]:
    listed = [
        ("依据", a.reference.text, b.reference.text),
        ("有效期", a.in_force.text, b.in_force.text),
        ("用于", a.application_text, b.application_text),
        ("可信程度", a.trust.text, b.trust.text),
        ("评分表", _table_text(a), _table_text(b)),
        *((f"最低分：{name}", _mark(a, name), _mark(b, name)) for name in dict.fromkeys((*_marks(a), *_marks(b)))),
        ("说明", a.note or NONE, b.note or NONE),
    ]
    for name, one, other in listed:
        yield HeadRow(name, one, other, one == other, segments(one, other))


def _table_text(page: StandardPage) -> str:
    return f"满分 {page.scores.most} 分，{sum(len(group.items) for group in page.scores.groups)} 项" if page.scores else "没有评分表"


def _marks(page: StandardPage) -> list[str]:
    return [mark.name for mark in page.scores.marks] if page.scores else []


def _mark(page: StandardPage, name: str) -> str:
    found = next((mark.at_least for mark in page.scores.marks if mark.name == name), None) if page.scores else None
    return NONE if found is None else f"{found} 分"
