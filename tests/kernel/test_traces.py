"""Explanations: each leaf shows fact, value with unit, period, source, bound, answer and clause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.kernel.one_firm import DAY, INNOVATIVE, MOMENT, WAN, assessed, firm, standard
from tidu.demo import make_district
from tidu.kernel.inputs import FirmInputs
from tidu.kernel.interpret import explain
from tidu.kernel.reading import load_packs
from tidu.kernel.traces import FactUsed, Trace


def below(trace: Trace) -> Iterator[Trace]:
    yield trace
    for part in trace.parts:
        yield from below(part)


def explained(name: str = INNOVATIVE, **changes: object) -> Trace:
    subject = firm(**changes)  # type: ignore[arg-type]
    trace = assessed(subject, name, with_trace=True).trace
    assert trace is not None
    return trace


def leaf(trace: Trace, identity: str) -> Trace:
    return next(node for node in below(trace) if node.id == identity and node.kind in {"leaf", "score", "item"})


def test_comparison_shows_its_facts_with_unit_period_and_source() -> None:
    found = leaf(explained(last_year={"新增股权融资额": 100 * WAN}), "INDd")

    assert found == Trace(
        "leaf",
        "近三年新增股权融资（合格机构投资者实缴）达到 500 万元",
        False,
        "INDd",
        "附件1 一 直接条件4",
        "",
        100,
        500,
        400,
        "万元",
        tuple(FactUsed("新增股权融资额", value, "万元", f"{year}年度", "自报") for value, year in ((100, 2023), (0, 2022), (0, 2021))),
    )


def test_missing_fact_is_shown_as_missing() -> None:
    found = leaf(explained(last_year={"新增股权融资额": None}), "INDd")

    assert (found.answer, found.value, found.gap) == (None, None, None)
    assert [used.value for used in found.facts] == [None, 0, 0]


def test_words_and_flags_show_what_is_told_and_what_is_asked() -> None:
    trace = explained(facts={"列入经营异常名录": True})

    assert [(found.answer, found.value, found.bound, found.facts) for found in (leaf(trace, "T3"), leaf(trace, "INDc"))] == [
        (False, "是", "否", (FactUsed("列入经营异常名录", "是", "", "截至2024-06-01", "市场监管"),)),
        (False, "无", "国家级、省级", (FactUsed("研发机构级别", "无", "", "截至2024-06-01", "科技经信"),)),
    ]


@pytest.mark.parametrize(
    ("events", "answer", "value"),
    [
        ({}, False, "没有"),
        ({"科技奖励": [{"级别": "省级", "日期": date(2023, 1, 1)}]}, True, "有"),
        ({"科技奖励": [{"级别": "省级"}]}, None, None),
    ],
)
def test_event_is_there_or_not_or_open(events: dict[str, list[dict[str, object]]], answer: bool | None, value: str | None) -> None:
    found = leaf(explained(**events), "INDa")

    assert (found.answer, found.value, found.bound) == (answer, value, "有")
    assert found.facts == (FactUsed("科技奖励", value, "", "截至2024-06-01", "科技经信"),)


def test_score_shows_interval_bound_and_what_lacks() -> None:
    known, open_score = (leaf(explained(facts={"Ⅱ类知识产权数": count}), "INS1") for count in (0, None))

    assert (known.answer, known.value, known.bound, known.gap, known.unit, known.points, known.most) == (
        False,
        10,
        20,
        10,
        "分",
        (10, 10),
        40,
    )
    assert (open_score.answer, open_score.value, open_score.gap, open_score.points) == (False, [10, 15], 5, (10, 15))


def test_score_line_shows_the_bracket_that_gave_the_points() -> None:
    found = leaf(explained(), "IN2")

    assert (found.kind, found.points, found.most, found.clause) == ("item", (10, 10), 20, "附件1 二（一）2")
    assert [(part.text, part.answer, part.value, part.bound, part.unit) for part in found.parts] == [
        ("研发费用占比 ≥ 2%", True, 2.98, 2, "%")
    ]


def test_open_score_line_shows_the_brackets_still_in_reach() -> None:
    found = leaf(explained(facts={"Ⅱ类知识产权数": None}), "IN1")

    assert (found.points, found.answer, [(part.text, part.answer) for part in found.parts]) == (
        (0, 5),
        None,
        [("Ⅱ类知识产权数 ≥ 1项", None)],
    )


def test_whole_trace_names_version_reference_and_prerequisites() -> None:
    trace = explained("专精特新小巨人")

    assert (trace.kind, trace.text, trace.id, trace.clause, trace.confidence) == (
        "standard",
        "专精特新小巨人",
        "2022版",
        "工信部企业〔2022〕63号 附件3",
        "confirmed",
    )
    assert [part.kind for part in trace.parts] == ["all", "prerequisites"]


def test_not_turns_what_it_holds() -> None:
    trace = explained()
    turned = next(node for node in below(trace) if node.kind == "not" and node.id == "T6")

    assert (turned.answer, turned.parts[0].answer, turned.parts[0].value) == (True, False, "没有")


def test_trace_as_json_gives_every_leaf_the_clause_it_stands_under() -> None:
    found = explained().as_dict()

    def leaves(node: dict[str, object]) -> Iterator[dict[str, object]]:
        parts = node.get("parts", [])
        assert isinstance(parts, list)
        if not parts:
            yield node
        for part in parts:
            yield from leaves(part)

    listed = list(leaves(found))

    assert [node["text"] for node in listed if not node["clause"]] == []
    assert {node["answer"] for node in listed} == {"符合", "不符合"}
    assert set(listed[0]) == {"kind", "id", "clause", "text", "answer", "value", "bound", "gap", "unit", "facts"}


def test_every_leaf_of_every_standard_shows_its_facts_and_a_value_only_with_an_answer() -> None:
    packs = load_packs()
    for subject in make_district(12).each_firm():
        inputs = FirmInputs(subject, MOMENT, packs)
        for text in packs.in_force(law_date=DAY):
            for node in below(explain(inputs, text)):
                if node.kind == "leaf" and node.bound != "人工判断" and node.facts:
                    assert all(used.fact and used.source and used.period for used in node.facts), node
                    assert node.value is None or node.answer is not None, node


def test_explanation_without_assessment_is_the_same() -> None:
    subject = firm()

    assert explain(FirmInputs(subject, MOMENT, load_packs()), standard()) == assessed(subject, with_trace=True).trace
