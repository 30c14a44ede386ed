"""Every standard says of every worked example what was computed by hand from its text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.packs.worked_examples import Example, read_examples
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import Assessment, assess
from tidu.kernel.packs import Standard
from tidu.kernel.reading import load_packs

EXAMPLES = list(read_examples())


def outcome(example: Example) -> Assessment:
    packs = load_packs()
    standard = packs.select(example.standard, law_date=example.law_date, application=example.application)
    return assess(FirmInputs(example.firm, Moment(example.law_date, example.facts_as_of), packs), standard)


def observed(key: str, found: Assessment, wanted: Any) -> Any:
    """What the assessment says under one key of ``expect``, written as the example writes it."""
    score = found.score
    match key:
        case "score":
            return score and [str(score.low), str(score.high)]
        case "groups" | "items":
            intervals = getattr(score, key)
            return {name: [str(point) for point in intervals[name]] for name in wanted}
        case "missing" | "manual":
            return sorted(getattr(found, key))
        case "unmet":
            return sorted({entry["id"] for entry in found.unmet if entry["kind"] == "criterion"})
        case "rule_set":
            return found.standard.reference.text()
        case "value":
            return found.value or "未知"
        case "prerequisites":
            return {name: {True: "met", False: "unmet", None: "unknown"}[answer] for name, answer in found.prerequisites}
        case _:
            return getattr(found, key)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.title for example in EXAMPLES])
def test_worked_example(example: Example) -> None:
    if "error" in example.expect:
        with pytest.raises(TiduError) as raised:
            outcome(example)
        assert raised.value.code == example.expect["error"]
        return
    found = outcome(example)
    wanted = {key: sorted(value) if key in {"missing", "manual", "unmet"} else value for key, value in example.expect.items()}
    assert {key: observed(key, found, value) for key, value in example.expect.items()} == wanted


def days_of(standard: Standard) -> set[date]:
    """The law dates of the examples that ask for a standard, under an application that the text serves."""
    return {example.law_date for example in EXAMPLES if example.standard == standard.name and example.application in standard.application}


@pytest.mark.parametrize("standard", load_packs().standards, ids=lambda standard: f"{standard.name} {standard.version}")
def test_every_text_has_examples_around_the_days_it_begins_and_ends(standard: Standard) -> None:
    validity = standard.in_force
    turns = [validity.start, *([validity.end] if validity.end else [])]
    wanted = {turn + timedelta(days=shift) for turn in turns for shift in (-1, 0)}
    assert wanted - days_of(standard) == set()
