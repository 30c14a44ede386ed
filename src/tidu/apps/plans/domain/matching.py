"""Which units of the district a name in a document may mean. Only proposals: a person confirms (``naming.py``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tidu.apps.units.enums import UnitKind

FILE = Path(__file__).resolve().parents[1] / "unit_names.yaml"
ALIKE = 0.5
"""From which likeness on a unit is offered as a choice; nothing is decided by it."""
MOST_CHOICES = 5
_NOISE = re.compile(r"[\s“”\"'·•.,，、。（）()]+")


@dataclass(frozen=True, slots=True)
class Known:
    """A unit of the district as matching knows it."""

    number: int
    name: str
    short_name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a name may mean. ``how`` says why; ``units`` is what is proposed, ``choices`` what else comes near, best first."""

    name: str
    how: str
    units: tuple[int, ...] = ()
    choices: tuple[int, ...] = ()
    outside: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether a person has confirmed it before."""
        return self.how == REMEMBERED


REMEMBERED, SAME, SHORTENED, GROUP, NEAR, NONE = "已确认", "名称相同", "简称", "群体", "相近", "没有对应"


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def folded(name: str) -> str:
    """A name without the differences of writing that mean nothing; the key under which meanings are remembered.

    >>> folded("各街道乡（开发区）") == folded(" 各街道乡(开发区)")
    True
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", name))


def core(name: str, district: str = "") -> str:
    """What is left of a name without the district before it and the kind of office behind it.

    >>> core("区财政局"), core("蔡甸区财政局", "蔡甸区"), core("区发展和改革委员会")
    ('财政', '财政', '发展和改革')
    """
    rest = folded(name)
    whole = folded(district)
    for head in ([whole, whole.rstrip("区县")] if len(whole) > 1 else []) + list(_words()["前缀"]):
        if head and rest.startswith(head) and len(rest) > len(head) + 1:
            rest = rest[len(head) :]
    for tail in _words()["后缀"]:
        if rest.endswith(tail) and len(rest) > len(tail) + 1:
            rest = rest[: -len(tail)]
            break
    return next((group[0] for group in _words()["同义"] if rest in group), rest)


def propose(name: str, units: Sequence[Known], district: str = "", remembered: Mapping[str, tuple[int, ...]] | None = None) -> Proposal:
    """What a name may mean; ``remembered`` (by folded name) goes before everything, no units there mean an outsider."""
    known = (remembered or {}).get(folded(name))
    if known is not None:
        return Proposal(name, REMEMBERED, known, outside=not known)
    group = _group(name, units)
    if group:
        return Proposal(name, GROUP, group)
    same = [one.number for one in units if folded(name) in {folded(one.name), folded(one.short_name)}]
    if len(same) == 1:
        return Proposal(name, SAME, tuple(same))
    inner = core(name, district)
    cores = {one.number: {core(one.name, district), core(one.short_name, district)} for one in units}
    equal = [number for number, listed in cores.items() if inner in listed]
    if len(equal) == 1:
        return Proposal(name, SAME, tuple(equal))
    short = [number for number, listed in cores.items() if any(_shortens(inner, one) for one in listed)]
    near = tuple(dict.fromkeys([*equal, *short, *_near(inner, cores)]))[:MOST_CHOICES]
    if len(short) == 1 and not equal:
        return Proposal(name, SHORTENED, tuple(short), tuple(one for one in near if one != short[0]))
    return Proposal(name, NEAR if near else NONE, (), near)


def _group(name: str, units: Sequence[Known]) -> tuple[int, ...]:
    plain = folded(name).removeprefix("全区")
    if not plain.startswith("各"):
        return ()
    kinds = {row["是"] for row in _words()["群体"] if any(word in plain for word in row["含"])}
    labels = {one.value: one.label for one in UnitKind}
    return tuple(one.number for one in units if labels[one.kind] in kinds)


def _shortens(short: str, long: str) -> bool:
    """Whether the characters of one stand in the other in their order, beginning with the same: 发改, 发展和改革."""
    if len(short) < 2 or len(short) >= len(long) or short[0] != long[0]:
        return False
    rest = iter(long)
    return all(character in rest for character in short)


def _near(inner: str, cores: Mapping[int, set[str]]) -> list[int]:
    likeness = {number: max(SequenceMatcher(None, inner, one).ratio() for one in listed) for number, listed in cores.items()}
    return sorted((number for number, value in likeness.items() if value >= ALIKE), key=lambda number: (-likeness[number], number))
