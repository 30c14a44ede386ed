"""The books: every sum that must equal another, compared to the fen."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import Coalesce

from tidu.apps.enterprises.models import Event
from tidu.apps.fulfilment.enums import COMMITTED, PaymentState
from tidu.apps.fulfilment.models import Budget, Case, Payment, Receipt, Recovery, Voucher
from tidu.kernel.settlement_words import money


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: two sums that must be equal."""

    what: str
    left: int
    right: int

    @property
    def agrees(self) -> bool:
        """Whether they are."""
        return self.left == self.right

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        return f"{self.what}：{money(self.left)} 与 {money(self.right)}，{'一致' if self.agrees else '不一致'}"


def reconcile() -> list[Line]:
    """All comparisons of the books."""
    paid = _sum(Payment.objects.filter(state=PaymentState.PAID), "amount")
    return [
        Line("到账拨付与凭证", paid, _sum(Voucher.objects.all(), "amount")),
        Line("到账拨付与预算已拨付", paid, _sum(Budget.objects.all(), "paid")),
        Line("已决定办件与预算已承诺", _sum(Case.objects.filter(state__in=COMMITTED), "amount"), _sum(Budget.objects.all(), "committed")),
        Line("追缴到账与追缴台账", _sum(Receipt.objects.all(), "amount"), _sum(Recovery.objects.all(), "received")),
    ]


def recorded_payments() -> int:
    """What the registry holds as paid by this system, in fen (its events carry no batch)."""
    events = Event.objects.filter(type="奖补发放", batch=None, withdrawn_at=None).values_list("fields", flat=True)
    return sum(int(fields.get("金额") or 0) for fields in events)


def _sum(rows: object, column: str) -> int:
    total: int = rows.aggregate(total=Coalesce(Sum(column), 0))["total"]  # type: ignore[attr-defined]
    return total
