"""A department's workbook on its whole way: understood, checked, committed, taken back, brought in again."""

from __future__ import annotations

import pytest

from tests.apps.imports.files import code, department_workbook, name
from tests.apps.imports.importing import checked, committed, facts, imported, mapped, plan_of, standing, undone, uploaded
from tests.apps.people import District, small_district
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Enterprise, Event

pytestmark = pytest.mark.django_db
FIRMS = 40
WITHOUT_CODE = FIRMS // 11


@pytest.fixture
def district() -> District:
    return small_district()


def test_a_workbook_of_six_sheets_is_understood(district: District) -> None:
    batch = uploaded(district, department_workbook(FIRMS))
    assert [(sheet.name, sheet.rows, sheet.plan["register"]) for sheet in batch.import_sheets.all()] == [
        ("企业", FIRMS, ""),
        ("投资", FIRMS // 2, "投资"),
        ("软著", FIRMS, "软件著作权"),
        ("商标", FIRMS, "商标"),
        ("专利", FIRMS, "专利"),
        ("作品", FIRMS // 3, "作品著作权"),
    ]


def test_it_is_checked_committed_and_read_back(district: District) -> None:
    batch = checked(district, mapped(district, uploaded(district, department_workbook(FIRMS)), year=2023))
    new = FIRMS - WITHOUT_CODE
    assert (batch.state, batch.counts["new"], batch.counts["outcomes"]["new"]) == (BatchState.CHECKED, new, new)
    written = committed(district, batch)
    assert (written.registered, Enterprise.objects.count()) == (new, new + 2)
    assert facts(code(1)) == {
        "市场主体类型": "企业", "登记状态": "存续", "国民经济行业代码": "3012", "成立日期": "2001-02-11", "所属街道": "第一街道",
        "列入经营异常名录": False,
    }  # fmt: skip
    assert Enterprise.objects.get(code=code(1)).subdistrict == district.units["one"]
    patent = Event.objects.get(enterprise__code=code(1), type="知识产权", fields__has_key="申请日期")
    assert patent.fields == {"类型": "发明专利", "编号": "CN201310000000.9", "申请日期": "2013-05-17", "授权日期": "2014-02-03"}
    assert Event.objects.get(enterprise__code=code(2), type="投资").fields == {
        "方向": "被投", "对方名称": "示例基金1有限公司", "持股比例": 125_000, "日期": "2019-08-08",
    }  # fmt: skip


def test_taken_back_nothing_is_left_and_brought_in_again_nothing_is_twice(district: District) -> None:
    content = department_workbook(FIRMS)
    batch = imported(district, content, year=2023)
    first = standing()
    found = undone(district, batch)
    assert (standing(), found.kept, Enterprise.objects.count()) == ((set(), set()), 0, 2)
    imported(district, content, year=2023)
    assert standing() == first
    again = imported(district, content, year=2023)
    assert (standing()[1], again.counts["written"]["events"]) == (first[1], 0)


def test_the_firms_without_a_code_are_told_row_by_row(district: District) -> None:
    batch = checked(district, mapped(district, uploaded(district, department_workbook(FIRMS)), year=2023))
    told = batch.row_problems.filter(rule="no-such-firm", sheet="企业").order_by("row")
    # the stray row stands before the row of firm 11, so that every later row is one further down
    assert [(one.row, one.value) for one in told] == [(number + 2, name(number)) for number in (11, 22, 33)]


def test_the_stray_row_is_no_firm(district: District) -> None:
    batch = checked(district, mapped(district, uploaded(district, department_workbook(FIRMS)), year=2023))
    told = batch.row_problems.get(sheet="企业", row=5)
    assert (told.rule, told.grade) == ("no-data-row", "information")


def test_the_form_is_remembered(district: District) -> None:
    mapped(district, uploaded(district, department_workbook(FIRMS)), year=2023)
    again = uploaded(district, department_workbook(FIRMS + 1), "下一年.xlsx")
    assert all(sheet.from_memory for sheet in again.import_sheets.all())
    assert plan_of(again, "企业").year is None
