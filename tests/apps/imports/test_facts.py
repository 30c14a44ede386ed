"""What a file says beside what holds: corrections, disagreements, sanity; codes explained once; registers renewed; undoing."""

from __future__ import annotations

from datetime import date

import pytest

from tests.apps.imports.files import code, name, patent_rows, software_rows, trade_mark_rows, workbook
from tests.apps.imports.importing import checked, committed, facts, imported, mapped, plan_of, problems, sheet_of, source, undone, uploaded
from tests.apps.people import District, firm, small_district
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Batch, DataSheet, Enterprise, Event, FactsInForce
from tidu.apps.imports.models import CodeMeaning, ReplacedEvent
from tidu.kernel.intellectual_property import derived_counts

pytestmark = pytest.mark.django_db
HEAD = ["企业名称", "统一社会信用代码", "年度", "营业收入（万元）", "资产总额（万元）", "负债总额（万元）"]


@pytest.fixture
def district() -> District:
    found = small_district()
    for number in range(1, 6):
        firm(code(number), name(number), found.units["one"])
    return found


def report(*rows: list[object], caption: str = "") -> bytes:
    return workbook({"年报": [*([[caption]] if caption else []), HEAD, *rows]})


def row(number: int, *cells: object) -> list[object]:
    return [name(number), code(number), *cells]


def check(district: District, content: bytes, of: str = "税务") -> Batch:
    return checked(district, mapped(district, uploaded(district, content, of=of)))


def told(batch: Batch, grade: str = "warning") -> list[tuple[str, int | None, str]]:
    return [(one.rule, one.row, one.message) for one in batch.row_problems.filter(grade=grade).order_by("pk")]


def test_another_source_that_says_otherwise_is_shown_and_the_authority_decides(district: District) -> None:
    imported(district, report(row(1, 2023, 100, 50, 20)), of="统计")
    batch = check(district, report(row(1, 2023, 120, 60, 20)), of="税务")
    # revenue is the tax office's to tell, assets are neither's: both have one rank, the newer speaks
    assert list(batch.disagreements.order_by("fact").values_list("fact", "held", "held_source", "told", "wins")) == [
        ("营业收入", "100万元", "统计", "120万元", True),
        ("资产总额", "50万元", "统计", "60万元", True),
    ]
    assert batch.counts["facts"] == {"added": 0, "same": 1, "corrected": 0, "otherwise": 2, "wins": 2}
    committed(district, batch, days=1)
    held = FactsInForce.objects.get(enterprise__code=code(1), period=2023)
    assert (held.values["营业收入"], set(held.conflicts)) == (120_000_000, {"营业收入", "资产总额"})


def test_the_named_source_is_not_overruled(district: District) -> None:
    imported(district, report(row(1, 2023, 100, 50, 20)), of="税务")
    batch = check(district, report(row(1, 2023, 120, 50, 20)), of="统计")
    assert list(batch.disagreements.values_list("fact", "wins")) == [("营业收入", False)]
    committed(district, batch, days=1)
    assert facts(code(1), 2023)["营业收入"] == 100_000_000


def test_a_source_corrects_itself_without_a_disagreement(district: District) -> None:
    imported(district, report(row(1, 2023, 100, 50, 20)), of="税务")
    batch = check(district, report(row(1, 2023, 120, 50, 20)))
    committed(district, batch, days=1)
    assert (batch.counts["facts"]["corrected"], batch.disagreements.count(), facts(code(1), 2023)["营业收入"]) == (1, 0, 120_000_000)


def test_yuan_in_a_column_of_wan_yuan_is_noticed_for_the_whole_column(district: District) -> None:
    imported(district, report(*(row(number, 2022, 100 * number, 50, 20) for number in range(1, 5))))
    batch = check(district, report(*(row(number, 2023, 1_100_000 * number, 51, 20) for number in range(1, 5))))
    warnings = told(batch)
    assert warnings[0] == ("unit-mix-up", None, "“营业收入”有 4 行约为上年的千倍以上，整列的单位可能写错（万元与元混淆）。")
    assert warnings[1] == ("leap", 2, "“营业收入”1100000万元，约为上年（100万元）的 11,000 倍。")


def test_a_single_leap_is_noticed_for_its_row(district: District) -> None:
    imported(district, report(row(1, 2022, 5000, 50, 20), row(2, 2022, 100, 50, 20), row(3, 2022, 100, 50, 20)))
    batch = check(district, report(row(1, 2023, 5, 50, 20), row(2, 2023, 110, 50, 20), row(3, 2023, 110, 50, 20)))
    assert told(batch) == [("leap", 2, "“营业收入”5万元，只有上年（5000万元）的 1,000 分之一。")]


