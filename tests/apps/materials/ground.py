"""Cases that make materials visible to departments, and that rest on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.apps.people import AT
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.enums import CaseState, Route
from tidu.apps.fulfilment.models import Case, Opinion, Submission
from tidu.apps.units.models import Unit


def handed_in(enterprise: Enterprise, content: dict[str, Any], *, item: str = "合同一") -> Submission:
    """A case of the firm with one submission."""
    case = Case.objects.create(
        enterprise=enterprise, policy="政策", award="C5", clause="二（三）5", title="技术合同奖励", item=item, payer="区级",
        route=Route.APPLICATION, law_date=date(2024, 6, 1), state=CaseState.REVIEWING, computed=100, submission=1, created_at=AT,
    )  # fmt: skip
    return Submission.objects.create(
        case=case, number=1, content=content, computation={}, digest="0" * 64, submitted_at=AT, submitted_by="企业经办某"
    )


def asked_about(enterprise: Enterprise, unit: Unit) -> Opinion:
    """A department is asked about a case of the firm."""
    submission = handed_in(enterprise, {})
    return Opinion.objects.create(case=submission.case, submission=submission, unit=unit, due=AT.date(), asked_at=AT)
