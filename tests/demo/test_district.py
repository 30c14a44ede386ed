from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest
from stdnum.cn import uscc

from tidu.demo import UNDELIVERED, assessment_day, boundary_cases, boundary_positions, make_district
from tidu.demo.ladder import RUNGS
from tidu.demo.places import SUBDISTRICTS
from tidu.kernel.credit_code import check_credit_code
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, MONTH, YEAR, Kind, Store, catalogue
from tidu.kernel.population import Population, event_schema, firm_schema, month_schema, year_schema

CASES = len(boundary_cases())


def tables(population: Population) -> dict[str, pl.DataFrame]:
    own = {"企业": population.firms, "年度数据": population.years, "月度数据": population.months}
    return own | dict(population.events)


def generated(population: Population) -> pl.DataFrame:
    """Firms that are drawn, without the boundary cases."""
    return population.firms.filter(~pl.col(FIRM_NAME).str.contains("临界样例", literal=True))


def share_missing(frame: pl.DataFrame, name: str) -> float:
    return frame[name].null_count() / frame.height


def test_same_seed_gives_identical_tables(district: Population) -> None:
    again = tables(make_district())

    assert list(tables(district)) == list(again)
    for name, frame in tables(district).items():
        assert frame.equals(again[name]), name


def test_another_seed_gives_another_district() -> None:
    one, other = make_district(200, seed=1), make_district(200, seed=2)

    assert set(one.codes).isdisjoint(other.codes)
    assert not one.years.drop(FIRM_CODE).equals(other.years.drop(FIRM_CODE))


def test_smaller_district_is_the_beginning_of_a_larger_one(district: Population) -> None:
    small = make_district(400)
    codes = pl.Series(district.codes[:400])

    for name, frame in tables(small).items():
        expected = tables(district)[name].filter(pl.col(FIRM_CODE).is_in(codes.implode()))
        assert frame.equals(expected), name


@pytest.mark.parametrize("firms", [0, 1, 50])
def test_small_districts_have_every_table_and_column(firms: int) -> None:
    population = make_district(firms)
    facts = catalogue()

    assert population.firms.height == firms
    assert dict(population.firms.schema) == firm_schema(facts)
    assert dict(population.years.schema) == year_schema(facts)
    assert dict(population.months.schema) == month_schema(facts)
    assert list(population.events) == list(facts.events)
    for name, frame in population.events.items():
        assert dict(frame.schema) == event_schema(facts, name), name


def test_negative_size_is_refused() -> None:
    with pytest.raises(TiduError) as caught:
        make_district(-1)

    assert (caught.value.code, caught.value.message) == ("bad-district", "企业数不能为负数，收到 -1。请填写 0 或正整数。")


def test_no_years_are_refused() -> None:
    with pytest.raises(TiduError) as caught:
        make_district(5, years=())

    assert caught.value.code == "bad-district"


def test_other_years_move_everything_along() -> None:
    population = make_district(300, years=(2019, 2020))
    days = [frame[name].max() for frame in population.events.values() for name in frame.columns if name.endswith("日期")]

    assert sorted(population.years[YEAR].unique().to_list()) == [2019, 2020]
    assert max(day for day in days if day is not None) <= assessment_day((2019, 2020))
    assert population.months[MONTH].max() == date(2021, 4, 1)


def test_codes_are_unique_and_valid_but_for_the_pilot_codes(district: Population) -> None:
    pilots = [code for code in district.codes if code.startswith("91350200M000")]
    others = [code for code in district.codes if code not in pilots]

    assert len(set(district.codes)) == 3000
    assert len(pilots) == 5
    assert [code for code in others if not uscc.is_valid(code)] == []
    assert [code for code in others if check_credit_code(code).severity != "ok"] == []
    assert [check_credit_code(code).severity for code in pilots] == ["warning"] * 5
    assert {code[2:8] for code in others} == {"420114", "420100"}


def test_many_codes_are_digits_only(district: Population) -> None:
    digits = [code for code in district.codes if code.isdecimal()]

    assert 150 < len(digits) < 350


def test_organisation_codes_carry_their_own_check_character(district: Population) -> None:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    for code in district.codes[:500]:
        total = sum(int(character, 36) * weight for character, weight in zip(code[8:16], weights, strict=True))
        assert code[16] == "0123456789X"[(11 - total % 11) % 11], code


