"""Whatever a visitor sends, every page has an answer: no combination of values makes a step, a check-up or a slider fail."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apps.calculator.json_schema import faults
from tests.apps.calculator.told_values import answer_sets
from tidu.apps.calculator.domain import LADDER, Answers, as_document, as_workbook, asked_document, checkup, schema, step, what_if
from tidu.apps.calculator.domain.firms import Told
from tidu.exchange.intake import read_population
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet

DAYS = st.sampled_from([date(2022, 9, 1), date(2024, 2, 29), date(2025, 6, 1), date(2026, 6, 1), date(2027, 3, 1)])
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@MANY
@given(answers=answer_sets(), law=DAYS, facts=DAYS, application=st.sampled_from(["new", "review"]))
def test_every_step_has_a_document(packs: PackSet, answers: Answers, law: date, facts: date, application: str) -> None:
    moment = Moment(law, facts)
    found = step(answers, packs=packs, moment=moment, application=application)
    assert list(faults(as_document(found.results), schema(), schema())) == []
    assert asked_document(found.asked) is None or found.asked is not None
    assert found.asked is None or found.asked.question.id == "persona" or any(blank.wanted for blank in found.asked.blanks)
    assert found.results.total == sum(item.amount for one in found.results.results for item in one.items)


@MANY
@given(answers=answer_sets(), day=DAYS, rung=st.sampled_from([rung.id for rung in LADDER]))
def test_every_rung_has_its_bars_and_sliders(packs: PackSet, answers: Answers, day: date, rung: str) -> None:
    found = checkup(answers, packs=packs, moment=Moment(day, day), chosen=rung)
    for one in found.rungs:
        for bar in (*one.groups, *one.items):
            assert 0 <= bar.low <= bar.high <= bar.most
        if one.total is not None:
            assert (one.total.low, one.total.high) == (sum(bar.low for bar in one.groups), sum(bar.high for bar in one.groups))
    for lever in found.levers:
        assert lever.least <= lever.current <= lever.most
        standard = next(one.standard for one in LADDER if one.id == rung)
        moved = what_if(answers, {lever.field.name: lever.text(lever.most)}, standard=standard, packs=packs, moment=Moment(day, day))
        assert moved.sentence.endswith("。")


@settings(MANY, max_examples=20)
@given(answers=answer_sets(), day=DAYS)
def test_everything_can_be_taken_along_and_is_read_back(answers: Answers, day: date) -> None:
    moment = Moment(day, day)
    told = Told(answers, moment).firm
    with TemporaryDirectory() as folder:
        path = Path(folder, "firms.json")
        path.write_text(json.dumps(as_workbook(answers, moment), ensure_ascii=False), encoding="utf-8")
        (firm,) = read_population(path).population.each_firm()
    assert {name: value for name, value in firm.facts.items() if name in told.facts} == told.facts
    assert firm.years == {year: {name: value for name, value in row.items() if value is not None} for year, row in told.years.items()}
    assert firm.events == told.events
