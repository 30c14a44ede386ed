"""Messages outside: nothing unless configured, only to who asked for it, each try in the log without the address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.people import District, small_district, stranger
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.domain.contact import Contact, contact_of, set_contact
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import User
from tidu.apps.audit.models import AuditEvent
from tidu.apps.jobs.domain.asking import ask_for_daily_work
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.jobs.models import Job
from tidu.apps.messages.channels.sms import signature
from tidu.apps.messages.domain.delivering import MOST_TRIES, deliver, is_due, spread, try_again
from tidu.apps.messages.domain.reading import mark_read
from tidu.apps.messages.domain.telling import Note, tell_firms, tell_person
from tidu.apps.messages.enums import OutgoingState
from tidu.apps.messages.models import Delivery, Message, Outgoing
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
AT = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)
PHONE, EMAIL = "13800138000", "wangxiaoming@example.com"


@pytest.fixture
def district() -> District:
    return small_district()


def asks(district: District, role: Role, *, email: bool = True, sms: bool = True) -> User:
    """The person of a role wants to be told outside."""
    user = district.people[role]
    set_contact(actor=district.actor(role), at=AT, user=user, wanted=Contact(EMAIL, PHONE, email, sms))
    return user


def told(district: District) -> None:
    note = Note(district.jia.pk, "case.arrive", "小巨人配套：已到账", "“小巨人配套”50万元已到账。")
    tell_firms(at=AT, notes=[note])


@pytest.fixture
def mail_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.OUTBOX, "mail_host", "mail.example")
    monkeypatch.setitem(settings.OUTBOX, "mail_from", "tidu@example.cn")


class Gateway:
    """A gateway that answers as it is told and keeps what it got."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body))
                self.send_response(outer.answers.pop(0) if outer.answers else 200)
                self.send_header("Location", "http://127.0.0.1:9/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *given: Any) -> None:
                del given

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    found = Gateway()
    for name, value in (("sms", "http"), ("sms_url", found.url), ("sms_secret", "secret")):
        monkeypatch.setitem(settings.OUTBOX, name, value)
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_nothing_is_sent_and_nothing_asked_unless_configured(district: District) -> None:
    asks(district, Role.FIRM_CLERK)
    told(district)
    with CaptureQueriesContext(connection) as caught:
        assert is_due(AT) is False
    assert (len(caught), spread(AT), deliver(lambda: AT), len(mail.outbox), Delivery.objects.count()) == (0, 0, (0, 0), 0, 0)


@pytest.mark.usefixtures("mail_on")
def test_only_members_who_asked_for_it_get_an_e_mail(district: District) -> None:
    asks(district, Role.FIRM_CLERK)
    asks(district, Role.FIRM_LEGAL, email=False)
    asks(district, Role.BUREAU_CLERK)
    stranger()
    told(district)
    assert (is_due(AT), spread(AT), spread(AT)) == (True, 1, 0)
    assert deliver(lambda: AT) == (1, 0)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body, sent.from_email) == (
        [EMAIL],
        "小巨人配套：已到账",
        "“小巨人配套”50万元已到账。",
        "tidu@example.cn",
    )
    line = Delivery.objects.get()
    assert (line.address, line.done, line.outcome, line.channel) == ("w***@example.com", True, "邮件服务器已收下", "email")
    assert (Outgoing.objects.get().state, is_due(AT + timedelta(hours=1)), deliver(lambda: AT + timedelta(days=1))) == (
        "sent",
        False,
        (0, 0),
    )


@pytest.mark.usefixtures("mail_on")
def test_yesterdays_news_are_not_sent(district: District) -> None:
    asks(district, Role.FIRM_CLERK)
    told(district)
    later = AT + timedelta(days=1, minutes=1)
    assert (is_due(later), spread(later), Outgoing.objects.count()) == (False, 0, 0)


def test_sms_that_is_only_noted_goes_nowhere(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.OUTBOX, "sms", "log")
    asks(district, Role.FIRM_CLERK)
    told(district)
    spread(AT)
    assert deliver(lambda: AT) == (1, 0)
    assert [(one.address, one.outcome) for one in Delivery.objects.all()] == [("*******8000", "只记录，没有发出（TIDU_SMS=log）")]


def test_the_gateway_gets_a_signed_message(district: District, gateway: Gateway) -> None:
    asks(district, Role.FIRM_CLERK)
    told(district)
    spread(AT)
    assert deliver(lambda: AT) == (1, 0)
    ((headers, body),) = gateway.got
    assert json.loads(body) == {"to": PHONE, "text": "“小巨人配套”50万元已到账。"}
    assert headers["X-Tidu-Signature"] == signature("secret", headers["X-Tidu-Time"], body)


