"""Rulings: what is in force, and which awards each touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.apps.policies.domain import ruling_page, rulings
from tidu.apps.policies.domain.rulings import EFFECTS
from tidu.kernel.awards import HOOKS
from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet
from tidu.kernel.reading import read_packs

EVERY = tuple(f"C{number}" for number in range(1, 10))


def test_the_awards_that_each_ruling_touches(packs: PackSet) -> None:
    assert {page.id: page.awards for page in rulings(packs)} == {
        "R1": ("C3",), "R2": ("C3", "C6", "C7"), "R3": ("C4",), "R4": ("C4", "C5"), "R5": ("C7",), "R6": EVERY, "R7": EVERY, "R8": EVERY,
        "R9": ("C5", "C6"), "R10": ("C3",),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("choices", "choice", "state", "text"),
    [
        ({}, "取高", "default", "系统默认，还没有任何部门确定"),
        ({"R3": "取高"}, "取高", "default", "系统默认，还没有任何部门确定"),
        ({"R3": "合计"}, "合计", "given", "本次测算指定，不是正式口径"),
        ({"R3": "待定"}, "待定", "pending", "待定：受它影响的结果不计算金额、不付"),
    ],
)
def test_the_state_of_a_ruling(choices: dict[str, str], choice: str, state: str, text: str, packs: PackSet) -> None:
    page = ruling_page(packs, "R3", choices)
    assert (page.choice, page.state, page.state_text) == (choice, state, text)
    assert [option.choice for option in page.options if option.chosen] == ([choice] if choice != "待定" else [])
    assert [option.choice for option in page.options if option.default] == ["取高"]


def test_an_adopted_ruling_names_who_decided_and_when(tmp_path: Path) -> None:
    file = tmp_path / "change.yaml"
    file.write_text(
        "ruling: R3\npolicy: 蔡甸区专精特新行动计划\nclause: 二（三）1\nquestion: 按哪一个？\ndefault: 取高\n"
        "options: [{choice: 取高, effect: highest, text: 较高的一级}, {choice: 合计, effect: separate, text: 相加}]\n"
        "in_force: {choice: 合计, by: 区科技经信局, on: 2024-05-01}\n",
        encoding="utf-8",
    )
    page = ruling_page(read_packs([], changes=[file]), "R3")
    assert (page.choice, page.state, page.state_text, page.by) == ("合计", "adopted", "区科技经信局 2024-05-01 确定", "区科技经信局")


def test_the_effect_of_every_option_has_words(packs: PackSet) -> None:
    assert set().union(*HOOKS.values()) == set(EFFECTS)
    assert [option.effect_text for option in ruling_page(packs, "R1").options] == ["只补与较低档的差额", "各档都给全额"]


def test_no_option_hints_at_the_command_line(packs: PackSet) -> None:
    assert ruling_page(packs, "R7").options[0].text == "从申请或核定之日往回数三年，首尾两天都算"


def test_a_ruling_that_does_not_exist(packs: PackSet) -> None:
    with pytest.raises(TiduError, match="没有编号为“R99”的口径") as raised:
        ruling_page(packs, "R99")
    assert raised.value.code == "unknown-ruling"
