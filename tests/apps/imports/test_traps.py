"""What others' importers got wrong: row numbers with blank rows, stray characters, old errors after a new file, text in money columns …
and what is never to be guessed."""

from __future__ import annotations

from io import BytesIO

import pytest
import python_calamine

from tests.apps.imports.files import code, csv_text, json_text, name, workbook
from tests.apps.imports.importing import checked, clerk, committed, facts, imported, mapped, plan_of, problems, sheet_of, source, uploaded
from tests.apps.people import AT, District, small_district
from tests.exchange.formulas import formulas_in
from tidu.apps.enterprises.models import Batch, DataSheet, Enterprise
from tidu.apps.imports.domain.uploading import look_again
from tidu.apps.imports.interfaces.annotated import annotated_workbook
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
HEAD = ["企业名称", "统一社会信用代码", "年度", "营业收入（万元）", "从业人员"]


@pytest.fixture
def district() -> District:
    return small_district()


def row(number: int, *cells: object) -> list[object]:
    return [name(number), code(number), *cells]


def check(district: District, *rows: list[object], head: list[str] | None = None, year: int | None = None) -> Batch:
    return checked(district, mapped(district, uploaded(district, workbook({"年报": [head or HEAD, *rows]}), of="税务"), year=year))


def test_row_numbers_are_the_files_own_though_rows_are_blank(district: District) -> None:
    batch = check(district, row(1, 2023, 1), [], row(2, 2023, "约五百"), ["", "·"], row(3, "去年", 3))
    assert problems(batch) == [
        ("not-a-number", 4, "营业收入（万元）", "约五百"),
        ("no-period", 6, "", ""),
        ("not-a-year", 6, "年度", "去年"),
    ]


def test_text_in_a_money_column_leaves_out_the_cell_and_nothing_else(district: District) -> None:
    batch = check(district, row(1, 2023, "无", 12), row(2, 2023, "100万", 13))
    committed(district, batch)
    assert (facts(code(1), 2023), facts(code(2), 2023)) == ({"从业人员": 12}, {"营业收入": 100_000_000, "从业人员": 13})


def test_old_errors_go_when_the_file_is_checked_again(district: District) -> None:
    batch = check(district, row(1, 2023, "坏"))
    sheet = sheet_of(batch)
    columns = [column | {"target": "" if column["title"] == "营业收入（万元）" else column["target"]} for column in sheet.plan["columns"]]
    sheet.plan = sheet.plan | {"columns": [*columns[:4], columns[4]]}
    sheet.save()
    assert (problems(batch), problems(checked(district, batch))) == ([("not-a-number", 2, "营业收入（万元）", "坏")], [])


def test_nothing_is_zero_because_it_is_empty(district: District) -> None:
    committed(district, check(district, row(1, 2023, 0, None), row(2, 2023, None, 5)))
    assert (facts(code(1), 2023), facts(code(2), 2023)) == ({"营业收入": 0}, {"从业人员": 5})


def test_numbers_that_came_as_floats_are_whole_again_and_halves_are_refused(district: District) -> None:
    batch = check(district, row(1, 2023.0, 100.5, 12.0), row(2, 2023, 1, 12.5))
    committed(district, batch)
    assert (facts(code(1), 2023), problems(batch)) == ({"营业收入": 100_500_000, "从业人员": 12}, [("not-whole", 3, "从业人员", "12.5")])


def test_a_number_below_what_can_be_is_refused(district: District) -> None:
    assert problems(check(district, row(1, 2023, -5, 3))) == [("out-of-domain", 2, "营业收入（万元）", "-5")]


