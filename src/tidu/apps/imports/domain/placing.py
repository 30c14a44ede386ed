"""The subdistrict of a firm, by which its clerks see it, follows the fact in force."""

from __future__ import annotations

from collections.abc import Collection

from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Batch, Enterprise, FactsInForce
from tidu.apps.imports.domain.registry import among, pieces
from tidu.apps.imports.models import ImportSheet
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit

SUBDISTRICT = "所属街道"


def streets() -> dict[str, int]:
    """Subdistricts and zones by code, name and short name."""
    listed = Unit.objects.filter(kind__in=(UnitKind.SUBDISTRICT, UnitKind.ZONE)).order_by("pk")
    return {text: unit.pk for unit in listed for text in (unit.short_name, unit.name, unit.code)}


def tells_subdistricts(batch: Batch) -> bool:
    """Whether any sheet of a batch says in which subdistrict firms lie."""
    sheets = ImportSheet.objects.filter(batch=batch)
    return any(sheet.included and any(column["target"] == f"fact:{SUBDISTRICT}" for column in sheet.plan["columns"]) for sheet in sheets)


def settle_subdistricts(firms: Collection[int]) -> int:
    """Move firms to the subdistrict that holds now; a firm whose subdistrict nobody tells stays. Inside a transaction."""
    known = streets()
    held = {
        row[0]: known[text]
        for row in among(FactsInForce.objects.filter(level=Level.FIRM, period=0), "enterprise_id", firms, ("enterprise_id", "values"))
        if (text := row[1].get(SUBDISTRICT)) in known
    }
    now = dict(among(Enterprise.objects.all(), "pk", held.keys(), ("pk", "subdistrict_id")))  # type: ignore[arg-type]
    moving: dict[int, list[int]] = {}
    for pk, unit in held.items():
        if now.get(pk) != unit:
            moving.setdefault(unit, []).append(pk)
    for unit, listed in moving.items():
        for part in pieces(listed):
            Enterprise.objects.filter(pk__in=part).update(subdistrict_id=unit)
    return sum(map(len, moving.values()))
