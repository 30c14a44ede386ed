"""A file of finance is kept as it was read, looked at, and then taken; the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.paying import Feedback, take_feedback
from tidu.apps.fulfilment.domain.payment_rights import may_take_feedback
from tidu.apps.fulfilment.enums import PaymentState
from tidu.apps.fulfilment.models import FeedbackFile, Payment, PaymentBatch
from tidu.kernel.awards import AwardBook
from tidu.kernel.errors import TiduError

TOLD = (PaymentState.PAID, PaymentState.RETURNED)
MOST_PROBLEMS = 1000


def keep_feedback_file(
    *,
    actor: Actor,
    at: datetime,
    batch: PaymentBatch,
    name: str,
    digest: str,
    rows: Sequence[dict[str, Any]],
    problems: Sequence[dict[str, Any]],
    still_open: int,
) -> tuple[FeedbackFile, bool]:
    """Keep what a file says before anything is changed; the second value says whether it is new to this batch."""
    may_take_feedback(actor, batch).require()
    with transaction.atomic():
        kept, fresh = FeedbackFile.objects.get_or_create(
            batch=batch,
            digest=digest,
            defaults={
                "name": name[:200], "rows": list(rows), "problems": list(problems[:MOST_PROBLEMS]), "open": still_open, "uploaded_at": at,
                "uploaded_by": actor.name,
            },
        )  # fmt: skip
        if fresh:
            record_event(
                actor=actor, at=at, action="payment.feedback-uploaded", subject=Subject("payment-batch", str(batch.pk), batch.number),
                detail={"file": kept.name, "digest": digest, "rows": len(rows), "refused": len(problems)},
            )  # fmt: skip
    return kept, fresh


def take_feedback_file(
    *, actor: Actor, at: datetime, file: FeedbackFile, rows: Sequence[Feedback], book: AwardBook | None
) -> dict[str, Any]:  # fmt: skip
    """Take a kept file: ``registered`` payments changed, ``unchanged`` said what was known, ``problems`` were refused.

    Raises ``feedback-taken`` where it was taken before: nothing is done a second time.
    """
    with transaction.atomic():
        mine = FeedbackFile.objects.filter(pk=file.pk, taken_at=None)
        if not mine.update(taken_at=at, taken_by=actor.name):
            file.refresh_from_db()
            raise TiduError("feedback-taken", f"“{file.name}”已由{file.taken_by}登记过，没有再改动。")
        before = _told(file.batch)
        problems = take_feedback(actor=actor, at=at, batch=file.batch, rows=rows, book=book)
        registered = _told(file.batch) - before
        result = {"registered": registered, "unchanged": len(rows) - registered - len(problems), "problems": problems[:MOST_PROBLEMS]}
        FeedbackFile.objects.filter(pk=file.pk).update(result=result)
    return result


def _told(batch: PaymentBatch) -> int:
    return Payment.objects.filter(batch=batch, state__in=TOLD).count()
