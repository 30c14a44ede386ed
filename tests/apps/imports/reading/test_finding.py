"""Where the table is: captions, two-line heads, blank rows, totals, stray rows. Row numbers stay those of the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.imports.files import code, name
from tidu.apps.imports.reading.finding import Table, table_of
from tidu.exchange.sheets import Grid

HEAD = ["企业名称", "统一社会信用代码", "营业收入（万元）"]


def data(number: int) -> list[object]:
    return [name(number), code(number), 100.0 * number]


def found(rows: list[list[object]], head: int | None = None) -> Table:
    table = table_of(Grid("表", "表", rows), head)
    assert table is not None
    return table


def test_captions_above_are_not_the_header() -> None:
    table = found([["2023 年度统计表"], [], ["单位：元", "", "制表：某局"], HEAD, data(1), data(2)])
    assert (table.head, table.rows.to_list(), table.caption) == ((4, 4), [5, 6], "2023 年度统计表 单位：元 制表：某局")
    assert table.unit is not None
    assert table.unit.symbol == "元"


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_row_numbers_are_the_files_own_with_blank_rows_anywhere(blanks: list[bool]) -> None:
    rows: list[list[object]] = [HEAD]
    numbers = []
    for number, blank in enumerate(blanks, 1):
        if blank:
            rows.append(["", None, "  "])
        rows.append(data(number))
        numbers.append(len(rows))
    assert found(rows).rows.to_list() == numbers


def test_a_blank_row_with_a_stray_character_does_not_block_the_file() -> None:
    table = found([HEAD, data(1), ["", "`", ""], data(2), ["/", "—", ""]])
    assert (table.rows.to_list(), [(one.row, one.why) for one in table.skipped]) == (
        [2, 4],
        [(3, "整行只有零星符号"), (5, "整行只有零星符号")],
    )


def test_totals_and_remarks_are_no_firms_but_the_total_is_kept_for_checking() -> None:
    table = found([HEAD, data(1), ["合计", "", 100.0], ["注：以上数据来自年报", "", ""]])
    assert (table.rows.to_list(), table.totals) == ([2], {0: "合计", 2: 100.0})


def test_two_lines_of_titles_become_one() -> None:
    table = found([
        ["企业名称", "统一社会信用代码", "营业收入（万元）", "", "从业人员", ""],
        ["", "", "2022年", "2023年", "2022年", "2023年"],
        [name(1), code(1), 1.0, 2.0, 3.0, 4.0],
    ])  # fmt: skip
    assert (table.head, table.titles[2:]) == (
        (1, 2),
        ["营业收入（万元） 2022年", "营业收入（万元） 2023年", "从业人员 2022年", "从业人员 2023年"],
    )


def test_a_second_line_below_a_full_first_one() -> None:
    table = found([
        ["企业名称", "统一社会信用代码", "营业收入（万元）", None, "从业人员"],
        [None, None, "2022年", "2023年", None],
        [name(1), code(1), 1.0, 2.0, 3.0],
    ])  # fmt: skip
    assert (table.head, table.titles) == (
        (1, 2),
        ["企业名称", "统一社会信用代码", "营业收入（万元） 2022年", "营业收入（万元） 2023年", "从业人员"],
    )


def test_units_below_their_titles_go_into_their_brackets() -> None:
    table = found([
        ["企业名称", "代码", "营业收入", "资产总额"],
        [None, None, "万元", "元"],
        [name(1), code(1), 1.0, 2.0],
    ])  # fmt: skip
    assert table.titles == ["企业名称", "代码", "营业收入（万元）", "资产总额（元）"]


def test_a_row_that_counts_the_columns_is_skipped() -> None:
    table = found([["序号", *HEAD], [1, 2, 3, 4], [1, *data(1)]])
    assert (table.rows.to_list(), [one.why for one in table.skipped]) == ([3], ["整行是列的序号"])


def test_a_person_may_say_where_the_header_is() -> None:
    assert found([["甲", "乙"], ["名称", "备注"], ["某", "某"]], head=2).titles == ["名称", "备注"]


@pytest.mark.parametrize("rows", [[], [[]], [["", None]], [[1, 2], [3, 4]]])
def test_a_sheet_without_a_header_is_no_table(rows: list[list[object]]) -> None:
    assert table_of(Grid("表", "表", rows)) is None


def test_columns_beyond_what_a_person_can_be_asked_are_told() -> None:
    table = found([[f"列{number}" for number in range(200)], [name(1), *range(199)]])
    assert (len(table.columns), [one.why for one in table.skipped]) == (120, ["只读前 120 列，DQ 列以后的内容"])


@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(), st.floats(), st.booleans()), max_size=6), max_size=8))
def test_any_cells_at_all_make_a_table_or_none(rows: list[list[object]]) -> None:
    table = table_of(Grid("表", "表", rows))
    assert table is None or len(table.rows) + len(table.skipped) <= len(rows) + 1
