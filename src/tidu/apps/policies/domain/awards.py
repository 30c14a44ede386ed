"""The pages of a policy that pays and of each of its awards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.amounts import AmountText, amount_text
from tidu.apps.policies.domain.common_terms import (
    ExclusionText,
    ObligationText,
    StackingText,
    exclusions_of,
    obligations_of,
    stacking_of,
)
from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.figures import source_words, unit_words
from tidu.apps.policies.domain.heads import Period, Source, Trust, digest_of, level_of, period_of, source_of, trust_of
from tidu.apps.policies.domain.lines import Line, LineReader, sentence
from tidu.apps.policies.domain.prose import prose
from tidu.apps.policies.domain.remembered import remembered
from tidu.apps.policies.domain.rulings import EVENT_DAY, Choices, RulingRef, as_choices, ref_of, refs_for, rule_in_force
from tidu.kernel.awards import Award, AwardBook, Policy
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import Kind
from tidu.kernel.packs import PackSet
from tidu.kernel.rules import keys_of


@dataclass(frozen=True, slots=True)
class EventField(Document):
    """A column of an event's register."""

    name: str
    unit: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventKind(Document):
    """The event an award is for, who registers it, and by which of its days it is dated."""

    name: str
    source: str
    date_field: str
    fields: tuple[EventField, ...]


@dataclass(frozen=True, slots=True)
class DemandText(Document):
    """What the firm must be on the day of the event; ``only_if`` limits it to some events.

    ``line`` is the condition; where a ruling decides it, that of the choice in force (None while it is pending).
    """

    id: str
    clause: str
    text: str
    only_if: str
    line: Line | None
    ruling: RulingRef | None


