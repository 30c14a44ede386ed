"""Imports for the access matrix: of the person's own unit, and of a unit that is none of theirs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tests.apps.people import AT, HOME, District
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.models import Batch, Source
from tidu.apps.imports.models import ImportSheet
from tidu.apps.imports.reading.contents import Content, Profile
from tidu.apps.imports.reading.plans import ColumnPlan, SheetPlan


def _batch(district: District, role: Role, *, own: bool) -> Batch:
    unit = district.units[HOME.get(role, "bureau")] if own else district.units["two"]
    source, _ = Source.objects.get_or_create(name=f"来源{unit.pk}", defaults={"unit": unit})
    return Batch.objects.create(
        source=source, unit=unit, file_name="数据.xlsx", file_digest="0" * 64, created_by=district.people[Role.BUREAU_CLERK], created_at=AT
    )


def import_object(district: District, role: Role, own: bool) -> list[Any]:
    return [_batch(district, role, own=own).pk]


def import_sheet_object(district: District, role: Role, own: bool) -> list[Any]:
    batch = _batch(district, role, own=own)
    plan = SheetPlan([ColumnPlan(0, "企业名称", "key:name"), ColumnPlan(1, "主导产品", "fact:主导产品")]).to_json()
    seen = [Profile(0, "A", "企业名称", Content.NAME, 1, ("某",), ()), Profile(1, "B", "主导产品", Content.TEXT, 1, ("某",), ())]
    ImportSheet.objects.create(
        batch=batch, position=0, name="表", source=batch.source, rows=1, plan=plan, seen={"columns": [asdict(one) for one in seen]}
    )
    return [batch.pk, 0]
