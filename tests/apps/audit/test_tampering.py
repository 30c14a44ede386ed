"""Any change of any column of any event, any event taken out, put in or exchanged, is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, models, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.apps.people import AT, stranger
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.audit.domain.chain import Subject, record_event, verify_chain
from tidu.apps.audit.models import AuditEvent, ChainHead

pytestmark = pytest.mark.django_db
COUNT = 6
RUNS = settings(max_examples=60, deadline=None)
COLUMNS = [field for field in AuditEvent._meta.concrete_fields if field.name != "id"]
numbers = st.integers(min_value=1, max_value=COUNT)
words = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


class Undone(Exception):
    """Takes one run back."""


@contextmanager
def chain() -> Iterator[None]:
    """Some events; whatever happens to them is taken back."""
    try:
        with transaction.atomic():
            for number in range(1, COUNT + 1):
                subject = Subject("firm", str(number), f"企业{number}")
                record_event(actor=SYSTEM, at=AT, action="export", subject=subject, detail={"rows": number, "前": {"名": "旧"}})
            assert verify_chain() == (COUNT, [])
            yield
            raise Undone
    except Undone:
        pass


def value_of(field: models.Field[Any, Any], data: st.DataObject) -> Any:
    if isinstance(field, models.ForeignKey):
        return stranger().pk
    if isinstance(field, models.DateTimeField):
        return data.draw(st.datetimes(min_value=AT.replace(tzinfo=None).replace(year=2000), timezones=st.just(AT.tzinfo)))
    if isinstance(field, models.JSONField):
        return data.draw(st.dictionaries(words, st.one_of(words, st.integers(-(10**9), 10**9), st.booleans(), st.none()), max_size=3))
    if isinstance(field, models.BigIntegerField):
        return data.draw(st.integers(min_value=COUNT + 1, max_value=10**9))
    return data.draw(words)


@RUNS
@given(st.data(), numbers, st.sampled_from(COLUMNS))
def test_a_changed_column_is_found(data: st.DataObject, number: int, field: models.Field[Any, Any]) -> None:
    with chain():
        before = AuditEvent.objects.get(number=number)
        wanted = value_of(field, data)
        if wanted == getattr(before, field.attname):
            return
        AuditEvent.objects.filter(number=number).update(**{field.attname: wanted})
        assert verify_chain()[1] != []


@RUNS
@given(st.sets(numbers, min_size=1))
def test_events_taken_out_are_found(gone: set[int]) -> None:
    with chain():
        with connection.cursor() as cursor:
            for number in gone:
                cursor.execute("DELETE FROM audit_auditevent WHERE number = %s", [number])
        assert verify_chain()[1] != []


@RUNS
@given(numbers, numbers, st.booleans())
def test_two_events_exchanged_are_found(one: int, other: int, with_digests: bool) -> None:
    if one == other:
        return
    with chain():
        rows = {number: AuditEvent.objects.get(number=number) for number in (one, other)}
        names = [field.attname for field in COLUMNS if field.name not in {"number", *(() if with_digests else ("before", "digest"))}]
        for number in (one, other):
            AuditEvent.objects.filter(number=number).update(digest=f"moved{number}") if with_digests else None
        for here, there in ((one, other), (other, one)):
            AuditEvent.objects.filter(number=here).update(**{name: getattr(rows[there], name) for name in names})
        assert verify_chain()[1] != []


@RUNS
@given(numbers)
def test_an_event_put_in_is_found(after: int) -> None:
    with chain():
        for event in AuditEvent.objects.filter(number__gt=after).order_by("-number"):
            AuditEvent.objects.filter(pk=event.pk).update(number=event.number + 1)
        copied = AuditEvent.objects.get(number=after)
        copied.pk, copied.number, copied.digest = None, after + 1, "f" * 64
        copied.save(force_insert=True)
        assert verify_chain()[1] != []


@RUNS
@given(st.integers(min_value=0, max_value=10**6), words)
def test_a_changed_end_is_found(number: int, digest: str) -> None:
    with chain():
        head = ChainHead.objects.get()
        if (number, digest) == (head.number, head.digest):
            return
        ChainHead.objects.update(number=number, digest=digest)
        assert verify_chain()[1] != []


def test_an_event_added_without_the_chain_is_found() -> None:
    with chain():
        last = AuditEvent.objects.get(number=COUNT)
        AuditEvent.objects.create(
            number=COUNT + 1, at=AT, actor=None, actor_name="某", action="export", subject_type="firm", subject_id="1", subject_name="企业",
            detail={}, before=last.digest, digest="e" * 64,
        )  # fmt: skip
        assert verify_chain()[1] != []


def test_the_order_of_keys_of_what_is_told_does_not_matter() -> None:
    with chain():
        detail = AuditEvent.objects.get(number=2).detail
        AuditEvent.objects.filter(number=2).update(detail=json.loads(json.dumps(dict(reversed(list(detail.items()))))))
        assert verify_chain()[1] == []
