"""Sliders: the figures a firm can move for a chosen standard, and what moving them would change, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from tidu.apps.calculator.domain.answers import Answers
from tidu.apps.calculator.domain.judging import NEW, Case, Judged, case_of, judge
from tidu.apps.calculator.domain.question_reading import questionnaire
from tidu.apps.calculator.domain.questions import Field, FieldKind
from tidu.apps.calculator.domain.shortfalls import criteria_of, effort
from tidu.apps.calculator.domain.values import shown_value, written_value
from tidu.kernel.effort import UP
from tidu.kernel.effort import Lever as Effort
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import Score
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.quantities import decimal_text
from tidu.kernel.rules import Compare, Quantity, ScoreAtLeast, keys_of, parts_of, walk
from tidu.kernel.truth import answer, quantity_value
from tidu.kernel.wording import measured

MOST_LEVERS = 8
MOST_POSITIONS = 400
FAILING, SCORED, OTHER = 0, 1, 2
PREFERRED = (
    "研发费用",
    "研发人员",
    "Ⅰ类知识产权数",
    "主营业务收入",
    "负债总额",
    "从业人员",
    "科技人员",
    "净利润",
    "营业收入",
    "高新技术产品收入",
)
"""Among levers of equal use those that most firms think of first."""
NUMERIC = frozenset({FieldKind.MONEY, FieldKind.PERCENT, FieldKind.COUNT})


@dataclass(frozen=True, slots=True)
class Lever:
    """One slider over a field of the questionnaire; numbers in stored integers (money in fen), ``text`` as form values."""

    field: Field
    label: str
    unit: str
    current: int
    least: int
    most: int
    step: int

    def text(self, value: int) -> str:
        """A position as the text of the form field."""
        return written_value(self.field, value)


@dataclass(frozen=True, slots=True)
class Change:
    """A field that moves; ``along`` where it moves because another one does."""

    field: str
    label: str
    before: str
    after: str
    along: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A quantity, score line or criterion before and after, as texts."""

    text: str
    before: str
    after: str


@dataclass(frozen=True)
class WhatIf:
    """The standard before and after some changes, and the difference in one sentence."""

    standard: Standard
    verdict_before: str
    verdict_after: str
    score_before: Score | None
    score_after: Score | None
    changes: tuple[Change, ...]
    quantities: tuple[Moved, ...]
    points: tuple[Moved, ...]
    criteria: tuple[Moved, ...]
    sentence: str


def levers_of(judged: Judged, case: Case) -> tuple[Lever, ...]:
    """The sliders for a standard: what fails first, then what still gives points; only figures that were told."""
    ranks = _ranks(judged)
    found: list[tuple[int, int, Lever]] = []
    for name, lever in effort(case.packs).levers.items():
        field = _field_of(name)
        current = case.answers.given.get(field.name) if field is not None else None
        if field is None or name not in ranks or not lever.by_steps or not isinstance(current, int) or field.kind not in NUMERIC:
            continue
        place = PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)
        found.append((ranks[name], place, _slider(field, lever, current)))
    found.sort(key=lambda entry: entry[:2])
    return tuple(lever for _, _, lever in found[:MOST_LEVERS])


def _field_of(name: str) -> Field | None:
    fields = questionnaire().by_key.get(name, ())
    return fields[0] if fields else None


def _ranks(judged: Judged) -> dict[str, int]:
    """For each input of the standard whether it stands in a failing criterion, in a score line below its best, or else."""
    ranks: dict[str, int] = {}
    for rule in criteria_of(judged.standard.requires):
        failing = answer(rule, judged.known) is False
        for node in walk(rule):
            if isinstance(node, Compare):
                rank = FAILING if failing and answer(node, judged.known) is False else OTHER
                for key in keys_of(node):
                    ranks[key] = min(rank, ranks.get(key, OTHER))
    for item in judged.standard.scores:
        if judged.score is not None and judged.score.items[item.id][1] < item.highest:
            for key in keys_of(item.points):
                ranks[key] = min(SCORED, ranks.get(key, OTHER))
    return ranks


def _slider(field: Field, lever: Effort, current: int) -> Lever:
    """A range around the present value, in steps that a hand can hit."""
    up = lever.direction == UP
    reach = max(abs(current), 20 * lever.step)
    away = min(reach, lever.limit) if lever.limit else reach
    back = abs(current) // 2
    low, high = (current - back, current + away) if up else (current - min(away, abs(current)), current + back)
    low = max(low, field.lowest) if field.lowest is not None else low
    high = min(high, field.highest) if field.highest is not None else high
    step = lever.step
    while (high - low) // step > MOST_POSITIONS:
        step *= 10
    # positions count from the present value, so that it is one of them
    low, high = current - (current - low) // step * step, current + (high - current) // step * step
    return Lever(field, field.label, field.unit, current, low, high, step)


