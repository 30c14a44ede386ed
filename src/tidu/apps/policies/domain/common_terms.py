"""What a policy says about all its awards: who is excluded, what counts as one ground, what is owed after payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.lines import Line, LineReader, listed_or
from tidu.apps.policies.domain.rulings import Choices, RulingRef, ref_of
from tidu.kernel.awards import EVENT_YEAR, Home, Policy, StackingRule
from tidu.kernel.packs import PackSet

DECIDING_DAY = "核定日"


@dataclass(frozen=True, slots=True)
class ExclusionText(Document):
    """What bars a firm: ``rule`` in words, ``line`` where it is a criterion, ``ruling`` where the day to count from is open."""

    id: str
    clause: str
    text: str
    rule: str
    line: Line | None
    ruling: RulingRef | None


@dataclass(frozen=True, slots=True)
class StackingText(Document):
    """从高不重复: which awards share a ground, told by which fields, in words; ``ruling`` may switch it off."""

    id: str
    clause: str
    title: str
    awards: tuple[str, ...]
    by: tuple[str, ...]
    text: str
    ruling: RulingRef | None


@dataclass(frozen=True, slots=True)
class ObligationText(Document):
    """What a paid firm owes for some years; ``ruling`` says from which day and whether the last day counts."""

    id: str
    clause: str
    text: str
    years: int
    rule: str
    ruling: RulingRef | None


def _moved(home: Home) -> str:
    return f"把{listed_or(home.relations)}关系迁出{home.places[-1]}"


def exclusions_of(packs: PackSet, policy: Policy, section: Mapping[str, Any], choices: Choices) -> tuple[ExclusionText, ...]:
    """The exclusions of a policy, whose section in the pack is ``section``."""
    found = []
    for exclusion, raw in zip(policy.exclusions, section.get("exclusions") or (), strict=True):
        label = exclusion.label
        reader = LineReader(packs, day=f"口径 {exclusion.counted_from} 所定之日" if exclusion.counted_from else DECIDING_DAY)
        line = reader.line(raw) if exclusion.rule is not None else None
        rule = line.rule if line else f"已{_moved(exclusion.home)}" if exclusion.home else ""
        place = f"排除条件：{label.text}"
        ruling = ref_of(packs, exclusion.counted_from, place, choices) if exclusion.counted_from else None
        found.append(ExclusionText(label.id, label.clause, label.text, rule, line, ruling))
    return tuple(found)


def stacking_of(packs: PackSet, policy: Policy, choices: Choices) -> tuple[StackingText, ...]:
    """The groups of awards that are not paid twice for one reason."""
    return tuple(
        StackingText(
            rule.id,
            rule.clause,
            rule.title,
            rule.awards,
            rule.by,
            _stacking_text(rule),
            ref_of(packs, rule.ruling, f"从高不重复：{rule.title}", choices) if rule.ruling else None,
        )
        for rule in policy.stacking
    )


def _stacking_text(rule: StackingRule) -> str:
    alike = _listed(["事项日期的年份" if name == EVENT_YEAR else name for name in rule.by])
    if rule.between:
        return f"{alike}相同的视为同一事由：先按{rule.between}分别合计，再只给合计较高的一个{rule.between}"
    every = "都" if len(rule.by) > 1 else ""
    return f"{alike}{every}相同的视为同一事由，只给最高的一项；金额相同的给条款在前的一项"


def _listed(names: Sequence[str]) -> str:
    return "、".join(names)


def obligations_of(packs: PackSet, policy: Policy, choices: Choices) -> tuple[ObligationText, ...]:
    """What paid firms owe."""
    return tuple(
        ObligationText(
            one.label.id,
            one.label.clause,
            one.label.text,
            one.years,
            f"{one.years} 年内不得{_moved(one.home)}，否则收回",
            ref_of(packs, one.ruling, f"领款后的义务：{one.label.text}", choices),
        )
        for one in policy.obligations
    )
