"""The next question decides something, the first result comes soon, and the questions end."""

from __future__ import annotations

from random import Random
from time import process_time

import pytest

from tests.apps.calculator.visitors import VISITORS, Visit, Visits, conversation, drawn_reply, report
from tidu.apps.calculator.domain import Answers, Asked, Blank, Result, next_question, questionnaire, questions_of, results, step, warm
from tidu.apps.calculator.domain.awards import settled
from tidu.apps.calculator.domain.judging import Case, case_of
from tidu.apps.calculator.domain.question_reading import year_label
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.settle import UNKNOWN

PERSONA = "persona"


def decisive_fields(case: Case) -> set[str]:
    """All fields whose answer can still change a verdict or an award."""
    found = {field.name for judged in case.judged for key in judged.decisive for field in case.fields_of(key, judged.standard.tests)}
    for items in settled(case).items.values():
        for item in items:
            if item.state == UNKNOWN:
                found |= {field.name for field in item.fields}
                found |= {questionnaire().by_event[item.award.event].name} if item.untold else set()
    return found


def wanted(asked: Asked) -> set[str]:
    return {blank.field.name for blank in asked.blanks if blank.wanted}


@pytest.mark.parametrize("seed", range(16))
def test_only_what_can_decide_something_is_asked_and_it_ends(
    packs: PackSet, visits: Visits, paying: Moment, later: Moment, seed: int
) -> None:
    moment, application = (paying, later)[seed % 2], ("new", "review")[seed // 2 % 2]
    asked: list[str] = []
    for answers, _, following in visits.of(moment, f"drawn {seed}", application):
        case = case_of(answers, packs, moment, application)
        told = {name for name in decisive_fields(case) if not answers.has(name)}
        if following is None:
            remaining = {questionnaire().fields[name].question for name in told}
            closed = {name for name in remaining if not answers.is_open(questionnaire().questions[name], questionnaire())}
            assert remaining - closed - set(asked) == set()
            return
        assert following.question.id not in asked
        assert wanted(following) <= told or following.question.id == PERSONA
        assert wanted(following) != set() or following.question.id == PERSONA
        asked.append(following.question.id)


def is_definite(one: Result) -> bool:
    """A standard met or unmet, or an amount; an award for which nothing was told is no result yet."""
    return one.verdict in {"met", "unmet"} if one.kind == "standard" else one.verdict == "granted"


def decided_after(visit: Visit) -> int | None:
    """After how many questions a first result stands."""
    return next((count for count, (_, found, _) in enumerate(visit) if any(map(is_definite, found.results.results))), None)


@pytest.mark.parametrize("name", [name for name in VISITORS if name.startswith("drawn")])
def test_a_first_definite_result_stands_after_at_most_seven_questions(visits: Visits, paying: Moment, later: Moment, name: str) -> None:
    counts = [decided_after(visits.of(moment, name)) for moment in (paying, later)]
    assert [count for count in counts if count is None or count > 7] == []


def test_who_knows_nothing_is_asked_everything_that_could_matter_once_and_then_left_alone(visits: Visits, later: Moment) -> None:
    steps = visits.of(later, "ignorant")
    asked = [following.question.id for _, _, following in steps if following is not None]
    assert len(set(asked)) == len(asked)
    assert {one.verdict for one in steps[-1][1].results.results} == {"unknown"}


def test_how_many_questions_until_nothing_is_left_to_ask(visits: Visits, paying: Moment, later: Moment) -> None:
    for moment in (paying, later):
        held = [visits.of(moment, f"drawn {seed}") for seed in range(30)]
        told = sorted(len(visit) - 1 for visit in held)
        first = sorted(decided_after(visit) or 0 for visit in held)
        report(f"law of {moment.law_date.year}: first result after {first[0]} to {first[-1]} questions, nothing left to ask after {told}")
        assert told[-1] <= 24


def test_broad_questions_come_first(packs: PackSet, paying: Moment) -> None:
    order = [asked.question.id for _, _, asked in conversation(packs, paying, drawn_reply(Random(3), unsure=0)) if asked is not None]
    known = questionnaire().questions
    opened = [name for name in order if known[name].event or known[name].of]
    assert opened
    assert [name for name in order if name not in opened][:4] == ["persona", "titles", "happenings", "exclusions"]


def test_what_a_choice_opened_is_asked_at_once(packs: PackSet, paying: Moment) -> None:
    told = {
        "persona": "factory",
        "tax_home": "yes",
        "registration": "active",
        "titles": "specialised",
        "titles.specialised.date": "2023-01-10",
        "happenings": "contract",
    }
    answers, _ = Answers.parse(told)
    asked = next_question(answers, packs=packs, moment=paying, asked=["persona", "titles", "happenings"])
    assert asked is not None
    assert asked.question.id == "contract"


def test_it_says_what_the_answer_decides(packs: PackSet, later: Moment) -> None:
    answers, _ = Answers.parse({"persona": "factory", "titles": "innovative", "exclusions": "none"})
    asked = next_question(answers, packs=packs, moment=later, asked=["happenings"])
    assert asked is not None
    assert asked.question.id == "credit"
    assert [one.name for one in asked.decides] == [
        "制造业单项冠军", "创新型中小企业", "专精特新中小企业", "科技型中小企业", "武汉市级专精特新培育企业",
    ]  # fmt: skip
    assert (
        asked.why == "回答后可以决定“制造业单项冠军”、“创新型中小企业”、“专精特新中小企业”、“科技型中小企业”、“武汉市级专精特新培育企业”。"
    )
    assert (asked.answered, asked.left > 5) == (3, True)


def test_an_award_opens_the_questions_about_its_event(packs: PackSet, paying: Moment) -> None:
    told = {"persona": "factory", "tax_home": "yes", "registration": "active", "titles": "specialised", "exclusions": "none"}
    answers, _ = Answers.parse({**told, "happenings": "contract"})
    case = case_of(answers, packs, paying)
    assert {"contract.1.amount", "contract.1.date", "contract.1.type", "contract.1.party"} <= decisive_fields(case)
    assert "quality.1.name" not in decisive_fields(case)


def test_a_question_that_was_passed_over_is_not_asked_again(packs: PackSet, later: Moment) -> None:
    asked: list[str] = []
    while (found := next_question(Answers(), packs=packs, moment=later, asked=asked)) is not None:
        assert found.question.id not in asked
        asked.append(found.question.id)
    assert asked[0] == PERSONA
    assert len(asked) > 15


def test_years_and_titles_are_named(paying: Moment) -> None:
    answers, _ = Answers.parse({"titles": "giant,innovative", "happenings": "contract", "contract.2.amount": "5"})
    shown = questions_of(answers, year=paying.year)
    labels = {blank.field.name: blank.label for _, blanks in shown.values() for blank in blanks}
    assert labels["revenue.1"] == "营业收入，前一年度（2022年）"
    assert labels["titles.giant.date"] == "专精特新“小巨人”（国家级）：认定日期"
    assert year_label(2, 2023) == "前2年度（2021年）"
    assert {"contract", "title_dates"} <= set(shown)
    assert {"quality", "industry"} & set(shown) == set()


def test_only_told_rows_and_the_first_are_shown(packs: PackSet, paying: Moment) -> None:
    told = {"persona": "factory", "tax_home": "yes", "registration": "active", "titles": "giant", "exclusions": "none"}
    answers, _ = Answers.parse({**told, "happenings": "contract", "contract.3.amount": "5"})
    asked = next_question(answers, packs=packs, moment=paying, asked=["credit"])
    shown: list[Blank] = []
    passed = ["credit"]
    while asked is not None and asked.question.id != "contract":
        passed.append(asked.question.id)
        asked = next_question(answers, packs=packs, moment=paying, asked=passed)
    assert asked is not None
    shown = list(asked.blanks)
    assert {blank.field.row for blank in shown} == {1, 3}
    assert asked.question.rows == 5
    assert {blank.field.name: blank.value for blank in shown}["contract.3.amount"] == "5"


def test_a_step_is_both_answers_at_once(packs: PackSet, paying: Moment) -> None:
    answers, _ = Answers.parse({"persona": "software", "titles": "none"})
    both = step(answers, packs=packs, moment=paying)
    assert both.results == results(answers, packs=packs, moment=paying)
    asked = next_question(answers, packs=packs, moment=paying)
    assert both.asked is not None
    assert asked is not None
    assert (both.asked.question, both.asked.decides) == (asked.question, asked.decides)


def test_steps_are_fast_once_warm(packs: PackSet, paying: Moment, later: Moment) -> None:
    for moment in (paying, later):
        warm(packs=packs, moment=moment)
        spent: list[float] = []
        for seed in range(100, 104):
            clock = process_time()
            for _, _, _ in conversation(packs, moment, drawn_reply(Random(seed), unsure=0)):
                now = process_time()
                spent.append(now - clock)
                clock = process_time()
        spent.sort()
        report(
            f"law of {moment.law_date.year}: a step takes {spent[len(spent) // 2] * 1000:.1f} ms, at most {spent[-1] * 1000:.1f} ms of CPU"
        )
        assert spent[len(spent) // 2] < 0.015
