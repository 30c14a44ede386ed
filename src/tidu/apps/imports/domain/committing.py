"""A checked file goes into the registry, all of it or nothing: firms, names, sheets, events, and what holds of the firms touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.domain.names import folded_name, initials
from tidu.apps.enterprises.domain.registering import event_mark
from tidu.apps.enterprises.enums import BatchState, NameKind
from tidu.apps.enterprises.models import Batch, DataSheet, Enterprise, Event, NameRecord
from tidu.apps.imports.domain.entries import Standing, standing_events
from tidu.apps.imports.domain.permitting import may_import
from tidu.apps.imports.domain.placing import SUBDISTRICT, settle_subdistricts, streets, tells_subdistricts
from tidu.apps.imports.domain.preparing import CODE, Prepared, PreparedSheet
from tidu.apps.imports.domain.registry import among
from tidu.apps.imports.domain.uploading import subject_of
from tidu.apps.imports.enums import TAKEN, Outcome
from tidu.apps.imports.models import LearntName, OldNumber, RegisteredFirm, ReplacedEvent
from tidu.apps.imports.reading.assembling import AT, FIRM_LEVEL, PERIOD
from tidu.apps.imports.reading.repeats import IDENTITY
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue

AT_ONCE = 2000
DAYS = ("日期", "登记日期", "授权日期", "注册日期", "申请日期", "创作日期")
"""The field that dates an event, the first that is known."""


@dataclass
class Written:
    """What a commit wrote; ``parts`` are the (level, period) that were touched."""

    firms: set[int] = field(default_factory=set)
    registered: int = 0
    sheets: int = 0
    events: int = 0
    known_events: int = 0
    replaced: int = 0
    parts: set[tuple[int, int]] = field(default_factory=set)


def commit(*, actor: Actor, at: datetime, batch: Batch, version: int, prepared: Prepared) -> Written:
    """Write a prepared batch in one transaction.

    Raises ``registry-changed`` where the registry is not what it was when the file was checked, ``changed-meanwhile`` where the
    batch is not; then nothing is written.
    """
    may_import(actor, batch.source).require()
    with transaction.atomic():
        moved = Batch.objects.filter(pk=batch.pk, version=version, state=BatchState.CHECKED)
        if not moved.update(state=BatchState.COMMITTED, version=version + 1, committed_at=at):
            raise TiduError("changed-meanwhile", "入库前，这一批被改过或者已经入库。请刷新页面看现在的状态。", batch=batch.pk)
        _same_as_checked(batch, prepared)
        written = Written()
        ids = _firms(batch, at, prepared, written)
        _names(batch, prepared, ids)
        _numbers(batch, prepared, ids)
        for one in prepared.sheets:
            _facts(batch, at, one, ids, written)
            _events(batch, at, one, ids, written)
        refresh_facts(written.firms, written.parts)
        if tells_subdistricts(batch):
            settle_subdistricts(written.firms)
        counts = {**batch.counts, "written": _told(written)}
        Batch.objects.filter(pk=batch.pk).update(counts=counts)
        record_event(actor=actor, at=at, action="import.committed", subject=subject_of(batch), detail=_told(written))
    batch.refresh_from_db()
    return written


def _told(written: Written) -> dict[str, int]:
    return {
        "firms": len(written.firms), "registered": written.registered, "sheets": written.sheets, "events": written.events,
        "known_events": written.known_events, "replaced": written.replaced,
    }  # fmt: skip


def _same_as_checked(batch: Batch, prepared: Prepared) -> None:
    """Whose the rows are must not have changed since the check, nor since the file was worked out a moment ago."""
    codes = [*prepared.new, *(match.code for one in prepared.sheets for match in one.matches if match.code)]
    standing = {row[0] for row in among(Enterprise.objects.filter(merged_into=None), "code", set(codes), ("code",))}
    gone = set(codes) - set(prepared.new) - standing
    if prepared.fingerprint() != batch.counts.get("fingerprint") or gone or standing & set(prepared.new):
        raise TiduError(
            "registry-changed", "检查以后，企业库有了变动，有的行对应的企业已经不同，没有入库。请重新检查，看过结果再入库。", batch=batch.pk
        )


def _firms(batch: Batch, at: datetime, prepared: Prepared, written: Written) -> dict[str, int]:
    """Ids of all firms of the file by code; new ones are registered with the name the file gives."""
    ids = dict(prepared.registry.ids)
    if prepared.new:
        places = _places_of_new(prepared)
        new = [
            Enterprise(code=code, name=name, initials=initials(name), subdistrict_id=places.get(code), created_at=at)
            for code, name in prepared.new.items()
        ]
        try:
            with transaction.atomic():
                Enterprise.objects.bulk_create(new, batch_size=AT_ONCE)
        except IntegrityError as error:
            raise TiduError("registry-changed", "另一批数据刚刚登记了同样的企业，没有入库。请重新检查。", batch=batch.pk) from error
        ids |= {row[0]: row[1] for row in among(Enterprise.objects.all(), "code", set(prepared.new), ("code", "pk"))}
        RegisteredFirm.objects.bulk_create(
            (RegisteredFirm(batch=batch, enterprise_id=ids[code]) for code in prepared.new), batch_size=AT_ONCE
        )  # fmt: skip
        records = [
            NameRecord(enterprise_id=ids[code], name=name, folded=folded_name(name), kind=NameKind.CURRENT)
            for code, name in prepared.new.items()
        ]
        NameRecord.objects.bulk_create(records, batch_size=AT_ONCE)
    written.registered = len(prepared.new)
    return ids


def _places_of_new(prepared: Prepared) -> dict[str, int]:
    known = streets()
    found: dict[str, int] = {}
    for one in prepared.sheets:
        frame = one.levels.get(FIRM_LEVEL)
        if frame is not None and SUBDISTRICT in frame.columns:
            found |= {
                code: known[text] for code, text in frame.select(CODE, SUBDISTRICT).iter_rows() if text in known and code in prepared.new
            }
    return found


def _names(batch: Batch, prepared: Prepared, ids: Mapping[str, int]) -> None:
    """Former names that the file tells, and names that a person said are a firm's, are known from now on."""
    told: dict[tuple[int, str], tuple[str, str]] = {}
    for one in prepared.sheets:
        for key, folded, match in zip(one.parsed.keys, one.folded, one.matches, strict=True):
            if match.outcome not in TAKEN:
                continue
            for name in key.former:
                told.setdefault((ids[match.code], folded_name(name)), (name, NameKind.FORMER))
            if match.outcome == Outcome.CHOSEN and folded:
                told.setdefault((ids[match.code], folded[0]), (key.names[0], NameKind.ALIAS))
    known = set(among(NameRecord.objects.all(), "enterprise_id", {pk for pk, _ in told}, ("enterprise_id", "folded")))
    current = {row[0] for row in among(NameRecord.objects.filter(kind=NameKind.CURRENT), "folded", {text for _, text in told}, ("folded",))}
    fresh = [
        NameRecord(enterprise_id=pk, name=name, folded=folded, kind=kind)
        for (pk, folded), (name, kind) in told.items()
        # a name that a firm bears now is not given to another one as well
        if folded and (pk, folded) not in known and folded not in current
    ]
    NameRecord.objects.bulk_create(fresh, batch_size=AT_ONCE)
    LearntName.objects.bulk_create((LearntName(batch=batch, record_id=pk) for pk in _written_names(fresh)), batch_size=AT_ONCE)


