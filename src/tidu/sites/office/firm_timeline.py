"""The timeline of a firm: what happened to it and what was learned of it, newest first.

An app adds its own entries by a provider: a function of the actor and the firm, registered under a kind with ``tells``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.models import AuditEvent
from tidu.apps.audit.words import action_text
from tidu.apps.corrections.models import Correction, Filing
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, Event
from tidu.apps.registry.models import Place

MOST = 100
"""Entries of one kind; older ones are found on the pages of their own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: when, of which kind, what, and where it leads."""

    at: datetime
    kind: str
    text: str
    more: str = ""
    href: str = ""


Provider = Callable[[Actor, Enterprise], Iterable[Entry]]
PROVIDERS: dict[str, tuple[str, Provider]] = {}
"""Kind to its name on the screen and what tells its entries."""


def tells(kind: str, title: str) -> Callable[[Provider], Provider]:
    """Registers a provider of entries."""

    def register(provider: Provider) -> Provider:
        PROVIDERS[kind] = (title, provider)
        return provider

    return register


def timeline_of(actor: Actor, firm: Enterprise, kind: str = "") -> list[Entry]:
    """The entries of all kinds, or of one, newest first."""
    wanted = [PROVIDERS[kind]] if kind in PROVIDERS else list(PROVIDERS.values())
    found = [entry for _, provider in wanted for entry in provider(actor, firm)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST]


def _noon(day: date) -> datetime:
    """A day as a moment among others."""
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


@tells("events", "事项")
def _events(actor: Actor, firm: Enterprise) -> Iterable[Entry]:  # noqa: ARG001 - who sees the firm sees its events
    for event in (
        Event.objects.filter(enterprise=firm, withdrawn_at=None, day__isnull=False).select_related("source").order_by("-day", "-pk")[:MOST]
    ):
        told = "，".join(str(event.fields[name]) for name in ("名称", "级别", "类型", "结果") if event.fields.get(name))
        yield Entry(_noon(event.day), event.type, told or event.type, event.source.name)  # type: ignore[arg-type]


@tells("sheets", "数据到达")
def _sheets(actor: Actor, firm: Enterprise) -> Iterable[Entry]:  # noqa: ARG001 - who sees the firm sees its sheets
    rows = (
        DataSheet.objects.filter(enterprise=firm)
        .select_related("source", "batch")
        .defer("values")
        .order_by("-received_at", "-pk")[: 5 * MOST]
    )
    grouped: dict[tuple[datetime, str, bool, str], list[DataSheet]] = {}
    for row in rows:
        key = (row.received_at, row.source.name, row.withdrawn_at is not None, row.batch.file_name if row.batch else "")
        grouped.setdefault(key, []).append(row)
    for (at, source, withdrawn, file_name), sheets in list(grouped.items())[:MOST]:
        periods = sorted({sheet.period for sheet in sheets if sheet.level == Level.YEAR}, reverse=True)
        months = sum(1 for sheet in sheets if sheet.level == Level.MONTH)
        about = [*(["基本情况"] if any(sheet.level == Level.FIRM for sheet in sheets) else []), *(f"{year} 年" for year in periods)]
        about += [f"{months} 个月"] if months else []
        yield Entry(at, "数据", f"{source}：{'、'.join(about)}{'（已撤销）' if withdrawn else ''}", file_name)


@tells("cases", "填报与更正")
def _cases(actor: Actor, firm: Enterprise) -> Iterable[Entry]:
    for one in Correction.objects.visible_to(actor).filter(enterprise=firm).order_by("-created_at")[:MOST]:
        yield Entry(
            one.changed_at, "更正", f"{one.fact}：{one.get_state_display()}", one.receipt, reverse("review-correction", args=[one.pk])
        )
    for filing in Filing.objects.visible_to(actor).filter(enterprise=firm).order_by("-year")[:MOST]:
        href = reverse("review-filing", args=[filing.pk]) if filing.submitted_at else ""
        yield Entry(filing.changed_at, "填报", f"{filing}：{filing.get_state_display()}", "", href)


@tells("places", "迁移")
def _places(actor: Actor, firm: Enterprise) -> Iterable[Entry]:  # noqa: ARG001 - who sees the firm sees where it lies
    for place in Place.objects.filter(enterprise=firm, since__isnull=False).select_related("unit")[:MOST]:
        yield Entry(_noon(place.since), "街道", f"转入{place.unit.name if place.unit else '未登记'}", place.reason)  # type: ignore[arg-type]


@tells("acts", "登记维护")
def _acts(actor: Actor, firm: Enterprise) -> Iterable[Entry]:
    codes = [firm.code, *firm.former_codes.values_list("code", flat=True)]
    for event in AuditEvent.objects.visible_to(actor).filter(subject_type="firm", subject_id__in=codes).order_by("-number")[:MOST]:
        yield Entry(event.at, "维护", action_text(event.action), event.actor_name)
