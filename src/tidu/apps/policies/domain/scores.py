"""Score tables as people read them: groups, items, each bracket with its whole range and its points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.figures import SIGN_WORDS, expression, literal
from tidu.apps.policies.domain.lines import Line, LineReader, sentence
from tidu.apps.policies.domain.measures import Measure, measure_of
from tidu.apps.policies.domain.prose import prose
from tidu.exchange.report_words import confidence_text
from tidu.kernel.expressions import WRITTEN_SIGNS, parse_quantity
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.rules import ScoreItem
from tidu.kernel.scoring import ELSE

OTHERWISE = "其余情形"
_BEYOND = {">=": "低于", ">": "不高于", "<=": "高于", "<": "不低于"}
"""What a value does that misses a bound with this sign."""


@dataclass(frozen=True, slots=True)
class Bracket(Document):
    """One row: its range in words, its points in words, and the least and most points it gives."""

    range: str
    points: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class PointsTable(Document):
    """Points by brackets of one measure (``measure``), by cases, or by a person's judgement; ``text`` says how to read it."""

    form: str
    text: str
    measure: Measure | None
    brackets: tuple[Bracket, ...]


@dataclass(frozen=True, slots=True)
class Item(Document):
    """One line of the score table; ``text`` says how its tables join where there are several."""

    id: str
    title: str
    clause: str
    confidence: str
    note: str
    text: str
    least: int
    most: int
    facts: tuple[str, ...]
    tables: tuple[PointsTable, ...]


@dataclass(frozen=True, slots=True)
class Group(Document):
    """A group of the score table with the most it can give and, where there is one, the points it must reach."""

    name: str
    most: int
    passing: int | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class PassMark(Document):
    """A bound on the total or on a group, with the criterion that sets it."""

    name: str
    at_least: int
    id: str
    clause: str


@dataclass(frozen=True, slots=True)
class ScoreTable(Document):
    """The whole table; ``passing`` is the mark of the total, None where no criterion asks for one."""

    most: int
    passing: int | None
    marks: tuple[PassMark, ...]
    groups: tuple[Group, ...]

    def items(self) -> Iterator[Item]:
        """All items in order."""
        for group in self.groups:
            yield from group.items


def score_table(packs: PackSet, standard: Standard, requires: Line | None) -> ScoreTable | None:
    """The score table of a standard; None where it has none."""
    if not standard.scores:
        return None
    listed = list(standard.source["scores"])
    items = {item.id: _item(packs, raw, item) for raw, item in zip(listed, standard.scores, strict=True)}
    marks = tuple(_marks(standard.source.get("requires"), requires))
    by_name = {mark.name: mark.at_least for mark in marks}
    groups = tuple(
        Group(name, sum(one.highest for one in members), by_name.get(name), tuple(items[one.id] for one in members))
        for name, members in standard.groups.items()
    )
    return ScoreTable(sum(group.most for group in groups), by_name.get("总分"), marks, groups)


def _marks(raw: Any, requires: Line | None) -> Iterator[PassMark]:
    clauses = {line.id: line.clause for line in requires.walk()} if requires else {}
    if isinstance(raw, Mapping):
        if "score" in raw:
            name = str(raw.get("id") or "")
            yield PassMark(str(raw["score"]), int(raw["at_least"]), name, clauses.get(name, ""))
        for part in raw.values():
            yield from _marks(part, requires)
    elif isinstance(raw, list):
        for part in raw:
            yield from _marks(part, requires)


def _item(packs: PackSet, raw: Mapping[str, Any], item: ScoreItem) -> Item:
    text, tables = _tables(LineReader(packs), raw)
    return Item(
        item.id,
        item.title,
        item.clause,
        confidence_text(item.confidence) if item.confidence else "",
        prose(raw.get("note")),
        text,
        item.lowest,
        item.highest,
        _facts(LineReader(packs), raw),
        tables,
    )