def what_if(
    answers: Answers, changes: Mapping[str, str], *, standard: str, packs: PackSet, moment: Moment, application: str = NEW
) -> WhatIf:
    """What a standard would say with some fields changed (texts as in the form), and the difference in words.

    Facts that move along with a lever (研发人员 → 从业人员) do so, unless they are among the changes themselves.
    Raises ``no-rule-in-force``, or the code of a field that cannot be read.
    """
    text = packs.select(standard, law_date=moment.law_date, application=application)
    parsed, problems = Answers.parse(changes)
    if problems:
        raise TiduError(problems[0].code, problems[0].sentence, field=problems[0].field, value=problems[0].value)
    changed = changed_answers(answers, parsed, packs)
    before = judge(case_of(answers, packs, moment, application).inputs, text)
    after = judge(case_of(changed, packs, moment, application).inputs, text)
    moves = _changes(answers, changed, parsed)
    keys = {key for key in before.known if before.known[key] != after.known[key]}
    quantities, points, criteria = _quantities(before, after, keys), _points(before, after), _criteria(before, after)
    sentence = _sentence(moves, quantities, before, after)
    return WhatIf(text, before.verdict, after.verdict, before.score, after.score, moves, quantities, points, criteria, sentence)


def changed_answers(answers: Answers, changes: Answers, packs: PackSet) -> Answers:
    """The answers with changes, and with what moves along with them."""
    given = {**answers.given, **changes.given}
    costs = effort(packs)
    for name, value in changes.given.items():
        fact, before = questionnaire().fields[name].fact, answers.given.get(name)
        lever = costs.levers.get(fact.name) if fact is not None and questionnaire().fields[name].shift in {0, None} else None
        if lever is None or not isinstance(value, int) or not isinstance(before, int):
            continue
        for other in lever.also:
            field = _field_of(other.name)
            start = answers.given.get(field.name) if field is not None else None
            if field is not None and isinstance(start, int) and field.name not in changes.given:
                given[field.name] = max(start + value - before, field.lowest or 0)
    ordered = {name: given[name] for name in questionnaire().fields if name in given}
    return replace(answers, given=ordered)


def _changes(before: Answers, after: Answers, asked: Answers) -> tuple[Change, ...]:
    found: list[Change] = []
    for name, value in after.given.items():
        old = before.given.get(name)
        if old != value or before.has(name) is not True:
            field = questionnaire().fields[name]
            start = shown_value(field, old) if before.has(name) else "未填"
            found.append(Change(name, field.label, start, shown_value(field, value), name not in asked.given))
    return tuple(sorted(found, key=lambda change: change.along))


def _quantities(before: Judged, after: Judged, keys: set[str]) -> tuple[Moved, ...]:
    """Computed quantities (研发费用占比) that the standard compares and that changed."""
    found: dict[str, Moved] = {}
    for quantity in _compared(before.standard):
        if quantity.text in found or len(quantity.keys) < 2 or not quantity.keys & keys:
            continue
        start, end = _figure(quantity, before.known), _figure(quantity, after.known)
        if start != end:
            found[quantity.text] = Moved(quantity.text, start, end)
    return tuple(found.values())


def _compared(standard: Standard) -> Iterator[Quantity]:
    for node in walk(standard.requires):
        if isinstance(node, Compare):
            yield node.left
        elif isinstance(node, ScoreAtLeast):
            for part in parts_of(node):
                yield from (inner.left for inner in walk(part) if isinstance(inner, Compare))


def _figure(quantity: Quantity, known: Mapping[str, Any]) -> str:
    value = measured(quantity_value(quantity, known), quantity)
    return "未知" if value is None else f"{decimal_text(Fraction(value), 2)}{quantity.unit}"


def _points(before: Judged, after: Judged) -> tuple[Moved, ...]:
    if before.score is None or after.score is None:
        return ()
    return tuple(
        Moved(item.title, _interval(before.score.items[item.id]), _interval(after.score.items[item.id]))
        for item in before.standard.scores
        if before.score.items[item.id] != after.score.items[item.id]
    )


def _criteria(before: Judged, after: Judged) -> tuple[Moved, ...]:
    words = {True: "符合", False: "不符合", None: "待定"}
    pairs = [(rule, answer(rule, before.known), answer(rule, after.known)) for rule in criteria_of(before.standard.requires)]
    return tuple(Moved(rule.label.text, words[start], words[end]) for rule, start, end in pairs if start is not end)


def _interval(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]} 至 {pair[1]}"


VERDICTS = {"met": "符合", "unmet": "不符合", "unknown": "待补充", "manual": "待人工判断"}


def _sentence(moves: tuple[Change, ...], quantities: tuple[Moved, ...], before: Judged, after: Judged) -> str:
    """研发费用 150 万元→190 万元：研发费用占比 3%→3.8%，得分 62→66，仍然不符合。"""
    if not moves:
        return "没有改变任何数。"
    lead = "、".join(f"{one.label} {one.before}→{one.after}{'（随之变动）' if one.along else ''}" for one in moves)
    parts = [f"{one.text} {one.before}→{one.after}" for one in quantities]
    if before.score is not None and after.score is not None:
        start, end = _interval((before.score.low, before.score.high)), _interval((after.score.low, after.score.high))
        parts.append(f"得分 {start}→{end}" if start != end else f"得分不变（{start}）")
    start, end = VERDICTS[before.verdict], VERDICTS[after.verdict]
    parts.append(f"由{start}变为{end}" if start != end else f"结论不变（{end}）")
    return f"{lead}：{'，'.join(parts)}。"