def test_names_are_unique_and_some_are_long_rare_or_bracketed(district: Population) -> None:
    names = district.firms[FIRM_NAME].to_list()

    assert len(set(names)) == 3000
    assert sum(len(name) > 40 for name in names) >= 5
    assert sum("（武汉）" in name for name in names) >= 50
    assert sum("(武汉)" in name for name in names) >= 5
    assert sum(re.search("[龘垚䶮㵘奓\U00023c98]", name) is not None for name in names) >= 5


def test_every_subdistrict_has_firms_and_the_zone_taxes_its_own(district: Population) -> None:
    zone = generated(district).filter(pl.col("所属街道") == "沌口街道", pl.col("纳税关系所在区").is_not_null())

    assert set(district.firms["所属街道"]) == set(SUBDISTRICTS)
    assert len(SUBDISTRICTS) == 17
    assert (zone["纳税关系所在区"] == "420113").mean() > 0.7


def test_facts_lie_within_the_catalogue(district: Population) -> None:
    facts = catalogue()
    by_kind = {Kind.FIRM: district.firms, Kind.YEAR: district.years, Kind.MONTH: district.months}
    wrong: list[str] = []
    for fact in facts.facts.values():
        if fact.name == FIRM_CODE:
            continue
        column = by_kind[fact.kind][fact.name].drop_nulls()
        if fact.store is Store.TEXT and fact.values:
            wrong += [f"{fact.name}={value}" for value in set(column) - set(fact.values)]
        if fact.store is Store.INTEGER and len(column):
            wrong += [f"{fact.name}<{fact.lowest}"] * (fact.lowest is not None and column.min() < fact.lowest)
            wrong += [f"{fact.name}>{fact.highest}"] * (fact.highest is not None and column.max() > fact.highest)

    assert wrong == []


def test_events_lie_within_the_catalogue(district: Population) -> None:
    wrong: list[str] = []
    for event in catalogue().events.values():
        frame = district.events[event.name]
        assert frame.height > 0, event.name
        assert set(frame[FIRM_CODE]) <= set(district.codes)
        for fact in event.fields.values():
            column = frame[fact.name].drop_nulls()
            if fact.values:
                wrong += [f"{event.name}.{fact.name}={value}" for value in set(column) - set(fact.values)]
            if fact.lowest is not None and len(column):
                wrong += [f"{event.name}.{fact.name}<{fact.lowest}"] * (column.min() < fact.lowest)

    assert wrong == []


def test_figures_of_a_year_fit_together(district: Population) -> None:
    drawn = district.years.filter(pl.col(FIRM_CODE).is_in(generated(district)[FIRM_CODE].implode()))
    odd = drawn.filter(
        (pl.col("主营业务收入") > pl.col("营业收入"))
        | (pl.col("营业收入") > pl.col("总收入"))
        | (pl.col("高新技术产品收入") > pl.col("总收入"))
        | (pl.col("研发人员") > pl.col("科技人员"))
        | (pl.col("科技人员") > pl.col("从业人员"))
        | ((pl.col("研发费用") == 0) & (pl.col("研发人员") > 0) & (pl.col("营业收入") > 0))
    )

    assert odd.height == 0


def test_no_year_before_the_founding(district: Population) -> None:
    joined = district.years.join(district.firms.select(FIRM_CODE, "成立日期"), on=FIRM_CODE)

    assert joined.filter(pl.col("成立日期").dt.year() > pl.col(YEAR)).height == 0
    assert joined.select(FIRM_CODE, YEAR).is_duplicated().any() is False


def test_all_16_industries_of_the_size_classification_occur(district: Population) -> None:
    groups = {
        "农林牧渔": "^0[1-5]", "工业": "^(0[6-9]|1|2|3|4[0-6]|C)", "建筑": "^(4[7-9]|50)", "批发": "^51", "零售": "^52", "运输": "^5[4-5]",
        "仓储": "^59", "邮政": "^60", "住宿": "^61", "餐饮": "^62", "信息传输": "^6[34]", "软件": "^65", "房地产": "^701", "物业": "^702",
        "租赁商务": "^7[12]", "其他": "^(7[3-9]|8)",
    }  # fmt: skip
    codes = district.firms["国民经济行业代码"].drop_nulls()
    counts = {name: codes.str.contains(pattern).sum() for name, pattern in groups.items()}

    assert len(counts) == 16
    assert {name: count for name, count in counts.items() if count < 5} == {}


