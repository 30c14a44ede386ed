"""The fictional firms stand where their labels say, and a faulty file of examples is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.apps.calculator.domain import Answers, checkup, example, examples, results, warm
from tidu.apps.calculator.domain.examples import SHIPPED, read_examples
from tidu.apps.calculator.domain.judging import case_of
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet

WAN = 1_000_000


def test_there_are_three_of_them_with_names_that_say_they_are_invented() -> None:
    assert [one.id for one in examples()] == ["nearly", "rewarded", "young"]
    assert [one.answers.name[:3] for one in examples()] == ["示例·"] * 3
    assert all(one.label and one.text for one in examples())


def test_one_is_just_below_the_specialised(packs: PackSet, paying: Moment) -> None:
    found = results(example("nearly").answers, packs=packs, moment=paying)
    assert "专精特新中小企业" in [one.name for one in found.group("差一点")]


def test_one_has_a_contract_and_a_quality_award(packs: PackSet, paying: Moment) -> None:
    found = results(example("rewarded").answers, packs=packs, moment=paying)
    assert {one.id: one.amount for one in found.group("可享") if one.kind == "award"} == {"C3": 20 * WAN, "C5": 30 * WAN, "C6": 20 * WAN}


def test_one_is_new_and_has_no_title(packs: PackSet, paying: Moment) -> None:
    found = checkup(example("young").answers, packs=packs, moment=paying)
    assert [rung.held for rung in found.rungs[:-1]] == [False] * 7
    assert [rung.id for rung in found.rungs if rung.verdict == "met"] == ["tech_sme"]


def test_an_unknown_example_is_refused() -> None:
    with pytest.raises(TiduError) as raised:
        example("moon")
    assert raised.value.code == "unknown-example"


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ("revenue.0: 4200", "revenue.0: 许多", "not-a-number"),
        ("revenue.0: 4200", "revenues.0: 4200", "unknown-field"),
        ("    text: 还没有任何称号，数据也不全。\n", "", "bad-example"),
    ],
)
def test_a_faulty_example_is_told_with_its_line(tmp_path: Path, good: str, bad: str, code: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert good in text
    path = tmp_path / "examples.yaml"
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(Problems) as raised:
        read_examples(path)
    (problem,) = raised.value.problems
    assert (problem.code, problem.message.startswith(f"examples.yaml:{problem.data['line']} ")) == (code, True)


def test_warming_reads_only_answers_without_a_fault(packs: PackSet, later: Moment) -> None:
    assert warm(packs=packs, moment=later) == 48
    assert case_of(Answers(), packs, later).judged == case_of(Answers(), packs, later).judged
