"""What is unmet, how far, and the next bracket of every score line that could give more."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.kernel.one_firm import WAN, assessed, firm


def unmet(**changes: Any) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in assessed(firm(**changes)).unmet}


def test_entry_of_a_criterion_has_figures_unit_and_owner() -> None:
    assert unmet()["INDd"] == {
        "id": "INDd",
        "clause": "附件1 一 直接条件4",
        "text": "近三年新增股权融资（合格机构投资者实缴）达到 500 万元",
        "actual": 0,
        "needed": 500,
        "gap": 500,
        "unit": "万元",
        "criterion": "IN0",
        "kind": "criterion",
        "alternative": True,
    }


def test_entry_of_a_score_line_names_the_next_bracket() -> None:
    assert unmet()["IN2"] == {
        "id": "IN2",
        "clause": "附件1 二（一）2",
        "text": "上年度研发费用占营业收入的比重（10分，下一档15分：研发费用占比 ≥ 3%）",
        "actual": 2.98,
        "needed": 3,
        "gap": 0.02,
        "unit": "%",
        "criterion": "创新能力",
        "kind": "item",
        "points": 10,
        "next_points": 15,
    }


def test_necessary_and_alternative_criteria_are_told_apart() -> None:
    found = unmet(facts={"列入经营异常名录": True})

    assert {identity: entry["alternative"] for identity, entry in found.items() if entry["kind"] == "criterion"} == {
        "T3": False,
        "INS1": True,
        "INDa": True,
        "INDb": True,
        "INDc": True,
        "INDd": True,
    }
    assert (found["T3"]["actual"], found["T3"]["needed"], found["T3"]["gap"]) == ("是", "否", None)


def test_score_lines_are_told_only_where_a_score_bound_fails() -> None:
    failing = {entry["id"] for entry in unmet().values() if entry["kind"] == "item"}
    passing = unmet(facts={"列入经营异常名录": True}, last_year={"研发费用": 250 * WAN})

    assert failing == {"IN1", "IN2"}  # 创新能力 fails; the lines of the other groups are not in question
    assert {identity for identity, entry in passing.items() if entry["kind"] == "item"} == set()
    assert set(passing) == {"T3"}


def test_line_at_its_best_or_open_has_no_next_bracket() -> None:
    best = unmet(facts={"Ⅰ类高价值知识产权数": 1}, last_year={"研发费用": 0, "主营业务收入": 100 * WAN})
    unknown = unmet(facts={"Ⅱ类知识产权数": None})

    assert "IN1" not in best
    assert {identity for identity, entry in unknown.items() if entry["kind"] == "item"} == {"IN2"}


def test_what_must_not_be_there_is_named_by_what_is_there() -> None:
    found = unmet(重大违法违规=[{"类型": "安全", "日期": date(2023, 1, 1)}])["T6"]

    assert (found["actual"], found["needed"], found["gap"], found["alternative"]) == ("有", "没有", None, False)


def test_unknown_is_no_gap() -> None:
    assert "T3" not in unmet(facts={"列入经营异常名录": None})


def test_met_standard_has_no_gaps() -> None:
    found = assessed(firm(last_year={"研发费用": 250 * WAN}))

    assert (found.verdict, found.unmet) == ("met", ())


def test_gap_closed_exactly_meets_the_criterion() -> None:
    entry = unmet()["INDd"]

    met = assessed(firm(last_year={"新增股权融资额": entry["gap"] * WAN}))
    short = assessed(firm(last_year={"新增股权融资额": entry["gap"] * WAN - 1}))

    assert (met.verdict, short.verdict) == ("met", "unmet")
