"""The facts that a text reads: unit, period, who gives each, and which criteria need it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.figures import source_words, unit_words
from tidu.apps.policies.domain.lines import Line
from tidu.kernel.facts import Kind
from tidu.kernel.packs import PackSet

_SHIFTED = re.compile(r"（前(\d)年）$")
KINDS: Mapping[Kind, str] = {
    Kind.FIRM: "企业基本情况",
    Kind.YEAR: "年度数据",
    Kind.MONTH: "月度数据",
    Kind.EVENT: "事项登记",
}

COMPLETE = "登记视为完整：没有记录就是没有发生。"


@dataclass(frozen=True, slots=True)
class FactRead(Document):
    """One fact: what it is, in which unit, of which period, from whom, its values where they are a list, and who needs it."""

    name: str
    kind: str
    unit: str
    period: str
    source: str
    values: tuple[str, ...]
    note: str
    used_by: tuple[str, ...]


def facts_read(packs: PackSet, uses: Iterable[tuple[str, str]]) -> tuple[FactRead, ...]:
    """The facts named in ``uses`` (fact, id of the criterion), in the order of the catalogue; a derived fact also names its origin."""
    users: dict[str, dict[str, None]] = {}
    shifts: dict[str, set[int]] = {}
    for written, user in uses:
        match = _SHIFTED.search(written)
        for name in _with_origin(packs, _SHIFTED.sub("", written)):
            users.setdefault(name, {})[user] = None
            shifts.setdefault(name, set()).add(int(match[1]) if match else 0)
    places = packs.scope.catalogue.places
    ordered = sorted(users, key=lambda name: places.get(name, len(places)))
    return tuple(_fact(packs, name, shifts[name], tuple(user for user in users[name] if user)) for name in ordered)


def _with_origin(packs: PackSet, name: str) -> tuple[str, ...]:
    derived = packs.mappings.get(name)
    return (name, derived[0]) if derived else (name,)


def _fact(packs: PackSet, name: str, shifts: set[int], used_by: tuple[str, ...]) -> FactRead:
    catalogue = packs.scope.catalogue
    if name in catalogue.events:
        event = catalogue.events[name]
        values = tuple(event.fields)
        note = f"{COMPLETE}{event.note.partition('fields:')[2].partition(';')[2].strip()}"
        return FactRead(name, KINDS[Kind.EVENT], "每项一行", "截至数据日期", source_words(event.source), values, note, used_by)
    fact = catalogue.fact(name)
    period = "、".join(_year(shift) for shift in sorted(shifts)) if fact.kind is Kind.YEAR else "截至数据日期"
    return FactRead(name, KINDS[fact.kind], unit_words(fact), period, source_words(fact.source), fact.values, fact.note, used_by)


def _year(shift: int) -> str:
    return f"前 {shift} 年" if shift else "上年度"


def uses_of(lines: Iterable[Line]) -> Iterable[tuple[str, str]]:
    """Facts of criteria with the nearest id above them."""
    for line in lines:
        yield from _uses(line, "")


def _uses(line: Line, owner: str) -> Iterable[tuple[str, str]]:
    mine = line.id or owner
    for name in line.facts:
        yield name, mine
    for part in line.parts:
        yield from _uses(part, mine)