def test_district_has_losses_standstill_negative_equity_and_small_forms(district: Population) -> None:
    last = district.years.filter(pl.col(YEAR) == 2023)
    forms = dict(district.firms["市场主体类型"].value_counts().iter_rows())

    assert 30 < (last["营业收入"] == 0).sum() < 100
    assert 300 < (last["净利润"] < 0).sum() < 900
    assert 10 < (last["负债总额"] > last["资产总额"]).sum() < 120
    assert 200 < forms["个体工商户"] < 450
    assert 40 < forms["农民专业合作社"] < 120


def test_above_scale_industry_is_a_believable_minority(district: Population) -> None:
    last = district.years.filter(pl.col(YEAR) == 2023).join(generated(district), on=FIRM_CODE)
    industrial = last.filter(pl.col("国民经济行业代码").str.contains("^(0[6-9]|1|2|3|4[0-6]|C)"))
    above = industrial.filter(pl.col("主营业务收入").fill_null(pl.col("营业收入")) >= 2_000_000_000)

    assert 0.10 < above.height / industrial.height < 0.30


def test_ladder_shrinks_from_rung_to_rung(district: Population) -> None:
    titles = district.events["认定"]
    held = dict(titles.group_by("名称").agg(pl.col(FIRM_CODE).n_unique()).iter_rows())
    national = titles.filter(pl.col("名称") == "专精特新小巨人", pl.col("级别") == "国家级").height
    provincial = titles.filter(
        (pl.col("名称") == "专精特新中小企业") | (pl.col("级别") == "省级") & (pl.col("名称") == "专精特新小巨人")
    ).height
    numbers = [
        held["科技型中小企业"], held["高新技术企业"], held["创新型中小企业"], held["专精特新培育企业"], provincial, national, held["制造业单项冠军"],
    ]  # fmt: skip

    assert numbers == sorted(numbers, reverse=True)
    assert 300 < numbers[0] < 550
    assert 25 < provincial < 90
    assert 3 < national < 15
    assert 0 < numbers[-1] < 5


def test_provincial_titles_before_2023_keep_the_old_name(district: Population) -> None:
    titles = district.events["认定"].filter(pl.col("级别") == "省级")

    assert titles.filter(pl.col("名称") == "专精特新小巨人")["日期"].max() < date(2023, 1, 1)
    assert titles.filter(pl.col("名称") == "专精特新中小企业")["日期"].min() >= date(2023, 1, 1)


def test_titles_run_their_years(district: Population) -> None:
    years = {rung.name: rung.valid for rung in RUNGS}
    titles = district.events["认定"].filter(pl.col("文号").str.starts_with("示例"))
    spans = titles.with_columns((pl.col("有效期至") - pl.col("日期")).dt.total_days().alias("days"))

    for name, days in spans.group_by("名称").agg(pl.col("days").unique()).iter_rows():
        valid = years[name]
        assert days == [None] if valid is None else {round((day + 1) / 365.25) for day in days} == {valid}, name


def test_audited_facts_of_a_year_are_missing_together(district: Population) -> None:
    audited = [fact.name for fact in catalogue().of_kind(Kind.YEAR) if fact.source == "审计报告"]
    empty = district.years.select(pl.sum_horizontal(pl.col(audited).is_null()).alias("n"))["n"]

    assert len(audited) == 8
    assert set(empty) == {0, 8}


@pytest.mark.parametrize(
    ("fact", "low", "high"),
    [
        ("主导产品全国细分市场占有率", 0.5, 0.8),
        ("数字化水平", 0.5, 0.8),
        ("自主品牌", 0.3, 0.6),
        ("研发机构级别", 0.08, 0.25),
        ("地方特色化得分", 0.75, 0.95),
        ("Ⅰ类知识产权数", 0.08, 0.3),
        ("成立日期", 0.0, 0.0),
    ],
)
def test_missing_rate_of_firm_facts(district: Population, fact: str, low: float, high: float) -> None:
    assert low <= share_missing(district.firms, fact) <= high


