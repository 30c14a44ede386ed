"""What an assessment says as a whole: counts, who is one step away, what is missing and what it would decide.

Nothing here judges a firm: verdicts, gaps and decisive missing facts are taken from the results as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tidu.exchange.report_words import firm_fact, results_of, verdict_state
from tidu.kernel.collecting import without_collections

Result = Mapping[str, Any]
Firms = Mapping[str, Mapping[str, object]]

CLASS_UNDECIDED = "待补充数据"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result with what the report says of it in several places: its verdict, its unmet criteria, whether it is one step away."""

    result: Result
    verdict: str
    criteria: Mapping[str, list[Result]]
    one_step: bool

    @property
    def closest(self) -> Result:
        """Of the entries of the only unmet criterion, the one that is nearest to its bound."""
        return nearest(next(iter(self.criteria.values())))

    @property
    def distance(self) -> float:
        """How far a firm one step away is from its bound, as a share of it; -1 where only a fact is missing (ordering only)."""
        return relative_gap(self.closest) if self.verdict == "unmet" else -1.0


def outcome_of(result: Result) -> Outcome:
    """What the report says of a result."""
    verdict, criteria = verdict_of(result), unmet_criteria(result)
    return Outcome(result, verdict, criteria, _is_one_step_away(result, verdict, criteria))


@dataclass
class StandardFigures:
    """One standard over all firms."""

    name: str
    verdicts: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    texts: Counter[tuple[str, str]] = field(default_factory=Counter)
    one_step: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def is_classification(self) -> bool:
        return bool(self.classes)

    @property
    def assessed(self) -> int:
        return len(self.outcomes)


@dataclass
class MissingFact:
    """A missing fact over all firms: whom it concerns and what it alone would decide."""

    name: str
    firms: set[str] = field(default_factory=set)
    decided_firms: set[str] = field(default_factory=set)
    decided_results: int = 0
    standards: dict[str, None] = field(default_factory=dict)


@dataclass
class FirmGap:
    """One firm lacking one fact: the standards waiting for it, and those that wait for nothing else."""

    firm: str
    result: Result
    fact: str
    standards: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)


@dataclass
class SubdistrictFigures:
    """One subdistrict: its firms and, by standard, how many of them meet it, are one step away, lack data."""

    name: str
    firms: set[str] = field(default_factory=set)
    meeting: set[str] = field(default_factory=set)
    stepping: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)
    met: Counter[str] = field(default_factory=Counter)
    one_step: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)


@dataclass
class AssessmentFigures:
    """All figures of one assessment, standards and subdistricts in the order of the document."""

    standards: dict[str, StandardFigures] = field(default_factory=dict)
    subdistricts: dict[str, SubdistrictFigures] = field(default_factory=dict)
    missing: list[MissingFact] = field(default_factory=list)
    firm_gaps: list[FirmGap] = field(default_factory=list)
    firms: set[str] = field(default_factory=set)
    meeting: Counter[str] = field(default_factory=Counter)
    stepping: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)
    judging: set[str] = field(default_factory=set)

    @property
    def judged(self) -> list[StandardFigures]:
        """Standards with verdicts, without the classifications."""
        return [standard for standard in self.standards.values() if not standard.is_classification]

    @property
    def classifications(self) -> list[StandardFigures]:
        return [standard for standard in self.standards.values() if standard.is_classification]


def verdict_of(result: Result) -> str:
    """The verdict; a classification is ``met`` when it has a class and ``unknown`` when it has none."""
    verdict = result.get("verdict")
    if verdict is None and "value" in result:
        return "unknown" if result["value"] is None else "met"
    verdict_state(verdict)
    return str(verdict)


def unmet_criteria(result: Result) -> dict[str, list[Result]]:
    """The unmet entries by the criterion they belong to, without score lines that are only a way to more points."""
    criteria: dict[str, list[Result]] = {}
    for entry in result.get("unmet") or ():
        if entry.get("kind", "criterion") == "criterion":
            criteria.setdefault(str(entry.get("criterion") or entry.get("id")), []).append(entry)
    return criteria


