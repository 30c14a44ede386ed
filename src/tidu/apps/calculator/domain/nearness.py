"""Who is one or two steps short: the definition behind 差一点.

A standard is close where it is not met, nothing is left open but a person's judgement, one or two of its criteria fail,
and each of them can be worked on: a lever of the effort document moves it and it is within reach, or a title can be
applied for. Within reach is: not further than half of the bound, or one piece of what is counted, or ten points of a score.
Years that have to pass, violations and what officials classify are no work of the firm's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from tidu.apps.calculator.domain.judging import Judged
from tidu.exchange.assessment_figures import unmet_criteria
from tidu.kernel.effort import Effort, effort_of
from tidu.kernel.expressions import split_key
from tidu.kernel.inputs import EVENT_PREFIX
from tidu.kernel.interpret import UNMET
from tidu.kernel.packs import PackSet
from tidu.kernel.rules import All, AnyOf, AtLeast, Flag, Named, Rule, ScoreAtLeast, leaf_keys, walk
from tidu.kernel.rules import Judged as ByPerson
from tidu.kernel.truth import answer

MOST_FAILING = 2
POINTS_WITHIN_REACH = 10
TITLES = "认定"


def is_close(judged: Judged, packs: PackSet) -> bool:
    """Whether the standard is 差一点."""
    if judged.verdict != UNMET:
        return False
    criteria = list(criteria_of(judged.standard.requires))
    failing = [rule for rule in criteria if answer(rule, judged.known) is False]
    left_open = [rule for rule in criteria if answer(rule, judged.known) is None and not _only_by_person(rule)]
    if not 0 < len(failing) <= MOST_FAILING or left_open:
        return False
    entries = unmet_criteria({"unmet": judged.unmet})
    costs = effort(packs)
    return all(_workable(rule, judged, costs) and _within_reach(entries.get(rule.label.id, [])) for rule in failing)


def criteria_of(rule: Rule) -> Iterator[Rule]:
    """The criteria of a standard: the parts of its outermost conjunction."""
    if isinstance(rule, All):
        for part in rule.parts:
            yield from [part] if part.label.id else criteria_of(part)
    else:
        yield rule


_efforts: dict[int, tuple[PackSet, Effort]] = {}


def effort(packs: PackSet) -> Effort:
    """The effort document in force, read once per set of packs."""
    found = _efforts.get(id(packs))
    if found is None or found[0] is not packs:
        found = _efforts[id(packs)] = (packs, effort_of(packs))
    return found[1]


def _only_by_person(rule: Rule) -> bool:
    return all(isinstance(node, ByPerson) or not leaf_keys(node) for node in walk(rule))


def _workable(rule: Rule, judged: Judged, costs: Effort) -> bool:
    """Whether the firm can do something about a failing rule."""
    match rule:
        case Named(_, node):
            return _workable(node, judged, costs)  # type: ignore[arg-type]
        case All(parts):
            failing = [part for part in parts if answer(part, judged.known) is False]
            return all(_workable(part, judged, costs) for part in failing)
        case AnyOf(parts) | AtLeast(_, parts):
            return any(_workable(part, judged, costs) for part in parts)
        case ScoreAtLeast():
            return True
        case Flag(key, wanted) if key.startswith(EVENT_PREFIX):
            return wanted and judged.standard.tests[key].event == TITLES
        case _:
            return any(split_key(key)[0] in costs.levers and split_key(key)[1] == 0 for key in leaf_keys(rule))


def _within_reach(entries: list[Mapping[str, Any]]) -> bool:
    """Of alternatives one has to be near, of all else everything."""
    plain = [entry for entry in entries if not entry.get("alternative")]
    alternatives = [entry for entry in entries if entry.get("alternative")]
    return all(map(_near, plain)) and (not alternatives or any(map(_near, alternatives)))


def _near(entry: Mapping[str, Any]) -> bool:
    gap, needed = entry.get("gap"), entry.get("needed")
    if isinstance(gap, bool) or not isinstance(gap, int | float):
        return True
    far = abs(Fraction(str(gap)))
    if entry.get("unit") == "分":
        return far <= POINTS_WITHIN_REACH
    if isinstance(needed, bool) or not isinstance(needed, int | float):
        return True
    return far <= abs(Fraction(str(needed))) / 2 or (entry.get("unit") in {"项", "人", "级", ""} and far <= 1)
