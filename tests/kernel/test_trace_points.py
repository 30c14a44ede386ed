"""The points and answers that a trace shows are those of ``truth``, and no more is traced than what fails."""

from __future__ import annotations

from datetime import date

import pytest

from tidu.demo import make_district
from tidu.kernel.gap import unmet_entries
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import assess, standard_keys
from tidu.kernel.packs import Standard
from tidu.kernel.reading import read_packs
from tidu.kernel.rules import All, AnyOf, AtLeast, Not
from tidu.kernel.traces import Tracer
from tidu.kernel.truth import answer, points

DAY = date(2024, 6, 1)
Case = tuple[FirmInputs, Standard, Tracer]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """60 firms of the fictional district, with gaps and boundary cases, under every standard in force."""
    packs, moment = read_packs([]), Moment(DAY, DAY)
    found = []
    for firm in make_district(60).each_firm():
        inputs = FirmInputs(firm, moment, packs)
        for standard in packs.in_force(law_date=DAY):
            inputs.fill(standard_keys(standard), standard.tests)
            found.append((inputs, standard, Tracer(inputs.known, moment, packs.scope.catalogue, standard.tests)))
    return found


def test_item_shows_the_points_of_truth(cases: list[Case]) -> None:
    traced = [tracer.item(item).points for _, standard, tracer in cases for item in standard.scores]

    assert traced == [points(item.points, inputs.known) for inputs, standard, _ in cases for item in standard.scores]


def test_every_node_shows_the_answer_of_truth(cases: list[Case]) -> None:
    for inputs, standard, tracer in cases:
        nodes = [standard.requires, *(rule for _, rule in standard.classes)]
        while nodes:
            node = nodes.pop()
            assert tracer.of(node).answer is answer(node, inputs.known)
            if isinstance(node, All | AnyOf | AtLeast):
                nodes += node.parts
            elif isinstance(node, Not):
                nodes.append(node.part)


def test_unmet_entries_are_the_same_with_and_without_the_full_trace(cases: list[Case]) -> None:
    for inputs, standard, _ in cases:
        assert assess(inputs, standard, with_trace=True).unmet == assess(inputs, standard).unmet


def test_only_what_fails_is_traced_for_the_unmet_entries(cases: list[Case]) -> None:
    traced = 0
    for inputs, standard, tracer in cases:
        fresh = Tracer(inputs.known, tracer.moment, tracer.catalogue, standard.tests)
        list(unmet_entries(standard, fresh))
        turned = {node.part for node in fresh._traces if isinstance(node, Not)}
        assert [node for node in fresh._traces if node not in turned and answer(node, inputs.known) is not False] == []
        traced += len(fresh._traces)
    assert traced
