"""What a case may be paid at most, asked of the kernel anew: caps, 从高不重复, exclusions and history as of a day.

Asked when the meeting decides and again when money is paid. Amounts that other cases of the same firm have been promised
stand as if they were paid, so that two promises together never exceed a cap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tidu.apps.assessments.domain.standing import AT_ONCE, firms_of_registry
from tidu.apps.enterprises.models import Enterprise, Event
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import AdoptedRuling, Case
from tidu.kernel.awards import AwardBook
from tidu.kernel.candidates import PAYMENT
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Firm, Value
from tidu.kernel.settle import Entitlement, settle

IN_REGISTRY = (CaseState.PAID, CaseState.RECOVERING, CaseState.RECOVERED)
"""Cases whose payment is among the events of the firm already."""


def choices_in_force() -> dict[str, str]:
    """The rulings adopted in this installation."""
    return dict(AdoptedRuling.objects.filter(ended_at=None).values_list("ruling", "choice"))


def payment_clause(award: str, item: str) -> str:
    """How a payment names the item it settles, so that the kernel sets it against that item and no other."""
    return f"{award} {item}"


def promised(case: Case, day: date) -> dict[str, Value]:
    """A promise of the district as the event that its payment will be."""
    return {"条款": payment_clause(case.award, case.item), "金额": case.amount, "日期": day, "资金来源": case.payer}


def entitlements(cases: Sequence[Case], packs: PackSet, day: date) -> dict[int, Entitlement | None]:
    """For each case (by id) what the kernel grants its item on ``day``; None where it is no candidate any more.

    Cases of one firm that are asked about together and not yet committed share its caps; a committed case is asked about
    as if only the others were promised.
    """
    found: dict[int, Entitlement | None] = {}
    choices = choices_in_force()
    for law_date in sorted({case.law_date for case in cases}):
        for together in _groups([case for case in cases if case.law_date == law_date]):
            firms = _firms(together, packs, day)
            granted = {
                (one.firm, one.award.policy, one.award.id, one.item): one
                for one in settle(firms, packs, law_date=law_date, as_of=day, choices=choices).results
            }
            for case in together:
                found[case.pk] = granted.get((case.enterprise.code, case.policy, case.award, case.item))
    return found


def _groups(cases: Iterable[Case]) -> list[list[Case]]:
    """Cases that can be asked about in one settlement: of a firm all that are not committed, or one that is."""
    groups: list[list[Case]] = [[]]
    places: dict[int, int] = {}
    for case in cases:
        if case.amount is None:
            groups[0].append(case)
        else:
            place = places[case.enterprise_id] = places.get(case.enterprise_id, 0) + 1
            while len(groups) <= place:
                groups.append([])
            groups[place].append(case)
    return [group for group in groups if group]


def _firms(cases: Sequence[Case], packs: PackSet, day: date) -> list[Firm]:
    asked = {case.pk for case in cases}
    owners = {case.enterprise_id for case in cases}
    wanted = sorted(owners | _rivals(cases, packs.book))
    others: dict[int, list[Case]] = {}
    for start in range(0, len(listed := sorted(owners)), AT_ONCE):
        promises = Case.objects.committed().filter(enterprise__in=listed[start : start + AT_ONCE]).exclude(state__in=IN_REGISTRY)
        for case in promises.order_by("pk"):
            if case.pk not in asked:
                others.setdefault(case.enterprise_id, []).append(case)
    enterprises = [
        one for start in range(0, len(wanted), AT_ONCE) for one in Enterprise.objects.filter(pk__in=wanted[start : start + AT_ONCE])
    ]
    found = []
    for enterprise, firm in zip(enterprises, firms_of_registry(enterprises), strict=True):
        rows: list[Mapping[str, Value]] = [promised(case, day) for case in others.get(enterprise.pk, ())]
        found.append(replace(firm, events={**firm.events, PAYMENT: [*firm.events.get(PAYMENT, ()), *rows]}) if rows else firm)
    return found


def _rivals(cases: Sequence[Case], book: AwardBook | None) -> set[int]:
    """Other firms that may claim the same matter (several drafters of one standard)."""
    found: set[int] = set()
    for award in book.awards if book is not None else ():
        if award.rivals is None:
            continue
        mine = {case.enterprise_id for case in cases if case.award == award.id}
        if not mine:
            continue
        claims = [
            (enterprise, fields.get(award.rivals.same))
            for enterprise, fields in Event.objects.filter(type=award.event, withdrawn_at=None)
            .order_by()
            .values_list("enterprise_id", "fields")
        ]
        marks = {mark for enterprise, mark in claims if enterprise in mine} - {None}
        found |= {enterprise for enterprise, mark in claims if mark in marks}
    return found
