"""Every input that a rule reads can be asked for, and a faulty file of questions is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.apps.calculator.domain.question_reading import SHIPPED, questionnaire, read_questions
from tidu.kernel.awards import Award
from tidu.kernel.errors import Problems
from tidu.kernel.expressions import ASSESSMENT_DAY, ASSESSMENT_YEAR, split_key
from tidu.kernel.facts import Kind
from tidu.kernel.inputs import EVENT_PREFIX, derived_class
from tidu.kernel.interpret import standard_keys
from tidu.kernel.packs import EventTest, PackSet
from tidu.kernel.rules import keys_of
from tidu.kernel.traces import is_manual


def untold_by(keys: set[str], packs: PackSet) -> set[str]:
    """Of some inputs those that no field gives."""
    known = questionnaire()
    wanted = {packs.mappings[key][0] if key in packs.mappings else key for key in keys}
    plain = {key for key in wanted if not key.startswith(EVENT_PREFIX) and not is_manual(key)}
    return plain - set(known.by_key) - {ASSESSMENT_DAY, ASSESSMENT_YEAR}


def columns_of(test: EventTest) -> set[tuple[str, str]]:
    read = {split_key(key)[0] for key in keys_of(test.where)} if test.where is not None else set()
    dated = {test.date_field} if test.within is not None else set()
    return {(test.event, name) for name in (read | dated) - {ASSESSMENT_DAY}}


def told_columns() -> set[tuple[str, str]]:
    """Columns of events that a row, a date of a title, or the choice itself gives."""
    known = questionnaire()
    found = set(known.rows)
    for field in known.fields.values():
        for option in field.options:
            found |= {(option.event, name) for name in option.sets}
            if field.name == "titles":
                found.add((option.event, "日期"))
    return found


def test_every_input_of_every_standard_that_was_ever_in_force_can_be_told(packs: PackSet) -> None:
    keys = {key for standard in packs.standards for key in standard_keys(standard)}
    assert untold_by(keys, packs) == set()


def test_every_event_that_a_standard_asks_about_can_be_told_with_the_columns_it_reads(packs: PackSet) -> None:
    tests = [test for standard in packs.standards for test in standard.tests.values()]
    assert {test.event for test in tests} - set(questionnaire().by_event) == set()
    assert {pair for test in tests for pair in columns_of(test)} - told_columns() == set()


def award_columns(award: Award) -> set[tuple[str, str]]:
    rules = [award.when, *(limit.rule for limit in award.limits), *(one.only_if for one in award.demands if one.only_if is not None)]
    names = {split_key(key)[0] for rule in rules for key in keys_of(rule)} | {award.date_field}
    names |= {split_key(key)[0] for key in keys_of(award.computed)} | {award.year_field, *award.item}
    if award.base is not None:
        names |= {split_key(key)[0] for key in keys_of(award.base.amount)}
    if award.rivals is not None:
        names |= {award.rivals.same, award.rivals.rank}
    return {(award.event, name) for name in names if name} - {(award.event, "市级基数"), (award.event, "未定基数")}


def test_every_field_that_an_award_reads_can_be_told(packs: PackSet) -> None:
    assert packs.book is not None
    wanted = {pair for award in packs.book.awards for pair in award_columns(award)}
    assert wanted - told_columns() == set()


def test_what_awards_ask_of_the_firm_and_of_its_past_can_be_told(packs: PackSet) -> None:
    book = packs.book
    assert book is not None
    rules = [rule for policy in book.policies for rule in policy.scope]
    rules += [one.rule for policy in book.policies for one in policy.exclusions if one.rule is not None]
    rules += [demand.rule for award in book.awards for demand in award.demands if demand.rule is not None]
    rules += [option.rule for ruling in book.rulings.values() for option in ruling.options if option.rule is not None]
    keys = {key for rule in rules for key in keys_of(rule)}
    year_facts = {field.year_fact for field in questionnaire().fields.values() if field.year_fact}
    assert untold_by(keys, packs) - year_facts == set()
    registers = [one.tests for one in book.policies] + [one.tests for one in book.awards] + [one.tests for one in book.rulings.values()]
    tests = [test for register in registers for test in register.values()]
    assert {test.event for test in tests} - set(questionnaire().by_event) == set()
    assert {pair for test in tests for pair in columns_of(test)} - told_columns() == set()


def test_every_industry_that_can_be_chosen_has_a_class_of_its_own_size_limits(packs: PackSet) -> None:
    _, prefixes = packs.mappings["划型行业"]
    field = questionnaire().fields["industry"]
    classes = [derived_class(option.facts["国民经济行业代码"], prefixes) for option in field.options]
    assert None not in classes
    assert set(classes) == set(prefixes.values())
    assert len(set(classes)) == len(classes)


def test_personas_say_the_industry_or_open_the_question_about_it(packs: PackSet) -> None:
    _, prefixes = packs.mappings["划型行业"]
    told = {
        option.id: (derived_class(option.facts.get("国民经济行业代码"), prefixes), option.opens)
        for option in questionnaire().fields["persona"].options
    }
    assert told == {
        "factory": ("工业", ""),
        "software": ("软件和信息技术服务业", ""),
        "other": (None, "industry"),
        "individual": (None, "industry"),
        "cooperative": (None, "industry"),
    }


def test_the_titles_that_can_be_chosen_are_those_of_the_catalogue(packs: PackSet) -> None:
    names = {option.sets["名称"] for option in questionnaire().fields["titles"].options}
    assert names == set(packs.scope.catalogue.events["认定"].fields["名称"].values)


def test_facts_of_a_year_are_asked_for_each_year_that_a_standard_reads(packs: PackSet) -> None:
    facts = packs.scope.catalogue.facts
    read = {key for standard in packs.standards for key in standard_keys(standard)}
    read = {key for key in read if split_key(key)[0] in facts and facts[split_key(key)[0]].kind is Kind.YEAR}
    asked = {key for key, fields in questionnaire().by_key.items() if fields[0].shift is not None}
    assert asked == read


def test_every_section_is_used_and_every_question_has_a_label_and_a_help() -> None:
    known = questionnaire()
    assert {question.section for question in known.questions.values()} == set(known.sections)
    assert known.sections == ("基本情况", "经营", "研发", "知识产权", "质量与品牌", "信用", "已获资格", "本年度事项")
    assert [name for name, question in known.questions.items() if not question.label or not question.help] == []
    assert [name for name, field in known.fields.items() if not name.isascii() or not field.label] == []


FAULTS = [
    ("broad: true", "brood: true", "unknown-key"),
    ("    help: 按营业执照选择。", "    halp: 按营业执照选择。", "missing-key"),
    ("section: 研发\n", "section: 研究\n", "unknown-section"),
    ("  - id: credit\n", "  - id: titles\n", "duplicate-id"),
    ("  - id: credit\n", "  - id: 信用\n", "bad-id"),
    ("fact: 净利润", "fact: 净利", "unknown-fact"),
    ("kind: money, fact: 净利润", "kind: percent, fact: 净利润", "bad-kind"),
    ("kind: money, fact: 净利润", "kind: coin, fact: 净利润", "bad-kind"),
    ("fact: 净利润, years: [0]", "fact: 净利润", "bad-years"),
    ("fact: 净利润, years: [0]", "fact: 净利润, years: [9]", "bad-years"),
    ("kind: date, fact: 成立日期", "kind: date, fact: 成立日期, years: [0]", "bad-years"),
    ("event: 质量奖\n", "event: 数量奖\n", "unknown-event"),
    ("column: 成交额", "column: 成交量", "unknown-field"),
    ("{id: won, value: 获奖}", "{id: won, value: 得奖}", "unknown-value"),
    ("set: {名称: 高新技术企业}", "set: {名称: 高科技企业}", "unknown-value"),
    ("facts: {纳税关系所在区: 蔡甸区}", "facts: {成立日期: 蔡甸区}", "unknown-value"),
    ("{id: won, value: 获奖}", "{id: nominated, value: 获奖}", "duplicate-id"),
    ("event: 首次进规, opens: above_scale}", "event: 首次进规, opens: above}", "unknown-question"),
    ("event: 首次进规, opens: above_scale}", "event: 首次进规}", "never-asked"),
    ("of: titles\n", "of: title\n", "unknown-field"),
    ("label: 弄虚作假认定\n", "label: 弄虚作假认定\n    section: 信用\n", "duplicate-key"),
    ("sections: [", "sections: [[", "yaml-syntax"),
    ("event: 迁移, opens: relocation}", "event: 标准, opens: relocation}", "split-event"),
    (
        "{id: founded, label: 成立日期, kind: date, fact: 成立日期}",
        "{id: founded, label: 成立日期, kind: choice, fact: 登记状态}",
        "bad-options",
    ),
    ("    fields: [{id: founded, label: 成立日期, kind: date, fact: 成立日期}]", "    fields: []", "no-fields"),
]


@pytest.mark.parametrize(("good", "bad", "code"), FAULTS, ids=[f"{code}-{place}" for place, (_, _, code) in enumerate(FAULTS)])
def test_a_fault_is_told_with_its_file_and_line(tmp_path: Path, good: str, bad: str, code: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert good in text
    path = tmp_path / "questions.yaml"
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(Problems) as raised:
        read_questions(path)
    found = [problem for problem in raised.value.problems if problem.code == code]
    assert found != []
    assert all(problem.message.startswith(f"questions.yaml:{problem.data['line']} ") for problem in raised.value.problems)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(Problems, match="文件里没有问题"):
        read_questions(path)