@dataclass(frozen=True, slots=True)
class AwardPage(Document):
    """One clause that pays, with what its policy says about it."""

    id: str
    title: str
    policy: str
    version: str
    level: str
    clause: str
    payer: str
    reference: Source
    in_force: Period | None
    trust: Trust
    note: str
    event: EventKind
    when: tuple[Line, ...]
    limits: tuple[Line, ...]
    demands: tuple[DemandText, ...]
    firm_year: str
    amount: AmountText
    once: str
    upgrade: RulingRef | None
    rivals: str
    stacking: tuple[StackingText, ...]
    scope: tuple[Line, ...]
    exclusions: tuple[ExclusionText, ...]
    obligations: tuple[ObligationText, ...]
    rulings: tuple[RulingRef, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class AwardSummary(Document):
    """An award in the list of its policy."""

    id: str
    title: str
    clause: str
    payer: str
    event: str
    formula: str
    text: str


@dataclass(frozen=True, slots=True)
class PolicyPage(Document):
    """A policy that pays: who may have it, who not, how its awards stack, what they bind to, and its awards."""

    name: str
    version: str
    level: str
    reference: Source
    in_force: Period
    trust: Trust
    note: str
    payers: tuple[str, ...]
    late: RulingRef | None
    scope: tuple[Line, ...]
    exclusions: tuple[ExclusionText, ...]
    stacking: tuple[StackingText, ...]
    obligations: tuple[ObligationText, ...]
    awards: tuple[AwardSummary, ...]
    rulings: tuple[str, ...]
    digest: str


def award_page(packs: PackSet, award_id: str, choices: Mapping[str, str] | None = None) -> AwardPage:
    """The page of an award under ``choices`` of rulings; raises ``unknown-award``, ``unknown-ruling`` or ``unknown-choice``."""
    return _award_page(packs, award_id, as_choices(choices))


def policy_page(packs: PackSet, name: str, version: str = "", choices: Mapping[str, str] | None = None) -> PolicyPage:
    """The page of a policy's version (empty: the newest); raises ``unknown-policy``."""
    return _policy_page(packs, name, version, as_choices(choices))


@remembered
def _award_page(packs: PackSet, award_id: str, choices: Choices) -> AwardPage:
    book = packs.book or AwardBook()
    award = next((one for one in book.awards if one.id == award_id), None)
    if award is None:
        known = "、".join(one.id for one in book.awards) or "（没有）"
        raise TiduError("unknown-award", f"没有编号为“{award_id}”的奖补。可用：{known}。请核对编号。", id=award_id)
    policy = _policy_of(book, award.policy, "")
    section = next(one for one in packs.documents["award"] if str(one["award"]) == award.id)
    reader = LineReader(packs).over(award.event)
    return AwardPage(
        id=award.id,
        title=award.title,
        policy=policy.name,
        version=policy.version,
        level=level_of(award.origin),
        clause=award.clause,
        payer=award.payer,
        reference=source_of(policy.reference),
        in_force=period_of(policy.in_force),
        trust=trust_of(award.confidence, section.get("checked_on") or _section_of(packs, policy).get("checked_on")),
        note=prose(award.note),
        event=_event(packs, award),
        when=reader.lines(section.get("when"), award.clause),
        limits=reader.lines(section.get("limits"), award.clause),
        demands=tuple(_demands(packs, award, section, choices)),
        firm_year=_firm_year(packs, award),
        amount=amount_text(packs, award, section, choices),
        once=_once(award),
        upgrade=ref_of(packs, award.upgrade, "由低档升到高档时给多少", choices) if award.upgrade else None,
        rivals=_rivals(award),
        stacking=tuple(one for one in stacking_of(packs, policy, choices) if award.id in one.awards),
        scope=_scope(packs, policy),
        exclusions=exclusions_of(packs, policy, _section_of(packs, policy), choices),
        obligations=obligations_of(packs, policy, choices),
        rulings=refs_for(packs, award.id, choices),
        digest=digest_of(packs, award.origin),
    )


def _policy_of(book: AwardBook, name: str, version: str) -> Policy:
    found = [policy for policy in book.policies if policy.name == name and (not version or policy.version == version)]
    if not found:
        known = "、".join(f"{policy.name} {policy.version}" for policy in book.policies) or "（没有）"
        raise TiduError("unknown-policy", f"没有名为“{name}”{version}的政策。可用：{known}。请核对名称。", name=name, version=version)
    return max(found, key=lambda policy: policy.in_force.start)


def _section_of(packs: PackSet, policy: Policy) -> Mapping[str, Any]:
    return next(
        one for one in packs.documents["policy"] if str(one["policy"]) == policy.name and str(one.get("version") or "") == policy.version
    )


def _scope(packs: PackSet, policy: Policy) -> tuple[Line, ...]:
    return LineReader(packs).lines(_section_of(packs, policy).get("scope"))


def _event(packs: PackSet, award: Award) -> EventKind:
    kind = packs.scope.catalogue.event(award.event)
    fields = tuple(EventField(one.name, unit_words(one), one.values) for one in kind.fields.values())
    return EventKind(kind.name, source_words(kind.source), award.date_field, fields)


def _demands(packs: PackSet, award: Award, section: Mapping[str, Any], choices: Choices) -> Iterator[DemandText]:
    firm, event = LineReader(packs, day=EVENT_DAY), LineReader(packs).over(award.event)
    for demand, raw in zip(award.demands, section.get("firm") or (), strict=True):
        only_if = "，且".join(sentence(line) for line in event.lines(raw.get("only_if")))
        line = firm.line(raw, award.clause) if demand.rule is not None else rule_in_force(packs, demand.ruling, choices)
        ruling = ref_of(packs, demand.ruling, f"对企业的要求：{demand.label.text}", choices) if demand.ruling else None
        yield DemandText(demand.label.id, demand.label.clause or award.clause, demand.label.text, only_if, line, ruling)


def _firm_year(packs: PackSet, award: Award) -> str:
    facts = packs.scope.catalogue.facts
    read = {split_key(key)[0] for demand in award.demands if demand.rule is not None for key in keys_of(demand.rule)}
    if not any(name in facts and facts[name].kind is Kind.YEAR for name in read):
        return "不看企业的年度数据"
    return f"企业的年度数据看事项的“{award.year_field}”" if award.year_field else "企业的年度数据看事项日期的上一年"


def _once(award: Award) -> str:
    if award.once is None:
        return ""
    if award.once.per == "tier":
        return "每家企业每一档只给一次"
    return "每家企业只给一次" + ("，以前有过同类事项的都不算首次" if award.once.history else "")


def _rivals(award: Award) -> str:
    if award.rivals is None:
        return ""
    return f"“{award.rivals.same}”相同的视为同一事项，按“{award.rivals.rank}”从前往后排；给一家还是都给由口径 {award.rivals.ruling} 决定"


@remembered
def _policy_page(packs: PackSet, name: str, version: str, choices: Choices) -> PolicyPage:
    book = packs.book or AwardBook()
    policy = _policy_of(book, name, version)
    section = _section_of(packs, policy)
    pages = [_award_page(packs, award.id, choices) for award in book.awards_of(policy)]
    return PolicyPage(
        name=policy.name,
        version=policy.version,
        level=level_of(policy.origin),
        reference=source_of(policy.reference),
        in_force=period_of(policy.in_force),
        trust=trust_of(policy.confidence, section.get("checked_on")),
        note=prose(policy.note),
        payers=policy.payers,
        late=ref_of(packs, policy.late, "有效期满后才核定的还给不给", choices) if policy.late else None,
        scope=_scope(packs, policy),
        exclusions=exclusions_of(packs, policy, section, choices),
        stacking=stacking_of(packs, policy, choices),
        obligations=obligations_of(packs, policy, choices),
        awards=tuple(
            AwardSummary(page.id, page.title, page.clause, page.payer, page.event.name, page.amount.formula, page.amount.text)
            for page in pages
        ),
        rulings=tuple(ruling.id for ruling in book.rulings.values() if ruling.policy == policy.name),
        digest=digest_of(packs, policy.origin),
    )
