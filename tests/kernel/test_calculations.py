"""Calculations: every form of an output, unknown inputs, rounding, and the frame beside the single row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.exceptions import InvalidOperationError

from tidu.kernel.calculations import Promises, calculate, calculate_frame, promises
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.packs import Calculation
from tidu.kernel.reading import read_packs

INPUTS = {"甲": "元", "乙": "元", "丙": "", "丁": "%"}
Row = dict[str, int | None]


def reading(folder: Path, outputs: list[dict[str, Any]], facts: dict[str, str] | None = None) -> Calculation:
    """A calculation over the four inputs; JSON is YAML."""
    document = {"calculation": "试算", "facts": facts or INPUTS, "outputs": outputs}
    path = folder / "calculation.yaml"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return read_packs([path], base=None).calculations["试算"]


def frame_of(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(INPUTS, pl.Int64))


def both(calculation: Calculation, rows: list[Row]) -> list[dict[str, Any]]:
    """The outputs of every row; the frame with and without promises must give what the single rows give."""
    single = [calculate(calculation, row) for row in rows]
    frame = frame_of(rows)
    for given_promises in (Promises(), promises(frame, INPUTS)):
        assert calculate_frame(calculation, frame.lazy(), given_promises).collect().to_dicts() == single
    return single


def outcome(folder: Path, output: dict[str, Any], **known: int | None) -> Any:
    """The one output for one firm; inputs not named are zero."""
    calculation = reading(folder, [{"id": "果", **output}])
    return both(calculation, [dict.fromkeys(INPUTS, 0) | known])[0]["果"]


@pytest.mark.parametrize(
    ("output", "known", "right"),
    [
        ({"fixed": "3万元"}, {}, 3_000_000),
        ({"fixed": "甲 - 乙"}, {"甲": 100, "乙": 350}, -250),
        ({"fixed": "甲 * 丙"}, {"甲": 100, "丙": 7}, 700),
        ({"sum": ["甲", "乙", "1元"]}, {"甲": 1, "乙": 2}, 103),
        ({"max": ["甲", "乙"]}, {"甲": -5, "乙": -9}, -5),
        ({"min": ["甲", "乙"]}, {"甲": -5, "乙": -9}, -9),
        ({"rate": "10%", "of": "甲"}, {"甲": 1230}, 123),
        ({"rate": "10%", "of": "甲", "cap": "1元"}, {"甲": 1230}, 100),
        ({"rate": "10%", "of": "甲", "when": "乙 >= 1元"}, {"甲": 1230, "乙": 99}, 0),
        ({"rate": "10%", "of": "甲", "when": "乙 >= 1元"}, {"甲": 1230, "乙": 100}, 123),
        ({"rate": "0%", "of": "甲"}, {"甲": 1230}, 0),
        ({"rate": "-10%", "of": {"max": ["甲", "乙"]}}, {"甲": 1230, "乙": 40}, -123),
        ({"match": "丙", "of": "甲"}, {"甲": 1000, "丙": 50}, 500),
        ({"match": "丁", "of": "甲"}, {"甲": 1000, "丁": 500_000}, 500),
        ({"choose": [["丙 >= 2", "2元"], ["丙 >= 1", "1元"], ["else", "甲"]]}, {"丙": 2, "甲": 7}, 200),
        ({"choose": [["丙 >= 2", "2元"], ["丙 >= 1", "1元"], ["else", "甲"]]}, {"丙": 1, "甲": 7}, 100),
        ({"choose": [["丙 >= 2", "2元"], ["丙 >= 1", "1元"], ["else", "甲"]]}, {"丙": 0, "甲": 7}, 7),
        ({"choose": [["丙 = 2", 1], ["else", 0]]}, {"丙": 3}, 0),
        ({"of": "丁", "points": [[">= 5%", 20], [">= 3%", 10], ["else", 0]]}, {"丁": 30_000}, 10),
        ({"of": "丁", "points": [[">= 5%", 20], [">= 3%", 10], ["else", 0]]}, {"丁": 29_999}, 0),
        ({"of": "丙", "points": [["<= 55", 10], ["<= 75", 5], ["else", 0]]}, {"丙": 75}, 5),
        ({"that": "甲 / 乙 >= 3%"}, {"甲": 3, "乙": 100}, True),
        ({"that": "甲 / 乙 >= 3%"}, {"甲": 3, "乙": 101}, False),
        ({"all": ["甲 >= 1元", "乙 >= 1元"]}, {"甲": 100, "乙": 99}, False),
        ({"any": ["甲 >= 1元", "乙 >= 1元"]}, {"甲": 100, "乙": 99}, True),
    ],
)
def test_form_of_an_output(tmp_path: Path, output: dict[str, Any], known: Row, right: object) -> None:
    assert outcome(tmp_path, output, **known) == right


@pytest.mark.parametrize(("fen", "right"), [(4, 0), (5, 1), (14, 1), (15, 2), (-4, 0), (-5, -1), (-14, -1), (-15, -2)])
def test_tenth_is_rounded_half_away_from_zero(tmp_path: Path, fen: int, right: int) -> None:
    assert outcome(tmp_path, {"rate": "10%", "of": "甲"}, 甲=fen) == right


@pytest.mark.parametrize(("fen", "right"), [(3, 0), (4, 1), (10, 1), (11, 2), (-3, 0), (-4, -1)])
def test_seventh_is_rounded_to_the_nearest(tmp_path: Path, fen: int, right: int) -> None:
    assert outcome(tmp_path, {"fixed": "甲 / 7"}, 甲=fen) == right


def test_sum_is_rounded_once_at_its_end(tmp_path: Path) -> None:
    half = {"rate": "50%", "of": "甲"}

    assert outcome(tmp_path, {"sum": [half, half]}, 甲=1) == 1


def test_later_output_reads_the_rounded_amount(tmp_path: Path) -> None:
    calculation = reading(tmp_path, [{"id": "半", "rate": "50%", "of": "甲"}, {"id": "两倍", "fixed": "半 * 2"}])

    assert both(calculation, [{"甲": 1, "乙": 0, "丙": 0, "丁": 0}]) == [{"半": 1, "两倍": 2}]


def test_later_output_reads_an_answer(tmp_path: Path) -> None:
    outputs = [{"id": "够", "that": "甲 >= 1元"}, {"id": "奖", "when": "够 = 是", "fixed": "5元"}]
    rows: list[Row] = [{"甲": value, "乙": 0, "丙": 0, "丁": 0} for value in (100, 99, None)]

    assert both(reading(tmp_path, outputs), rows) == [{"够": True, "奖": 500}, {"够": False, "奖": 0}, {"够": None, "奖": None}]


@pytest.mark.parametrize(
    "output",
    [
        {"fixed": "甲 + 乙"},
        {"sum": ["甲", "乙"]},
        {"max": ["甲", "100万元"]},
        {"rate": "10%", "of": "甲", "cap": "1分钱"},
        {"min": ["0元", "甲"]},
        {"match": "丙", "of": "甲"},
        {"match": "丙", "of": "乙", "when": "甲 >= 1元"},
        {"choose": [["甲 >= 1元", "5元"], ["else", "5元"]]},
        {"of": "甲", "points": [[">= 1元", 5], ["else", 0]]},
        {"that": "甲 >= 1元"},
    ],
)
def test_output_with_an_unknown_part_is_unknown_and_never_the_cap(tmp_path: Path, output: dict[str, Any]) -> None:
    assert outcome(tmp_path, output, 甲=None, 乙=500, 丙=50) is None


@pytest.mark.parametrize(
    ("output", "right"),
    [
        ({"choose": [["乙 >= 1元", "7元"], ["甲 >= 1元", "5元"], ["else", "0元"]]}, 700),
        ({"any": ["甲 >= 1元", "乙 >= 1元"]}, True),
        ({"all": ["甲 >= 1元", "乙 < 1元"]}, False),
        ({"that": "甲 + 乙 >= 5元"}, True),
    ],
)
def test_output_decided_without_the_unknown_part_is_known(tmp_path: Path, output: dict[str, Any], right: object) -> None:
    assert outcome(tmp_path, output, 甲=None, 乙=500) == right


def test_unknown_output_may_be_negative(tmp_path: Path) -> None:
    calculation = reading(tmp_path, [{"id": "差", "fixed": "甲 - 乙"}, {"id": "盈", "that": "差 >= 0元"}])

    assert both(calculation, [{"甲": None, "乙": 1, "丙": 0, "丁": 0}]) == [{"差": None, "盈": None}]


@pytest.mark.parametrize("divisor", ["乙", "丙", "(乙 - 丙 * 1分钱)"])
def test_condition_under_a_divisor_of_zero_is_unknown_in_complete_data(tmp_path: Path, divisor: str) -> None:
    bound = "3%" if divisor != "丙" else "3元"
    condition = f"甲 / {divisor} >= {bound}"
    outputs = [{"id": "高", "that": condition}, {"id": "奖", "choose": [[condition, "2元"], ["else", "1元"]]}]
    rows: list[Row] = [
        {"甲": 1000, "乙": 5, "丙": 5, "丁": 0},
        {"甲": 1000, "乙": 0, "丙": 0, "丁": 0},
        {"甲": 1000, "乙": 1, "丙": 9, "丁": 0},
    ]

    found = both(reading(tmp_path, outputs), rows)

    assert found[1] == {"高": None, "奖": None}


def test_product_of_the_largest_values_is_exact(tmp_path: Path) -> None:
    largest = 10**14
    output = {"min": ["甲 * 丙", {"fixed": "乙"}]}

    assert outcome(tmp_path, output, 甲=largest, 丙=largest, 乙=largest - 1) == largest - 1
    assert outcome(tmp_path, output, 甲=-largest, 丙=1, 乙=largest) == -largest


def test_rate_of_the_largest_values_is_exact(tmp_path: Path) -> None:
    output = {"sum": [{"rate": "33.3333%", "of": "甲"}, {"match": "丁", "of": "乙"}]}
    largest = 10**14

    assert outcome(tmp_path, output, 甲=largest - 1, 乙=largest - 3, 丁=999_999) == 133_333_199_999_997


def test_output_beyond_64_bits_is_an_error_and_never_a_wrong_number(tmp_path: Path) -> None:
    calculation = reading(tmp_path, [{"id": "积", "fixed": "甲 * 丙"}])
    frame = frame_of([{"甲": 10**14, "乙": 0, "丙": 10**14, "丁": 0}])

    with pytest.raises(InvalidOperationError):
        calculate_frame(calculation, frame.lazy()).collect()


def test_outputs_grown_beyond_the_inputs_do_not_overflow(tmp_path: Path) -> None:
    outputs = [{"id": "一", "fixed": "甲 * 丙"}, {"id": "二", "min": ["一 * 丙", "1亿元"]}, {"id": "三", "that": "一 * 丙 >= 1亿元"}]
    rows: list[Row] = [{"甲": 3 * 10**9, "乙": 0, "丙": 3 * 10**9, "丁": 0}]

    assert both(reading(tmp_path, outputs), rows) == [{"一": 9 * 10**18, "二": 10**10, "三": True}]


def test_product_that_could_leave_128_bits_is_refused(tmp_path: Path) -> None:
    calculation = reading(tmp_path, [{"id": "积", "fixed": "甲 * 丙 * 丙"}])
    frame = frame_of([{"甲": 1, "乙": 0, "丙": 2, "丁": 0}])

    with pytest.raises(TiduError) as error:
        calculate_frame(calculation, frame.lazy())

    assert error.value.code == "too-large"
    assert calculate_frame(calculation, frame.lazy(), promises(frame, INPUTS)).collect().item() == 4


def test_promises_are_those_the_data_keep() -> None:
    frame = frame_of([{"甲": 5, "乙": None, "丙": -1, "丁": None}, {"甲": 7, "乙": 2, "丙": 3, "丁": None}])

    assert promises(frame, INPUTS) == Promises(frozenset({"甲", "丙"}), {"甲": (5, 7), "乙": (2, 2), "丙": (-1, 3), "丁": (0, 0)})


def test_frame_without_rows_gives_no_rows(tmp_path: Path) -> None:
    calculation = reading(tmp_path, [{"id": "果", "rate": "10%", "of": "甲"}])
    frame = frame_of([])

    found = calculate_frame(calculation, frame.lazy(), promises(frame, INPUTS)).collect()

    assert (found.schema, found.height) == ({"果": pl.Int64}, 0)


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ({"fixed": "甲 / 乙"}, "bad-amount"),
        ({"fixed": "1元", "sum": ["1元"]}, "bad-amount"),
        ({"title": "空"}, "bad-amount"),
        ({"sum": []}, "bad-amount"),
        ({"choose": [["甲 >= 1元", "1元"]]}, "table-hole"),
        ({"rate": "10元", "of": "甲"}, "unit-mismatch"),
        ({"rate": "十", "of": "甲"}, "bad-literal"),
        ({"match": "50", "of": "甲"}, "bad-amount"),
        ({"fixed": "戊"}, "unknown-fact"),
        ({"fixed": "1元", "上限": "2元"}, "unknown-key"),
        ({"fixed": "1元", "id": "甲"}, "duplicate-id"),
    ],
)
def test_faulty_output_is_refused_with_its_line(tmp_path: Path, output: dict[str, Any], code: str) -> None:
    with pytest.raises(TiduError) as error:
        reading(tmp_path, [{"id": "果", **output}])

    problems = error.value.problems if isinstance(error.value, Problems) else [error.value]
    assert [(problem.code, problem.data["line"]) for problem in problems] == [(code, 1)]


def test_input_with_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TiduError, match="美元"):
        reading(tmp_path, [{"id": "果", "fixed": "1元"}], {"甲": "美元"})


conditions = st.sampled_from(
    ["甲 >= 1元", "甲 > 乙", "丙 = 3", "丙 != 3", "丁 <= 5%", "甲 / 乙 >= 3%", "甲 / (乙 - 甲) < 50%", "甲 * 丙 >= 100元", "甲 * 2 + 乙 * 3 >= 10元"]
) | st.builds(lambda form, parts: {form: parts}, st.sampled_from(["all", "any"]), st.lists(st.sampled_from(["甲 >= 乙", "丙 >= 3", "丁 > 0%"]), min_size=1, max_size=3))  # fmt: skip
quantities = st.sampled_from(["0元", "12.34元", "100万元", "甲", "乙", "甲 - 乙", "乙 / 7", "甲 * 丙", "甲 + 乙 * 0.3"])


def composed(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One more level of an amount."""
    listed = st.lists(numbers, min_size=1, max_size=3)
    forms = st.one_of(
        st.builds(lambda rate, of: {"rate": rate, "of": of}, st.sampled_from(["10%", "33.3%", "50%", "100%", "0.07%", "-20%"]), numbers),
        st.builds(lambda by, of: {"match": by, "of": of}, st.sampled_from(["丙", "丁"]), numbers),
        st.builds(lambda form, parts: {form: parts}, st.sampled_from(["sum", "max", "min"]), listed),
        st.builds(
            lambda cases, rest: {"choose": [*([rule, part] for rule, part in cases), ["else", rest]]},
            st.lists(st.tuples(conditions, numbers), min_size=1, max_size=3),
            numbers,
        ),
    )
    extras = st.fixed_dictionaries({}, optional={"when": conditions, "cap": quantities})
    return st.builds(lambda form, extra: form | extra, forms, extras)


