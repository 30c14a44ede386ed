"""Every worked example of an award comes out as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tidu.kernel.facts import PACKS, Fact, Store, catalogue
from tidu.kernel.located import read_documents
from tidu.kernel.population import Firm, Value
from tidu.kernel.quantities import LEVELS, parse_decimal, parse_literal, to_stored
from tidu.kernel.reading import load_packs
from tidu.kernel.settle import Entitlement, settle

FOLDER = PACKS.parent / "worked_examples" / "awards"
CODE = "91420114MA4K000017"
YES_NO = {"是": True, "否": False}
CHECKED = {"item", "state", "amount", "computed", "base", "payer", "missing", "rulings"}


def stored(fact: Fact, written: Any) -> Value:
    """A value as it is written in an example, in the catalogue's unit, as it is stored."""
    if written in (None, "未知"):
        return None
    if fact.store is Store.BOOLEAN:
        return YES_NO[written]
    if fact.store is Store.DATE:
        assert isinstance(written, date)
        return written
    if fact.store is Store.TEXT:
        return str(written)
    if written in LEVELS:
        return LEVELS.index(written) + 1
    return to_stored(parse_decimal(str(written)), fact.unit)


def firm_of(code: str, written: Mapping[str, Any], *, events: list[Any], years: Mapping[Any, Any]) -> Firm:
    known = catalogue()
    merged: dict[int, dict[str, Value]] = {}
    for listed in (written.get("年度数据") or {}, years):
        for year, row in listed.items():
            merged.setdefault(int(year), {}).update({name: stored(known.fact(name), value) for name, value in row.items()})
    happened: dict[str, list[dict[str, Value]]] = {}
    for row in [*(written.get("事项") or []), *events]:
        fields = known.event(row["事项类型"]).fields
        happened.setdefault(row["事项类型"], []).append(
            {name: stored(fields[name], value) for name, value in row.items() if name != "事项类型"}
        )
    facts = {name: stored(known.fact(name), value) for name, value in written.items() if name not in {"年度数据", "事项"}}
    return Firm(code, code, facts, merged, {}, happened)


def each_case() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.yaml")):
        faults: list[Any] = []
        for section in read_documents(file, file.name, faults):
            for case in section["cases"]:
                yield pytest.param(section, case, id=f"{section['example'].partition(' ')[0]} {case['say']}")
        assert faults == []


CASES = list(each_case())


def fen(text: str) -> int:
    value, _ = parse_literal(text)
    assert value.denominator == 1
    return int(value)


def shown(result: Entitlement, expected: Mapping[str, Any]) -> dict[str, Any]:
    """What came out, for the keys that the example writes."""
    found = {
        "item": result.item,
        "state": result.state,
        "amount": result.amount,
        "computed": result.computed,
        "base": result.base,
        "payer": result.award.payer,
        "missing": sorted(result.missing),
        "rulings": list(result.rulings),
    }
    return {key: found[key] for key in expected}


def wanted(expected: Mapping[str, Any]) -> dict[str, Any]:
    assert set(expected) <= CHECKED
    values = dict(expected)
    for key in ("amount", "computed", "base"):
        if values.get(key) is not None:
            values[key] = fen(values[key])
    if "missing" in values:
        values["missing"] = sorted(values["missing"])
    return values


@pytest.mark.parametrize(("example", "case"), CASES)
def test_example_comes_out_as_written(example: Mapping[str, Any], case: Mapping[str, Any]) -> None:
    written = {**example["firm"], **(case.get("facts") or {})}
    firm = firm_of(CODE, written, events=case.get("events") or [], years=case.get("years") or {})
    others = [firm_of(f"OTHER{number}", other, events=[], years={}) for number, other in enumerate(case.get("others") or [])]
    as_of = case.get("as_of") or example["as_of"]
    settlement = settle(
        [firm, *others], load_packs(), law_date=example.get("law_date") or as_of, as_of=as_of, choices=case.get("rulings") or {}
    )
    found = [result for result in settlement.results if result.firm == CODE and result.award.id == example["award"]]

    assert [shown(result, expected) for result, expected in zip(found, case["expect"], strict=True)] == [
        wanted(expected) for expected in case["expect"]
    ]


def test_every_award_row_and_option_has_an_example() -> None:
    book = load_packs().book
    assert book is not None
    tried: dict[str, set[str]] = {}
    for parameters in CASES:
        example, case = parameters.values
        for ruling, choice in (case.get("rulings") or {}).items():
            tried.setdefault(ruling, set()).add(choice)
        assert isinstance(example["award"], str)
    awards = {parameters.values[0]["award"] for parameters in CASES}

    assert awards == {award.id for award in book.awards}
    for name, ruling in book.rulings.items():
        others = {option.choice for option in ruling.options} - {ruling.default}
        assert others - tried.get(name, set()) == (others if name == "R6" else set()), name


def test_amounts_of_examples_are_exact_fen() -> None:
    assert (fen("0.01元"), fen("49.999999万元"), Fraction(fen("100万元"), 100)) == (1, 49_999_999, Fraction(1_000_000))
