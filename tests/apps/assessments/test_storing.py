"""Writing by difference leaves what writing everything anew would leave."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apps.people import firm
from tidu.apps.assessments.domain.outcomes import Assessed
from tidu.apps.assessments.domain.steps import Nearest
from tidu.apps.assessments.domain.storing import outcome_digest, plan, standard_keys, store
from tidu.apps.assessments.models import Lack, Outcome, Standing, Step
from tidu.kernel.reading import read_packs

pytestmark = pytest.mark.django_db
STANDARDS = {one.name: one for one in read_packs([]).standards}
NAMES = ("专精特新中小企业", "高新技术企业", "科技型中小企业")
FIRMS = 6
Firms = dict[int, dict[str, tuple[int, int | None]]]
"""For each firm and standard the number of its pattern, and by how much it is one step away (or not)."""


def pattern(standard: str, number: int) -> dict[str, Any]:
    """One of a few outcomes, told apart by a single part each."""
    missing = ["研发费用", "营业收入"][: number % 3]
    return {
        "standard": standard, "version": "2022版", "verdict": ("met", "unmet", "unknown")[number % 3], "value": "", "low": number,
        "high": number + 1, "passing": 60, "failing": [["T1", "条件"]] if number % 2 else [], "missing": missing, "manual": [],
        "lone_fact": missing[0] if len(missing) == 1 else "", "held": "",
    }  # fmt: skip


def found_of(state: Firms, order: list[int]) -> list[tuple[Assessed, list[Nearest]]]:
    """A state as the bulk engine would tell it: firms in ``order``, patterns distinct."""
    listed = []
    for name in NAMES:
        if not any(name in told for told in state.values()):
            continue
        numbers = [state[key][name][0] for key in order]
        distinct = sorted(set(numbers))
        picked = pl.Series([distinct.index(number) for number in numbers], dtype=pl.UInt32)
        steps = [(row, state[key][name][1]) for row, key in enumerate(order)]
        near = [Nearest(row, "研发费用", by, "", f"增加{by}") for row, by in steps if by is not None]
        bits = pl.Series([0] * len(order), dtype=pl.Int64)
        listed.append((Assessed(STANDARDS[name], [pattern(name, number) for number in distinct], picked, bits), near))
    return listed


def write(state: Firms) -> None:
    order = sorted(state)
    found = found_of(state, order)
    with transaction.atomic():
        keys = standard_keys([one for one, _ in found])
        store(plan(found, pl.Series(order, dtype=pl.Int64), keys))


def stored() -> tuple[set[Any], set[Any]]:
    standings = Standing.objects.values_list("enterprise_id", "standard__name", "outcome__digest")
    return set(standings), set(Step.objects.values_list("enterprise_id", "standard__name", "fact", "by", "to", "text"))


def wanted(state: Firms) -> tuple[set[Any], set[Any]]:
    told = [(key, name, number, by) for key, listed in state.items() for name, (number, by) in listed.items()]
    standings = {(key, name, outcome_digest(pattern(name, number))) for key, name, number, _ in told}
    return standings, {(key, name, "研发费用", by, "", f"增加{by}") for key, name, _, by in told if by is not None}


@st.composite
def states(draw: st.DrawFn) -> list[dict[int, dict[str, tuple[int, int | None]]]]:
    """Several nights: which firms there are, which standards are in force, and what comes of each."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        firms = draw(st.sets(st.integers(0, FIRMS - 1)))
        names = draw(st.sets(st.sampled_from(NAMES)))
        one = st.tuples(st.integers(0, 4), st.none() | st.integers(1, 3))
        found.append({place: {name: draw(one) for name in sorted(names)} for place in sorted(firms)})
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(nights=states())
def test_any_course_of_nights_leaves_what_the_last_one_says(nights: list[Firms], db: None) -> None:
    with transaction.atomic():
        keys = [firm(f"91420114MD{number:08d}", f"企业{number}", None).pk for number in range(FIRMS)]
        for night in nights:
            state = {keys[place]: told for place, told in night.items()}
            write(state)
            assert stored() == wanted(state)
            write(state)
            assert stored() == wanted(state)
        transaction.set_rollback(True)


def test_the_same_again_writes_nothing_and_no_outcome_twice() -> None:
    keys = [firm(f"91420114MD{number:08d}", f"企业{number}", None).pk for number in range(FIRMS)]
    state: Firms = {key: dict.fromkeys(NAMES, (place % 3, None)) for place, key in enumerate(keys)}
    write(state)
    rows = list(Standing.objects.order_by("pk").values_list()), Outcome.objects.count(), Lack.objects.count()
    found = found_of(state, keys)
    with transaction.atomic():
        planned = plan(found, pl.Series(keys, dtype=pl.Int64), standard_keys([one for one, _ in found]))
    assert (planned.fresh, planned.written.height, planned.gone.height, planned.steps.height, planned.steps_gone) == ([], 0, 0, 0, [])
    write(state)
    assert (list(Standing.objects.order_by("pk").values_list()), Outcome.objects.count(), Lack.objects.count()) == rows


def test_what_is_missing_is_kept_fact_by_fact() -> None:
    key = firm("91420114MD00000000", "企业", None).pk
    write({key: {NAMES[0]: (2, None), NAMES[1]: (1, None)}})
    assert sorted(Lack.objects.values_list("outcome__standard__name", "fact", "alone")) == sorted(
        [(NAMES[0], "研发费用", False), (NAMES[0], "营业收入", False), (NAMES[1], "研发费用", True)]
    )