def _written_names(fresh: list[NameRecord]) -> list[int]:
    wanted = {(one.enterprise_id, one.folded) for one in fresh}
    rows = among(NameRecord.objects.all(), "enterprise_id", {pk for pk, _ in wanted}, ("enterprise_id", "folded", "pk"))
    return [row[2] for row in rows if (row[0], row[1]) in wanted]


def _numbers(batch: Batch, prepared: Prepared, ids: Mapping[str, int]) -> None:
    """Old numbers beside codes: the next file may hold nothing else."""
    told: dict[str, int] = {}
    for one in prepared.sheets:
        for key, match in zip(one.parsed.keys, one.matches, strict=True):
            if key.number and match.outcome in TAKEN:
                told.setdefault(key.number, ids[match.code])
    known = {row[0] for row in among(OldNumber.objects.all(), "number", set(told), ("number",))}
    fresh = (OldNumber(number=number, enterprise_id=pk, batch=batch) for number, pk in told.items() if number not in known)
    OldNumber.objects.bulk_create(fresh, batch_size=AT_ONCE)


def _facts(batch: Batch, at: datetime, one: PreparedSheet, ids: Mapping[str, int], written: Written) -> None:
    for level, frame in one.levels.items():
        names = [name for name in frame.columns if name not in {AT, CODE, PERIOD}]

        def rows(level: int = level, frame: pl.DataFrame = frame, names: list[str] = names) -> Iterator[DataSheet]:
            for code, period, *values in _plain(frame).select(CODE, PERIOD, *names).iter_rows():
                told = {name: value for name, value in zip(names, values, strict=True) if value is not None}
                if told:
                    pk = ids[code]
                    written.firms.add(pk)
                    written.parts.add((level, period))
                    written.sheets += 1
                    yield DataSheet(
                        enterprise_id=pk, source_id=one.sheet.source_id, level=level, period=period, values=told, batch=batch, received_at=at
                    )  # fmt: skip

        _store(DataSheet, rows())


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Days as ISO text, as they are kept."""
    return frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))


def _events(batch: Batch, at: datetime, one: PreparedSheet, ids: Mapping[str, int], written: Written) -> None:
    """Events that are not known yet; a newer delivery of an entry takes the place of the older one."""
    for name, frame in one.events.items():
        fields = [field_name for field_name in catalogue().event(name).fields if field_name in frame.columns]
        firms = {ids[code] for code in frame[CODE].unique()}
        standing = standing_events(name, firms)
        fresh: list[Event] = []
        outdated: list[int] = []
        for code, *values in _plain(frame).select(CODE, *fields).iter_rows():
            told = {field_name: value for field_name, value in zip(fields, values, strict=True) if value is not None}
            if not told:
                continue
            event = _event(batch, at, one, ids[code], name, told)
            if (event.enterprise_id, event.mark) in standing.marks:
                written.known_events += 1
                continue
            standing.marks.add((event.enterprise_id, event.mark))
            outdated += _outdated(standing, event)
            fresh.append(event)
        _replace(batch, at, outdated)
        _store(Event, fresh)
        written.events += len(fresh)
        written.replaced += len(outdated)
        written.firms |= {event.enterprise_id for event in fresh}


def _event(batch: Batch, at: datetime, one: PreparedSheet, firm: int, name: str, told: dict[str, Any]) -> Event:
    day = next((date.fromisoformat(told[field_name]) for field_name in DAYS if told.get(field_name)), None)
    return Event(
        enterprise_id=firm, type=name, day=day, fields=told, mark=event_mark(name, told), source_id=one.sheet.source_id, batch=batch,
        received_at=at,
    )  # fmt: skip


def _outdated(standing: Standing, event: Event) -> list[int]:
    identity = event.fields.get(IDENTITY.get(event.type, ""))
    return standing.entries.pop((event.enterprise_id, identity), []) if identity else []


def _replace(batch: Batch, at: datetime, outdated: Iterable[int]) -> None:
    listed = list(outdated)
    ReplacedEvent.objects.bulk_create((ReplacedEvent(batch=batch, event_id=pk) for pk in listed), batch_size=AT_ONCE)
    for start in range(0, len(listed), 500):
        Event.objects.filter(pk__in=listed[start : start + 500], withdrawn_at=None).update(withdrawn_at=at)


def _store(model: type[DataSheet | Event], rows: Iterable[Any]) -> None:
    waiting: list[Any] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            model.objects.bulk_create(waiting)
            waiting.clear()
    model.objects.bulk_create(waiting)
