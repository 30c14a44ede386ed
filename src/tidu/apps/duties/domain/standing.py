"""How an obligation stands on a day: the kernel's answer from the relocations, then what the facts in force say beside it.

Nothing here is stored: a withdrawn import or a new ruling changes the answer at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tidu.apps.duties.enums import Stand
from tidu.apps.fulfilment.enums import CaseState
from tidu.kernel.awards import AwardBook, Obligation
from tidu.kernel.errors import TiduError
from tidu.kernel.obligations import BREACHED, ENDED, OPEN, WAITING, term_of
from tidu.kernel.population import Firm

SOON = timedelta(days=90)
"""How long before its end an obligation counts as ending."""

STATUS, IN_BUSINESS = "登记状态", "存续"
DISHONEST = "列入严重失信主体名单"
PLACES = {"注册地": STATUS, "纳税": "纳税关系所在区", "统计": "统计关系所在区"}
"""The fact that tells where a relation is now. Of the registration the catalogue knows the status only: 存续 in our register."""
FACTS = (*PLACES.values(), DISHONEST)
_DAY_OF_ITEM = re.compile(r"(\d{4}-\d\d-\d\d)(?:（\d+）)?$")


@dataclass(frozen=True, slots=True)
class Bound:
    """What of an obligation decides how it stands."""

    pk: int
    enterprise: int
    policy: str
    rule: str
    item: str
    starts: date
    case_state: str


@dataclass(frozen=True, slots=True)
class Stands:
    """The answer: state, last day, the sentence, the facts that are missing, the facts that speak against it."""

    state: Stand
    until: date | None
    why: str
    missing: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """Whether it is still to be watched."""
        return self.state not in {Stand.ENDED, Stand.RECOVERED}


@dataclass(frozen=True, slots=True)
class Away:
    """A fact that says a firm, or one of its relations, is not where it must be."""

    fact: str
    relation: str
    sentence: str


def day_of_item(item: str) -> date | None:
    """The day at the end of the name of an item, as the kernel names items.

    >>> day_of_item("技术合同 2023-05-04（2）")
    datetime.date(2023, 5, 4)
    """
    found = _DAY_OF_ITEM.search(item)
    return date.fromisoformat(found[1]) if found else None


def terms_of(book: AwardBook) -> dict[tuple[str, str], Obligation]:
    """The obligations of all policies by policy and rule."""
    return {(policy.name, one.label.id): one for policy in book.policies for one in policy.obligations}


def aways(facts: Mapping[str, Any], relations: Sequence[str], places: Sequence[str]) -> list[Away]:
    """What the facts in force say against a firm that has to stay."""
    found = []
    for relation in relations:
        fact = PLACES.get(relation)
        value = None if fact is None else facts.get(fact)
        if fact is None or value is None:
            continue
        if fact == STATUS and value != IN_BUSINESS:
            found.append(Away(fact, relation, f"登记状态为“{value}”"))
        elif fact != STATUS and value not in places:
            found.append(Away(fact, relation, f"{relation}关系所在区为 {value}，不在本区"))
    if facts.get(DISHONEST) is True:
        found.append(Away(DISHONEST, "", "列入严重失信主体名单"))
    return found


def stands(bound: Bound, firm: Firm, book: AwardBook, choices: Mapping[str, str], day: date) -> Stands:
    """How one obligation stands on a day; of the firm the facts in ``FACTS`` and the relocations are read."""
    obligation = terms_of(book).get((bound.policy, bound.rule))
    return _stands(bound, firm, obligation, book, choices, day)


def stand_all(
    bounds: Iterable[Bound], firms: Mapping[int, Firm], book: AwardBook, choices: Mapping[str, str], day: date
) -> dict[int, Stands]:  # fmt: skip
    """How many obligations stand, by id."""
    known = terms_of(book)
    nobody = Firm("")
    return {
        one.pk: _stands(one, firms.get(one.enterprise, nobody), known.get((one.policy, one.rule)), book, choices, day) for one in bounds
    }


def _stands(
    bound: Bound, firm: Firm, obligation: Obligation | None, book: AwardBook, choices: Mapping[str, str], day: date
) -> Stands:  # fmt: skip
    if obligation is None:
        return Stands(Stand.UNKNOWN, None, f"规则里没有 {bound.policy} 的义务 {bound.rule}，不能算出期限。请联系牵头局核对规则。")
    term = term_of(firm, obligation, book, choices, paid_on=bound.starts, event_day=day_of_item(bound.item), as_of=day)
    if bound.case_state == CaseState.RECOVERED:
        return Stands(Stand.RECOVERED, term.until, "资金已全额退回，义务随之终止。", rulings=term.rulings)
    if term.state == BREACHED:
        return Stands(Stand.BREACHED, term.until, term.why, against=(term.why,), rulings=term.rulings)
    if term.state == ENDED:
        return Stands(Stand.ENDED, term.until, term.why, rulings=term.rulings)
    home = obligation.home
    against = tuple(one.sentence for one in aways(firm.facts, home.relations, home.places))
    missing = tuple(
        dict.fromkeys([*term.missing, *(PLACES[one] for one in home.relations if one in PLACES and PLACES[one] not in firm.facts)])
    )
    if against:
        return Stands(Stand.RISK, term.until, f"{'；'.join(against)}。须核实后才能认定。", missing, against, term.rulings)
    if term.state in {OPEN, WAITING}:
        return Stands(Stand.UNKNOWN, term.until, term.why, missing, (), term.rulings)
    if missing:
        return Stands(Stand.UNKNOWN, term.until, f"没有{'、'.join(missing)}的数据，不能确定是否仍在本区。", missing, (), term.rulings)
    if term.until is not None and term.until - day <= SOON:
        return Stands(Stand.ENDING, term.until, f"{term.until.isoformat()} 期满，期内没有迁离本区。", (), (), term.rulings)
    return Stands(Stand.RUNNING, term.until, "注册、纳税、统计都在本区，没有迁移记录。", (), (), term.rulings)


def book_of(book: AwardBook | None) -> AwardBook:
    """The book of awards; raises ``no-awards`` where the packs pay nothing."""
    if book is None:
        raise TiduError("no-awards", "现行规则里没有奖补政策。请联系系统管理员。")
    return book
