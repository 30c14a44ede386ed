"""Every standard and award in force, in four groups, with amounts to the fen and the reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.apps.calculator.visitors import Visits
from tidu.apps.calculator.domain import GROUPS, Answers, Result, Results, example, results
from tidu.apps.calculator.domain.awards import no_policy_sentence
from tidu.apps.calculator.domain.judging import case_of
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.settle import settle

WAN = 1_000_000
HOME = {"persona": "factory", "tax_home": "yes", "registration": "active", "exclusions": "none", "titles": "specialised"}
CONTRACT = {
    "happenings": "contract", "contract.1.type": "develop", "contract.1.amount": "300", "contract.1.party": "university",
    "contract.1.date": "2023-05-04", "titles.specialised.date": "2022-09-01",
}  # fmt: skip


def told(packs: PackSet, moment: Moment, fields: dict[str, str], **more: object) -> Results:
    answers, problems = Answers.parse(fields)
    assert problems == []
    return results(answers, packs=packs, moment=moment, **more)  # type: ignore[arg-type]


def award(found: Results, name: str) -> Result:
    return next(one for one in found.results if one.id == name)


def test_an_amount_is_told_with_its_making_its_payer_and_its_clause(packs: PackSet, paying: Moment) -> None:
    one = award(told(packs, paying, {**HOME, **CONTRACT}), "C5")
    assert (one.group, one.verdict, one.amount, one.most, one.payer, one.clause) == ("可享", "granted", 30 * WAN, 0, "区级", "二（三）3")
    assert one.how == ("技术合同 2023-05-04：成交额 300万元 × 10% = 30万元",)
    assert one.why == ("技术合同 2023-05-04：依二（三）3，成交额 300万元 × 10% = 30万元，兑现 30万元。",)
    assert (one.valid_until, one.unconfirmed, one.document) == (date(2024, 12, 31), True, "蔡甸区专精特新行动计划（征求意见稿） 全文")
    assert one.deadline == "有效到 2024-12-31；事项发生在政策有效期内的才给。"


def test_a_missing_figure_leaves_the_award_open_with_the_most_it_can_bring(packs: PackSet, paying: Moment) -> None:
    one = award(told(packs, paying, {**HOME, **CONTRACT, "contract.1.amount": ""}), "C5")
    assert (one.group, one.verdict, one.amount, one.most) == ("待补充", "unknown", 0, 100 * WAN)
    assert [(gap.question, gap.field, gap.label, gap.told) for gap in one.missing] == [
        ("contract", "contract.1.amount", "技术合同：成交额", False)
    ]
    assert one.why == ("技术合同 2023-05-04：还差数据，最多 100万元。",)


def test_an_award_nobody_was_asked_about_is_open(packs: PackSet, paying: Moment) -> None:
    one = award(told(packs, paying, HOME), "C5")
    assert (one.group, one.amount, one.most) == ("待补充", 0, 100 * WAN)
    assert [gap.field for gap in one.missing] == ["happenings"]
    assert one.why == ("还没有告诉我们有没有“技术合同”；有的话最多 100万元。",)


def test_a_subsidy_without_a_bound_has_the_cap_as_its_most(packs: PackSet, paying: Moment) -> None:
    found = told(packs, paying, HOME)
    assert {one.id: one.most for one in found.results if one.kind == "award"} == {
        "C1": 0, "C2": 20 * WAN, "C3": 20 * WAN, "C4": 200 * WAN, "C5": 100 * WAN, "C6": 100 * WAN, "C7": 50 * WAN, "C8": 20 * WAN,
        "C9": 30 * WAN,
    }  # fmt: skip


def test_an_award_of_events_that_did_not_happen_is_not_for_the_firm(packs: PackSet, paying: Moment) -> None:
    one = award(told(packs, paying, {**HOME, **CONTRACT}), "C6")
    assert (one.group, one.verdict, one.amount, one.why) == ("不适用", "unmet", 0, ("没有这类事项（质量奖）。",))


def test_a_firm_that_pays_its_taxes_elsewhere_is_out_of_scope(packs: PackSet, paying: Moment) -> None:
    found = told(packs, paying, {**HOME, **CONTRACT, "tax_home": "no"})
    assert award(found, "C5").why == ("技术合同 2023-05-04：不在适用范围：不符合“纳税关系在蔡甸区”（文末第一段）。",)
    assert (found.total, {one.group for one in found.results if one.kind == "award"}) == (0, {"不适用"})


def test_exclusions_that_nobody_was_asked_about_keep_an_award_open(packs: PackSet, paying: Moment) -> None:
    fields = {**HOME, **CONTRACT}
    del fields["exclusions"]
    states = {}
    for answer in ("", "none", "fraud", "violation", "?"):
        one = award(told(packs, paying, {**fields, "exclusions": answer}), "C5")
        states[answer] = (one.group, one.amount, one.most, [gap.field for gap in one.missing])
    assert states == {
        "": ("待补充", 0, 30 * WAN, ["exclusions"]),
        "none": ("可享", 30 * WAN, 0, []),
        "fraud": ("不适用", 0, 0, []),
        "violation": ("待补充", 0, 30 * WAN, ["violation.1.date"]),
        "?": ("待补充", 0, 30 * WAN, ["exclusions"]),
    }


def test_the_year_of_the_subsidy_carries_its_deduction(packs: PackSet, paying: Moment) -> None:
    subsidy = {
        **HOME, "titles.specialised.date": "2022-09-01", "happenings": "subsidy", "subsidy.1.level": "provincial", "subsidy.1.amount": "50",
        "subsidy.1.date": "2023-06-01", "subsidy.1.year": "2022",
    }  # fmt: skip
    open_one = award(told(packs, paying, subsidy), "C4")
    assert (open_one.most, [gap.field for gap in open_one.missing]) == (50 * WAN, ["subsidy.1.deduction"])
    assert award(told(packs, paying, {**subsidy, "subsidy.1.deduction": "yes"}), "C4").amount == 50 * WAN
    assert award(told(packs, paying, {**subsidy, "subsidy.1.deduction": "no"}), "C4").group == "不适用"


def test_several_events_of_one_type_share_the_cap_of_the_year(packs: PackSet, paying: Moment) -> None:
    rows = {f"contract.{row}.{name}": text for row in (1, 2, 3) for name, text in (
        ("type", "transfer"), ("amount", "450"), ("party", "institute"), ("date", f"2023-0{row}-04"),
    )}  # fmt: skip
    one = award(told(packs, paying, {**HOME, **CONTRACT, **rows}), "C5")
    assert [(item.state, item.amount) for item in one.items] == [("granted", 45 * WAN), ("granted", 45 * WAN), ("capped", 10 * WAN)]
    assert one.amount == 100 * WAN


def test_a_result_names_the_rulings_it_rests_on(packs: PackSet, paying: Moment) -> None:
    fields = {**HOME, **CONTRACT, "titles": "cultivated", "titles.cultivated.date": "2022-03-01"}
    default = award(told(packs, paying, fields), "C5")
    assert [(one.id, one.choice, one.default) for one in default.rulings] == [("R9", "市级入库起", True)]
    assert default.amount == 30 * WAN
    strict = award(told(packs, paying, fields, choices={"R9": "省级起"}), "C5")
    assert [(one.id, one.choice, one.default) for one in strict.rulings] == [("R9", "省级起", False)]
    assert (strict.group, strict.amount) == ("不适用", 0)
    pending = award(told(packs, paying, fields, choices={"R9": "待定"}), "C5")
    assert (pending.group, [item.state for item in pending.items]) == ("待补充", ["ruling needed"])


@pytest.mark.parametrize(("choices", "code"), [({"R99": "省级起"}, "unknown-ruling"), ({"R9": "全部"}, "unknown-choice")])
def test_a_ruling_that_does_not_exist_is_refused(packs: PackSet, paying: Moment, choices: dict[str, str], code: str) -> None:
    with pytest.raises(TiduError) as raised:
        told(packs, paying, HOME, choices=choices)
    assert raised.value.code == code


def test_without_a_policy_in_force_there_are_no_awards_and_a_sentence_says_so(packs: PackSet, later: Moment) -> None:
    found = told(packs, later, {**HOME, **CONTRACT})
    assert [one for one in found.results if one.kind == "award"] == []
    assert (found.total, found.totals, found.notes) == (0, {}, ())
    last = "2026-06-01 没有现行的奖补政策：最近的《蔡甸区专精特新行动计划》（征求意见稿）到 2024-12-31 止。新政策公布后，这里会更新。"
    assert found.sentence == last


def test_before_the_first_policy_the_sentence_names_when_it_begins(packs: PackSet) -> None:
    early = Moment(date(2021, 5, 1), date(2021, 5, 1))
    first = "2021-05-01 还没有奖补政策：《蔡甸区专精特新行动计划》（征求意见稿）从 2022-01-01 起。"
    assert told(packs, early, {}).sentence == first
    bare = replace(packs, book=None)
    assert no_policy_sentence(None, case_of(Answers(), bare, early)) == "没有登记任何奖补政策。"
    assert told(bare, early, {}).sentence == "没有登记任何奖补政策。"


def test_the_last_day_of_the_policy_still_pays(packs: PackSet) -> None:
    last = Moment(date(2024, 12, 31), date(2024, 12, 31))
    assert told(packs, last, {**HOME, **CONTRACT}).sentence == ""


def test_the_examples_fall_into_their_groups(packs: PackSet, paying: Moment) -> None:
    found = results(example("nearly").answers, packs=packs, moment=paying)
    standards = {name: [one.name for one in found.group(name) if one.kind == "standard"] for name in GROUPS}
    assert standards == {
        "可享": ["规模以上工业企业", "创新型中小企业"],
        "差一点": ["高新技术企业", "专精特新中小企业", "科技型中小企业"],
        "待补充": ["湖北专精特新特色化", "武汉市级专精特新培育企业"],
        "不适用": ["首次进规", "制造业单项冠军", "专精特新小巨人"],
    }
    assert found.size_class == "小型"
    rewarded = results(example("rewarded").answers, packs=packs, moment=paying)
    assert (rewarded.total, rewarded.totals) == (70 * WAN, {"区级": 70 * WAN})
    assert rewarded.notes == ("没有计算以前已经领取的奖补，实际金额以核定为准。",)


def test_what_is_lacking_is_told_per_criterion_by_its_nearest_way(packs: PackSet, paying: Moment) -> None:
    found = results(example("nearly").answers, packs=packs, moment=paying)
    criterion = "不符合：综合评价不低于 60 分且科技人员得分不为 0，或者满足一项直接条件（第六条（五））。"
    nearest = "最接近的是：总分不低于 60 分（第六条（五）），现在是 58 分，差 2 分。"
    assert award(found, "科技型中小企业").why == (criterion + nearest,)
    one = award(found, "专精特新中小企业")
    assert (one.score is not None and (one.score.low, one.score.high, one.score.passing)) == (55, 55, 60)
    assert [gap.text for gap in one.gaps if gap.unit == "分"][:1] == ["评价得分达到 60 分"]


def test_missing_figures_link_to_their_questions(packs: PackSet, later: Moment) -> None:
    fields = {**HOME, "happenings": "none", "revenue.0": "?"}
    one = award(told(packs, later, fields), "规模以上工业企业")
    assert [(gap.question, gap.field, gap.label, gap.told) for gap in one.missing] == [
        ("main_revenue", "main_revenue.0", "主营业务收入，上年度（2025年）", False)
    ]
    assert one.why == ("还差 1 个数据才能确定。",)
    size = award(told(packs, later, fields), "创新型中小企业").missing
    assert ("revenue.0", True) in [(gap.field, gap.told) for gap in size]


def test_every_open_result_names_what_is_missing_or_who_must_judge(visits: Visits, paying: Moment, later: Moment) -> None:
    for seed in range(10):
        for answers, found, _ in visits.of((paying, later)[seed % 2], f"drawn {seed}"):
            blank = [one.name for one in found.results.group("待补充") if not one.missing and not one.manual]
            divided = {name for name, value in answers.given.items() if value == 0}
            assert blank == [] or divided


def test_groups_and_verdicts_agree_with_a_settlement_of_the_same_firm(packs: PackSet, visits: Visits, paying: Moment) -> None:
    for seed in range(0, 30, 3):
        answers, found, _ = visits.of(paying, f"drawn {seed}")[-1]
        case = case_of(answers, packs, paying)
        if case.told.untold:
            continue
        firm = replace(case.told.firm, code="X")
        settlement = settle([firm], packs, law_date=paying.law_date, as_of=paying.facts_as_of)
        assert found.results.total == sum(one.amount for one in settlement.results)
        states = sorted((one.award.id, one.state, one.amount) for one in settlement.results)
        assert sorted((one.id, item.state, item.amount) for one in found.results.results for item in one.items) == states


def test_a_review_is_judged_by_its_own_text(packs: PackSet, later: Moment) -> None:
    fields = {"titles": "specialised"}
    versions = {kind: award(told(packs, later, fields, application=kind), "专精特新中小企业").version for kind in ("new", "review")}
    assert versions == {"new": "2026版", "review": "2026版复核"}
    assert award(told(packs, later, fields, application="new"), "专精特新中小企业").verdict == "unmet"
    assert award(told(packs, later, fields, application="review"), "专精特新中小企业").verdict == "unknown"


def test_only_the_dates_of_titles_that_matter_are_missing(packs: PackSet, paying: Moment) -> None:
    fields = {**HOME, **CONTRACT, "titles": "high_tech,specialised", "titles.specialised.date": ""}
    found = told(packs, paying, fields)
    missing = {name: [(gap.field, gap.label) for gap in award(found, name).missing] for name in ("C3", "C5")}
    dated = ("titles.specialised.date", "专精特新中小企业（省级）：认定日期")
    assert missing == {"C3": [dated], "C5": [dated]}


def test_only_the_row_that_lacks_a_figure_is_named(packs: PackSet, paying: Moment) -> None:
    rows = {"contract.2.type": "transfer", "contract.2.party": "institute", "contract.2.date": "2023-07-01", "contract.3.type": "advice"}
    one = award(told(packs, paying, {**HOME, **CONTRACT, **rows}), "C5")
    assert [(gap.field, gap.label) for gap in one.missing] == [("contract.2.amount", "技术合同（第 2 项）：成交额")]
    assert [(item.state, item.amount, item.most) for item in one.items] == [
        ("granted", 30 * WAN, None),
        ("unknown", 0, 100 * WAN),
        ("dropped", 0, None),
    ]


@pytest.mark.parametrize("told", [{}, {"exclusions": "?"}, {"persona": "factory", "tax_home": "yes", "registration": "active"}])
def test_who_was_not_asked_is_barred_from_nothing(packs: PackSet, paying: Moment, told: dict[str, str]) -> None:
    answers, _ = Answers.parse(told)
    found = results(answers, packs=packs, moment=paying)
    groups = {result.id: result.group for result in found.results if result.kind == "award"}
    assert groups == {f"C{number}": "待补充" for number in range(1, 10)}