def _is_one_step_away(result: Result, verdict: str, criteria: Mapping[str, list[Result]]) -> bool:
    """One thing to reach and nothing missing, or undecided for the want of exactly one fact.

    The alternatives of an "any of" are one thing together.
    """
    match verdict:
        case "unmet":
            if len(criteria) != 1 or result.get("missing"):
                return False
            entries = next(iter(criteria.values()))
            alternatives = sum(1 for entry in entries if entry.get("alternative"))
            return len(entries) - alternatives + min(alternatives, 1) == 1
        case "unknown":
            return len(result.get("missing") or ()) == 1
    return False


def nearest(entries: Sequence[Result]) -> Result:
    """Of several entries the one that is nearest to its bound."""
    return min(entries, key=relative_gap)


@without_collections()
def assessment_figures(document: Mapping[str, object], firms: Firms) -> AssessmentFigures:
    """Count the results of ``document`` once through."""
    figures = AssessmentFigures()
    facts: dict[str, MissingFact] = {}
    gaps: dict[tuple[str, str], FirmGap] = {}
    for result in results_of(document):
        outcome = outcome_of(result)
        _count(figures, outcome, firms)
        _note_missing(facts, gaps, outcome)
    figures.missing = sorted(facts.values(), key=lambda fact: (-len(fact.decided_firms), -len(fact.firms)))
    figures.firm_gaps = sorted(gaps.values(), key=lambda gap: -len(gap.alone))
    figures.subdistricts = dict(sorted(figures.subdistricts.items(), key=lambda item: (item[0] == "未填写", -len(item[1].firms))))
    return figures


def _count(figures: AssessmentFigures, outcome: Outcome, firms: Firms) -> None:
    result, verdict = outcome.result, outcome.verdict
    code, name = str(result["firm"]), str(result["standard"])
    standard = figures.standards.get(name) or figures.standards.setdefault(name, StandardFigures(name))
    standard.outcomes.append(outcome)
    standard.texts[str(result.get("rule_set") or "未注明"), str(result.get("confidence") or "")] += 1
    place = firm_fact(code, firms, "所属街道")
    subdistrict = figures.subdistricts.get(place) or figures.subdistricts.setdefault(place, SubdistrictFigures(place))
    figures.firms.add(code)
    subdistrict.firms.add(code)
    if verdict == "unknown":
        figures.lacking.add(code)
        subdistrict.lacking.add(code)
        subdistrict.unknown[name] += 1
    if "value" in result:
        standard.classes[CLASS_UNDECIDED if result["value"] is None else str(result["value"])] += 1
        return
    standard.verdicts[verdict] += 1
    if verdict == "met":
        figures.meeting[code] += 1
        subdistrict.meeting.add(code)
        subdistrict.met[name] += 1
    elif verdict == "manual":
        figures.judging.add(code)
    if outcome.one_step:
        standard.one_step += 1
        figures.stepping.add(code)
        subdistrict.stepping.add(code)
        subdistrict.one_step[name] += 1


def _note_missing(facts: dict[str, MissingFact], gaps: dict[tuple[str, str], FirmGap], outcome: Outcome) -> None:
    result = outcome.result
    missing: Sequence[str] = result.get("missing") or ()
    code, standard = str(result["firm"]), str(result["standard"])
    alone = len(missing) == 1 and outcome.verdict == "unknown"
    for name in missing:
        fact = facts.setdefault(name, MissingFact(name))
        fact.firms.add(code)
        fact.standards[standard] = None
        gap = gaps.setdefault((code, name), FirmGap(code, result, name))
        gap.standards.append(standard)
        if alone:
            fact.decided_firms.add(code)
            fact.decided_results += 1
            gap.alone.append(standard)


def relative_gap(entry: Result) -> float:
    """The gap of an entry as a share of its bound (ordering only)."""
    gap, needed = entry.get("gap"), entry.get("needed")
    plain = (int, float)
    if isinstance(gap, bool) or not isinstance(gap, plain) or not isinstance(needed, plain) or not needed:
        return float("inf")
    return abs(gap / needed)
