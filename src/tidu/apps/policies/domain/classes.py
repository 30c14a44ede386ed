"""Classifications (划型) as the table people know: industries, their figures, and the range of each class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.lines import Line, LineReader
from tidu.kernel.criteria import INDUSTRY_CLASS
from tidu.kernel.packs import PackSet, Standard

NOT_ASKED = "—"


@dataclass(frozen=True, slots=True)
class ClassCell(Document):
    """One class of one figure: its floor as written, and the whole range (``300 ≤ X ＜ 1,000``); both — where it asks for none."""

    name: str
    floor: str
    range: str


@dataclass(frozen=True, slots=True)
class ClassRow(Document):
    """One figure of one industry, with a cell for every class from the highest to the rest."""

    id: str
    clause: str
    industry: str
    codes: str
    figure: str
    unit: str
    cells: tuple[ClassCell, ...]


@dataclass(frozen=True, slots=True)
class ClassTable(Document):
    """A classification: ``classes`` from the highest to the lowest; ``text`` says how several figures of one industry join."""

    classes: tuple[str, ...]
    text: str
    rows: tuple[ClassRow, ...]


def class_table(packs: PackSet, standard: Standard) -> ClassTable | None:
    """The table of a classification; None for any other standard."""
    raw = standard.source.get("classes")
    if not raw:
        return None
    order = tuple(str(name) for name in raw["order"])
    text = f"同一类的各项下限须同时达到，缺一项即下划一档；达不到{order[-1]}的为{standard.rest}。下限本身属于较高的一类。"
    rows = tuple(row for section in raw["rows"] for row in _rows(packs, section, order, standard.rest))
    return ClassTable((*order, standard.rest), text, rows)


def _rows(packs: PackSet, section: Any, order: tuple[str, ...], rest: str) -> Iterator[ClassRow]:
    reader = LineReader(packs)
    floors: dict[str, dict[str, Line]] = {}
    for name in order:
        for line in reader.lines(section.get(name)):
            floors.setdefault(line.measure.name if line.measure else line.rule, {})[name] = line
    industry = str(section["industry"])
    for figure, found in floors.items():
        unit = next(iter(found.values())).bound
        symbol = unit.value.rpartition(" ")[2] if unit else ""
        cells = tuple(_cells(found, order, rest, symbol))
        yield ClassRow(str(section["id"]), str(section["clause"]), industry, _codes(packs, industry), figure, symbol, cells)


def _cells(found: dict[str, Line], order: tuple[str, ...], rest: str, unit: str) -> Iterator[ClassCell]:
    above = ""
    for name in order:
        bound = found[name].bound if name in found else None
        if bound is None:
            yield ClassCell(name, NOT_ASKED, NOT_ASKED)
            continue
        value = bound.value.removesuffix(unit).strip()
        yield ClassCell(name, f"{bound.sign} {value}", f"{value} ≤ X ＜ {above}" if above else f"X {bound.sign} {value}")
        above = value
    yield ClassCell(rest, NOT_ASKED, f"X ＜ {above}" if above else NOT_ASKED)


def _codes(packs: PackSet, industry: str) -> str:
    """The industry codes that fall under a row, as registered prefixes."""
    _, prefixes = packs.mappings.get(INDUSTRY_CLASS, ("", {}))
    return "、".join(prefix for prefix, value in prefixes.items() if value == industry)
