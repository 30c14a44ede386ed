"""Whether a firm may have an award at all: scope, exclusions, what the award asks of the firm, rivals for one matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from tidu.kernel.awards import BY_EVENT, Demand, Exclusion, Home
from tidu.kernel.candidates import RELOCATION, Candidate, EventMoment, ExclusionKinds, World, open_fields
from tidu.kernel.decisive import outlook
from tidu.kernel.facts import Kind
from tidu.kernel.inputs import FirmInputs, event_counts
from tidu.kernel.intellectual_property import COUNTS
from tidu.kernel.interpret import missing_names
from tidu.kernel.packs import EventTest
from tidu.kernel.population import Firm
from tidu.kernel.rules import Flag, Rule, keys_of, walk
from tidu.kernel.truth import answer


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer with what it rests on: ``missing`` facts where unknown, ``detail`` for the sentence."""

    answer: bool | None
    missing: tuple[str, ...] = ()
    detail: str = ""


YES, NO = Finding(True), Finding(False)

read_keys = lru_cache(maxsize=4096)(keys_of)
"""The inputs of a rule, looked up once per rule."""


def judged(rule: Rule, inputs: FirmInputs, tests: Mapping[str, EventTest]) -> Finding:
    """The answer of a rule over a firm's inputs, with the decisive missing facts."""
    known = inputs.fill(read_keys(rule), tests)
    found = answer(rule, known)
    if found is not None:
        return YES if found else NO
    return Finding(None, missing_names(outlook(rule, known).decisive, inputs, tests))


def moved_away(firm: Firm, home: Home, since: date | None, until: date) -> Finding:
    """Whether one of the relations stands elsewhere after the last move in the period, both ends inside.

    A move and a return leave the firm at home; a move to an unrecorded place is unknown.
    """
    open_names: list[str] = []
    listed = firm.events.get(RELOCATION)
    if not listed:
        return NO
    for relation in home.relations:
        moves = [row for row in listed if row.get("关系") in {relation, None}]
        undated = [row for row in moves if not isinstance(row.get("日期"), date)]
        dated = sorted(
            ((day, row) for row in moves if isinstance(day := row.get("日期"), date) and (since is None or day >= since) and day <= until),
            key=lambda pair: (pair[0], str(pair[1].get("迁往"))),
        )
        last = dated[-1][1] if dated else None
        if last is not None and not undated and last.get("关系") == relation and last.get("迁往") not in {None, *home.places}:
            return Finding(True, detail=f"{relation}关系于 {dated[-1][0].isoformat()} 迁往 {last['迁往']}")
        open_names += [f"{RELOCATION}.日期"] * bool(undated)
        if last is not None and (last.get("迁往") is None or last.get("关系") is None):
            open_names += [f"{RELOCATION}.{name}" for name in ("关系", "迁往") if last.get(name) is None]
    return Finding(None, tuple(dict.fromkeys(open_names))) if open_names else NO


@dataclass
class Standing:
    """One firm before the policy, independent of any award; answers are computed once and shared."""

    firm: Firm
    world: World
    _scope: tuple[Finding, str, str] | None = None
    _possible: tuple[tuple[int, Exclusion], ...] | None = None
    _barred: dict[tuple[int, date], Finding] = field(default_factory=dict)
    _inputs: dict[tuple[date, int], FirmInputs] = field(default_factory=dict)

    def inputs(self, day: date, year: int) -> FirmInputs:
        """The firm's inputs on a day, with year facts of ``year``."""
        found = self._inputs.get((day, year))
        if found is None:
            moment = EventMoment(self.world.policy.in_force.start, day, year)
            found = self._inputs[day, year] = FirmInputs(self.firm, moment, self.world.packs)
        return found

    def scope(self) -> tuple[Finding, str, str]:
        """Whether the firm is in the policy's scope, with clause and text of what decides."""
        if self._scope is None:
            keys = _scope_facts(self.world)
            if keys is None:
                self._scope = self._scoped()
            else:
                # few combinations of these facts occur, and nothing else decides
                marks = tuple(map(self.firm.facts.get, keys))
                if marks not in self.world.scopes:
                    self.world.scopes[marks] = self._scoped()
                self._scope = self.world.scopes[marks]
        return self._scope

    def _scoped(self) -> tuple[Finding, str, str]:
        inputs, tests, scope = self.inputs(self.world.as_of, self.world.as_of.year - 1), self.world.policy.tests, self.world.policy.scope
        for rule in scope:
            if answer(rule, inputs.fill(read_keys(rule), tests)) is False:
                return NO, rule.label.clause, rule.label.text
        found = [judged(rule, inputs, tests) for rule in scope if answer(rule, inputs.known) is None]
        return Finding(None, tuple(dict.fromkeys(name for one in found for name in one.missing))) if found else YES, "", ""

    @property
    def exclusions(self) -> tuple[tuple[int, Exclusion], ...]:
        """The exclusions that can hold at all: a firm without events of their kinds has none."""
        if self._possible is None:
            listed, kinds_of_any = _exclusions(self.world)
            self._possible = (
                ()
                if kinds_of_any is not None and kinds_of_any.isdisjoint(self.firm.events)
                else tuple(pair for pair, kinds in listed if kinds is None or any(map(self.firm.events.get, kinds)))
            )
        return self._possible

    def barred(self, index: int, exclusion: Exclusion, day: date) -> Finding:
        """Whether an exclusion holds, counted back from ``day``."""
        found = self._barred.get((index, day))
        if found is None:
            found = self._barred[index, day] = self._bar(exclusion, day)
        return found

    def _bar(self, exclusion: Exclusion, day: date) -> Finding:
        if exclusion.home is not None:
            return moved_away(self.firm, exclusion.home, None, self.world.as_of)
        rule, tests = exclusion.rule, self.world.policy.tests
        if rule is None:
            return NO
        inputs = self.inputs(day, day.year - 1)
        found = judged(rule, inputs, tests)
        return Finding(True, detail=_days(rule, inputs, tests)) if found.answer else found

    def demand(self, candidate: Candidate, demand: Demand, rule: Rule, tests: Mapping[str, EventTest]) -> Finding:
        """Whether the firm is, on the day of the event, what an award asks."""
        award, day = candidate.award, candidate.day
        applies = True if demand.only_if is None else answer(demand.only_if, candidate.known)
        if applies is False:
            return YES
        if day is None:
            return Finding(None, (f"{award.event}.{award.date_field}",))
        year = candidate.known.get(award.year_field) if award.year_field else day.year - 1
        kind = _event_kind(rule, tests)
        found = NO if kind is not None and not self.firm.events.get(kind) else judged(rule, self.inputs(day, year or 0), tests)
        if found.answer is None and year is None:
            found = Finding(None, tuple(dict.fromkeys(self._year_named(name, candidate) for name in found.missing)))
        if applies is None and found.answer is not True and demand.only_if is not None:
            return Finding(None, tuple(dict.fromkeys([*open_fields(demand.only_if, candidate.known, award.event), *found.missing])))
        return found

    def _year_named(self, name: str, candidate: Candidate) -> str:
        """Where the year itself is missing, it is the year that has to be asked for."""
        fact = self.world.packs.scope.catalogue.facts.get(name)
        award = candidate.award
        return f"{award.event}.{award.year_field}" if fact is not None and fact.kind is Kind.YEAR else name