amounts = st.recursive(st.builds(lambda text: {"fixed": text}, quantities), composed, max_leaves=6)
money = st.none() | st.sampled_from([0, 1, -1, 99, 100, 101, 10**14, -(10**14)]) | st.integers(-(10**14), 10**14)
firms = st.fixed_dictionaries(
    {"甲": money, "乙": money, "丙": st.none() | st.integers(0, 150), "丁": st.none() | st.sampled_from([0, 50_000, 333_333, 10**6])}
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=amounts, second=amounts, rows=st.lists(firms, min_size=1, max_size=6), complete=st.booleans())
def test_frame_gives_what_single_rows_give(tmp_path: Path, first: Any, second: Any, rows: list[Row], complete: bool) -> None:
    outputs = [
        {"id": "一", **first},
        {"id": "多", "that": "一 >= 50元"},
        {"id": "二", "choose": [["多 = 是", second], ["一 < 0元", "一"], ["else", {"rate": "50%", "of": "一"}]]},
        {"id": "三", "sum": ["二", "甲"], "when": "丙 >= 1", "cap": "1亿元"},
    ]
    calculation = reading(tmp_path, outputs)
    known = [{name: 0 if value is None and complete else value for name, value in row.items()} for row in rows]
    frame = frame_of(known)

    found = calculate_frame(calculation, frame.lazy(), promises(frame, INPUTS)).collect().to_dicts()

    assert found == [calculate(calculation, row) for row in known]
