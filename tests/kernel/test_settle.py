"""Settling one by one: the contract's example, dates, choices, histories, obligations, words."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.kernel.settle_cases import DAY, WAN, contract, payment, sound_firm
from tidu.kernel.errors import TiduError
from tidu.kernel.population import Firm, population_of
from tidu.kernel.reading import load_packs
from tidu.kernel.settle import Entitlement, settle, settlement_document
from tidu.kernel.settlement_words import money

LAW_DATE = date(2024, 6, 1)
SUMMER = date(2023, 5, 4)


def document(*firms: Firm, as_of: date = LAW_DATE, law_date: date = LAW_DATE, **choices: str) -> dict[str, Any]:
    return settlement_document(settle(population_of(firms), load_packs(), law_date=law_date, as_of=as_of, choices=choices))


def results(*firms: Firm, as_of: date = LAW_DATE, **choices: str) -> list[Entitlement]:
    return list(settle(firms, load_packs(), law_date=LAW_DATE, as_of=as_of, choices=choices).results)


def outcomes(*firms: Firm, as_of: date = LAW_DATE, **choices: str) -> list[tuple[str, str, int]]:
    return [(result.award.id, result.state, result.amount) for result in results(*firms, as_of=as_of, **choices)]


def bonds(firm: Firm, as_of: date, **choices: str) -> list[tuple[str | None, str, list[str]]]:
    return [(bond["until"], bond["state"], bond["rulings"]) for bond in document(firm, as_of=as_of, **choices)["obligations"]]


def refusal(**given: Any) -> TiduError:
    with pytest.raises(TiduError) as raised:
        settle([], load_packs(), **{"law_date": LAW_DATE, "as_of": LAW_DATE, "choices": {}} | given)
    return raised.value


def test_the_contract_example_comes_out_exactly() -> None:
    found = document(sound_firm(技术合同=[contract(1200, SUMMER)]))
    entry = next(result for result in found["results"] if result["award"] == "C5")

    assert {key: entry[key] for key in entry if key not in {"why", "how", "title", "name"}} == {
        "firm": "91420114MA4K000017",
        "award": "C5",
        "clause": "二（三）3",
        "item": "技术合同 2023-05-04",
        "amount": 1000000,
        "unit": "元",
        "payer": "区级",
        "computed": 1200000,
        "state": "capped",
        "missing": [],
        "rulings": [],
        "municipal_base": None,
    }
    assert entry["why"] == (
        "依二（三）3，成交额 1200万元 × 10% = 120万元，超过每家企业每年 100万元 的上限（2023 年可用 100万元），兑现 100万元。"
    )
    assert entry["how"] == ["成交额 1200万元 × 10% = 120万元", "超过每家企业每年 100万元 的上限（2023 年可用 100万元）"]
    assert found["totals"] == {"区级": 1000000, "市级": 0}


def test_whole_amounts_are_integers_and_parts_of_a_yuan_are_not() -> None:
    entries = document(sound_firm(技术合同=[contract(0.000005, SUMMER), contract(100, SUMMER + DAY)]))["results"]
    amounts = [entry["amount"] for entry in entries if entry["award"] == "C5"]

    assert json.dumps(amounts) == "[0.01, 100000]"


def test_both_payers_stand_in_the_totals_even_without_results() -> None:
    assert document()["totals"] == {"区级": 0, "市级": 0}


def test_results_stand_by_firm_and_then_by_date_and_clause() -> None:
    events = {"首次进规": [{"日期": SUMMER}], "创客中国": [{"名次": "一等奖", "日期": SUMMER}], "技术合同": [contract(10, SUMMER - DAY)]}
    found = results(sound_firm("B", **events), sound_firm("A", **events))

    assert [(result.firm, result.award.id) for result in found if result.award.id != "C3"] == [
        ("A", "C5"),
        ("A", "C2"),
        ("A", "C9"),
        ("B", "C5"),
        ("B", "C2"),
        ("B", "C9"),
    ]


@pytest.mark.parametrize(("day", "is_refused"), [("2021-12-31", True), ("2022-01-01", False), ("2024-12-31", False), ("2025-01-01", True)])
def test_the_law_date_selects_the_policy(day: str, is_refused: bool) -> None:
    law_date = date.fromisoformat(day)
    if not is_refused:
        assert settle([], load_packs(), law_date=law_date, as_of=LAW_DATE).results == ()
        return
    error = refusal(law_date=law_date)

    assert error.code == "no-rule-in-force"
    assert error.message == (
        f"{day} 没有现行的奖补政策。已登记：蔡甸区专精特新行动计划 征求意见稿（2022-01-01 起，至 2025-01-01 前）。请换一个政策日期（--law-date）。"
    )


def test_unknown_rulings_and_choices_are_refused_with_what_exists() -> None:
    assert refusal(choices={"R99": "取高"}).code == "unknown-ruling"
    assert refusal(choices={"R3": "平均"}).message == "口径 R3 没有选项“平均”。可用：取高、合计、待定。"


def test_an_unnamed_award_of_the_same_firm_is_told_apart_by_a_number() -> None:
    firm = sound_firm(技术合同=[contract(20, SUMMER), contract(10, SUMMER)])

    assert [(result.item, result.amount) for result in results(firm) if result.award.id == "C5"] == [
        ("技术合同 2023-05-04", 1 * WAN),
        ("技术合同 2023-05-04（2）", 2 * WAN),
    ]


def test_rulings_of_a_document_say_whether_somebody_decided_them() -> None:
    entries = {entry["id"]: entry for entry in document(R3="合计")["rulings"]}

    assert [entries["R1"][key] for key in ("choice", "default", "by")] == ["补差额", True, None]
    assert [entries["R3"][key] for key in ("choice", "choice_text", "default", "by")] == ["合计", "合计：两级相加", False, "本次指定"]
    assert list(entries) == [f"R{number}" for number in range(1, 11)]


def test_two_open_rulings_are_named_where_each_of_them_matters() -> None:
    title = {"名称": "专精特新培育企业", "级别": "市级", "日期": date(2022, 1, 1)}
    firm = Firm("F", "", {"纳税关系所在区": "420114", "登记状态": "存续"}, {}, {}, {"认定": [title], "技术合同": [contract(100, SUMMER)]})
    (found,) = results(firm, as_of=date(2025, 2, 1), R8="待定", R9="待定")

    assert (found.state, found.amount, found.rulings, found.computed) == ("ruling needed", 0, ("R8", "R9"), 10 * WAN)
    assert found.why.startswith("口径 R8、R9 尚未确定（")


@pytest.mark.parametrize(
    ("clause", "payer", "left"),
    [
        ("C5", "区级", 30),
        ("二（三）3", "区级财政", 30),
        ("二(三)3", None, 30),
        ("二.（三）.3", "蔡甸区财政局", 30),
        ("蔡甸区专精特新行动计划 二（三）3", "区级", 30),
        ("二（三）3", "市级", 100),
        ("二（三）3", "武汉市财政", 100),
        ("二（三）1", "区级", 100),
        ("C50", "区级", 100),
    ],
)
def test_a_payment_counts_by_its_clause_and_payer(clause: str, payer: str | None, left: int) -> None:
    firm = sound_firm(技术合同=[contract(1200, SUMMER)], 奖补发放=[payment(clause, 70, date(2023, 3, 1), payer)])

    assert [result.amount for result in results(firm) if result.award.id == "C5"] == [left * WAN]


def test_a_payment_without_a_clause_may_belong_to_anything() -> None:
    row = {"金额": 70 * WAN, "日期": date(2023, 3, 1), "资金来源": "区级"}
    firm = sound_firm(技术合同=[contract(1200, SUMMER)], 创客中国=[{"名次": "一等奖", "日期": SUMMER}], 奖补发放=[row])
    found = {result.award.id: result for result in results(firm)}

    assert (found["C5"].state, found["C5"].missing) == ("unknown", ("奖补发放.条款",))
    assert found["C9"].state == "granted"  # paid by the city, which this payment is not


def test_a_payment_after_the_day_of_settling_has_not_happened() -> None:
    as_of = date(2023, 12, 1)
    for day, left in ((as_of, 30), (as_of + DAY, 100)):
        firm = sound_firm(技术合同=[contract(1200, SUMMER)], 奖补发放=[payment("C5", 70, day)])

        assert [result.amount for result in results(firm, as_of=as_of) if result.award.id == "C5"] == [left * WAN]


@pytest.mark.parametrize(
    ("own", "other", "state"),
    [
        (1, 2, "granted"),
        (2, 1, "dropped"),
        (1, 1, "unknown"),
        (2, 2, "unknown"),
        (None, 1, "dropped"),
        (None, 2, "unknown"),
        (1, None, "granted"),
        (2, None, "unknown"),
    ],
)
def test_of_several_lead_drafters_the_first_in_rank_is_paid(own: int | None, other: int | None, state: str) -> None:
    def drafter(code: str, rank: int | None) -> Firm:
        row = {"标准号": "甲", "级别": "国家", "角色": "主持", "日期": SUMMER} | ({} if rank is None else {"排名": rank})
        return sound_firm(code, 标准=[row])

    found = [result.state for result in results(drafter("F1", own), drafter("F2", other)) if (result.firm, result.award.id) == ("F1", "C7")]

    assert found == [state]


def test_several_payments_of_one_year_add_up_against_the_cap() -> None:
    paid = [payment("C5", 40, date(2023, 2, 1)), payment("C5", 40, date(2023, 3, 1)), payment("C5", 90, date(2022, 3, 1))]
    firm = sound_firm(技术合同=[contract(1200, SUMMER)], 奖补发放=paid)

    assert [result.amount for result in results(firm) if result.award.id == "C5"] == [20 * WAN]


def test_one_payment_for_several_items_settles_them_together() -> None:
    firm = sound_firm(技术合同=[contract(100, SUMMER), contract(200, SUMMER + DAY)], 奖补发放=[payment("C5", 30, date(2023, 12, 1))])

    assert [(result.state, result.amount) for result in results(firm) if result.award.id == "C5"] == [("dropped", 0), ("dropped", 0)]


def test_a_national_title_after_an_old_payment_for_the_provincial_one_brings_the_difference() -> None:
    titles = [
        {"名称": "专精特新中小企业", "级别": "省级", "日期": date(2020, 5, 1)},
        {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 1)},
    ]
    firm = sound_firm(认定=titles, 奖补发放=[payment("二（一）4", 20, date(2021, 3, 1))])

    assert outcomes(firm) == [("C3", "dropped", 0), ("C3", "capped", 30 * WAN)]
    assert outcomes(firm, R1="全额") == [("C3", "dropped", 0), ("C3", "granted", 50 * WAN)]


def test_a_higher_paid_item_of_one_ground_leaves_nothing_for_the_lower_one() -> None:
    awards = [
        {"名称": "中国质量奖", "结果": "提名", "日期": date(2023, 3, 1)},
        {"名称": "中国质量奖", "结果": "获奖", "日期": date(2023, 6, 1)},
    ]
    before = sound_firm(质量奖=awards, 奖补发放=[payment("C6", 50, date(2023, 4, 1))])

    assert outcomes(before)[1:] == [("C6", "dropped", 0), ("C6", "capped", 50 * WAN)]


def test_an_unknown_item_that_cannot_overturn_the_highest_does_not_hold_it_up() -> None:
    standards = [
        {"标准号": "甲", "级别": "国际", "角色": "主持", "排名": 1, "日期": SUMMER},
        {"标准号": "甲", "级别": "国际", "角色": "参与", "日期": SUMMER},
    ]

    assert outcomes(sound_firm(标准=standards))[1:] == [("C7", "granted", 50 * WAN), ("C8", "dropped", 0)]


def test_an_unknown_item_that_could_overturn_the_highest_holds_it_up() -> None:
    standards = [
        {"标准号": "甲", "角色": "主持", "排名": 1, "日期": SUMMER},
        {"标准号": "甲", "级别": "行业", "角色": "参与", "排名": 2, "日期": SUMMER},
    ]
    found = results(sound_firm(标准=standards))

    assert [(result.award.id, result.state, result.missing) for result in found[1:]] == [
        ("C7", "unknown", ("标准.级别",)),
        ("C8", "unknown", ("标准.级别",)),
    ]


def test_amounts_below_zero_are_not_paid() -> None:
    firm = sound_firm(技术合同=[contract(-500, SUMMER)])

    assert outcomes(firm)[1:] == [("C5", "dropped", 0)]


def test_a_firm_alone_and_among_others_is_settled_alike() -> None:
    listed = [sound_firm(f"F{number}", 技术合同=[contract(100 * number, SUMMER)]) for number in range(1, 4)]

    assert [result.amount for firm in listed for result in results(firm)] == [result.amount for result in results(*listed)]


PAID_ON = date(2019, 6, 1)


@pytest.mark.parametrize(
    ("choice", "moved_on", "state"),
    [
        ("拨付起含当日", date(2024, 6, 1), "breached"),
        ("拨付起含当日", date(2024, 6, 2), "ended"),
        ("拨付起不含当日", date(2024, 5, 31), "breached"),
        ("拨付起不含当日", date(2024, 6, 1), "ended"),
        ("待定", date(2024, 6, 1), "ruling needed"),
        ("待定", date(2019, 5, 31), "ruling needed"),
    ],
)
def test_moving_away_on_the_anniversary_is_decided_by_the_ruling(choice: str, moved_on: date, state: str) -> None:
    move = {"关系": "注册地", "迁往": "420105", "日期": moved_on}
    firm = sound_firm(奖补发放=[payment("C3", 20, PAID_ON)], 迁移=[move])

    assert [found for _, found, _ in bonds(firm, date(2024, 6, 3), R6=choice)] == [state]


def test_an_obligation_from_the_event_starts_on_its_day() -> None:
    firm = sound_firm(首次进规=[{"日期": date(2022, 3, 1)}], 奖补发放=[payment("C2", 20, date(2023, 6, 1))])

    assert bonds(firm, LAW_DATE) == [("2028-06-01", "running", ["R6"])]
    assert bonds(firm, LAW_DATE, R6="认定起含当日") == [("2027-03-01", "running", ["R6"])]


def test_an_obligation_outlives_the_policy_and_ends_at_last() -> None:
    firm = sound_firm(奖补发放=[payment("C3", 20, date(2022, 6, 1))])

    assert [found for _, found, _ in bonds(firm, date(2027, 6, 1))] == ["running"]
    assert [found for _, found, _ in bonds(firm, date(2027, 6, 2))] == ["ended"]


def test_a_move_within_the_district_breaks_nothing() -> None:
    move = {"关系": "注册地", "迁往": "420114", "日期": date(2023, 1, 1)}
    firm = sound_firm(奖补发放=[payment("C3", 20, date(2022, 6, 1))], 迁移=[move])

    assert [found for _, found, _ in bonds(firm, LAW_DATE)] == ["running"]


@pytest.mark.parametrize(
    ("fen", "text"), [(1, "0.000001万元"), (100 * WAN, "100万元"), (-50, "-0.00005万元"), (0, "0万元"), (12_340_000, "12.34万元")]
)
def test_money_is_written_to_the_fen(fen: int, text: str) -> None:
    assert money(fen) == text
