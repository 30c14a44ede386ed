"""Rulings as people decide them: the question, what each option does, which is in force and by whom, what it touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.heads import digest_of
from tidu.apps.policies.domain.lines import Line, LineReader
from tidu.apps.policies.domain.prose import prose
from tidu.apps.policies.domain.remembered import remembered
from tidu.kernel.awards import PENDING, Award, AwardBook, Policy, Ruling
from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet

DEFAULT, ADOPTED, GIVEN, OPEN = "default", "adopted", "given", "pending"
EVENT_DAY = "事项当天"
"""The day on which an award looks at the firm."""
Choices = tuple[tuple[str, str], ...]
"""Choices as pairs in order of id, which can be remembered."""

EFFECTS: Mapping[str, str] = {
    "difference": "只补与较低档的差额",
    "full": "各档都给全额",
    "highest": "同一事由只给最高的一项",
    "separate": "各给各的",
    "event": "以事项日期为准",
    "decision": "以核定日期为准",
    "payment": "以拨付日期为准",
    "first": "只给排名最前的一家",
    "each": "每家都给",
    "zero": "基数为零，配套也为零",
    "stated": "按文件自己写的金额给",
    "accept": "仍然给",
    "refuse": "不再给",
    "rule": "按下列条件判断",
    "payment-inside": "从拨付之日起算，满期当天在内",
    "payment-outside": "从拨付之日起算，满期当天不在内",
    "event-inside": "从事项之日起算，满期当天在内",
    "event-outside": "从事项之日起算，满期当天不在内",
}
"""What the effect of an option does, as it is said to a person."""


@dataclass(frozen=True, slots=True)
class OptionText(Document):
    """One answer: ``effect_text`` is what it does, ``rule`` the condition it stands for, if any."""

    choice: str
    text: str
    effect: str
    effect_text: str
    rule: Line | None
    chosen: bool
    default: bool


@dataclass(frozen=True, slots=True)
class Touch(Document):
    """One award that a ruling bears on, and where in it."""

    award: str
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class RulingPage(Document):
    """A ruling: ``state`` is default, adopted, given (for this calculation only) or pending; ``by`` and ``on`` only if adopted."""

    id: str
    policy: str
    clause: str
    question: str
    options: tuple[OptionText, ...]
    choice: str
    default: str
    state: str
    state_text: str
    by: str
    on: date | None
    note: str
    touches: tuple[Touch, ...]
    awards: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class RulingRef(Document):
    """A ruling as another page names it: the choice in force, what it means, and where it is asked."""

    id: str
    question: str
    choice: str
    choice_text: str
    state_text: str
    place: str


def as_choices(choices: Mapping[str, str] | None) -> Choices:
    """Choices in an order that does not depend on how they were given."""
    return tuple(sorted((choices or {}).items()))


def rulings(packs: PackSet, choices: Mapping[str, str] | None = None) -> tuple[RulingPage, ...]:
    """Every ruling under ``choices`` (id → choice or 待定); raises ``unknown-ruling`` or ``unknown-choice``."""
    return _rulings(packs, as_choices(choices))


def ruling_page(packs: PackSet, ruling: str, choices: Mapping[str, str] | None = None) -> RulingPage:
    """One ruling; raises ``unknown-ruling``."""
    found = next((page for page in rulings(packs, choices) if page.id == ruling), None)
    if found is None:
        known = "、".join((packs.book or AwardBook()).rulings) or "（没有）"
        raise TiduError("unknown-ruling", f"没有编号为“{ruling}”的口径。可用：{known}。请核对编号。", id=ruling)
    return found


@remembered
def _rulings(packs: PackSet, choices: Choices) -> tuple[RulingPage, ...]:
    book = packs.book or AwardBook()
    given = book.checked_choices(dict(choices))
    return tuple(_page(packs, ruling, given) for ruling in book.rulings.values())


def _page(packs: PackSet, ruling: Ruling, given: Mapping[str, str]) -> RulingPage:
    choice = given.get(ruling.id, ruling.choice)
    state, text = _state(ruling, given.get(ruling.id))
    adopted = ruling.in_force if state == ADOPTED else None
    touched = tuple(touch for name, touch in _touches(packs) if name == ruling.id)
    return RulingPage(
        id=ruling.id,
        policy=ruling.policy,
        clause=ruling.clause,
        question=ruling.question,
        options=tuple(_options(packs, ruling, choice)),
        choice=choice,
        default=ruling.default,
        state=state,
        state_text=text,
        by=adopted.by if adopted else "",
        on=adopted.on if adopted else None,
        note=prose(ruling.note),
        touches=touched,
        awards=tuple(dict.fromkeys(touch.award for touch in touched)),
        digest=digest_of(packs, ruling.origin),
    )


def _state(ruling: Ruling, given: str | None) -> tuple[str, str]:
    if (given or ruling.choice) == PENDING:
        return OPEN, "待定：受它影响的结果不计算金额、不付"
    if given is not None and given != ruling.choice:
        return GIVEN, "本次测算指定，不是正式口径"
    if ruling.in_force is not None:
        on = f" {ruling.in_force.on.isoformat()}" if ruling.in_force.on else ""
        return ADOPTED, f"{ruling.in_force.by}{on} 确定"
    return DEFAULT, "系统默认，还没有任何部门确定"


def _options(packs: PackSet, ruling: Ruling, choice: str) -> Iterator[OptionText]:
    section = next(one for one in packs.documents["ruling"] if str(one["ruling"]) == ruling.id)
    reader = LineReader(packs, day=EVENT_DAY)
    for option, raw in zip(ruling.options, section["options"], strict=True):
        rule = reader.line(raw["rule"], ruling.clause) if "rule" in raw else None
        effect_text = EFFECTS.get(option.effect, option.effect)
        chosen, default = option.choice == choice, option.choice == ruling.default
        yield OptionText(option.choice, prose(option.text), option.effect, effect_text, rule, chosen, default)


@remembered
def _touches(packs: PackSet) -> tuple[tuple[str, Touch], ...]:
    """Every place that asks a ruling, award by award."""
    book = packs.book or AwardBook()
    policies = {policy.name: policy for policy in book.policies}
    return tuple(
        (name, Touch(award.id, award.title, place))
        for award in book.awards
        for name, place in (*_asked_by(award), *(_asked_about(award, policies[award.policy]) if award.policy in policies else ()))
        if name
    )


def _asked_by(award: Award) -> Iterator[tuple[str, str]]:
    """Rulings that an award itself asks."""
    yield from ((demand.ruling, f"对企业的要求：{demand.label.text}") for demand in award.demands)
    yield award.cap.year if award.cap else "", "每年上限按哪一年计"
    yield award.upgrade, "由低档升到高档时给多少"
    yield award.zero_base, "上级基数为零时怎样配套"
    yield award.rivals.ruling if award.rivals else "", "同一事项有几家企业时给谁"


def _asked_about(award: Award, policy: Policy) -> Iterator[tuple[str, str]]:
    """Rulings that the policy asks of an award."""
    yield from ((rule.ruling, f"从高不重复：{rule.title}") for rule in policy.stacking if award.id in rule.awards)
    yield from ((exclusion.counted_from, f"排除条件：{exclusion.label.text}") for exclusion in policy.exclusions)
    yield policy.late, "有效期满后才核定的还给不给"
    yield from ((obligation.ruling, f"领款后的义务：{obligation.label.text}") for obligation in policy.obligations)


def rule_in_force(packs: PackSet, ruling: str, choices: Choices) -> Line | None:
    """The condition that the chosen option of a ruling stands for; None where it is pending or stands for none."""
    found = next((page for page in _rulings(packs, choices) if page.id == ruling), None)
    return next((option.rule for option in found.options if option.chosen), None) if found else None


def refs_for(packs: PackSet, award: str, choices: Choices) -> tuple[RulingRef, ...]:
    """The rulings that concern one award, each place once."""
    pages = {page.id: page for page in _rulings(packs, choices)}
    return tuple(ref_to(pages[name], touch.place) for name, touch in _touches(packs) if touch.award == award)


def ref_to(page: RulingPage, place: str) -> RulingRef:
    """A ruling as it is named elsewhere."""
    meaning = next((option.text for option in page.options if option.chosen), page.state_text)
    return RulingRef(page.id, page.question, page.choice, meaning, page.state_text, place)


def ref_of(packs: PackSet, ruling: str, place: str, choices: Choices) -> RulingRef | None:
    """The ruling asked at a place; None where none is."""
    found = next((page for page in _rulings(packs, choices) if page.id == ruling), None)
    return ref_to(found, place) if found else None
