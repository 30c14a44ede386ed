"""One text as a value: tolerant of how people write, exact in what is kept, and clear about what cannot be read."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.calculator.told_values import values_of
from tidu.apps.calculator.domain import questionnaire
from tidu.apps.calculator.domain.values import FieldFault, read_value, shown_value, written_value

FIELDS = questionnaire().fields


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("revenue.0", "1200", 1_200_000_000),
        ("revenue.0", " 1,200.5 ", 1_200_500_000),
        ("revenue.0", "１，２００．５万元", 1_200_500_000),
        ("revenue.0", "1 200万", 1_200_000_000),
        ("revenue.0", "0.000001", 1),
        ("revenue.0", "12元", 1200),
        ("revenue.0", "1.5亿", 15_000_000_000),
        ("revenue.0", "3 千元", 300_000),
        ("revenue.0", "+5", 5_000_000),
        ("revenue.0", ".5", 500_000),
        ("profit.0", "－30", -30_000_000),
        ("profit.0", "−30", -30_000_000),
        ("revenue.0", "?", None),
        ("revenue.0", "？", None),
        ("revenue.0", "不清楚", None),
        ("share", "12.5%", 125_000),
        ("share", "12.5", 125_000),
        ("staff.0", "60人", 60),
        ("staff.0", "1,060", 1060),
        ("ip_one", "2 项", 2),
        ("niche", "2016年", 2016),
        ("contract.1.date", "2023-05-04", date(2023, 5, 4)),
        ("contract.1.date", "2023年5月4日", date(2023, 5, 4)),
        ("contract.1.date", "2023/5/4", date(2023, 5, 4)),
        ("contract.1.date", "2023.05.04", date(2023, 5, 4)),
        ("contract.1.date", "20230504", date(2023, 5, 4)),
        ("abnormal", "是", True),
        ("abnormal", "no", False),
        ("persona", "factory", "factory"),
        ("persona", "制造业(工业)企业", "factory"),
        ("persona", "制造业（工业）企业", "factory"),
        ("digital", "三级", "three"),
        ("contract.1.type", "技术开发", "develop"),
        ("titles", "giant,high_tech", ("high_tech", "giant")),
        ("titles", "创新型中小企业、高新技术企业", ("high_tech", "innovative")),
        ("titles", "none", ()),
        ("titles", "以上都没有", ()),
        ("standard.2.number", " GB/T 1234 ", "GB/T 1234"),
    ],
)
def test_people_write_one_value_in_many_ways(name: str, text: str, value: object) -> None:
    assert read_value(FIELDS[name], text) == value


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("revenue.0", "很多", "not-a-number"),
        ("revenue.0", "1,5", "not-a-number"),
        ("revenue.0", "1e9", "not-a-number"),
        ("revenue.0", "1e999999999", "not-a-number"),
        ("revenue.0", "nan", "not-a-number"),
        ("revenue.0", "1_000", "not-a-number"),
        ("revenue.0", "万元", "not-a-number"),
        ("revenue.0", "0.0000001", "too-precise"),
        ("revenue.0", "100000000.000001万元", "too-large"),
        ("revenue.0", "-1", "out-of-range"),
        ("revenue.0", "9" * 201, "too-long"),
        ("share", "101", "out-of-range"),
        ("staff.0", "6.5", "not-whole"),
        ("staff.0", "10000000000", "too-large"),
        ("local_points", "16", "out-of-range"),
        ("rank", "0", "out-of-range"),
        ("niche", "1816", "out-of-range"),
        ("contract.1.date", "2023", "incomplete-date"),
        ("contract.1.date", "2023年5月", "incomplete-date"),
        ("contract.1.date", "2023-02-30", "not-a-date"),
        ("contract.1.date", "去年", "not-a-date"),
        ("contract.1.date", "1023-02-03", "out-of-range"),
        ("abnormal", "也许", "not-yes-or-no"),
        ("standard.1.number", " \u200b\x00", "blank"),
        ("persona", "外星人", "unknown-choice"),
        ("titles", "giant,诺贝尔奖", "unknown-choice"),
        ("titles", "none,giant", "contradiction"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(name: str, text: str, code: str) -> None:
    with pytest.raises(FieldFault) as raised:
        read_value(FIELDS[name], text)
    assert (raised.value.code, raised.value.message[-1]) == (code, "。")


@given(st.data())
def test_every_value_is_written_so_that_it_is_read_back(data: st.DataObject) -> None:
    field = FIELDS[data.draw(st.sampled_from(sorted(FIELDS)))]
    value = data.draw(values_of(field))
    text = written_value(field, value)
    assert read_value(field, text) == value
    assert len(text) <= 200
    assert shown_value(field, value) != ""


@given(st.data(), st.text(max_size=220))
def test_any_text_is_a_value_or_a_fault(data: st.DataObject, text: str) -> None:
    field = FIELDS[data.draw(st.sampled_from(sorted(FIELDS)))]
    with suppress(FieldFault):
        value = read_value(field, text)
        assert read_value(field, written_value(field, value)) == value


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("revenue.0", 1_200_500_000, "1200.5 万元"),
        ("share", 125_000, "12.5%"),
        ("staff.0", 60, "60 人"),
        ("niche", 2016, "2016"),
        ("abnormal", False, "否"),
        ("titles", (), "以上都没有"),
        ("titles", ("giant",), "专精特新“小巨人”（国家级）"),
        ("digital", "three", "三级"),
        ("founded", None, "不清楚"),
    ],
)
def test_values_read_as_people_say_them(name: str, value: object, text: str) -> None:
    assert shown_value(FIELDS[name], value) == text  # type: ignore[arg-type]
