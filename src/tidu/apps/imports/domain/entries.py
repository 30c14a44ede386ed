"""Events that stand in the registry, as far as a new delivery of the same register meets them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tidu.apps.enterprises.models import Event
from tidu.apps.imports.domain.registry import among
from tidu.apps.imports.reading.repeats import IDENTITY


@dataclass
class Standing:
    """Marks of (firm, mark), and ids of events by (firm, number of the entry)."""

    marks: set[tuple[int, str]] = field(default_factory=set)
    entries: dict[tuple[int, str], list[int]] = field(default_factory=dict)


def standing_events(name: str, firms: Collection[int]) -> Standing:
    """All standing events of one type of these firms."""
    found, identity = Standing(), IDENTITY.get(name)
    columns = ("enterprise_id", "mark", "pk", "fields") if identity else ("enterprise_id", "mark")
    for row in among(Event.objects.filter(type=name, withdrawn_at=None), "enterprise_id", firms, columns):
        found.marks.add((row[0], row[1]))
        number = row[3].get(identity) if identity else None
        if number:
            found.entries.setdefault((row[0], number), []).append(row[2])
    return found
