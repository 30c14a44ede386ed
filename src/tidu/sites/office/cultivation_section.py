"""The ladder and the pools on the page of a firm, and their entries in its timeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tidu.apps.accounts.actors import Actor
from tidu.apps.cultivation.domain.membership import MemberState
from tidu.apps.cultivation.domain.rulebook import rulebook
from tidu.apps.cultivation.enums import LIVE, UNDONE
from tidu.apps.cultivation.models import FirmWarning, Membership, RevenueLine
from tidu.apps.enterprises.models import Enterprise
from tidu.sites.office.cultivation_lists import UNKNOWN, percent_text, wan_text
from tidu.sites.office.cultivation_warnings import rule_name


def cultivation_of(actor: Actor, firm: Enterprise, day: date) -> dict[str, Any]:  # noqa: ARG001 - every section is asked alike
    """Pools the firm stands in, its open warnings, its monthly sales in one line: three queries."""
    names = {pool.key: pool.name for pool in rulebook().pools}
    rows = Membership.objects.visible_to(actor).filter(enterprise=firm, state__in=LIVE).select_related("guide").order_by("pool")
    line = RevenueLine.objects.visible_to(actor).filter(enterprise=firm).first()
    warnings = FirmWarning.objects.visible_to(actor).filter(enterprise=firm, state__in=UNDONE).order_by("due_on", "pk")
    return {
        "code": firm.code,
        "pools": [(names.get(row.pool, row.pool), row) for row in rows],
        "warnings": [(one, rule_name(one.rule)) for one in warnings],
        "line": line,
        "to_date": wan_text(line.to_date) if line else UNKNOWN,
        "growth": percent_text(line.growth, signed=True) if line else UNKNOWN,
        "inside": (MemberState.MEMBER, MemberState.LEAVING),
    }


def steps_of(actor: Actor, firm: Enterprise) -> Iterable[tuple[Any, str, str, str, int | None]]:
    """What people did with the firm in pools and with its warnings: moment, kind, words, by whom, and the warning."""
    names = {pool.key: pool.name for pool in rulebook().pools}
    for row in Membership.objects.visible_to(actor).filter(enterprise=firm).prefetch_related("steps"):
        for step in row.steps.all():
            yield step.at, "培育库", f"{names.get(row.pool, row.pool)}：{step.action}", f"{step.by_name} {step.note}".strip(), None
    for one in FirmWarning.objects.visible_to(actor).filter(enterprise=firm).prefetch_related("steps"):
        for step in one.steps.all():
            yield step.at, "预警", f"{rule_name(one.rule)}：{step.action}", f"{step.by_name} {step.note}".strip(), one.pk
