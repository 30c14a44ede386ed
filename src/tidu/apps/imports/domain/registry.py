"""What the registry knows of the firms that a file speaks of, fetched in bulk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from tidu.apps.enterprises.domain.names import folded_name
from tidu.apps.enterprises.enums import NameKind
from tidu.apps.enterprises.models import Enterprise, NameRecord
from tidu.apps.imports.models import OldNumber
from tidu.apps.imports.reading.matching import Known, core_name
from tidu.apps.registry.models import FormerCode

AT_ONCE = 500
"""Values in one question; SQLite takes a limited number."""
RATHER_ALL = 3000
"""Beyond so many a table is read as a whole, which is faster than asking in pieces."""
MOST_SUGGESTIONS = 5


@dataclass
class Registry:
    """Firms by code with the names of all; ``known`` is what rows are matched by."""

    known: Known = field(default_factory=Known)
    ids: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def pieces(values: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """Values in lists of a size that every database takes."""
    left = iter(values)
    while part := list(islice(left, size)):
        yield part


def among(queryset: QuerySet[Any], field_name: str, values: Collection[Any], columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Rows whose field is one of the values, few queries whatever their number."""
    if len(values) > RATHER_ALL:
        wanted, place = frozenset(values), columns.index(field_name)
        yield from (row for row in queryset.order_by().values_list(*columns).iterator(chunk_size=5000) if row[place] in wanted)
        return
    for part in pieces(sorted(values)):
        yield from queryset.order_by().filter(**{f"{field_name}__in": part}).values_list(*columns)


def registry_of(codes: Collection[str], folded: Collection[str], numbers: Collection[str]) -> Registry:
    """Everything the registry knows under these codes, names and numbers; merged firms lead to those that stand for them."""
    found = Registry()
    by_code = {row[0]: row[1] for row in among(Enterprise.objects.all(), "code", codes, ("code", "pk"))}
    # a code that was corrected leads to the firm for good, so that a file with the old one makes no second firm
    by_code |= dict(among(FormerCode.objects.all(), "code", set(codes) - set(by_code), ("code", "enterprise_id")))
    by_name = list(among(NameRecord.objects.all(), "folded", folded, ("folded", "kind", "enterprise_id")))
    by_number = list(among(OldNumber.objects.all(), "number", numbers, ("number", "enterprise_id")))
    standing = _standing({*by_code.values(), *(row[2] for row in by_name), *(row[1] for row in by_number)}, found)
    names: dict[str, list[str]] = {}
    former: dict[str, list[str]] = {}
    for text, kind, pk in by_name:
        (names if kind == NameKind.CURRENT else former).setdefault(text, []).append(standing[pk])
    found.known = Known(
        {code: standing[pk] for code, pk in by_code.items()}, {number: standing[pk] for number, pk in by_number}, names, former
    )
    return found


def _standing(wanted: set[int], found: Registry) -> dict[int, str]:
    """The code of the firm that stands for each firm, through all mergers."""
    merged: dict[int, int | None] = {}
    left = wanted
    while left:
        for pk, code, name, into in among(Enterprise.objects.all(), "pk", left, ("pk", "code", "name", "merged_into_id")):
            merged[pk] = into
            if into is None:
                found.ids[code], found.names[code] = pk, name
        left = {into for into in merged.values() if into is not None} - set(merged)
    codes = {pk: code for code, pk in found.ids.items()}

    def last(pk: int) -> int:
        into = merged[pk]
        return pk if into is None else last(into)

    return {pk: codes[last(pk)] for pk in wanted}


def alike(folded: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """For names that nobody bears, codes of firms whose names share their core: for a person to look at."""
    cores = {core_name(name): name for name in folded}
    cores.pop("", None)
    found: dict[str, list[str]] = {}
    if cores:
        listed = Enterprise.objects.in_registry().order_by("code").values_list("code", "name")
        for code, name in listed.iterator(chunk_size=5000):
            core = core_name(folded_name(name))
            if core in cores and len(found.setdefault(core, [])) < MOST_SUGGESTIONS:
                found[core].append(code)
    return {name: tuple(found.get(core_name(name), ())) for name in folded}
