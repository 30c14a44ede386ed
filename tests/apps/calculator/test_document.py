"""Documents are JSON, say what their schema says, and hold no float where money or points stand."""

from __future__ import annotations

import json
from typing import Any

from tests.apps.calculator.json_schema import faults
from tests.apps.calculator.visitors import Visits
from tidu.apps.calculator.domain import (
    GROUPS,
    Answers,
    as_document,
    asked_document,
    checkup,
    checkup_document,
    example,
    examples,
    next_question,
    results,
    schema,
    way_document,
    way_to,
    what_if,
    what_if_document,
)
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet


def assert_json(document: Any) -> None:
    assert json.loads(json.dumps(document, ensure_ascii=False, allow_nan=False)) == document


def test_every_document_fits_the_schema(visits: Visits, paying: Moment, later: Moment) -> None:
    for seed in range(8):
        for _, found, _ in visits.of((paying, later)[seed % 2], f"drawn {seed}"):
            document = as_document(found.results)
            assert list(faults(document, schema(), schema())) == []
            assert_json(document)


def test_the_checker_finds_what_does_not_fit(packs: PackSet, paying: Moment) -> None:
    document = as_document(results(example("rewarded").answers, packs=packs, moment=paying))
    document["total"] = 70.5
    document["groups"]["可享"][0]["amount"] = "20万元"
    del document["sentence"]
    document["groups"]["待补充"][0]["colour"] = "red"
    assert list(faults(document, schema(), schema())) == [
        "$: lacks sentence",
        "$.total: 70.5 is not of ['integer']",
        "$.groups.可享[0].amount: '20万元' is not of ['integer', 'null']",
        "$.groups.待补充[0]: colour is not in the schema",
    ]


def test_groups_stand_in_their_order_and_hold_every_result(packs: PackSet, paying: Moment) -> None:
    for one in examples():
        found = results(one.answers, packs=packs, moment=paying)
        document = as_document(found)
        assert list(document["groups"]) == list(GROUPS)
        names = [entry["id"] for group in document["groups"].values() for entry in group]
        assert sorted(names) == sorted(result.id for result in found.results)


def test_a_question_as_a_document(packs: PackSet, later: Moment) -> None:
    assert asked_document(None) is None
    document = asked_document(next_question(Answers(), packs=packs, moment=later))
    assert document is not None
    assert_json(document)
    assert [document[name] for name in ("id", "section", "label", "rows", "answered")] == ["persona", "基本情况", "您是谁？", 0, 0]
    assert [field["name"] for field in document["fields"]] == ["persona", "tax_home", "registration"]
    assert document["fields"][0]["options"][0] == {"id": "factory", "label": "制造业（工业）企业"}


def test_check_up_way_and_difference_are_json(packs: PackSet, paying: Moment) -> None:
    answers = example("nearly").answers
    found = checkup_document(checkup(answers, packs=packs, moment=paying, chosen="specialised"))
    assert_json(found)
    assert found["levers"][0] == {
        "field": "rd_expense.0", "label": "研发费用", "unit": "万元", "current": "150", "least": "75", "most": "300", "step": "1",
    }  # fmt: skip
    for rung in found["rungs"]:
        if rung["result"] is not None:
            assert list(faults(rung["result"], schema()["$defs"]["result"], schema())) == []
    way = way_document(way_to(answers, rung="specialised", packs=packs, moment=paying))
    assert_json(way)
    assert (way["status"], way["name"], way["assumed"]) == ("reachable", "示例·知音精密配件有限公司", [])
    difference = what_if_document(what_if(answers, {"rd_expense.0": "300"}, standard="专精特新中小企业", packs=packs, moment=paying))
    assert_json(difference)
    assert difference["verdict"] == {"before": "unmet", "after": "unmet"}
