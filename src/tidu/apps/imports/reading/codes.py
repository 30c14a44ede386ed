"""What the codes and words of a column mean: told by a person, carried by the title, or proposed."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tidu.apps.imports.reading.contents import Profile
from tidu.apps.imports.reading.plans import ColumnPlan, SheetPlan, fact_of
from tidu.apps.imports.reading.vocabulary import HERE
from tidu.exchange.cells import CellError, read_cell
from tidu.exchange.titles import Meaning
from tidu.exchange.wordings import plain_width
from tidu.kernel.facts import Catalogue, Fact, Store

Dictionary = Mapping[str, Mapping[str, str]]
"""By identifier of a fact or field: what a text of the file means. An empty meaning says: nothing known."""
NOTHING = "-"
"""What a person chooses where a code means that nothing is known."""
YES, NO = "是", "否"
PATENT_KINDS = {"1": "发明专利", "8": "发明专利", "2": "实用新型", "9": "实用新型", "3": "外观设计"}
"""The digit behind the year of a Chinese application number (国家知识产权局 ZC 0006-2003); 8 and 9 are PCT applications."""
_PATENT_NUMBER = re.compile(r"(?:ZL|CN)?(?:(?:19|20)\d{2}([12389])\d{7}|\d{2}([12389])\d{5})(?:\.?[\dX])?", re.IGNORECASE)


@dataclass(frozen=True)
class CodeQuestion:
    """A value that a person should explain: how often it stands there, what may be meant, and what is chosen now."""

    position: int
    target: str
    identifier: str
    value: str
    count: int
    meaning: str
    choices: tuple[str, ...]
    known: bool
    note: str = ""

    @property
    def target_name(self) -> str:
        """The fact or field, as people call it."""
        return self.target.partition(":")[2]


def patent_kind(number: str) -> str | None:
    """The kind of a patent that its number tells, None where it is no Chinese number.

    >>> patent_kind("CN201320242627.9"), patent_kind("ZL 2019 1 0123456.7"), patent_kind("US123")
    ('实用新型', '发明专利', None)
    """
    match = _PATENT_NUMBER.fullmatch("".join(plain_width(number).split()))
    return PATENT_KINDS[match[1] or match[2]] if match else None


def meanings_of(fact: Fact) -> tuple[str, ...]:
    """The words a code may stand for; empty where the fact is no closed list."""
    if fact.store is Store.BOOLEAN:
        return YES, NO
    return fact.values if fact.store is Store.TEXT else ()


def dictionary_of(column: ColumnPlan, fact: Fact, learnt: Dictionary) -> dict[str, str]:
    """What is known of the values of a column: what its title says, then what people said."""
    words = meanings_of(fact)
    told = {code: _word(meaning, words) for code, meaning in column.codes.items()} if words else {}
    return {code: word for code, word in told.items() if word} | dict(learnt.get(fact.identifier, {}))


def _word(meaning: str, words: Sequence[str]) -> str:
    if meaning in words:
        return meaning
    if words == (YES, NO):
        return NO if re.search(r"无|非|否|失|不", meaning) else YES
    return next((word for word in words if word in meaning or meaning in word), "")


@cache
def _hints() -> Mapping[str, Sequence[tuple[re.Pattern[str], str, str]]]:
    found: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
    with (HERE / "code_hints.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["target"], []).append((re.compile(row["pattern"]), row["meaning"], row["note"]))
    return found


def proposed(fact: Fact, value: str) -> tuple[str, str]:
    """What a value probably means and why; a person still says so."""
    for pattern, meaning, note in _hints().get(fact.identifier, ()):
        if pattern.fullmatch(plain_width(value)):
            return meaning, note
    return "", ""


def questions(plan: SheetPlan, profiles: Sequence[Profile], facts: Catalogue, learnt: Dictionary) -> list[CodeQuestion]:
    """Every value of a closed column that does not read by itself, with the meaning known or proposed."""
    by_place = {profile.position: profile for profile in profiles}
    found = []
    for column in plan.columns:
        fact = fact_of(column, plan, facts)
        profile = by_place.get(column.position)
        if fact is None or profile is None or not meanings_of(fact):
            continue
        known = dictionary_of(column, fact, learnt)
        for value, count in profile.values:
            if value in known:
                found.append(_question(column, fact, value, count, known[value], True))
            elif not reads_by_itself(fact, value):
                found.append(_question(column, fact, value, count, proposed(fact, value)[0], False))
    return found


def _question(column: ColumnPlan, fact: Fact, value: str, count: int, meaning: str, known: bool) -> CodeQuestion:
    note = "" if known else proposed(fact, value)[1]
    return CodeQuestion(column.position, column.target, fact.identifier, value, count, meaning, meanings_of(fact), known, note)


def reads_by_itself(fact: Fact, value: str) -> bool:
    """Whether a value needs no explanation."""
    try:
        read_cell(value, Meaning(fact, fact.unit))
    except CellError:
        return False
    return True


def kinds_by_number(codes: Iterable[str], numbers: Iterable[str]) -> dict[str, str]:
    """What each code of a column of patent kinds stands for by the numbers in its rows, where nine of ten agree."""
    votes: dict[str, Counter[str]] = {}
    for code, number in zip(codes, numbers, strict=True):
        kind = patent_kind(number)
        if code and kind:
            votes.setdefault(code, Counter())[kind] += 1
    found = {}
    for code, counted in votes.items():
        kind, count = counted.most_common(1)[0]
        if count * 10 >= counted.total() * 9:
            found[code] = kind
    return found
