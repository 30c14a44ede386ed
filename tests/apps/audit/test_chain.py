"""The chain: every event follows the one before, and no change goes unseen."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests.apps.people import AT
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.audit.digests import FIRST, chained
from tidu.apps.audit.domain.chain import Break, Subject, record_event, verify_chain
from tidu.apps.audit.models import AuditEvent, ChainHead

pytestmark = pytest.mark.django_db


def recorded(count: int) -> list[AuditEvent]:
    found = []
    for number in range(1, count + 1):
        with transaction.atomic():
            subject = Subject("firm", str(number), f"企业{number}")
            found.append(record_event(actor=SYSTEM, at=AT, action="export", subject=subject, detail={"rows": number}))
    return found


def test_events_are_numbered_and_each_follows_the_one_before() -> None:
    first, second = recorded(2)
    assert (first.number, first.before, second.number, second.before) == (1, FIRST, 2, first.digest)
    assert verify_chain() == (2, [])


def test_an_empty_chain_holds() -> None:
    assert verify_chain() == (0, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor_name", "别人"), ("action", "account.login"), ("subject_id", "9"), ("subject_name", "别的企业"), ("detail", '{"rows": 99}')],
)
def test_a_changed_column_is_found(column: str, value: str) -> None:
    recorded(3)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_auditevent SET {column} = %s WHERE number = 2", [value])
    assert verify_chain() == (3, [Break(2, "第 2 条的内容与摘要不符：写入以后被改过。")])


def test_a_changed_time_is_found() -> None:
    recorded(2)
    AuditEvent.objects.filter(number=1).update(at=AT.replace(year=2023))
    assert verify_chain() == (2, [Break(1, "第 1 条的内容与摘要不符：写入以后被改过。")])


def test_a_missing_event_is_found() -> None:
    recorded(3)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE number = 2")
    assert verify_chain() == (
        2, [Break(3, "第 2 条至第 2 条不见了。"), Break(3, "第 3 条与前一条接不上：前一条被改过、删过或插入过。")],
    )  # fmt: skip


def test_a_cut_end_is_found() -> None:
    recorded(3)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE number = 3")
    assert verify_chain() == (2, [Break(3, "链尾记到第 3 条，现存最后一条是第 2 条：末尾的记录被删过或添过。")])


def test_a_rewritten_event_with_a_fitting_digest_breaks_the_link_to_the_next() -> None:
    first, second = recorded(2)
    event = AuditEvent.objects.get(number=1)
    event.detail = {"rows": 7}
    covered = {
        "number": 1, "at": "2024-06-01T02:00:00.000000+00:00", "actor": None, "actor_name": "系统", "action": "export",
        "subject_type": "firm", "subject_id": "1", "subject_name": "企业1", "detail": {"rows": 7},
    }  # fmt: skip
    AuditEvent.objects.filter(number=1).update(detail={"rows": 7}, digest=chained(first.before, covered))
    assert verify_chain() == (2, [Break(2, "第 2 条与前一条接不上：前一条被改过、删过或插入过。")])
    assert second.number == 2


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        record_event(actor=SYSTEM, at=AT, action="export", subject=Subject("firm", "1", "企业"))


def test_an_act_that_fails_leaves_no_event() -> None:
    recorded(1)

    def failing() -> None:
        with transaction.atomic():
            record_event(actor=SYSTEM, at=AT, action="export", subject=Subject("firm", "2", "企业"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert (verify_chain(), ChainHead.objects.get().number) == ((1, []), 1)


def test_events_cannot_be_deleted_through_the_model() -> None:
    recorded(1)
    with pytest.raises(TypeError):
        AuditEvent.objects.all().delete()
