"""Bringing messages outside: to whom, by which way, tried again with growing pauses, each try in the log.

A try is noted before it is made: killed in between, it counts as a failed one and is repeated. So a message may arrive twice
at the worst, and is never lost unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.contact import contact_of
from tidu.apps.accounts.enums import FIRM_SIGNERS, Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.messages.channels import Channel, NotDelivered, channels_on
from tidu.apps.messages.enums import ChannelName, OutgoingState
from tidu.apps.messages.models import Delivery, Message, Outgoing
from tidu.apps.sealing import masked
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

FRESH = timedelta(days=1)
"""Older messages are not sent when a way is switched on later: nobody wants yesterday's news at once."""
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
MOST_TRIES = len(PAUSES) + 1
AT_ONCE = 500
IN_A_ROW = 20
"""Messages between two signs of life of the job: a gateway that answers nothing must not let it look dead."""
Clock = Callable[[], datetime]


def is_due(at: datetime) -> bool:
    """Whether something is to be sent now; asks the database only where a way is on."""
    if not channels_on():
        return False
    return _unspread(at).exists() or _waiting(at).exists()


def _unspread(at: datetime) -> QuerySet[Message]:
    return Message.objects.filter(spread_at=None, sent_at__gt=at - FRESH)


def _waiting(at: datetime) -> QuerySet[Outgoing]:
    found: QuerySet[Outgoing] = Outgoing.objects.filter(state=OutgoingState.WAITING, next_at__lte=at, channel__in=channels_on())
    return found


def spread(at: datetime) -> int:
    """Work out to whom fresh messages go and by which way: members of the firm, or the person, who asked for it. Returns how many."""
    ways = channels_on()
    made = 0
    while listed := list(_unspread(at).order_by("pk")[:AT_ONCE]):
        with transaction.atomic():
            people = _people([one.enterprise_id for one in listed], [one.user_id for one in listed], at)
            rows = [
                Outgoing(message=one, user=user, channel=name, next_at=at)
                for one in listed
                for user in people.get(("firm", one.enterprise_id) if one.enterprise_id else ("user", one.user_id), ())
                for name in ways
                if _wants(user, name)
            ]
            Outgoing.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
            Message.objects.filter(pk__in=[one.pk for one in listed]).update(spread_at=at)
        made += len(rows)
    return made


def _people(firms: Sequence[int | None], users: Sequence[int | None], at: datetime) -> dict[tuple[str, int | None], list[User]]:
    found: dict[tuple[str, int | None], list[User]] = {}
    posts = Post.objects.held_on(legal_day(at)).filter(enterprise__in=[one for one in firms if one], role__in=FIRM_SIGNERS)
    for enterprise, user in posts.filter(user__is_active=True).order_by("user").values_list("enterprise", "user").distinct():
        found.setdefault(("firm", enterprise), []).append(user)
    wanted = {user for listed in found.values() for user in listed} | {one for one in users if one}
    known = User.objects.filter(is_active=True).in_bulk(sorted(wanted))
    named = {key: [known[user] for user in listed if user in known] for key, listed in found.items()}
    return {**named, **{("user", pk): [user] for pk, user in known.items()}}


def _wants(user: User, name: ChannelName) -> bool:
    if name == ChannelName.EMAIL:
        return bool(user.tell_by_email and user.email)
    return bool(user.tell_by_sms and user.phone)


def deliver(clock: Clock) -> tuple[int, int]:
    """Try everything that is due; returns how many went out and how many did not."""
    ways, done, failed = channels_on(), 0, 0
    start = clock()
    for one in list(_waiting(start).select_related("message", "user").order_by("next_at", "pk")[:IN_A_ROW]):
        channel = ways.get(ChannelName(one.channel))
        if channel is None or not _claim(one, clock()):
            continue
        if _try(one, channel, clock()):
            done += 1
        else:
            failed += 1
    return done, failed


def _claim(one: Outgoing, at: datetime) -> bool:
    """Take the try before it is made; another worker that looks at the same row goes on to the next."""
    pause = PAUSES[min(one.tries, len(PAUSES) - 1)]
    mine = Outgoing.objects.filter(pk=one.pk, tries=one.tries, state=OutgoingState.WAITING)
    return bool(mine.update(tries=F("tries") + 1, next_at=at + pause))


def _try(one: Outgoing, channel: Channel, at: datetime) -> bool:
    contact = contact_of(one.user)
    address = contact.email if one.channel == ChannelName.EMAIL else contact.phone
    line = Delivery.objects.create(
        message=one.message, outgoing=one, channel=one.channel, address=hidden_address(address), tried_at=at,
        outcome="正在发送，没有记下结果", done=False,
    )  # fmt: skip
    try:
        if not _wants(one.user, ChannelName(one.channel)) or not one.user.is_active:
            raise NotDelivered("收件人已关闭这种方式或者账号已停用。")
        outcome, done = channel.send(address, one.message.title, one.message.text), True
    except NotDelivered as error:
        outcome, done = str(error), False
    with transaction.atomic():
        Delivery.objects.filter(pk=line.pk).update(outcome=outcome[:200], done=done)
        given_up = not done and one.tries + 1 >= MOST_TRIES
        state = OutgoingState.SENT if done else OutgoingState.GIVEN_UP if given_up else OutgoingState.WAITING
        Outgoing.objects.filter(pk=one.pk).update(state=state)
    return done


def hidden_address(address: str) -> str:
    """An address as the log shows it.

    >>> hidden_address("wangxiaoming@example.com"), hidden_address("13800138000")
    ('w***@example.com', '*******8000')
    """
    name, at, host = address.partition("@")
    return f"{name[:1]}***@{host}" if at else masked(address)


def try_again(*, actor: Actor, at: datetime, numbers: Sequence[int]) -> int:
    """Put what was given up back into the queue; raises ``nothing-to-try``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    with transaction.atomic():
        given_up = Outgoing.objects.filter(pk__in=list(numbers), state=OutgoingState.GIVEN_UP)
        count = given_up.update(state=OutgoingState.WAITING, tries=0, next_at=at)
        if not count:
            raise TiduError("nothing-to-try", "选中的消息里没有“不再发”的。请刷新后再选。")
        record_event(actor=actor, at=at, action="message.tried-again", subject=Subject("outgoing", "", "外发消息"), detail={"rows": count})
    return count
