"""Which rows of two texts belong side by side: those of one id, else those that measure the same or read alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tidu.apps.policies.domain.compare_rows import CRITERION, PREREQUISITE, Row
from tidu.apps.policies.domain.differences import likeness

SAME_ROW, CHANGED, ONLY_A, ONLY_B = "same", "changed", "only-a", "only-b"
BY_ID, BY_TEXT = "id", "text"
_ALIKE = 0.5
"""Texts less alike than this are different rules, even of one id."""
_SAME_MEASURE = 0.5
"""What it adds that both measure the very same things; in proportion where they share some."""
_SAME_ID = 0.2
"""Under one id, texts must only be this alike: an id is kept where a rule is reworded."""

Pair = tuple[Row | None, Row | None, str]


def pairs(first: Sequence[Row], second: Sequence[Row]) -> Iterator[Pair]:
    """Rows side by side in the order of ``first``; a row only in ``second`` follows the one it stands behind there."""
    matched = _by_id(first, second)
    matched |= _by_likeness([row for row in first if row not in matched], [row for row in second if row not in matched.values()])
    partner = {other: one for one, other in matched.items()}
    waiting = list(second)
    for one in first:
        other = matched.get(one)
        if other is None:
            yield one, None, ""
            continue
        yield one, other, BY_ID if one.id == other.id else BY_TEXT
        place = waiting.index(other) + 1
        following = _lonely(second, second.index(other) + 1, partner)
        waiting = [row for row in waiting[:place] if row is not other] + waiting[place:]
        for row in following:
            waiting.remove(row)
            yield None, row, ""
    for row in waiting:
        if row not in partner:
            yield None, row, ""


def _lonely(rows: Sequence[Row], start: int, partner: dict[Row, Row]) -> list[Row]:
    """Rows from ``start`` on up to the next that has a partner."""
    found = []
    for row in rows[start:]:
        if row in partner:
            break
        found.append(row)
    return found


def _by_id(first: Sequence[Row], second: Sequence[Row]) -> dict[Row, Row]:
    known = {row.id: row for row in second}
    return {
        row: known[row.id]
        for row in first
        if row.id in known and _comparable(row, known[row.id]) and likeness(row.text, known[row.id].text) >= _SAME_ID
    }


def _comparable(one: Row, other: Row) -> bool:
    criteria = {CRITERION, PREREQUISITE}
    return (one.place == other.place or {one.place, other.place} <= criteria) and one.leaf == other.leaf


def _by_likeness(first: Sequence[Row], second: Sequence[Row]) -> dict[Row, Row]:
    """The most alike first; each row once."""
    scored = [
        (_score(one, other), -place, -there, one, other)
        for place, one in enumerate(first)
        for there, other in enumerate(second)
        if _comparable(one, other)
    ]
    found: dict[Row, Row] = {}
    taken: set[Row] = set()
    for score, _, _, one, other in sorted(scored, key=lambda row: row[:3], reverse=True):
        if score >= _ALIKE and one not in found and other not in taken:
            found[one] = other
            taken.add(other)
    return found


def _score(one: Row, other: Row) -> float:
    """How much two rows belong together: their texts, and how much of what they measure is the same."""
    shared, either = len(one.measures & other.measures), len(one.measures | other.measures)
    # an alternative and a duty that share some measures only are different rules: 直接条件 beside an exemption
    counts = shared == either or not (one.alternative or other.alternative)
    return likeness(one.text, other.text) + (_SAME_MEASURE * shared / either if either and counts else 0)