def test_the_unit_may_stand_in_another_column(district: District) -> None:
    head = ["企业名称", "统一社会信用代码", "年度", "营业收入", "金额单位", "币种"]
    batch = check(
        district,
        row(1, 2023, 5, "亿元", "人民币"),
        row(2, 2023, 5, "元", ""),
        row(3, 2023, 5, "元", "美元"),
        row(4, 2023, 5, "斤", ""),
        head=head,
    )
    committed(district, batch)
    assert [facts(code(number), 2023).get("营业收入") for number in (1, 2, 3, 4)] == [50_000_000_000, 500, None, None]
    assert [rule for rule, *_ in problems(batch)] == ["foreign-currency", "unknown-unit"]


def test_years_side_by_side_become_years(district: District) -> None:
    head = ["企业名称", "统一社会信用代码", "2021年营业收入（万元）", "2022年营业收入（万元）", "2023年营业收入（元）"]
    committed(district, check(district, row(1, 10, 20, 300_000), head=head))
    assert [facts(code(1), year) for year in (2021, 2022, 2023)] == [
        {"营业收入": 10_000_000},
        {"营业收入": 20_000_000},
        {"营业收入": 30_000_000},
    ]


def test_the_period_may_stand_in_the_caption(district: District) -> None:
    content = workbook(
        {"表": [["2022年度企业报表"], ["单位：元"], ["企业名称", "统一社会信用代码", "营业收入", "上年营业收入"], row(1, 500, 400)]}
    )
    batch = imported(district, content, of="税务")
    assert (plan_of(batch).year, facts(code(1), 2022), facts(code(1), 2021)) == (2022, {"营业收入": 50_000}, {"营业收入": 40_000})


def test_months_come_as_text_as_numbers_and_as_spans(district: District) -> None:
    head = ["企业名称", "统一社会信用代码", "税款所属期", "应税收入（元）"]
    batch = check(
        district, row(1, "2024-03", 1), row(2, 202403, 2), row(3, "2024年3月", 3), row(4, "2024-03-01至2024-03-31", 4),
        row(5, "2024-01-01至2024-03-31", 5), head=head,
    )  # fmt: skip
    committed(district, batch)
    assert [facts(code(number), 202403).get("应税收入") for number in range(1, 6)] == [100, 200, 300, 400, None]
    assert [rule for rule, *_ in problems(batch)] == ["no-period", "several-months"]


def test_a_firm_twice_with_other_values_is_told_and_the_first_is_taken(district: District) -> None:
    batch = check(district, row(1, 2023, 1, 1), row(1, 2023, 1, 1), row(1, 2023, 2, 1))
    committed(district, batch)
    assert (problems(batch), facts(code(1), 2023)["营业收入"]) == ([("said-otherwise", 4, "", "")], 1_000_000)
    assert batch.row_problems.get(rule="said-twice").row == 3


def test_codes_keep_their_digits_and_old_ones_are_known(district: District) -> None:
    digits = code(5, letters=False)
    assert digits.isdigit()
    committed(district, check(district, [name(5), digits, 2023, 1, 1], [name(6), f" {code(6).lower()} ", 2023, 1, 1]))
    assert set(Enterprise.objects.filter(name__in=(name(5), name(6))).values_list("code", flat=True)) == {digits, code(6)}


def test_a_code_that_was_a_number_is_refused(district: District) -> None:
    batch = check(district, [name(5), 914201147000005000, 2023, 1, 1], row(6, 2023, 1, 1))
    assert [one[:3] for one in problems(batch)] == [("no-such-firm", 2, ""), ("code-as-number", 2, "统一社会信用代码")]


def test_texts_that_begin_like_formulas_stay_texts(district: District) -> None:
    head = ["企业名称", "统一社会信用代码", "主导产品"]
    evil = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)"]
    batch = check(district, *(row(number, text) for number, text in enumerate(evil, 1)), head=head)
    committed(district, batch)
    assert [facts(code(number))["主导产品"] for number in range(1, 5)] == evil
    content = annotated_workbook(batch)
    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("年报").to_python()
    assert [line[2] for line in sheet[1:5]] == evil
    assert formulas_in(content) == []


