"""What award packs hold once read: policies, awards, matching bases and rulings.

An award is two rules and an amount of the rule tree, so that every engine can evaluate it over a frame of candidates:
``fits`` over the fields of an event, ``firm_rule`` over these and the firm's inputs at the day of the event, and
``computed`` in fen over the fields and the input 市级基数, which ``Base.amount`` gives for the same event.
Caps, stacking and once-only look at several candidates together and are settled in ``settle``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tidu.kernel.errors import TiduError
from tidu.kernel.packs import EventTest, Origin, Reference, Validity
from tidu.kernel.rules import All, Amount, AnyOf, Label, Not, Rule

PENDING = "待定"
"""The choice of a ruling that nobody has made: what rests on it is not paid."""
BASE_KEY = "市级基数"
EVENT_YEAR = "事项年"
"""Usable in ``by`` of a stacking rule: the calendar year of the event."""

PER_ITEM, PER_FIRM_YEAR, PER_PROJECT = "item", "firm-year", "project"
CAP_SCOPES = (PER_ITEM, PER_FIRM_YEAR, PER_PROJECT)
ONCE_SCOPES = ("firm", "tier")

DIFFERENCE, FULL = "difference", "full"
HIGHEST, SEPARATE = "highest", "separate"
BY_EVENT, BY_DECISION, BY_PAYMENT = "event", "decision", "payment"
FIRST, EACH = "first", "each"
ZERO, STATED = "zero", "stated"
ACCEPT, REFUSE = "accept", "refuse"
BY_RULE = "rule"
OBLIGATION_STARTS = {f"{start}-{end}": (start, end == "inside") for start in (BY_PAYMENT, BY_EVENT) for end in ("inside", "outside")}

HOOKS: Mapping[str, frozenset[str]] = {
    "upgrade": frozenset({DIFFERENCE, FULL}),
    "stacking": frozenset({HIGHEST, SEPARATE}),
    "year": frozenset({BY_EVENT, BY_DECISION, BY_PAYMENT}),
    "rivals": frozenset({FIRST, EACH}),
    "obligation": frozenset(OBLIGATION_STARTS),
    "counted_from": frozenset({BY_EVENT, BY_DECISION, BY_PAYMENT}),
    "late": frozenset({ACCEPT, REFUSE}),
    "by": frozenset({BY_RULE}),
    "zero_base": frozenset({ZERO, STATED}),
}
"""What the options of a ruling may do at each place that asks it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer of a ruling: ``effect`` is what it does, ``rule`` the criterion it stands for, if any."""

    choice: str
    effect: str
    text: str
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Adoption:
    """Who decided a ruling, and when."""

    choice: str
    by: str
    on: date | None


@dataclass(frozen=True, eq=False)
class Ruling:
    """A question that the text leaves open; ``default`` is nobody's decision until ``in_force`` says whose."""

    id: str
    policy: str
    clause: str
    question: str
    options: tuple[Option, ...]
    default: str
    in_force: Adoption | None
    tests: Mapping[str, EventTest]
    note: str
    origin: Origin

    @property
    def choice(self) -> str:
        """The choice that holds where none is given."""
        return self.in_force.choice if self.in_force else self.default

    def option(self, choice: str) -> Option:
        """The option called ``choice``; raises ``unknown-choice``."""
        for option in self.options:
            if option.choice == choice:
                return option
        known = "、".join([*(option.choice for option in self.options), PENDING])
        raise TiduError("unknown-choice", f"口径 {self.id} 没有选项“{choice}”。可用：{known}。", id=self.id, choice=choice)


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that is paid, in fen, per item, per firm and year, or per project; ``year`` is the ruling on the year."""

    fen: int
    per: str
    year: str = ""


@dataclass(frozen=True, eq=False)
class Limit:
    """A condition on the event beyond being of the award's kind; failing it is reported with its text."""

    label: Label
    rule: Rule


@dataclass(frozen=True, eq=False)
class Demand:
    """What the firm must be on the day of the event: a rule, or the rule that a ruling's choice stands for."""

    label: Label
    only_if: Rule | None
    rule: Rule | None
    ruling: str


@dataclass(frozen=True, eq=False)
class BaseRow:
    """A higher level's amount for one tier over one period, in fen."""

    tier: str
    when: Rule
    in_force: Validity
    fen: int
    confidence: str
    line: int


@dataclass(frozen=True, eq=False)
class Base:
    """Dated amounts of a higher level, the ground of a match; ``amount`` is unknown on days that no row covers."""

    name: str
    payer: str
    event: str
    reference: Reference
    rows: tuple[BaseRow, ...]
    amount: Amount
    confidence: str
    note: str
    origin: Origin

    @property
    def tiers(self) -> dict[str, Rule]:
        """The condition of each tier, regardless of dates."""
        return {row.tier: row.when for row in self.rows}


@dataclass(frozen=True, slots=True)
class Once:
    """Paid once per firm or per tier; ``history`` counts every earlier event of the type, not only paid ones."""

    per: str
    history: bool = False


