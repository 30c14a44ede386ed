"""A batch is taken back as a whole: its sheets and events are withdrawn, what they replaced comes back, firms that only it brought go.

What something else rests on stays, and it is said how much that is and on what it rests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Batch, DataSheet, Enterprise, Event, FactsInForce, NameRecord
from tidu.apps.imports.domain.entries import Standing, standing_events
from tidu.apps.imports.domain.permitting import may_import
from tidu.apps.imports.domain.placing import settle_subdistricts, tells_subdistricts
from tidu.apps.imports.domain.registry import pieces
from tidu.apps.imports.domain.uploading import subject_of
from tidu.apps.imports.models import LearntName, OldNumber, RegisteredFirm, ReplacedEvent
from tidu.apps.imports.reading.repeats import IDENTITY
from tidu.kernel.errors import TiduError

OWN = (DataSheet, Event, OldNumber)
"""What rests on a firm only if it comes from another batch."""
GOES_ALONG = (FactsInForce, NameRecord, RegisteredFirm)


@dataclass
class Consequences:
    """What taking a batch back does: firms that go, and those that stay with what rests on them."""

    sheets: int = 0
    events: int = 0
    restored: int = 0
    removed: list[int] = field(default_factory=list)
    kept: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def consequences(batch: Batch) -> Consequences:
    """What would happen; reads only."""
    registered = list(batch.registered_firms.order_by("enterprise").values_list("enterprise_id", flat=True))
    resting, reasons = resting_on(batch)
    return Consequences(
        sheets=batch.sheets.filter(withdrawn_at=None).count(),
        events=batch.events.filter(withdrawn_at=None).count(),
        restored=batch.replaced_events.count(),
        removed=[pk for pk in registered if pk not in resting],
        kept=len(resting),
        reasons=reasons,
    )


def resting_on(batch: Batch) -> tuple[set[int], dict[str, int]]:
    """Firms that the batch registered and on which anything else rests, and how many by what rests on them, whatever app it is of.

    One question for every model that points to firms, however many firms they are.
    """
    registered = RegisteredFirm.objects.filter(batch=batch).values("enterprise")
    found: set[int] = set()
    reasons: Counter[str] = Counter()
    for relation in Enterprise._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        if model in GOES_ALONG or isinstance(model, str):
            continue
        others = model._default_manager.exclude(batch=batch) if model in OWN else model._default_manager.all()
        if model.__name__ == "NameMatch":
            others = others.exclude(batch=batch)
        here = set(others.filter(**{f"{name}__in": registered}).order_by().values_list(name, flat=True).distinct())
        if here:
            reasons[str(model._meta.verbose_name)] += len(here)
            found |= here
    return found, dict(reasons)


def undo(*, actor: Actor, at: datetime, batch: Batch, version: int) -> Consequences:
    """Take a committed batch back in one transaction. Raises ``changed-meanwhile`` where somebody did so before."""
    may_import(actor, batch.source).require()
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, version=version, state=BatchState.COMMITTED)
        if not moved.update(state=BatchState.UNDONE, version=version + 1, undone_at=at):
            raise TiduError("changed-meanwhile", "这一批已经撤销，或者刚刚被别人处理。请刷新页面看现在的状态。", batch=batch.pk)
        found = consequences(batch)
        firms = set(batch.sheets.values_list("enterprise_id", flat=True)) | set(batch.events.values_list("enterprise_id", flat=True))
        parts = set(batch.sheets.order_by().values_list("level", "period").distinct())
        batch.sheets.filter(withdrawn_at=None).update(withdrawn_at=at)
        batch.events.filter(withdrawn_at=None).update(withdrawn_at=at)
        found.restored = _restore(batch)
        NameRecord.objects.filter(pk__in=LearntName.objects.filter(batch=batch).values("record")).delete()
        OldNumber.objects.filter(batch=batch).delete()
        _remove(found.removed, batch)
        firms -= set(found.removed)
        refresh_facts(firms, parts)
        if tells_subdistricts(batch):
            settle_subdistricts(firms)
        told = {
            "sheets": found.sheets,
            "events": found.events,
            "restored": found.restored,
            "removed": len(found.removed),
            "kept": found.kept,
        }
        Batch.objects.filter(pk=batch.pk).update(counts={**batch.counts, "undone": {**told, "reasons": found.reasons}})
        record_event(actor=actor, at=at, action="import.undone", subject=subject_of(batch), detail=told)
    batch.refresh_from_db()
    return found


def _restore(batch: Batch) -> int:
    """Entries that this batch replaced stand again; one that a later batch has replaced meanwhile waits for that one's undoing."""
    replaced = list(ReplacedEvent.objects.filter(batch=batch).select_related("event", "event__batch"))
    restored: list[int] = []
    for name in {one.event.type for one in replaced}:
        of_type = [one for one in replaced if one.event.type == name]
        standing = standing_events(name, {one.event.enterprise_id for one in of_type})
        for one in of_type:
            event, later = one.event, _successor(standing, one.event)
            if later is not None:
                ReplacedEvent.objects.filter(pk=one.pk).update(batch_id=Event.objects.values_list("batch_id", flat=True).get(pk=later))
            elif event.batch is None or event.batch.state != BatchState.UNDONE:
                restored.append(event.pk)
    for part in pieces(restored):
        Event.objects.filter(pk__in=part).update(withdrawn_at=None)
    return len(restored)


def _successor(standing: Standing, event: Event) -> int | None:
    """The event that stands for the same entry now."""
    number = event.fields.get(IDENTITY.get(event.type, ""))
    listed = standing.entries.get((event.enterprise_id, number), []) if number else []
    return listed[0] if listed else None


def _remove(firms: Iterable[int], batch: Batch) -> None:
    """Firms that only this batch knew, with everything it said of them; the file itself and the audit keep what they were."""
    for part in pieces(firms):
        mine = Q(enterprise__in=part, batch=batch)
        Event.objects.filter(mine).delete()
        DataSheet.objects.filter(mine).delete()
        Enterprise.objects.filter(pk__in=part).delete()