@pytest.mark.parametrize("answer", [302, 400, 500])
def test_a_failure_is_noted_without_the_address_and_tried_again_later(district: District, gateway: Gateway, answer: int) -> None:
    gateway.answers = [answer]
    asks(district, Role.FIRM_CLERK)
    told(district)
    spread(AT)
    assert deliver(lambda: AT) == (0, 1)
    assert (is_due(AT), is_due(AT + timedelta(minutes=1)), len(gateway.got)) == (False, True, 1)
    assert deliver(lambda: AT + timedelta(minutes=1)) == (1, 0)
    lines = list(Delivery.objects.order_by("pk").values_list("done", "outcome", "address"))
    assert lines == [(False, f"短信网关答复 {answer}。", "*******8000"), (True, "短信网关已收下（200）", "*******8000")]


def test_after_the_last_try_a_person_may_try_again(district: District, gateway: Gateway) -> None:
    gateway.answers = [500] * MOST_TRIES
    asks(district, Role.FIRM_CLERK)
    told(district)
    spread(AT)
    at = AT
    for _ in range(MOST_TRIES):
        assert deliver(lambda now=at: now) == (0, 1)
        at += timedelta(hours=7)
    row = Outgoing.objects.get()
    assert (row.state, row.tries, deliver(lambda: at)) == (OutgoingState.GIVEN_UP, MOST_TRIES, (0, 0))
    with pytest.raises(NotAllowed):
        try_again(actor=district.actor(Role.BUREAU_HEAD), at=at, numbers=[row.pk])
    assert try_again(actor=district.actor(Role.SYSTEM_ADMIN), at=at, numbers=[row.pk]) == 1
    assert deliver(lambda: at) == (1, 0)
    with pytest.raises(TiduError, match="没有“不再发”的"):
        try_again(actor=district.actor(Role.SYSTEM_ADMIN), at=at, numbers=[row.pk])


def test_two_workers_do_not_send_the_same_twice(district: District, gateway: Gateway) -> None:
    asks(district, Role.FIRM_CLERK)
    told(district)
    spread(AT)
    seen = Outgoing.objects.get()
    Outgoing.objects.filter(pk=seen.pk, tries=seen.tries).update(tries=1, next_at=AT + timedelta(minutes=1))
    assert (deliver(lambda: AT), gateway.got) == ((0, 0), [])


def test_who_switched_it_off_meanwhile_is_left_alone(district: District, gateway: Gateway) -> None:
    user = asks(district, Role.FIRM_CLERK)
    told(district)
    spread(AT)
    user.refresh_from_db()
    set_contact(actor=district.actor(Role.FIRM_CLERK), at=AT, user=user, wanted=Contact(EMAIL, PHONE, False, False))
    assert (deliver(lambda: AT), gateway.got) == ((0, 1), [])


@pytest.mark.usefixtures("mail_on")
def test_the_queue_does_it_by_itself(district: District) -> None:
    asks(district, Role.BUREAU_CLERK)
    tell_person(at=AT, user=district.people[Role.BUREAU_CLERK].pk, occasion="payment.feedback", title="退票", text="有退票。")
    assert [job.kind for job in ask_for_daily_work(AT) if job.kind == "messages.deliver"] == ["messages.deliver"]
    assert [job for job in ask_for_daily_work(AT) if job.kind == "messages.deliver"] == []
    run_pending(lambda: AT)
    assert (Job.objects.get(kind="messages.deliver").result, len(mail.outbox)) == ({"sent": 1, "failed": 0}, 1)


def test_a_contact_is_sealed_checked_and_only_ones_own(district: District) -> None:
    user, actor = asks(district, Role.BUREAU_CLERK), district.actor(Role.BUREAU_CLERK)
    user.refresh_from_db()
    assert (PHONE in user.phone, contact_of(user).phone) == (False, PHONE)
    detail = str(AuditEvent.objects.get(action="account.contact-changed").detail)
    assert (PHONE in detail, "*******8000" in detail) == (False, True)
    with pytest.raises(NotAllowed, match="只能由本人填写"):
        set_contact(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, user=user, wanted=Contact("", "", False, False))
    with pytest.raises(TiduError, match="手机号应是 11 位数字"):
        set_contact(actor=actor, at=AT, user=user, wanted=Contact(EMAIL, "027-84940000", False, False))
    with pytest.raises(TiduError, match="请填写手机号"):
        set_contact(actor=actor, at=AT, user=user, wanted=Contact(EMAIL, "", True, True))


def test_a_person_marks_only_own_messages_as_read(district: District) -> None:
    mine, other = (
        tell_person(at=AT, user=district.people[role].pk, occasion="x", title="甲", text="乙")
        for role in (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
    )
    clerk: Actor = district.actor(Role.BUREAU_CLERK)
    assert mark_read(actor=clerk, at=AT, numbers=[mine.pk, other.pk]) == 1
    with pytest.raises(TiduError, match="没有选中未读的消息"):
        mark_read(actor=clerk, at=AT, numbers=[other.pk])
    told(district)
    with pytest.raises(TiduError, match="没有选中未读的消息"):
        mark_read(actor=district.actor(Role.FIRM_CLERK), at=AT, numbers=None)
    assert list(Message.objects.exclude(read_at=None).values_list("pk", flat=True)) == [mine.pk]