@dataclass(frozen=True, slots=True)
class Rivals:
    """Several firms may claim one matter: those whose field ``same`` is equal, ranked by the field ``rank``."""

    same: str
    rank: str
    ruling: str


@dataclass(frozen=True, slots=True)
class Formula:
    """How an amount is written, for its explanation: ``form`` is fixed, choose, rate, match or match-base."""

    form: str
    of: str = ""
    rate: Fraction = Fraction(1)


@dataclass(frozen=True, eq=False)
class Award:
    """One clause that pays; ``order`` is its place among the clauses."""

    id: str
    policy: str
    clause: str
    title: str
    payer: str
    event: str
    item: tuple[str, ...]
    date_field: str
    year_field: str
    when: Rule
    limits: tuple[Limit, ...]
    demands: tuple[Demand, ...]
    formula: Formula
    computed: Amount
    base: Base | None
    zero_base: str
    stated: Mapping[str, int]
    cap: Cap | None
    once: Once | None
    upgrade: str
    rivals: Rivals | None
    tests: Mapping[str, EventTest]
    confidence: str
    note: str
    origin: Origin
    order: int

    @property
    def fits(self) -> Rule:
        """The event is of the award's kind and within its limits."""
        return All((self.when, *(limit.rule for limit in self.limits)))

    def firm_rule(self, book: AwardBook, choices: Mapping[str, str]) -> Rule:
        """What the firm must be, under ``choices``, over the event's fields and the firm's inputs on its day."""
        parts: list[Rule] = []
        for demand in self.demands:
            rule = demand.rule or book.rulings[demand.ruling].option(book.choice(demand.ruling, choices)).rule
            if rule is not None:
                parts.append(rule if demand.only_if is None else AnyOf((Not(demand.only_if), rule)))
        return All(tuple(parts))


@dataclass(frozen=True, slots=True)
class StackingRule:
    """从高不重复: of the items of ``awards`` alike in ``by`` only the highest is paid.

    Items alike in ``between`` too are taken together; ``ruling`` may switch the rule off.
    """

    id: str
    clause: str
    title: str
    awards: tuple[str, ...]
    by: tuple[str, ...]
    between: str
    ruling: str


@dataclass(frozen=True, slots=True)
class Home:
    """Where a firm must stay: its relations and the codes or names of the district."""

    places: tuple[str, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Exclusion:
    """What bars a firm: a rule that holds, or having moved away from home; ``counted_from`` is the ruling on the day."""

    label: Label
    rule: Rule | None
    home: Home | None
    counted_from: str


@dataclass(frozen=True, eq=False)
class Obligation:
    """What a paid firm owes for some years."""

    label: Label
    years: int
    home: Home
    ruling: str


@dataclass(frozen=True, eq=False)
class Policy:
    """One dated text that pays: who may have it, who not, how its awards stack, what they bind to."""

    name: str
    version: str
    reference: Reference
    in_force: Validity
    payers: tuple[str, ...]
    scope: tuple[Rule, ...]
    exclusions: tuple[Exclusion, ...]
    stacking: tuple[StackingRule, ...]
    obligations: tuple[Obligation, ...]
    late: str
    tests: Mapping[str, EventTest]
    confidence: str
    note: str
    origin: Origin


@dataclass(frozen=True, eq=False)
class AwardBook:
    """All policies that pay, with their awards, bases and rulings."""

    policies: tuple[Policy, ...] = ()
    awards: tuple[Award, ...] = ()
    bases: Mapping[str, Base] = field(default_factory=dict)
    rulings: Mapping[str, Ruling] = field(default_factory=dict)

    def in_force(self, law_date: date) -> list[Policy]:
        """Policies in force on the day; raises ``no-rule-in-force`` naming what exists."""
        found = [policy for policy in self.policies if policy.in_force.holds(law_date)]
        if not found:
            known = "；".join(f"{policy.name} {policy.version}（{policy.in_force.text()}）" for policy in self.policies) or "（没有）"
            raise TiduError(
                "no-rule-in-force",
                f"{law_date.isoformat()} 没有现行的奖补政策。已登记：{known}。请换一个政策日期（--law-date）。",
                law_date=law_date.isoformat(),
            )
        return found

    def awards_of(self, policy: Policy) -> tuple[Award, ...]:
        """Awards of one policy in order of clauses."""
        return tuple(award for award in self.awards if award.policy == policy.name)

    def choice(self, ruling: str, choices: Mapping[str, str]) -> str:
        """The choice of a ruling: the given one, else the adopted one, else the default."""
        return choices.get(ruling) or self.rulings[ruling].choice

    def checked_choices(self, choices: Mapping[str, str]) -> dict[str, str]:
        """The choices, refused with ``unknown-ruling`` or ``unknown-choice`` where they name nothing that exists."""
        for name, choice in choices.items():
            ruling = self.rulings.get(name)
            if ruling is None:
                known = "、".join(self.rulings)
                raise TiduError("unknown-ruling", f"没有编号为“{name}”的口径。可用：{known}。", id=name)
            if choice != PENDING:
                ruling.option(choice)
        return dict(choices)
