"""What the awards in force come to for the answers; an event type nobody was asked about may yet bring each of them.

The kernel settles registers that are complete. For types that are not told, the firm is settled thrice: without such events,
with one event of unknown content for each award, and with one of every untold type, those that bar a firm included. An item
is decided where it is the same with and without what may bar it; else it is open, and the most it could bring is the most its
formula and its cap allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from tidu.apps.calculator.domain.firms import with_untold_rows
from tidu.apps.calculator.domain.judging import Case
from tidu.apps.calculator.domain.question_reading import questionnaire
from tidu.apps.calculator.domain.questions import Field
from tidu.kernel.awards import Award, AwardBook, Policy
from tidu.kernel.candidates import RELOCATION, Candidate, candidate_of, candidates_of, item_names
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import Kind
from tidu.kernel.inputs import event_counts
from tidu.kernel.population import Firm
from tidu.kernel.quantities import round_half_up
from tidu.kernel.settle import CAPPED, GRANTED, UNKNOWN, Entitlement, Settlement, settle
from tidu.kernel.truth import answer

CODE = "CALCULATOR"


@dataclass(frozen=True, eq=False)
class AwardItem:
    """One award with one event of the firm, or the award as such where its events are untold.

    ``most`` is the most an open item can bring, in fen (None: no bound is written); ``fields`` are the blanks that keep
    it open, answered with 不清楚 or not at all.
    """

    award: Award
    entitlement: Entitlement
    state: str
    untold: bool
    most: int | None
    fields: tuple[Field, ...]

    @property
    def amount(self) -> int:
        """What is granted, in fen."""
        return self.entitlement.amount if self.state in {GRANTED, CAPPED} else 0


@dataclass(frozen=True)
class AwardsFound:
    """All awards in force: items by award, the policies, and a sentence where none is in force."""

    policies: tuple[Policy, ...]
    items: Mapping[Award, tuple[AwardItem, ...]]
    settlement: Settlement | None
    sentence: str


def awards_in_force(book: AwardBook | None, case: Case) -> list[Policy]:
    """Policies that pay on the law date; none is no error here."""
    return [policy for policy in book.policies if policy.in_force.holds(case.moment.law_date)] if book is not None else []


def no_policy_sentence(book: AwardBook | None, case: Case) -> str:
    """Names the policy that ended last before the law date, or that begins next."""
    day = case.moment.law_date
    policies = book.policies if book is not None else ()
    ended = [(policy.in_force.end, policy) for policy in policies if policy.in_force.end is not None and policy.in_force.end <= day]
    if ended:
        end, policy = max(ended, key=lambda pair: pair[0])
        last = (end - timedelta(days=1)).isoformat()
        return f"{day.isoformat()} 没有现行的奖补政策：最近的《{policy.name}》（{policy.version}）到 {last} 止。新政策公布后，这里会更新。"
    if policies:
        first = min(policies, key=lambda policy: policy.in_force.start)
        return f"{day.isoformat()} 还没有奖补政策：《{first.name}》（{first.version}）从 {first.in_force.start.isoformat()} 起。"
    return "没有登记任何奖补政策。"


def settled(case: Case, choices: Mapping[str, str] | None = None) -> AwardsFound:
    """All awards in force under ``choices`` of rulings; raises ``unknown-ruling`` or ``unknown-choice``."""
    book = case.packs.book
    policies = awards_in_force(book, case)
    if book is None or not policies:
        return AwardsFound((), {}, None, no_policy_sentence(book, case))
    firm = replace(case.told.firm, code=CODE)
    plain = _settle(firm, case, choices)
    found: dict[Award, list[AwardItem]] = {award: [] for policy in policies for award in book.awards_of(policy)}
    if not case.told.untold:
        for entitlement in plain.results:
            found[entitlement.award].append(_item(entitlement, entitlement, firm, case))
        return AwardsFound(tuple(policies), {award: tuple(items) for award, items in found.items()}, plain, "")
    paid = frozenset(award.event for award in found)
    own = _settle(with_untold_rows(firm, case.told.untold & paid), case, choices)
    maybe_firm = with_untold_rows(firm, case.told.untold)
    maybe = _settle(maybe_firm, case, choices)
    # an award nobody has told an event of is held against what it is where it happened and nothing bars the firm
    sure = {(one.award.id, one.item): one for one in (*own.results, *plain.results)}
    for entitlement in maybe.results:
        found[entitlement.award].append(_item(entitlement, sure.get((entitlement.award.id, entitlement.item)), maybe_firm, case))
    return AwardsFound(tuple(policies), {award: tuple(items) for award, items in found.items()}, plain, "")


def _settle(firm: Firm, case: Case, choices: Mapping[str, str] | None) -> Settlement:
    return settle([firm], case.packs, law_date=case.moment.law_date, as_of=case.moment.facts_as_of, choices=choices)


def _item(found: Entitlement, sure: Entitlement | None, firm: Firm, case: Case) -> AwardItem:
    """An item as it is with untold events, held against what it is without them."""
    untold = found.award.event in case.told.untold
    agreed = sure is None or (sure.state, sure.amount) == (found.state, found.amount)
    state = found.state if agreed else UNKNOWN
    fields = _blanks(found, case) if found.missing else ()
    if not agreed and sure is not None:
        # what the item itself lacks stays open whatever else is told
        fields = tuple(dict.fromkeys([*fields, *_blanks(sure, case), *_bearing(case)]))
    shown = sure if sure is not None and not agreed else found
    return AwardItem(found.award, shown, state, untold, _most(found, firm) if state == UNKNOWN else None, fields)


def _bearing(case: Case) -> list[Field]:
    """The checkboxes of untold types: any of them may carry what makes the difference."""
    known = questionnaire()
    return list(dict.fromkeys(known.by_event[event] for event in sorted(case.told.untold)))


def _blanks(found: Entitlement, case: Case) -> tuple[Field, ...]:
    """The fields behind the names of what is missing."""
    facts = case.packs.scope.catalogue.facts
    fields: list[Field] = []
    for name in found.missing:
        event, dot, column = name.partition(".")
        if dot and event in case.packs.scope.catalogue.events:
            fields += [field for field in case.column_fields(event, column) if _matters(field, event, found.award, case)]
            continue
        key, _ = split_key(name)
        if key in facts and facts[key].kind is Kind.YEAR:
            fields += _year_blanks(key, found, case)
        else:
            fields += case.fields_of(key, {})
    return tuple(dict.fromkeys(fields))


def _matters(field: Field, event: str, award: Award, case: Case) -> bool:
    """Whether the event behind a field can be one that the award pays for, asks of the firm, or is barred by."""
    if not field.column:
        return True
    row = case.told.row_behind(field)
    if event == award.event:
        candidate = candidate_of(award, row)
        if candidate is not None and not candidate.failed:
            return True
    book = case.packs.book
    owners = [award, *(book.policies if book is not None else ()), *(book.rulings.values() if book is not None else ())]
    tests = [test for owner in owners for test in owner.tests.values() if test.event == event]
    return event == RELOCATION or any(event_counts(test, row, case.moment) is None for test in tests)


def _year_blanks(name: str, found: Entitlement, case: Case) -> list[Field]:
    """A fact of a year that the event itself names is told in the event's own rows."""
    known = questionnaire()
    rows = [field for field in known.fields.values() if field.year_fact == name and field.event == found.award.event]
    told = [
        field
        for field in rows
        if field.row == 1 or any(case.answers.has(one.name) for one in known.questions[field.question].row_fields(field.row))
    ]
    return told if found.award.event not in case.told.untold else [known.by_event[found.award.event]]


def _most(found: Entitlement, firm: Firm) -> int | None:
    """The most an open item can bring: its amount where that is known, else what formula and cap allow."""
    cap = found.award.cap.fen if found.award.cap is not None else None
    worth = found.computed if found.computed is not None else _largest(_candidate(found, firm))
    if worth is None or cap is None:
        return cap if worth is None else max(0, worth)
    return max(0, min(worth, cap))


def _largest(candidate: Candidate) -> int | None:
    """The largest amount before caps; of a base only the rows that the event can still be of."""
    award = candidate.award
    if candidate.raw is not None or award.base is None:
        return candidate.most
    rows = [row for row in award.base.rows if answer(row.when, candidate.known) is not False]
    stated = [award.stated.get(row.tier, 0) if row.fen == 0 else row.fen for row in rows]
    return round_half_up(max(stated, default=0) * award.formula.rate)


def _candidate(found: Entitlement, firm: Firm) -> Candidate:
    """The candidate behind an item: items and candidates are named alike."""
    listed = candidates_of(firm, (found.award,))
    return dict(zip(item_names(listed), listed, strict=True)).get(found.item) or listed[0]