def _scope_facts(world: World) -> tuple[str, ...] | None:
    """The firm facts that alone decide the scope; None where it rests on more."""
    if world.scope_facts is None:
        facts = world.packs.scope.catalogue.facts
        keys = sorted(frozenset().union(*map(read_keys, world.policy.scope)))
        plain_facts = all(key in facts and facts[key].kind is Kind.FIRM and not _is_derived(key, world) for key in keys)
        world.scope_facts = (tuple(keys) if plain_facts else None,)
    return world.scope_facts[0]


def _is_derived(key: str, world: World) -> bool:
    return key in world.packs.mappings or key in COUNTS or key == "市场主体类型"


def _exclusions(world: World) -> ExclusionKinds:
    """The numbered exclusions of the policy, each with the kinds of events that it rests on, and the kinds of all together."""
    if world.exclusions is None:
        listed = tuple((pair, _event_kinds(pair[1], world)) for pair in enumerate(world.policy.exclusions))
        kinds = [kinds for _, kinds in listed if kinds is not None]
        world.exclusions = listed, frozenset().union(*kinds) if len(kinds) == len(listed) else None
    return world.exclusions


def _event_kinds(exclusion: Exclusion, world: World) -> frozenset[str] | None:
    """The kinds of events that an exclusion rests on; None where it rests on more, or holds in their absence."""
    if exclusion.home is not None:
        return frozenset((RELOCATION,))
    kind = None if exclusion.rule is None else _event_kind(exclusion.rule, world.policy.tests)
    return None if kind is None else frozenset((kind,))


def _event_kind(rule: Rule, tests: Mapping[str, EventTest]) -> str | None:
    """The kind of events that a rule counts and without which it fails; None where it rests on something else."""
    if isinstance(rule, Flag) and rule.wanted and rule.key in tests and tests[rule.key].at_least > 0:
        return tests[rule.key].event
    return None


def _days(rule: Rule, inputs: FirmInputs, tests: Mapping[str, EventTest]) -> str:
    """The days of the events that make an exclusion hold."""
    days: list[str] = []
    for node in walk(rule):
        if isinstance(node, Flag) and node.key in tests:
            test = tests[node.key]
            rows = [row for row in inputs.firm.events.get(test.event, ()) if event_counts(test, row, inputs.moment)]
            days += sorted(f"{day.isoformat()} {test.event}" for row in rows if isinstance(day := row.get(test.date_field), date))
    return "、".join(dict.fromkeys(days))


def counting_day(effect: str, candidate: Candidate, as_of: date) -> date:
    """The day from which an exclusion counts back."""
    return candidate.day if effect == BY_EVENT and candidate.day is not None else as_of


def first_among_rivals(own: int | None, others: Iterable[int | None]) -> bool | None:
    """Whether a firm's rank is the first of those who claim the same matter; None where ranks are missing or equal."""
    ranks = list(others)
    best = min((rank for rank in ranks if rank is not None), default=None)
    if own is None:
        return False if best == 1 else None
    if best is not None and best < own:
        return False
    if best == own or (None in ranks and own > 1):
        return None
    return True


def rival_ranks(candidate: Candidate, firm: Firm, world: World, standings: Mapping[str, Standing]) -> list[int | None]:
    """Ranks of the other firms of the district that claim the same matter."""
    rivals = candidate.award.rivals
    mark = candidate.known.get(rivals.same) if rivals is not None else None
    if mark is None:
        return []
    claims = world.claims.get((candidate.award.id, str(mark)), [])
    return [rank for code, rank in claims if code != firm.code and standings[code].scope()[0].answer is not False]
