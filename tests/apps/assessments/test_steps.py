"""One step away: the bulk search against trying every move, one after the other."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.apps.assessments.districts import DAY
from tidu.apps.assessments.domain.outcomes import assessed
from tidu.apps.assessments.domain.steps import COUNTED, Nearest, in_favour, steps_away
from tidu.demo import make_district
from tidu.kernel.bulk import BulkEngine
from tidu.kernel.effort import UP, Lever, effort_of
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import standard_keys
from tidu.kernel.packs import Standard
from tidu.kernel.reading import read_packs
from tidu.kernel.rules import keys_of
from tidu.kernel.truth import answer

PACKS = read_packs([])
COSTS = effort_of(PACKS)
MOMENT = Moment(DAY, DAY)
FIRMS, MOST_TRIED = 160, 600
NAMES = ("规模以上工业企业", "制造业单项冠军", "高新技术企业", "创新型中小企业", "专精特新小巨人", "专精特新中小企业", "科技型中小企业")
Known = dict[str, Any]


@pytest.fixture(scope="module")
def district() -> Any:
    population = make_district(FIRMS, seed=5)
    engine = BulkEngine(PACKS, PACKS.in_force(law_date=DAY), MOMENT)
    inputs = engine.frame(population)
    found = {one.standard.name: one for one in assessed(engine, inputs, population)}
    return population.each_firm(), inputs, found


def known_of(firm: Any, standard: Standard) -> Known:
    inputs = FirmInputs(firm, MOMENT, PACKS)
    related = {key for relation in COSTS.keep for key in keys_of(relation)}
    known = dict(inputs.fill([*standard_keys(standard), *sorted(related)], standard.tests))
    return known | in_favour([standard.requires])


def good(standard: Standard, before: Known, after: Known, moved: set[str]) -> bool:
    """Met after the move, and no relation broken that held."""
    kept = all(answer(one, before) is not True or answer(one, after) is not False for one in COSTS.keep if keys_of(one) & moved)
    return kept and answer(standard.requires, after) is True


def reach(lever: Lever, value: int) -> int:
    one = 1 if lever.fact.unit_label in COUNTED else 0
    room = value // (1 if lever.direction == UP else 2)
    return min(max(room // lever.step, one), 1_000_000 if lever.limit is None else lever.limit // lever.step)


def after_steps(lever: Lever, known: Known, steps: int) -> Known | None:
    moved = dict(known)
    for fact in lever.moved:
        if known.get(fact.name) is not None:
            moved[fact.name] = known[fact.name] + steps * lever.step * lever.direction
            if (fact.lowest is not None and moved[fact.name] < fact.lowest) or (
                fact.highest is not None and moved[fact.name] > fact.highest
            ):
                return None
    return moved


def tried(lever: Lever, standard: Standard, known: Known) -> list[tuple[Fraction, int | None, str]]:
    """What the lever alone can do: the fewest steps or the next word, with the effort."""
    value = known.get(lever.key)
    if value is None:
        return []
    moved = {fact.name for fact in lever.moved}
    if not lever.by_steps:
        done = lever.options.get(value, Fraction(0))
        dearer = sorted({effort for effort in lever.options.values() if effort > done})[:1]
        words = [word for word, effort in lever.options.items() if effort in dearer and word != value]
        return [(dearer[0] - done, None, str(word)) for word in words if good(standard, known, {**known, lever.key: word}, moved)]
    for steps in range(1, reach(lever, value) + 1):
        then = after_steps(lever, known, steps)
        if then is not None and good(standard, known, then, moved):
            return [(lever.effort * steps, steps * lever.step * lever.direction, "")]
    return []


def levers_of(standard: Standard) -> list[Lever]:
    return [lever for lever in COSTS.levers.values() if {fact.name for fact in lever.moved} & keys_of(standard.requires)]


@pytest.mark.parametrize("name", NAMES)
def test_who_is_one_step_away_is_who_a_single_move_brings_over_the_line(district: Any, name: str) -> None:
    firms, inputs, found = district
    standard = found[name].standard
    told: dict[int, Nearest] = {near.row: near for near in steps_away(found[name], inputs, COSTS)}
    compared = 0
    for row, verdict in enumerate(found[name].verdicts):
        if verdict != "unmet":
            assert row not in told
            continue
        known = known_of(firms[row], standard)
        levers = levers_of(standard)
        many = [one for one in levers if one.by_steps and known.get(one.key) is not None and reach(one, known[one.key]) > MOST_TRIED]
        if many:
            continue
        compared += 1
        ways = [(effort, place, by, to, lever) for place, lever in enumerate(levers) for effort, by, to in tried(lever, standard, known)]
        best = min(ways, key=lambda way: way[:2], default=None)
        near = told.get(row)
        assert (near is None) == (best is None), (row, best, near)
        if near is not None and best is not None:
            assert (near.fact, near.by) == (best[4].key, best[2])
    assert compared > 5


@pytest.mark.parametrize("name", NAMES)
def test_every_step_told_is_enough_and_none_shorter_is(district: Any, name: str) -> None:
    firms, inputs, found = district
    standard = found[name].standard
    for near in steps_away(found[name], inputs, COSTS):
        lever, known = COSTS.levers[near.fact], known_of(firms[near.row], standard)
        moved = {fact.name for fact in lever.moved}
        assert answer(standard.requires, known) is not True
        if near.by is None:
            continue
        steps = abs(near.by) // lever.step
        then = after_steps(lever, known, steps)
        assert then is not None
        assert good(standard, known, then, moved)
        shorter = after_steps(lever, known, steps - 1)
        assert shorter is None or not good(standard, known, shorter, moved)


def test_a_step_is_told_in_words(district: Any) -> None:
    _, inputs, found = district
    texts = {near.text for near in steps_away(found["创新型中小企业"], inputs, COSTS)}
    assert texts
    assert all("{" not in text and "None" not in text for text in texts)
