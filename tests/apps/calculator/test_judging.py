"""The calculator judges as the kernel does, except that nothing counts as absent before it was asked about."""

from __future__ import annotations

import pytest

from tests.apps.calculator.visitors import Visits
from tidu.apps.calculator.domain import Answers, examples
from tidu.apps.calculator.domain.judging import Judged, case_of, judge
from tidu.apps.calculator.domain.memory import Memory
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import Assessment, assess
from tidu.kernel.packs import PackSet

ALL_TOLD = {"titles": "none", "happenings": "none", "exclusions": "none"}


def same(judged: Judged, found: Assessment) -> tuple[object, object]:
    own = (judged.verdict, judged.value, judged.score, judged.manual if not judged.standard.classes else (), judged.unmet)
    return own, (found.verdict, found.value, found.score, found.manual, found.unmet)


@pytest.mark.parametrize("application", ["new", "review"])
def test_with_everything_about_events_told_the_verdicts_are_those_of_the_kernel(
    packs: PackSet, paying: Moment, later: Moment, application: str
) -> None:
    for moment in (paying, later):
        for answers in [one.answers for one in examples()] + [Answers.parse(ALL_TOLD)[0]]:
            case = case_of(answers, packs, moment, application)
            inputs = FirmInputs(case.told.firm, moment, packs)
            for judged in case.judged:
                own, kernel = same(judged, assess(inputs, judged.standard))
                assert own == kernel


def test_a_definite_verdict_stays_whatever_is_answered_later(visits: Visits, paying: Moment, later: Moment) -> None:
    for seed in range(12):
        definite: dict[str, str] = {}
        for _, found, _ in visits.of((paying, later)[seed % 2], f"drawn {seed}"):
            now = {one.id: one.verdict for one in found.results.results if one.kind == "standard" and one.verdict in {"met", "unmet"}}
            assert {name: now.get(name) for name in definite} == definite
            definite = now


def test_a_definite_verdict_is_what_the_kernel_says_when_no_such_event_happened(packs: PackSet, paying: Moment) -> None:
    answers, _ = Answers.parse({"persona": "individual"})
    case = case_of(answers, packs, paying)
    inputs = FirmInputs(case.told.firm, paying, packs)
    definite = [judged for judged in case.judged if judged.verdict in {"met", "unmet"}]
    assert {judged.standard.name: judged.verdict for judged in definite} == {
        judged.standard.name: assess(inputs, judged.standard).verdict for judged in definite
    }
    assert len(definite) == 5


def test_an_event_that_nobody_asked_about_leaves_the_verdict_open(packs: PackSet, later: Moment) -> None:
    standard = packs.select("专精特新中小企业", law_date=later.law_date)
    verdicts = {}
    for name, fields in {"unasked": {}, "none": {"titles": "none"}, "unsure": {"titles": "?"}, "held": {"titles": "innovative"}}.items():
        verdicts[name] = judge(case_of(Answers.parse(fields)[0], packs, later).inputs, standard).verdict
    assert verdicts == {"unasked": "unknown", "none": "unmet", "unsure": "unknown", "held": "unknown"}


def test_the_fields_behind_an_input(packs: PackSet, paying: Moment) -> None:
    answers, _ = Answers.parse({"happenings": "science", "science.1.level": "provincial", "science.2.rank": "2"})
    case = case_of(answers, packs, paying)
    standard = packs.select("专精特新中小企业", law_date=paying.law_date)
    named = {key: [field.name for field in case.fields_of(key, standard.tests)] for key in judge(case.inputs, standard).known}
    assert named["研发费用"] == ["rd_expense.0"]
    assert named["主营业务收入@2"] == ["main_revenue.2"]
    assert named["划型行业"] == ["persona", "industry"]
    assert named["市场主体类型"] == ["persona"]
    titles = next(key for key in named if key.startswith("事项:认定"))
    assert named[titles] == ["titles"]
    science = next(key for key in named if key.startswith("事项:科技奖励"))
    # whether of a province or of the state, a second rank counts: the level of row 2 decides nothing
    assert named[science] == ["science.1.rank", "science.1.date", "science.2.date"]


def test_a_zero_divisor_points_to_the_field_to_be_corrected(packs: PackSet, later: Moment) -> None:
    answers, _ = Answers.parse({"assets.0": "0", "liabilities.0": "5"})
    case = case_of(answers, packs, later)
    standard = packs.select("专精特新中小企业", law_date=later.law_date)
    free = [key for key in judge(case.inputs, standard).decisive if key.startswith("÷")]
    assert [[field.name for field in case.fields_of(key, standard.tests)] for key in free] == [["assets.0"]]


def test_the_memory_keeps_what_was_used_last() -> None:
    memory: Memory[int] = Memory(2)
    asked: list[str] = []

    def work(key: str) -> int:
        asked.append(key)
        return len(key)

    for key in ("a", "bb", "a", "ccc", "a", "bb"):
        assert memory.get(key, lambda key=key: work(key)) == len(key)  # type: ignore[misc]
    assert asked == ["a", "bb", "ccc", "bb"]
    memory.clear()
    assert memory.get("a", lambda: 7) == 7
