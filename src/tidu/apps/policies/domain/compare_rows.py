"""The rows of a text that are compared: each labelled criterion with its own conditions, each score item, each class floor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tidu.apps.policies.domain.lines import JOINS, Line
from tidu.apps.policies.domain.scores import Item
from tidu.apps.policies.domain.standards import StandardPage

PREREQUISITE, CRITERION, ITEM, CLASS = "prerequisite", "criterion", "item", "class"
PLACES = {PREREQUISITE: "前置条件", CRITERION: "条件", ITEM: "评分项", CLASS: "划型"}


@dataclass(frozen=True, slots=True)
class Row:
    """One comparable row: ``bounds`` are (measure, bound), ``brackets`` (range, points); ``leaf`` is false for mere groups.

    ``alternative`` rows stand somewhere under 满足其一 or 至少满足 n 项, so that not every firm must meet them.
    """

    place: str
    id: str
    clause: str
    text: str
    rule: str
    bounds: tuple[tuple[str, str], ...]
    brackets: tuple[tuple[str, str], ...]
    measures: frozenset[str]
    confidence: str
    leaf: bool
    alternative: bool = False


def rows_of(page: StandardPage) -> tuple[Row, ...]:
    """Every row of a text in reading order."""
    return tuple(_rows(page))


def _rows(page: StandardPage) -> Iterator[Row]:
    for line in page.prerequisites:
        yield from _criteria(line, PREREQUISITE)
    if page.requires:
        yield from _criteria(page.requires, CRITERION)
    for item in page.scores.items() if page.scores else ():
        yield _item(item)
    for row in page.classes.rows if page.classes else ():
        cells = tuple((cell.name, cell.range) for cell in row.cells)
        text = f"{row.industry} {row.figure}（{row.unit}）"
        yield Row(CLASS, f"{row.id} {row.figure}", row.clause, text, text, (), cells, frozenset({row.figure}), "", True)


def _criteria(line: Line, place: str, alternative: bool = False) -> Iterator[Row]:
    """The line, where it has an id, and the labelled ones below it."""
    if line.id:
        own = tuple(_own(line))
        bounds = tuple((_left(part), f"{part.bound.sign} {part.bound.value}") for part in own if part.bound)
        measures = frozenset(part.measure.name for part in own if part.measure) | {
            name for part in own if not part.measure for name in part.facts
        }
        leaf = bool(measures) or not line.parts
        yield Row(place, line.id, line.clause, line.text, _rule(line), bounds, (), measures, line.confidence, leaf, alternative)
    for part in line.parts:
        yield from _criteria(part, place, alternative or line.kind in {"any", "count"})


def _left(line: Line) -> str:
    """What is compared, with its year, as it stands before the sign."""
    return line.rule.partition(f" {line.bound.sign} ")[0] if line.bound else line.rule


def _own(line: Line) -> Iterator[Line]:
    """The line and its parts down to the next id."""
    yield line
    for part in line.parts:
        if not part.id:
            yield from _own(part)


def _rule(line: Line) -> str:
    """The condition of a line, parts with an id of their own by their id."""
    if not line.parts:
        return line.rule
    inner = [part.id or (f"（{_rule(part)}）" if part.parts else part.rule) for part in line.parts]
    if line.kind == "any":
        return " 或 ".join(inner)
    if line.kind == "all":
        return "；".join(inner)
    return f"{line.rule or JOINS['count']}：{'；'.join(inner)}"


def _item(item: Item) -> Row:
    brackets = tuple(
        (f"{table.measure.name} {row.range}" if table.measure else row.range, row.points) for table in item.tables for row in table.brackets
    )
    measures = frozenset(table.measure.name for table in item.tables if table.measure) or frozenset(item.facts)
    rule = f"{item.text}，满分 {item.most} 分"
    return Row(ITEM, item.id, item.clause, item.title, rule, (), brackets, measures, item.confidence, True)
