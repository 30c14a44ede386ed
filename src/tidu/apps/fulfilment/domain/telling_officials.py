"""What officials are told when something waits for them: a batch to be checked, an objection, payments that came back."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.fulfilment.models import Objection, PaymentBatch
from tidu.apps.messages.domain.telling import tell_person
from tidu.kernel.legal_days import legal_day
from tidu.kernel.settlement_words import money


def _heads(at: datetime, but: int | None) -> list[int]:
    """The bureau's heads of the day, without the person who acts."""
    posts = Post.objects.held_on(legal_day(at)).filter(role=Role.BUREAU_HEAD, user__is_active=True).exclude(user=but)
    return list(posts.order_by("user").values_list("user", flat=True).distinct())


def tell_to_check(*, actor: Actor, at: datetime, batch: PaymentBatch, count: int, fen: int) -> None:
    """A batch waits for a second person."""
    text = f"{actor.name}建立了{batch.payer}拨付批次 {batch.number}，{count:,} 笔，合计 {money(fen)}，请复核。"
    for user in _heads(at, actor.user):
        tell_person(
            at=at, user=user, occasion="payment.batch-made", title=f"拨付批次 {batch.number} 待复核", text=text,
            href=reverse("payment-batch", args=[batch.pk]),
        )  # fmt: skip


def tell_returned(*, at: datetime, batch: PaymentBatch, count: int) -> None:
    """Payments of a batch came back: whoever made it hears of it."""
    tell_person(
        at=at, user=batch.maker_id, occasion="payment.feedback", title=f"拨付批次 {batch.number} 退票 {count:,} 笔",
        text=f"财政退回 {count:,} 笔，系统已请企业更正收款账户；更正后在待拨付里重新列入批次。", href=reverse("payments-returned"),
    )  # fmt: skip


def tell_objection(*, actor: Actor, at: datetime, objection: Objection) -> None:
    """An objection waits for an answer; who raised it is not said."""
    for user in _heads(at, actor.user):
        tell_person(
            at=at, user=user, occasion="objection.received", title=f"公示异议待答复：{objection.case.enterprise.name}",
            text=f"“{objection.notice.title}”收到一条异议，这一项已停下来，请核查后答复。", href=reverse("objection", args=[objection.pk]),
        )  # fmt: skip
