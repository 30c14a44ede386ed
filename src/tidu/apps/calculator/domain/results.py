"""What a visitor may have, is close to, should still tell, and what is not for them: every standard and award in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tidu.apps.calculator.domain.answers import Answers
from tidu.apps.calculator.domain.asking import blank_of, questions_behind
from tidu.apps.calculator.domain.awards import AwardItem, AwardsFound, settled
from tidu.apps.calculator.domain.judging import NEW, Case, Judged, case_of
from tidu.apps.calculator.domain.nearness import is_close
from tidu.apps.calculator.domain.question_reading import questionnaire
from tidu.apps.calculator.domain.questions import Field
from tidu.apps.calculator.domain.sentences import award_why, standard_why
from tidu.kernel.awards import Award, Policy
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import MANUAL, MET, UNKNOWN, Score
from tidu.kernel.packs import PackSet, Validity
from tidu.kernel.settle import CAPPED, GRANTED, RULING_NEEDED

ENJOY, CLOSE, TELL, NOT_FOR = "可享", "差一点", "待补充", "不适用"
GROUPS = (ENJOY, CLOSE, TELL, NOT_FOR)
UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Missing:
    """A blank that keeps a result open; ``told`` where it was answered with 不清楚."""

    question: str
    field: str
    label: str
    told: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A failing criterion: how far the firm is, in the criterion's own unit."""

    id: str
    clause: str
    text: str
    actual: Any
    needed: Any
    gap: Any
    unit: str


