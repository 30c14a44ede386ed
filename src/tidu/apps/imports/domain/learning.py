"""What is learnt for next time: what codes mean, how a form is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.models import Source
from tidu.apps.imports.models import CodeMeaning, RememberedMapping
from tidu.apps.imports.reading.codes import Dictionary
from tidu.apps.imports.reading.plans import SheetPlan
from tidu.apps.units.models import Unit

LONGEST_CODE = 100


def dictionary_for(source: Source) -> Dictionary:
    """What the codes of a source mean, by identifier."""
    found: dict[str, dict[str, str]] = {}
    for one in CodeMeaning.objects.filter(source=source):
        found.setdefault(one.identifier, {})[one.code] = one.meaning
    return found


def learn_codes(*, actor: Actor, at: datetime, source: Source, told: Mapping[tuple[str, str], str]) -> int:
    """Keep what (identifier, code) means, or forget it where nothing is said; returns how many changed. Inside a transaction."""
    known = {(one.identifier, one.code): one for one in CodeMeaning.objects.filter(source=source)}
    changed = 0
    for (identifier, code), meaning in told.items():
        one = known.get((identifier, code[:LONGEST_CODE]))
        if (one.meaning if one else "") == meaning:
            continue
        changed += 1
        if not meaning:
            CodeMeaning.objects.filter(source=source, identifier=identifier, code=code[:LONGEST_CODE]).delete()
            continue
        CodeMeaning.objects.update_or_create(
            source=source, identifier=identifier, code=code[:LONGEST_CODE],
            defaults={"meaning": meaning, "learnt_by_id": actor.user, "learnt_at": at},
        )  # fmt: skip
    return changed


def remember_mapping(*, at: datetime, unit: Unit, source: Source, shape: str, plan: SheetPlan) -> None:
    """Keep how a form is read; its periods are not kept, since the next file is of another one. Inside a transaction."""
    kept = plan.to_json() | {"year": None, "month": None}
    RememberedMapping.objects.update_or_create(unit=unit, source=source, shape=shape, defaults={"plan": kept, "saved_at": at})


def remembered_mapping(unit: Unit, source: Source, shape: str) -> SheetPlan | None:
    """How this form was read last time."""
    kept = RememberedMapping.objects.filter(unit=unit, source=source, shape=shape).first()
    return SheetPlan.from_json(kept.plan) if kept else None
