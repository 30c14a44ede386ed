"""Components with one mark have the same outcomes, whatever the amounts behind them, and rows taken for alike have one mark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from math import exp, log
from random import Random
from typing import Any

import numpy as np
import pytest

from tidu.kernel.alike import Alike
from tidu.kernel.columns import Integers, first_rows_of
from tidu.kernel.completions import Component
from tidu.kernel.enumeration import Enumeration, taken_apart
from tidu.kernel.marks import Mark, mark_of
from tidu.kernel.reading import load_packs
from tidu.kernel.residual import Reduction
from tidu.kernel.rules import Rule, walk

DRAWN = 120
NET_ASSETS = ("资产总额", "资产总额@1", "资产总额@2", "负债总额", "负债总额@1", "负债总额@2")
SALES = ("营业收入", "营业收入@1", "营业收入@2", "研发费用", "研发费用@1", "研发费用@2")
MAIN_SALES = ("主营业务收入", "主营业务收入@1", "主营业务收入@2", "营业收入", "从业人员")

CASES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    # standard, score items, quantities of conditions, inputs, those that are missing
    "difference": ("高新技术企业", ("GH4",), (), NET_ASSETS, ("资产总额@1", "负债总额@1")),
    "far": ("高新技术企业", ("GH4",), (), NET_ASSETS, ("资产总额@1", "负债总额@1")),
    "curved": ("高新技术企业", ("GH5",), ("近3年研发费用占比",), SALES, ("营业收入@1",)),
    "slanted": ("高新技术企业", ("GH5",), ("近3年研发费用占比",), SALES, ("营业收入@2", "研发费用@2")),
    "bent": ("专精特新中小企业", ("S1", "S2"), (), MAIN_SALES, ("主营业务收入", "主营业务收入@1")),
    "planar": ("创新型中小企业", ("IN3", "IN6"), (), MAIN_SALES, ("主营业务收入", "营业收入")),
    "ranked": ("高新技术企业", ("GH5",), (), SALES, ("营业收入@2",)),
}
EXACT = ("difference", "far", "curved", "planar", "ranked")
"""Kinds whose lines are enumerated at every place that the mark puts in order; of the others some lines are tried at few values only."""


def drawn(inputs: tuple[str, ...], missing: tuple[str, ...], draw: Random) -> dict[str, Any]:
    """Amounts from ten yuan to a hundred billion, a firm's years near one another; now and then nothing at all."""
    size = exp(draw.uniform(log(10**3), log(10**13)))
    known: dict[str, Any] = {key: int(size * draw.choice([draw.uniform(0.3, 3), draw.uniform(0.9, 1.1)])) for key in inputs}
    if draw.random() < 0.1:
        known[draw.choice(inputs)] = draw.choice([0, 1])
    return known | dict.fromkeys(missing)


def components_of(case: str, known: Mapping[str, Any]) -> list[Component]:
    """What is open of some items and conditions, taken apart; nothing where one of them is decided."""
    name, items, quantities, _, _ = CASES[case]
    standard = load_packs().select(name, law_date=date(2024, 6, 1))
    reduction = Reduction(known)
    parts: list[Any] = [part for item in standard.scores if item.id in items for part in reduction.item(item)[2]]
    leaves: list[Rule] = [node for node in walk(standard.requires) if getattr(getattr(node, "left", None), "text", "") in quantities]
    parts += [found for leaf in leaves[:1] if not isinstance(found := reduction.of(leaf), bool)]
    return taken_apart(parts)


def kind_of(mark: Mark) -> str:
    """The word at the head of the places, which those in plain order do not have."""
    places = mark[2]
    return places[0] if places and isinstance(places[0], str) else "ranked"


def told(component: Component, known: Mapping[str, Any]) -> tuple[Any, Any]:
    """All outcomes, and along each input the pairs of outcomes that it alone leads between."""
    outcomes, lines = Enumeration(known).worked_out(component, free=False)
    return outcomes, {key: {frozenset(pair) for line in listed for pair in combinations(line, 2)} for key, listed in lines.items()}


def marked(case: str, seed: int) -> list[tuple[Component, dict[str, Any], Mark]]:
    """Drawn firms of which one component is left that has a mark of the wanted kind."""
    draw = Random(seed)
    found: list[tuple[Component, dict[str, Any], Mark]] = []
    for _ in range(DRAWN):
        known = drawn(CASES[case][3], CASES[case][4], draw)
        for component in components_of(case, known):
            mark = None if component.is_free else mark_of(component, known)
            if mark is not None and kind_of(mark) == case:
                found.append((component, known, mark))
    return found


@pytest.mark.parametrize("case", EXACT)
def test_what_has_one_mark_has_the_same_outcomes(case: str) -> None:
    by_mark: dict[Mark, tuple[Any, Any]] = {}
    shared = 0
    for component, known, mark in marked(case, seed=1):
        outcomes = told(component, known)
        shared += mark in by_mark
        assert by_mark.setdefault(mark, outcomes) == outcomes, (mark, known)

    assert shared > 5


def test_growth_of_net_assets_above_every_bound_is_marked_without_amounts() -> None:
    """Forty times the net assets in two years: whatever the year between, growth passes every bound, unless that year divides by nothing."""
    marks: dict[int, Mark | None] = {}
    outcomes: dict[int, Any] = {}
    for times in (1, 3, 100_000):
        known = {"资产总额": 4_000_000_000 * times, "负债总额": 0, "资产总额@2": 100_000_000 * times, "负债总额@2": 0}
        (component,) = components_of("difference", known)
        marks[times], outcomes[times] = mark_of(component, known), told(component, known)

    assert marks[1] == marks[3]
    assert outcomes[1] == outcomes[3]
    # where the bends lie beyond the candidates, what these reach is part of the mark
    assert [kind_of(mark) for mark in marks.values() if mark is not None] == ["difference", "difference", "far"]


@pytest.mark.parametrize("case", [case for case in CASES if case not in {"curved", "planar", "far"}])
def test_rows_taken_for_alike_have_one_mark(case: str) -> None:
    """Rows that miss the same inputs in the same parts, all at once and each by itself."""
    groups: dict[Any, list[tuple[Component, dict[str, Any], Mark]]] = {}
    for component, known, mark in marked(case, seed=2):
        groups.setdefault((component.inputs, mark[1]), []).append((component, known, mark))
    merged = 0
    for rows in groups.values():

        def value(key: str, rows: list[tuple[Component, dict[str, Any], Mark]] = rows) -> Integers:
            return np.array([known[key] for _, known, _ in rows], np.int64)

        _, classes = first_rows_of(Alike(rows[0][0], value, len(rows)).columns(), len(rows))
        by_class: dict[int, Mark] = {}
        for number, (_, known, mark) in zip(classes.tolist(), rows, strict=True):
            assert by_class.setdefault(number, mark) == mark, known
        merged += len(rows) - len(by_class)

    assert merged > DRAWN // 10
