"""What comes after payment, for the portal's access matrix: arguments of an address by the object that its row names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.apps.duties.ground import NOON, paid
from tests.apps.people import District
from tests.sites.office.duty_objects import check_of, recovery_of, report_of
from tests.sites.portal.application_objects import stored
from tidu.apps.accounts.enums import Role
from tidu.apps.duties.enums import CheckState
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.enums import RecoveryState
from tidu.apps.fulfilment.models import Case, CasePerson


def _given(district: District, case: Case) -> None:
    """The agent was given the case."""
    CasePerson.objects.create(case=case, user=district.people[Role.FIRM_AGENT], in_charge=False, given_by="某人", given_at=NOON)


def _duty(district: District, firm: Enterprise) -> list[Any]:
    made = paid(firm)
    _given(district, made.case)
    return [firm.code, made.pk]


def _sampled(district: District, firm: Enterprise) -> list[Any]:
    made = check_of(firm, CheckState.WAITING)
    _given(district, made.obligation.case)
    return [firm.code, made.pk]


def _recovery(district: District, firm: Enterprise) -> list[Any]:
    made = recovery_of(firm, RecoveryState.NOTIFIED)
    _given(district, made.case)
    return [firm.code, made.pk]


MAKERS: dict[str, Callable[[District, Enterprise], list[Any]]] = {
    "duty": _duty,
    "report": lambda _, firm: [firm.code, report_of(firm).pk],
    "sampled": _sampled,
    "proof": lambda _, firm: [firm.code, stored(firm).pk],
    "recovery": _recovery,
}