def test_the_annotated_copy_names_every_problem(district: District) -> None:
    batch = check(district, row(1, 2023, "坏", 1))
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(annotated_workbook(batch)))
    assert book.sheet_names == ["问题清单", "年报"]
    listed = book.get_sheet_by_name("问题清单").to_python()
    assert [line[:6] for line in listed] == [
        ["程度", "工作表", "行", "列", "字段", "值"],
        ["错误", "年报", "2", "D", "营业收入（万元）", "坏"],
    ]


@pytest.mark.parametrize(
    ("content", "file_name"),
    [
        (csv_text([HEAD, row(1, 2023, 7, 8)], encoding="utf-8-sig"), "a.csv"),
        (csv_text([HEAD, row(1, 2023, 7, 8)], encoding="gb18030", separator="\t"), "a.csv"),
        (csv_text([HEAD, row(1, 2023, 7, 8)], encoding="utf-8", separator=";"), "a.txt"),
        (csv_text([HEAD, row(1, 2023, 7, 8)]), "其实是文本.xls"),
        (json_text([dict(zip(HEAD, row(1, 2023, 7, 8), strict=True))]), "a.json"),
        (json_text({"code": 0, "data": {"list": [dict(zip(HEAD, row(1, 2023, 7, 8), strict=True))]}}), "a.json"),
        (json_text({"rows": [HEAD, row(1, 2023, 7, 8)]}), "a.json"),
        (
            json_text([{"企业名称": name(1), "统一社会信用代码": code(1), "年报": [{"年度": 2023, "营业收入（万元）": 7, "从业人员": 8}]}]),
            "a.json",
        ),
    ],
)
def test_the_same_table_in_any_kind_of_file(district: District, content: bytes, file_name: str) -> None:
    imported(district, content, file_name, of="税务")
    assert facts(code(1), 2023) == {"营业收入": 7_000_000, "从业人员": 8}


@pytest.mark.parametrize(
    ("content", "file_name", "error"),
    [
        (b"", "a.xlsx", "empty-file"),
        (b"PK\x03\x04broken", "a.xlsx", "not-excel"),
        (b"<html><table></table></html>", "a.xls", "not-excel"),
        ("企业名称".encode("utf-16"), "a.csv", "wrong-encoding"),
        (b"{", "a.json", "bad-json"),
        (b"[1, 2]", "a.json", "bad-json"),
        (b"hello", "a.pdf", "unknown-format"),
        (workbook({"空": []}), "a.xlsx", "no-table"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(district: District, content: bytes, file_name: str, error: str) -> None:
    with pytest.raises(TiduError) as refused:
        uploaded(district, content, file_name)
    assert (refused.value.code, Batch.objects.count()) == (error, 0)


def test_the_same_file_twice_leaves_every_value_once(district: District) -> None:
    content = workbook({"年报": [HEAD, row(1, 2023, 7, 8)]})
    imported(district, content, of="税务")
    imported(district, content, of="税务", days=1)
    assert (facts(code(1), 2023), DataSheet.objects.count()) == ({"营业收入": 7_000_000, "从业人员": 8}, 2)


def test_a_person_moves_the_header_and_says_what_the_sheet_is(district: District) -> None:
    rows = [["名单", "2024"], ["甲", "乙"], ["单位", "产品"], [name(1), "阀门"]]
    batch = uploaded(district, workbook({"表": rows}))
    sheet = batch.import_sheets.get()
    look_again(actor=clerk(district), at=AT, sheet=sheet, head=3, register="荣誉")
    plan = plan_of(batch)
    assert (plan.head, plan.register, sheet.rows, [column.title for column in plan.columns]) == ((3, 3), "荣誉", 1, ["单位", "产品"])


def test_a_source_of_its_own_speaks_for_what_it_sends(district: District) -> None:
    source("统计", district)
    imported(district, workbook({"年报": [HEAD, row(1, 2023, 7, 8)]}), of="统计")
    assert DataSheet.objects.get(period=2023).source.name == "统计"