def test_last_years_figure_in_the_same_file_serves_as_well(district: District) -> None:
    batch = check(district, report(row(1, 2022, 100, 50, 20), row(1, 2023, 100_000, 50, 20)))
    assert [rule for rule, *_ in told(batch)] == ["leap"]


@pytest.mark.parametrize("growth", [999, 1])
def test_growth_that_can_be_is_not_remarked(district: District, growth: int) -> None:
    batch = check(district, report(row(1, 2022, 100, 50, 20), row(1, 2023, 100 * growth, 50, 20)))
    assert told(batch) == []


def test_a_part_above_its_whole_a_year_to_come_and_a_total_that_differs(district: District) -> None:
    batch = check(district, report(row(1, 2030, 100, 50, 60), ["合计", "", "", 101, 50, 60]))
    assert told(batch) == [
        ("total-differs", None, "“营业收入（万元）”的合计行写的是 101万元，各行相加是 100万元。"),
        ("future-period", 2, "期间 2030 还没有到。"),
        ("part-exceeds-whole", 2, "“负债总额”（60万元）大于“资产总额”（50万元）。"),
    ]


def test_a_day_to_come_is_noticed(district: District) -> None:
    content = workbook({"企业": [["企业名称", "统一社会信用代码", "成立日期"], row(1, "2031-01-01"), row(2, "2001-01-01")]})
    assert told(check(district, content)) == [("future-date", 2, "“成立日期”2031-01-01 在今天以后。")]


def test_a_code_is_explained_once(district: District) -> None:
    content = workbook({"企业": [["企业名称", "统一社会信用代码", "企业类型"], row(1, 1130.0), row(2, "77")]})
    batch = checked(district, mapped(district, uploaded(district, content)))
    assert problems(batch) == [("not-listed", 3, "企业类型", "77")]
    CodeMeaning.objects.create(source=source(), identifier="entity_type", code="77", meaning="农民专业合作社", learnt_at=batch.created_at)
    again = checked(district, mapped(district, uploaded(district, content)))
    committed(district, again)
    assert (problems(again), facts(code(2)), facts(code(1))) == ([], {"市场主体类型": "农民专业合作社"}, {"市场主体类型": "企业"})


def test_codes_of_another_source_mean_nothing_here(district: District) -> None:
    content = workbook({"企业": [["企业名称", "统一社会信用代码", "企业类型"], row(1, "77")]})
    batch = uploaded(district, content, of="统计")
    CodeMeaning.objects.create(source=source("税务"), identifier="entity_type", code="77", meaning="企业", learnt_at=batch.created_at)
    assert problems(checked(district, mapped(district, batch))) == [("not-listed", 2, "企业类型", "77")]


def test_codes_in_the_title_and_in_the_numbers_explain_themselves(district: District) -> None:
    rows = patent_rows([name(1), name(2), name(3)])
    for one in rows[1:]:
        one[5] = {10.0: 71.0, 20.0: 72.0, 30.0: 73.0}[one[5]]
    imported(district, workbook({"专利": rows}), of="知识产权")
    kinds = dict(Event.objects.filter(type="知识产权").values_list("enterprise__code", "fields__类型"))
    assert kinds == {code(1): "发明专利", code(2): "实用新型", code(3): "外观设计"}


def test_counts_follow_from_the_registers(district: District) -> None:
    """专利 and 软著 together; 商标 counts for nothing; what the register does not tell stays unknown."""
    rows = [
        ["企业名称", "专利号", "专利类型", "申请日", "授权公告日", "取得方式", "受让日期", "法律状态", "是否与主导产品相关"],
        [name(1), "ZL201510000001.1", "发明", "2015-01-01", "2017-01-01", "原始取得", "", "有效", "是"],
        [name(1), "ZL201510000002.1", "发明", "2015-01-01", "2017-01-01", "受让", "2024-01-01", "有效", "是"],
        [name(1), "ZL201520000003.1", "实用新型", "2015-01-01", "2016-01-01", "原始取得", "", "权利终止", "是"],
        [name(1), "ZL202320000004.1", "实用新型", "2023-01-01", "2023-06-01", "原始取得", "", "有效", "是"],
    ]
    software = software_rows([name(1)])
    software[0] += ["权利取得方式", "是否有效", "与主导产品相关"]
    software[1] += ["原始取得", 1.0, "是"]
    imported(district, workbook({"专利": rows, "软著": software, "商标": trade_mark_rows([name(1)] * 3)}), of="知识产权")
    register = [read(one.fields) for one in Event.objects.filter(enterprise__code=code(1), type="知识产权")]
    assert derived_counts(register, date(2024, 6, 1)) == {
        "Ⅰ类高价值知识产权数": 0, "自主研发Ⅰ类知识产权数": 1, "Ⅰ类知识产权数": 1, "Ⅱ类知识产权数": 1, "Ⅱ类知识产权数（科技型口径）": 2,
    }  # fmt: skip
    assert Event.objects.filter(enterprise__code=code(1), type="商标").count() == 3


