"""Who sees the district's money: asked by every model that holds some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.models import Source
from tidu.apps.fulfilment.enums import PaymentBatchState

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor

SEES_ALL_MONEY = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR)
HANDED_TO_FINANCE = (PaymentBatchState.CHECKED, PaymentBatchState.SENT, PaymentBatchState.CLOSED)
FINANCE = "财政"
"""The source of facts whose unit is the finance department."""


def sees_all_money(actor: Actor) -> bool:
    """Whether every payment of the district may be seen."""
    return actor.has(*SEES_ALL_MONEY)


def of_finance(actor: Actor) -> bool:
    """Whether the person works for the finance department; one query, and only for clerks of departments."""
    paths = actor.paths(Role.DEPARTMENT_CLERK)
    if not paths:
        return False
    unit = Source.objects.filter(name=FINANCE).values_list("unit__path", flat=True).first()
    return unit is not None and any(unit.startswith(path) for path in paths)