@pytest.mark.parametrize(
    ("fact", "low", "high"), [("营业收入", 0.005, 0.03), ("主营业务收入", 0.15, 0.4), ("从业人员", 0.02, 0.1), ("研发人员", 0.15, 0.4)]
)
def test_missing_rate_of_year_facts(district: Population, fact: str, low: float, high: float) -> None:
    assert low <= share_missing(district.years, fact) <= high


def test_undelivered_columns_are_empty_for_the_subdistrict(district: Population) -> None:
    firms = generated(district)
    places = district.years.join(firms.select(FIRM_CODE, "所属街道"), on=FIRM_CODE)
    for subdistrict, columns in UNDELIVERED.items():
        for name in columns:
            frame = firms if name in firms.columns else places
            inside = frame.filter(pl.col("所属街道") == subdistrict)
            assert inside.height > 0
            assert inside[name].null_count() == inside.height, (subdistrict, name)
            assert share_missing(frame.filter(pl.col("所属街道") == "蔡甸街道"), name) < 0.3


def test_property_comes_as_rows_or_as_counts_never_both(district: Population) -> None:
    registered = set(district.events["知识产权"][FIRM_CODE])
    counts = ["Ⅰ类高价值知识产权数", "自主研发Ⅰ类知识产权数", "Ⅰ类知识产权数", "Ⅱ类知识产权数"]
    both = district.firms.filter(pl.col(FIRM_CODE).is_in(list(registered)), pl.any_horizontal(pl.col(counts).is_not_null()))
    typed = district.firms.filter(pl.col("Ⅰ类知识产权数") > 0)

    assert both.height == 0
    assert len(registered) > 100
    assert typed.height > 100
    assert typed.filter(pl.col("自主研发Ⅰ类知识产权数") > pl.col("Ⅰ类知识产权数")).height == 0


def test_months_cover_industrial_firms_around_the_line(district: Population) -> None:
    drawn = district.months.filter(pl.col(FIRM_CODE).is_in(generated(district)[FIRM_CODE].implode()))
    per_firm = drawn.group_by(FIRM_CODE).agg(pl.len().alias("months"), pl.col(MONTH).max().alias("last"))
    yearly = drawn.filter(pl.col(MONTH) >= date(2023, 5, 1)).group_by(FIRM_CODE).agg(pl.col("应税收入").sum().alias("total"))
    above = (yearly["total"] >= 2_000_000_000).mean()

    assert per_firm.height > 150
    assert (per_firm["months"].min(), per_firm["months"].max()) == (12, 24)
    assert set(per_firm["last"]) == {date(2024, 4, 1)}
    assert 0.2 < above < 0.6
    assert 0.005 < share_missing(drawn, "应税收入") < 0.04
    assert not drawn.select(FIRM_CODE, MONTH).is_duplicated().any()


def test_rare_findings_are_rare_but_there(district: Population) -> None:
    drawn = generated(district)[FIRM_CODE]
    violations = district.events["重大违法违规"].filter(pl.col(FIRM_CODE).is_in(drawn.implode()))

    assert district.events["弄虚作假认定"].height == 2
    assert 3 <= violations.height <= 30
    assert violations.filter(pl.col("日期") < date(2021, 6, 1)).height > 0
    assert violations.filter(pl.col("日期") >= date(2021, 6, 1)).height > 0


def test_firms_whose_registration_moved_have_left(district: Population) -> None:
    moved = district.events["迁移"].filter(pl.col("关系") == "注册地")[FIRM_CODE]
    firms = generated(district).filter(pl.col(FIRM_CODE).is_in(moved.implode()))

    assert firms.height > 0
    assert set(firms["登记状态"]) == {"迁出"}


def test_shares_name_firms_of_the_district(district: Population) -> None:
    names = dict(district.firms.select(FIRM_CODE, FIRM_NAME).iter_rows())

    for code, name in district.events["投资"].select("对方代码", "对方名称").iter_rows():
        assert names[code] == name


def test_boundary_cases_stand_where_the_list_says(district: Population) -> None:
    names = district.firms[FIRM_NAME].to_list()
    positions = boundary_positions(3000, CASES)

    assert len(positions) == CASES
    assert [names[position] for position in positions] == [case.name for case in boundary_cases()]
    assert boundary_positions(50, CASES) == [4, 9, 14, 19, 24, 29, 34, 39, 44, 49]
