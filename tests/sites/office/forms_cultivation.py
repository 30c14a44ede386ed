"""Valid forms of the ladder, the pools and the warnings."""

from __future__ import annotations

from tests.apps.people import AT, District
from tests.sites.office.forms import Sent, form
from tidu.apps.accounts.enums import Role
from tidu.apps.cultivation.models import Finding, FirmWarning


def _warning(district: District) -> FirmWarning:
    return FirmWarning.objects.create(enterprise=district.jia, rule="fall", period="2024", evidence=[], raised_on=AT.date(), at=AT)


@form("pool-act")
def pool_act(district: District) -> Sent:
    Finding.objects.create(enterprise=district.jia, pool="zjtx", entry="met", exit="unmet", stage="reserve")
    return Sent(Role.BUREAU_CLERK, {"row": [f"{district.jia.code}:0"], "act": "enter"}, ["zjtx"])


@form("warning-act")
def warning_act(district: District) -> Sent:
    made = _warning(district)
    return Sent(Role.SUBDISTRICT_CLERK, {"act": "claim", "version": "1"}, [made.pk])


@form("warning-claim")
def warning_claim(district: District) -> Sent:
    made = _warning(district)
    return Sent(Role.BUREAU_CLERK, {"row": [f"{made.pk}:1"]})


@form("cultivation-compute")
def cultivation_compute(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK)
