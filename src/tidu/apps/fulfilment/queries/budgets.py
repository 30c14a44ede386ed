"""Budgets of a year: planned, bound, paid, left; and the cases and payments behind each figure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from tidu.apps.accounts.actors import Actor
from tidu.apps.fulfilment.enums import COMMITTED, PaymentState
from tidu.apps.fulfilment.models import Budget, Case, Payment
from tidu.kernel.packs import PackSet


@dataclass(frozen=True, slots=True)
class PayerTotal:
    """All budgets of one payer in a year, in fen. Payers are never added up: money passed through is not the district's."""

    payer: str
    planned: int
    committed: int
    paid: int

    @property
    def left(self) -> int:
        """What can still be bound."""
        return self.planned - self.committed


def years(actor: Actor, this: int) -> list[int]:
    """Years with a budget, this year and the next, newest first."""
    known = set(Budget.objects.visible_to(actor).order_by().values_list("year", flat=True).distinct())
    return sorted(known | {this, this + 1}, reverse=True)


def budgets(actor: Actor, year: int) -> list[Budget]:
    """The budgets of a year by payer and clause."""
    return list(Budget.objects.visible_to(actor).filter(year=year).order_by("payer", "clause"))


def totals(listed: list[Budget]) -> list[PayerTotal]:
    """The sums by payer."""
    found: dict[str, PayerTotal] = {}
    for one in listed:
        before = found.get(one.payer, PayerTotal(one.payer, 0, 0, 0))
        found[one.payer] = PayerTotal(one.payer, before.planned + one.planned, before.committed + one.committed, before.paid + one.paid)
    return list(found.values())


def grounds(packs: PackSet) -> list[tuple[str, str, str]]:
    """Payer, clause and titles of every award that pays: what a budget can be planned for."""
    found: dict[tuple[str, str], list[str]] = {}
    for award in packs.book.awards if packs.book is not None else ():
        titles = found.setdefault((award.payer, award.clause), [])
        if award.title not in titles:
            titles.append(award.title)
    return [(payer, clause, "、".join(titles)) for (payer, clause), titles in found.items()]


def committed_cases(actor: Actor, budget: Budget) -> QuerySet[Case]:
    """The cases whose amounts stand against a budget."""
    found = Case.objects.visible_to(actor).filter(budget=budget, state__in=COMMITTED)
    return found.select_related("enterprise__subdistrict", "batch").order_by("enterprise__code", "item", "pk")


def payments(actor: Actor, budget: Budget) -> QuerySet[Payment]:
    """The payments that arrived out of a budget."""
    seen = Case.objects.visible_to(actor).filter(budget=budget).order_by().values("pk")
    found = Payment.objects.filter(case__in=seen, state=PaymentState.PAID).select_related("case__enterprise", "batch")
    return found.order_by("paid_on", "pk")