@dataclass(frozen=True, slots=True)
class RulingUsed:
    """An open question of the text on which the result rests; ``default`` where nobody has decided it."""

    id: str
    question: str
    choice: str
    default: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One event of an award and what became of it; money in fen."""

    name: str
    state: str
    amount: int
    most: int | None
    why: str
    how: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """One standard or award. Money in fen; ``amount`` is what is granted, ``most`` what an open award can still bring."""

    id: str
    name: str
    kind: str
    group: str
    verdict: str
    tier: str
    version: str
    document: str
    clause: str
    confidence: str
    unconfirmed: bool
    why: tuple[str, ...]
    score: Score | None = None
    amount: int | None = None
    most: int | None = None
    payer: str = ""
    items: tuple[Item, ...] = ()
    gaps: tuple[Gap, ...] = ()
    missing: tuple[Missing, ...] = ()
    manual: tuple[str, ...] = ()
    rulings: tuple[RulingUsed, ...] = ()
    valid_until: date | None = None
    deadline: str = ""

    @property
    def how(self) -> tuple[str, ...]:
        """How the amounts come about, item by item."""
        return tuple(f"{item.name}：{line}" for item in self.items for line in item.how)


@dataclass(frozen=True)
class Results:
    """All results at a moment; ``size_class`` is 大型, 中型, 小型, 微型, 不适用 or None where it is open."""

    moment: Moment
    application: str
    results: tuple[Result, ...]
    size_class: str | None
    sentence: str
    notes: tuple[str, ...] = field(default=())

    def group(self, name: str) -> tuple[Result, ...]:
        """The results of one group (可享, 差一点, 待补充, 不适用)."""
        return tuple(result for result in self.results if result.group == name)

    @property
    def total(self) -> int:
        """What all awards grant, in fen."""
        return sum(result.amount or 0 for result in self.results)

    @property
    def totals(self) -> dict[str, int]:
        """What each payer grants, in fen."""
        found: dict[str, int] = {}
        for result in self.results:
            if result.amount:
                found[result.payer] = found.get(result.payer, 0) + result.amount
        return found


def results(
    answers: Answers, *, packs: PackSet, moment: Moment, choices: Mapping[str, str] | None = None, application: str = NEW
) -> Results:
    """Every standard and award in force on the law date.

    Where no policy that pays is in force there are no awards, and ``sentence`` names the last one and its end.
    ``choices`` overrides rulings by id; raises ``unknown-ruling`` or ``unknown-choice``.
    """
    case = case_of(answers, packs, moment, application)
    return results_of(case, settled(case, choices))


def results_of(case: Case, awards: AwardsFound) -> Results:
    """The same for a case whose awards are worked out already."""
    sizes = [judged.value for judged in case.judged if judged.standard.classes]
    standards = [standard_result(judged, case) for judged in case.judged if not judged.standard.classes]
    policies = {policy.name: policy for policy in awards.policies}
    paid = [_award(award, items, policies[award.policy], awards, case) for award, items in awards.items.items()]
    notes = ("没有计算以前已经领取的奖补，实际金额以核定为准。",) if any(result.amount for result in paid) else ()
    return Results(case.moment, case.application, (*paid, *standards), sizes[0] if sizes else None, awards.sentence, notes)


def standard_result(judged: Judged, case: Case) -> Result:
    """One standard as a result."""
    standard, missing = judged.standard, _missing(questions_behind(judged, case), case)
    return Result(
        id=standard.name,
        name=standard.name,
        kind="standard",
        group=_standard_group(judged),
        verdict=judged.verdict,
        tier=standard.tier,
        version=standard.version,
        document=standard.reference.text(),
        clause=standard.reference.part,
        confidence=standard.confidence,
        unconfirmed=standard.confidence == UNCONFIRMED,
        why=standard_why(judged, len(missing)),
        score=judged.score,
        gaps=tuple(_gap(entry) for entry in judged.unmet),
        missing=missing,
        manual=judged.manual,
        valid_until=_last_day(standard.in_force),
        deadline=_deadline(standard.in_force, "申报时间以当年通知为准"),
    )


def _standard_group(judged: Judged) -> str:
    if judged.verdict == MET:
        return ENJOY
    if judged.verdict in {UNKNOWN, MANUAL}:
        return TELL
    return CLOSE if is_close(judged) else NOT_FOR


def _award(award: Award, items: tuple[AwardItem, ...], policy: Policy, found: AwardsFound, case: Case) -> Result:
    states = [item.state for item in items]
    amount = sum(item.amount for item in items)
    is_open = any(state in {UNKNOWN, RULING_NEEDED} for state in states)
    granted = any(state in {GRANTED, CAPPED} for state in states)
    fields = tuple(dict.fromkeys(field for item in items if item.state == UNKNOWN for field in item.fields))
    return Result(
        id=award.id,
        name=award.title,
        kind="award",
        group=ENJOY if granted else TELL if is_open else NOT_FOR,
        verdict=GRANTED if granted else UNKNOWN if is_open else "unmet",
        tier=policy.name,
        version=policy.version,
        document=policy.reference.text(),
        clause=award.clause,
        confidence=award.confidence,
        unconfirmed=UNCONFIRMED in {award.confidence, policy.confidence},
        why=award_why(award, items),
        amount=amount,
        most=_most(items, award),
        payer=award.payer,
        items=tuple(Item(one.entitlement.item, one.state, one.amount, one.most, one.entitlement.why, one.entitlement.how) for one in items),
        missing=_missing(fields, case),
        rulings=_rulings(items, found),
        valid_until=_last_day(policy.in_force),
        deadline=_deadline(policy.in_force, "事项发生在政策有效期内的才给"),
    )


def _most(items: tuple[AwardItem, ...], award: Award) -> int | None:
    """What the open items can still bring together, within the cap of the award; None where no bound is written."""
    open_items = [item.most for item in items if item.state == UNKNOWN]
    if None in open_items:
        return None
    total = sum(most for most in open_items if most is not None)
    return min(total, award.cap.fen) if award.cap is not None and award.cap.per != "item" and len(open_items) > 1 else total


def _rulings(items: tuple[AwardItem, ...], found: AwardsFound) -> tuple[RulingUsed, ...]:
    if found.settlement is None:
        return ()
    names = {name for item in items for name in item.entitlement.rulings}
    given = found.settlement.choices
    return tuple(
        RulingUsed(ruling.id, ruling.question, choice, ruling.in_force is None and ruling.id not in given)
        for ruling, choice in found.settlement.rulings
        if ruling.id in names
    )


def _missing(fields: tuple[Field, ...], case: Case) -> tuple[Missing, ...]:
    """The fields that can be filled in now, and those that were answered with 不清楚."""
    return tuple(
        Missing(field.question, field.name, case_label(field, case), case.answers.has(field.name))
        for field in fields
        if case.askable(field) or case.answers.given.get(field.name, "") is None
    )


def case_label(field: Field, case: Case) -> str:
    """A field's label with its year, its title, or the event it belongs to."""
    label = blank_of(field, case.answers, case.moment.year).label
    if not field.row:
        return label
    number = f"（第 {field.row} 项）" if field.row > 1 else ""
    return f"{questionnaire().questions[field.question].label}{number}：{label}"


def _gap(entry: Mapping[str, Any]) -> Gap:
    return Gap(
        str(entry["id"]), str(entry["clause"]), str(entry["text"]), entry["actual"], entry["needed"], entry["gap"], str(entry["unit"] or "")
    )


def _last_day(validity: Validity) -> date | None:
    return validity.end - timedelta(days=1) if validity.end is not None else None


def _deadline(validity: Validity, rest: str) -> str:
    last = _last_day(validity)
    return f"有效到 {last.isoformat()}；{rest}。" if last is not None else f"长期有效；{rest}。"
