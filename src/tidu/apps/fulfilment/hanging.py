"""What hangs on a firm in fulfilment: a firm with money on its way is not merged; a settlement keeps what it found."""

from __future__ import annotations

from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.enums import ENDED, CaseState
from tidu.apps.fulfilment.models import Case
from tidu.apps.registry.domain.hanging import STAY, hangs

SETTLED = (*ENDED, CaseState.PAID, CaseState.RECOVERED)


def open_cases(enterprise: Enterprise) -> str:
    """Why a firm cannot be merged now: its cases under way, empty where there are none."""
    count = Case.objects.filter(enterprise=enterprise).exclude(state__in=SETTLED).count()
    return f"{enterprise.name}还有 {count} 件兑现办件没有办结，办结后才能合并。" if count else ""


hangs("fulfilment.Case", "enterprise", "兑现办件", open_cases=open_cases)
hangs("fulfilment.Candidate", "enterprise", "兑现候选", how=STAY)
hangs("fulfilment.RulingMove", "enterprise", "口径试算", how=STAY)