def _tables(reader: LineReader, raw: Mapping[str, Any]) -> tuple[str, tuple[PointsTable, ...]]:
    """How an item gives points, in words, and its tables."""
    if "best_of" in raw:
        return "几张表分别给分，取最高", tuple(_table(reader, part) for part in raw["best_of"])
    if "add" in raw:
        cap = f"，合计至多 {raw['cap']} 分" if "cap" in raw else ""
        return f"各部分得分相加{cap}", tuple(_table(reader, part) for part in raw["add"])
    table = _table(reader, raw)
    return table.text, (table,)


def _table(reader: LineReader, raw: Mapping[str, Any]) -> PointsTable:
    if "of" in raw:
        quantity = parse_quantity(str(raw["of"]), reader.scope)
        measure = measure_of(reader.packs, quantity, reader.scope)
        return PointsTable("brackets", f"按{expression(quantity.text)}分档给分", measure, tuple(_brackets(reader, raw["points"])))
    if "choose" in raw:
        rows = tuple(_bracket(OTHERWISE if row[0] == ELSE else sentence(reader.line(row[0])), row[1]) for row in raw["choose"])
        return PointsTable("cases", "自上而下，先符合哪一行得哪一行的分", None, rows)
    if "count" in raw:
        rows = tuple(_bracket(sentence(reader.line(part)), raw["each"]) for part in raw["count"])
        return PointsTable("count", f"每符合一项得 {raw['each']} 分，至多 {raw['cap']} 分", None, rows)
    if "value" in raw:
        quantity = parse_quantity(str(raw["value"]), reader.scope)
        measure = measure_of(reader.packs, quantity, reader.scope)
        row = Bracket(f"{measure.name}是多少就计多少", f"0 至 {raw['max']} 分", 0, int(raw["max"]))
        return PointsTable("value", f"直接取{measure.name}，至多 {raw['max']} 分", measure, (row,))
    return PointsTable("manual", "由专家评定，系统不代为打分", None, (_bracket(str(raw["manual"]), raw["range"]),))


def _bracket(words: str, points: Any) -> Bracket:
    if isinstance(points, list):
        return Bracket(words, f"{points[0]} 至 {points[1]} 分", int(points[0]), int(points[1]))
    return Bracket(words, f"{points} 分", int(points), int(points))


def _brackets(reader: LineReader, rows: Sequence[Any]) -> Iterator[Bracket]:
    """Each row as a whole range: its own bound, and that it missed the row above."""
    above = ""
    for text, points in rows:
        if text == ELSE:
            yield _bracket(above or OTHERWISE, points)
            continue
        sign, value = _bound(reader, str(text))
        own = f"{SIGN_WORDS[sign]} {value}"
        yield _bracket("，".join(part for part in ((own, above) if sign[0] == ">" else (above, own)) if part), points)
        above = f"{_BEYOND[sign]} {value}"


def _bound(reader: LineReader, text: str) -> tuple[str, str]:
    stripped = text.strip()
    sign = next(sign for sign in (">=", "<=", "≥", "≤", ">", "<") if stripped.startswith(sign))
    quantity = parse_quantity(stripped[len(sign) :], reader.scope)
    return WRITTEN_SIGNS.get(sign, sign), literal(quantity)


def _facts(reader: LineReader, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Facts that an item reads, each once."""
    found: dict[str, None] = {}
    for part in (*raw.get("best_of", ()), *raw.get("add", ()), raw):
        for key in ("of", "value"):
            if key in part:
                found |= dict.fromkeys(measure_of(reader.packs, parse_quantity(str(part[key]), reader.scope), reader.scope).facts)
        listed = [row[0] for row in part.get("choose", ()) if row[0] != ELSE] + list(part.get("count", ()))
        for criterion in listed:
            for line in reader.line(criterion).walk():
                found |= dict.fromkeys(line.facts)
    return tuple(found)