def read(fields: dict[str, object]) -> dict[str, object]:
    return {key: date.fromisoformat(str(value)) if key.endswith("日期") else value for key, value in fields.items()}


def test_a_register_in_part_is_warned_of(district: District) -> None:
    batch = check(district, workbook({"软著": software_rows([name(1)])}), of="知识产权")
    assert [(rule, message) for rule, _, message in told(batch)] == [
        ("register-in-part", "这一批知识产权登记里没有专利。有登记行的企业，各项知识产权数只按登记行推算。")
    ]


def marks(valid: float) -> bytes:
    rows = trade_mark_rows([name(1)])
    rows[1][5] = valid
    return workbook({"商标": rows})


def test_a_newer_delivery_of_the_same_entry_replaces_it_and_undoing_brings_it_back(district: District) -> None:
    first = imported(district, marks(1.0), of="知识产权")
    second = imported(district, marks(0.0), of="知识产权", days=1)
    assert (second.counts["written"]["replaced"], list(standing_marks())) == (1, [False])
    undone(district, second)
    assert list(standing_marks()) == [True]
    undone(district, first)
    assert list(standing_marks()) == []


def standing_marks() -> list[bool]:
    return list(Event.objects.filter(type="商标", withdrawn_at=None).values_list("fields__有效", flat=True))


def test_undone_in_the_other_order_nothing_comes_back_twice_nor_is_lost(district: District) -> None:
    first = imported(district, marks(1.0), of="知识产权")
    second = imported(district, marks(0.0), of="知识产权", days=1)
    third_rows = trade_mark_rows([name(1)])
    third_rows[1][1] = "改名"
    third = imported(district, workbook({"商标": third_rows}), of="知识产权", days=2)
    undone(district, second)
    assert Event.objects.filter(type="商标", withdrawn_at=None).count() == 1
    undone(district, third)
    assert list(standing_marks()) == [True]
    undone(district, first)
    assert (list(standing_marks()), ReplacedEvent.objects.count()) == ([], 2)


def test_undoing_keeps_a_firm_on_which_something_rests_and_says_what(district: District) -> None:
    content = workbook({"企业": [["企业名称", "统一社会信用代码", "主导产品"], [name(7), code(7), "阀门"], [name(8), code(8), "阀门"]]})
    first = imported(district, content)
    imported(district, workbook({"年报": [HEAD, row(7, 2023, 1, 1, 1)]}), of="税务")
    found = undone(district, first)
    assert (found.kept, found.reasons, Enterprise.objects.filter(code__in=(code(7), code(8))).count()) == (1, {"数据表": 1}, 1)
    assert (facts(code(7)), facts(code(7), 2023)["营业收入"]) == ({}, 1_000_000)


def test_undoing_lets_the_value_before_speak_again(district: District) -> None:
    imported(district, report(row(1, 2023, 100, 50, 20)), of="税务")
    later = imported(district, report(row(1, 2023, 120, 50, 20)), of="税务", days=1)
    undone(district, later)
    assert facts(code(1), 2023)["营业收入"] == 100_000_000


def test_the_subdistrict_follows_what_holds_and_goes_back(district: District) -> None:
    content = workbook({"企业": [["企业名称", "统一社会信用代码", "所属街道"], row(1, "第一街道")]})
    imported(district, content)
    moved = workbook({"企业": [["企业名称", "统一社会信用代码", "所属街道"], row(1, "第二街道")]})
    batch = imported(district, moved, days=1)
    assert Enterprise.objects.get(code=code(1)).subdistrict == district.units["two"]
    undone(district, batch)
    assert Enterprise.objects.get(code=code(1)).subdistrict == district.units["one"]


def test_periods_that_were_not_touched_keep_their_rows(district: District) -> None:
    imported(district, report(row(1, 2022, 100, 50, 20)))
    before = FactsInForce.objects.get(enterprise__code=code(1), period=2022).pk
    imported(district, report(row(1, 2023, 100, 50, 20)), of="税务")
    assert FactsInForce.objects.get(enterprise__code=code(1), level=Level.YEAR, period=2022).pk == before


def test_the_plan_says_where_each_guess_comes_from(district: District) -> None:
    batch = uploaded(district, report(row(1, 2023, 1, 1, 1)))
    assert [(column.title, column.target, column.unit) for column in plan_of(batch).columns] == [
        ("企业名称", "key:name", ""), ("统一社会信用代码", "key:code", ""), ("年度", "period:year", ""), ("营业收入（万元）", "fact:营业收入", "万元"),
        ("资产总额（万元）", "fact:资产总额", "万元"), ("负债总额（万元）", "fact:负债总额", "万元"),
    ]  # fmt: skip
    assert sheet_of(batch).rows == 1
    assert DataSheet.objects.count() == 0
