"""Packs before and after a change: the moves are those of two runs set beside each other."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tidu.demo import make_district
from tidu.kernel.bulk import assess_population
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.facts import PACKS
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Population
from tidu.kernel.reading import load_packs, read_packs
from tidu.kernel.settle import settle
from tidu.kernel.simulate import Change, Moved, changes_between, simulate
from tidu.kernel.simulation_document import simulation_document

MOMENT = Moment(date(2024, 6, 1), date(2024, 6, 1))
SCALE = "规模以上工业企业"


def document_of(file: str, start: str) -> str:
    """The document of a shipped pack file that starts with ``start``."""
    documents = (PACKS / file).read_text(encoding="utf-8").split("\n---\n")
    return next(one for one in documents if f"\n{start}\n" in f"\n{one}\n")


def changed(folder: Path, *documents: str) -> PackSet:
    """The shipped packs with these documents in the place of the same ones."""
    file = folder / "change.yaml"
    file.write_text("\n---\n".join(documents) + "\n", encoding="utf-8")
    return read_packs([], changes=[file])


@pytest.fixture(scope="module")
def district() -> Population:
    return make_district(400)


@pytest.fixture
def lower_scale(tmp_path: Path) -> PackSet:
    return changed(tmp_path, document_of("national/above_scale.yaml", f"standard: {SCALE}").replace("2000万元", "1000万元"))


@pytest.fixture
def half_rate(tmp_path: Path) -> PackSet:
    return changed(tmp_path, document_of("caidian/awards.yaml", "award: C2").replace("match: 100%", "match: 50%"))


def test_a_document_of_the_same_name_and_version_is_replaced(lower_scale: PackSet) -> None:
    shipped = load_packs()

    assert [(one.name, one.version) for one in lower_scale.standards] == [(one.name, one.version) for one in shipped.standards]
    assert changes_between(shipped, lower_scale) == (Change("standard", SCALE, "2011口径", "", "replaced", "change.yaml", 1),)
    assert {key: value for key, value in lower_scale.digests.items() if key != "change/change"} == dict(shipped.digests)


def test_a_document_of_another_version_is_added(tmp_path: Path) -> None:
    text = document_of("national/above_scale.yaml", f"standard: {SCALE}")
    closed = text.replace("to: null", "to: 2027-01-01")

    after = changed(tmp_path, closed, text.replace("version: 2011口径", "version: 2027口径").replace("2011-01-01", "2027-01-01"))

    line = closed.count("\n") + 3
    assert [one.version for one in after.versions(SCALE)] == ["2011口径", "2027口径"]
    assert changes_between(load_packs(), after) == (
        Change("standard", SCALE, "2011口径", "", "replaced", "change.yaml", 1),
        Change("standard", SCALE, "2027口径", "", "added", "change.yaml", line),
    )


def test_a_text_that_leaves_the_one_before_it_open_is_refused(tmp_path: Path) -> None:
    text = document_of("national/above_scale.yaml", f"standard: {SCALE}").replace("version: 2011口径", "version: 2027口径")

    with pytest.raises(Problems) as caught:
        changed(tmp_path, text.replace("2011-01-01", "2027-01-01"))

    assert [problem.code for problem in caught.value.problems] == ["overlapping-validity"] * 2


def test_a_document_given_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    text = document_of("caidian/rulings.yaml", "ruling: R4")

    with pytest.raises(Problems) as caught:
        changed(tmp_path, text, text)

    place = text.count("\n") + 3
    assert [str(problem) for problem in caught.value.problems] == [f"change.yaml:{place} “R4”在修改文件里写了两次。请保留一处。"]


def test_nothing_changed_is_said(district: Population) -> None:
    with pytest.raises(TiduError) as caught:
        simulate(district, load_packs(), load_packs(), MOMENT)

    assert caught.value.code == "nothing-changed"


def test_verdicts_move_as_two_assessments_say(district: Population, lower_scale: PackSet) -> None:
    found = simulate(district, load_packs(), lower_scale, MOMENT)

    old, new = (
        assess_population(district, packs, MOMENT, [packs.select(SCALE, law_date=MOMENT.law_date)])[0].rows["verdict"].to_list()
        for packs in (load_packs(), lower_scale)
    )
    expected = tuple(
        Moved(code, before, after, None, None) for code, before, after in zip(district.codes, old, new, strict=True) if before != after
    )
    (standard,) = found.standards
    assert (standard.name, standard.moved) == (SCALE, expected)
    assert (standard.counts_before, standard.counts_after) == (dict(Counter(old)), dict(Counter(new)))
    assert any(one.gains for one in standard.moved)
    assert not any(one.loses for one in standard.moved)
    assert found.money is None


def test_the_way_back_turns_winners_into_losers(district: Population, lower_scale: PackSet) -> None:
    there = simulate(district, load_packs(), lower_scale, MOMENT).standards[0].moved
    back = simulate(district, lower_scale, load_packs(), MOMENT).standards[0].moved

    assert [one.firm for one in there if one.gains] == [one.firm for one in back if one.loses]


def test_standard_that_only_the_change_brings_into_force_has_no_text_before(district: Population, tmp_path: Path) -> None:
    text = document_of("national/above_scale.yaml", f"standard: {SCALE}").replace(SCALE, "本区成长企业")

    (standard,) = simulate(district, load_packs(), changed(tmp_path, text), MOMENT).standards

    assert (standard.before, dict(standard.counts_before)) == (None, {})
    assert {one.before for one in standard.moved} == {None}
    assert len(standard.moved) == len(district.codes)


def test_an_indicator_that_changes_moves_every_standard_that_reads_it(district: Population, tmp_path: Path) -> None:
    text = document_of("indicators.yaml", "indicator: 资产负债率").replace("负债总额 / 资产总额", "负债总额 / 营业收入")

    found = simulate(district, load_packs(), changed(tmp_path, text), MOMENT)

    assert {"创新型中小企业", "专精特新中小企业"} <= {standard.name for standard in found.standards}
    assert all(standard.moved for standard in found.standards)


def test_money_moves_as_two_settlements_say(district: Population, half_rate: PackSet) -> None:
    found = simulate(district, load_packs(), half_rate, MOMENT).money

    old, new = (settle(district, packs, law_date=MOMENT.law_date, as_of=MOMENT.facts_as_of) for packs in (load_packs(), half_rate))
    assert found is not None
    assert found.before is not None
    assert found.after is not None
    assert (found.before.results, found.after.totals) == (old.results, new.totals)
    assert sum(one.after - one.before for one in found.payments) == sum(new.totals.values()) - sum(old.totals.values()) < 0
    assert {one.either.award.id for one in found.items} == {"C2"}
    assert {one.firm for one in found.payments} == {one.either.firm for one in found.items}


def test_a_chosen_ruling_is_a_change_of_its_own(district: Population) -> None:
    packs = load_packs()

    found = simulate(district, packs, packs, MOMENT, choices={"R10": "按计划金额"})

    assert found.changes == (Change("ruling", "R10", "按计划金额", "", "chosen", "", 0),)
    assert found.standards == ()
    assert found.money is not None
    assert found.money.after is not None
    expected = settle(district, packs, law_date=MOMENT.law_date, as_of=MOMENT.facts_as_of, choices={"R10": "按计划金额"})
    assert found.money.after.results == expected.results


def test_no_policy_in_force_on_either_side_has_no_money(district: Population, half_rate: PackSet) -> None:
    late = Moment(date(2026, 6, 1), date(2026, 6, 1))

    assert simulate(district, load_packs(), half_rate, late).money is None


def test_a_policy_that_comes_into_force_costs_all_of_it(district: Population, tmp_path: Path) -> None:
    late = Moment(date(2026, 6, 1), date(2026, 6, 1))
    plan = (PACKS / "caidian/plan.yaml").read_text(encoding="utf-8").replace("to: 2025-01-01", "to: 2028-01-01")

    found = simulate(district, load_packs(), changed(tmp_path, plan), late).money

    assert found is not None
    assert found.before is None
    assert found.after is not None
    paid: Counter[str] = Counter()
    for result in found.after.results:
        paid[result.firm] += result.amount
    assert {one.firm: (one.before, one.after) for one in found.payments} == {firm: (0, amount) for firm, amount in paid.items() if amount}
    assert paid.total() > 0


def test_groups_of_the_document_add_up_to_the_whole(district: Population, half_rate: PackSet, lower_scale: PackSet) -> None:
    money = simulation_document(simulate(district, load_packs(), half_rate, MOMENT))["awards"]
    (standard,) = simulation_document(simulate(district, load_packs(), lower_scale, MOMENT))["standards"]

    assert money["cost"]["change"] == sum(one["change"] for one in money["totals"]) == sum(one["change"] for one in money["awards"])
    for key in ("by_subdistrict", "by_industry", "by_chain"):
        assert sum(one["change"] for one in money[key]) == money["cost"]["change"]
        assert (sum(one["winners"] for one in money[key]), sum(one["losers"] for one in money[key])) == (money["winners"], money["losers"])
        assert sum(one["gained"] for one in standard[key]) == standard["gained"] > 0
    assert money["losers"] == len(money["firms"]) > 0
