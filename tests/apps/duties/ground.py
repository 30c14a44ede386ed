"""A firm that was paid: case, payment, voucher and obligation as ``take_feedback`` leaves them, made without the way there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import User
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.domain.registering import event_mark
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, Event, Source
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState, PaymentState, Route
from tidu.apps.fulfilment.models import Budget, Case, Obligation, Payment, PaymentBatch, Voucher

PAID_ON = date(2022, 6, 14)
TODAY = date(2024, 6, 3)
NOON = datetime(2024, 6, 3, 4, 0, tzinfo=UTC)
WAN = 1_000_000
POLICY = "蔡甸区专精特新行动计划"
HOME = "420114"
STAYING = {"登记状态": "存续", "纳税关系所在区": HOME, "统计关系所在区": HOME}
SOURCES = ("市场监管", "税务", "统计", "科技经信", "财政", "信用")


def sources() -> dict[str, Source]:
    """The registers that speak of firms."""
    return {name: Source.objects.get_or_create(name=name)[0] for name in SOURCES}


def tell(enterprise: Enterprise, values: dict[str, Any], source: str = "市场监管") -> DataSheet:
    """A sheet about a firm, and the facts in force worked out anew."""
    sheet = DataSheet.objects.create(enterprise=enterprise, source=sources()[source], level=Level.FIRM, values=values, received_at=NOON)
    refresh_facts([enterprise.pk])
    return sheet


def happen(enterprise: Enterprise, kind: str, fields: dict[str, Any], source: str = "市场监管") -> Event:
    """Something that a register told."""
    return Event.objects.create(
        enterprise=enterprise, type=kind, day=date.fromisoformat(fields["日期"]) if "日期" in fields else None, fields=fields,
        mark=event_mark(kind, fields), source=sources()[source], received_at=NOON,
    )  # fmt: skip


def paid(
    enterprise: Enterprise, *, on: date = PAID_ON, fen: int = 50 * WAN, award: str = "C3", state: CaseState = CaseState.PAID
) -> Obligation:
    """A case that was paid on a day, with what it binds the firm to."""
    maker = User.objects.get(username=Role.BUREAU_CLERK.value)
    number = Case.objects.count() + 1
    item = f"专精特新小巨人 国家级 2022-01-0{number % 9 + 1}"
    budget, _ = Budget.objects.get_or_create(year=on.year, payer="区级", clause="二（一）4", defaults={"planned": 900_000 * WAN})
    Budget.objects.filter(pk=budget.pk).update(committed=budget.committed + fen, paid=budget.paid + fen)
    case = Case.objects.create(
        number=f"MS{on.year}-{number:06d}", enterprise=enterprise, policy=POLICY, award=award, clause="二（一）4", title="专精特新小巨人配套",
        item=f"{item}（{number}）", payer="区级", route=Route.NO_APPLICATION, law_date=on, state=state, computed=fen, amount=fen, budget=budget,
        created_at=NOON,
    )  # fmt: skip
    batch = PaymentBatch.objects.create(number=f"BF{number}", payer="区级", state=PaymentBatchState.CLOSED, maker=maker, made_at=NOON)
    payment = Payment.objects.create(
        case=case, batch=batch, attempt=1, amount=fen, account="x", account_holder=enterprise.name, state=PaymentState.PAID,
        reference=f"F{number}", paid_on=on,
    )  # fmt: skip
    Voucher.objects.create(payment=payment, number=f"PZ{number}", amount=fen, capitals="人民币伍拾万元整", issued_on=on)
    return Obligation.objects.create(payment=payment, case=case, rule="M25-10", clause="文末第二段", starts=on)
