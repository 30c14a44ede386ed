"""What is remembered belongs to one set of packs and goes with it."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest

from tidu.apps.policies.domain.remembered import MOST_REMEMBERED, remembered
from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet

CALLS: list[tuple[int, str]] = []


@remembered
def asked(packs: PackSet, question: str) -> str:
    CALLS.append((id(packs), question))
    if question == "错":
        raise TiduError("wrong", "错了。请改正。")
    return f"{len(packs.standards)} {question}"


def test_each_question_is_computed_once_per_set_of_packs(packs: PackSet) -> None:
    CALLS.clear()
    other = replace(packs, standards=())
    answers = [asked(packs, "甲"), asked(packs, "甲"), asked(other, "甲"), asked(packs, "乙")]
    assert answers == [f"{len(packs.standards)} 甲", f"{len(packs.standards)} 甲", "0 甲", f"{len(packs.standards)} 乙"]
    assert [(id(packs), "甲"), (id(other), "甲"), (id(packs), "乙")] == CALLS


def test_what_is_remembered_goes_with_its_packs(packs: PackSet) -> None:
    answers = set()
    for count in range(3):
        other = replace(packs, standards=packs.standards[:count])
        answers.add(asked(other, "丙"))
        del other
        gc.collect()
    assert answers == {"0 丙", "1 丙", "2 丙"}


def test_errors_are_not_remembered(packs: PackSet) -> None:
    CALLS.clear()
    for _ in range(2):
        with pytest.raises(TiduError):
            asked(packs, "错")
    assert len(CALLS) == 2


def test_strange_questions_cannot_fill_the_memory(packs: PackSet) -> None:
    CALLS.clear()
    for number in range(MOST_REMEMBERED + 1):
        asked(packs, str(number))
    assert asked(packs, str(MOST_REMEMBERED)) == f"{len(packs.standards)} {MOST_REMEMBERED}"
    assert len(CALLS) == MOST_REMEMBERED + 1
