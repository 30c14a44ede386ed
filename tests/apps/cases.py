"""Cases of the tests: sources, filings, corrections, evidence, made without going through their course."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.apps.people import AT, District
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.digests import sm3
from tidu.apps.corrections.enums import CaseState
from tidu.apps.corrections.models import Correction, Evidence, Filing, FilingVersion
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, Source
from tidu.apps.units.models import Unit

PDF = b"%PDF-1.4 ceshi"
REVENUE = "营业收入"
YEAR = 2023


def sources(district: District) -> dict[str, Source]:
    """The tax office tells revenue, the bureau what firms report themselves and what auditors say."""
    listed = (("税务", district.units["tax"], 50), ("自报", district.units["bureau"], 80), ("审计报告", district.units["bureau"], 80))
    return {name: Source.objects.get_or_create(name=name, defaults={"unit": unit, "rank": rank})[0] for name, unit, rank in listed}


def told(enterprise: Enterprise, source: Source, values: dict[str, Any], *, period: int = YEAR, level: Level = Level.YEAR) -> DataSheet:
    """A sheet, and the facts in force worked out anew."""
    sheet = DataSheet.objects.create(enterprise=enterprise, source=source, level=level, period=period, values=values, received_at=AT)
    refresh_facts([enterprise.pk])
    return sheet


def member(district: District, role: Role, enterprise: Enterprise | None = None) -> Actor:
    """A member of firm 甲, or of another firm where one is named."""
    user = district.people[role]
    if enterprise is not None:
        Post.objects.filter(user=user).delete()
        Post.objects.create(user=user, role=role, enterprise=enterprise, since=date(2024, 1, 1))
    return actor_of(user, AT.date())


def correction(enterprise: Enterprise, unit: Unit, state: CaseState = CaseState.SUBMITTED, **more: Any) -> Correction:
    """A correction of the revenue of 2023."""
    given = {"fact": REVENUE, "level": Level.YEAR, "period": YEAR, "said": 100, "said_source": "税务", "wanted": 200_000_000}
    return Correction.objects.create(
        enterprise=enterprise, unit=unit, state=state, receipt=uuid4().hex, created_at=AT, submitted_at=AT, changed_by_name="某人", changed_at=AT,
        wanted_text="200", why="依据审计报告", **{**given, **more},
    )  # fmt: skip


def filing(enterprise: Enterprise, unit: Unit, state: CaseState = CaseState.SUBMITTED, year: int = YEAR) -> Filing:
    """A filing with one version where it was submitted."""
    made = Filing.objects.create(
        enterprise=enterprise, unit=unit, state=state, year=year, created_at=AT, changed_by_name="某人", changed_at=AT,
        submitted_at=None if state == CaseState.DRAFT else AT,
    )  # fmt: skip
    if state != CaseState.DRAFT:
        FilingVersion.objects.create(
            filing=made, number=1, receipt=f"TB{year}-{made.pk}-1", values={"year": {"研发费用": 300_000_000}, "firm": {"主导产品": "轴承"}},
            texts={}, submitted_by="某人", submitted_at=AT,
        )  # fmt: skip
    return made


def evidence(case: Correction) -> Evidence:
    """A file with a correction."""
    place = default_storage.save(f"evidence/test/{uuid4().hex}", ContentFile(PDF))
    return Evidence.objects.create(
        correction=case, name="审计报告.pdf", kind="pdf", size=len(PDF), digest=sm3(PDF), place=place, uploaded_by="某人", uploaded_at=AT
    )
