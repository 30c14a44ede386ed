"""The ground of ``test_killed``: many firms with an award, brought to the step before the one that is killed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.apps.killing import main
from tidu.kernel.legal_days import legal_day

FIRMS = 200


def empty() -> None:
    """Tables, people and firms with a recognition each."""
    from django.core.management import call_command

    from tests.apps.fulfilment.ground import NOON, achieve, another_firm, money_district

    call_command("migrate", verbosity=0)
    ground = money_district()
    for number in range(FIRMS):
        achieve(another_firm(number), "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14)})
    from tidu.apps.fulfilment.domain.budgeting import plan_budget
    from tidu.apps.fulfilment.domain.settling import keep_settlement, list_cases, settle_district
    from tidu.apps.fulfilment.models import Case
    from tidu.apps.policies.loaded import packs
    from tidu.apps.sealing import seal

    law = NOON.date()
    run = keep_settlement(actor=ground.clerk, at=NOON, settlement=settle_district(packs(), law_date=law, as_of=law))
    (first, *_) = list_cases(actor=ground.clerk, at=NOON, run=run, award="C3")
    Case.objects.update(state="reviewed", submission=1, account=seal("6222020200012345678", "bank-account"), account_holder="户名")
    plan_budget(actor=ground.head, at=NOON, year=2024, payer=first.payer, clause=first.clause, planned=10**12)


def prepare() -> dict[str, Any]:
    """Everything before the meeting, and the job of its decision."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from tidu.apps.accounts.queries import actor_of
    from tidu.apps.fulfilment.domain.deciding import make_batch, propose
    from tidu.apps.fulfilment.models import Case

    empty()
    at = timezone.now()
    head = actor_of(get_user_model().objects.get(username="bureau-head"), at.date())
    batch = make_batch(actor=head, at=at, title="批次", year=2024)
    propose(actor=head, at=at, batch=batch, cases=list(Case.objects.select_related("enterprise")))
    ask("fulfilment.decide", batch=batch.pk, version=batch.version, minutes="同意。", met_on=at.date().isoformat())
    return state()


def next_step() -> dict[str, Any]:
    """The job after the one that is done."""
    from django.utils import timezone

    from tidu.apps.fulfilment.models import Case, DecisionBatch, FeedbackFile, Notice, Payment, PaymentBatch

    today = legal_day(timezone.now())
    batch, notice, payments = DecisionBatch.objects.get(), Notice.objects.first(), PaymentBatch.objects.first()
    if notice is None:
        ask("fulfilment.notice", batch=batch.pk, title="公示", body="名单", contact="027")
    elif notice.state == "draft":
        ask("fulfilment.publish", notice=notice.pk, version=notice.version)
    elif notice.state == "published":
        Notice.objects.update(published_on=today - timedelta(days=30), until=today - timedelta(days=1))
        ask("fulfilment.close", notice=notice.pk)
    elif payments is None:
        ask("fulfilment.pay", payer="区级", cases=list(Case.objects.values_list("pk", flat=True)))
    else:
        PaymentBatch.objects.update(state="sent")
        Payment.objects.update(state="sent")
        rows = [
            {"payment": pk, "reference": f"F{pk}", "arrived_on": today.isoformat(), "returned_why": ""}
            for pk in Payment.objects.values_list("pk", flat=True)
        ]
        file = FeedbackFile.objects.create(
            batch=payments, name="回执", digest="d" * 64, rows=rows, uploaded_at=timezone.now(), uploaded_by="某"
        )
        ask("fulfilment.feedback", file=file.pk)
    return state()


def ask(kind: str, **parameters: Any) -> None:
    """Queue a job of the bureau's head."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from tidu.apps.accounts.queries import actor_of
    from tidu.apps.jobs.domain.asking import ask_for

    at = timezone.now()
    actor = actor_of(get_user_model().objects.get(username="bureau-head"), at.date())
    ask_for(actor=actor, at=at, kind=kind, title=kind, key=kind, parameters={**parameters, "href": "/office/"})


def state() -> dict[str, Any]:
    """What stands: states of cases, jobs, steps by act, the books, the chain."""
    from django.db.models import Count

    from tidu.apps.audit.domain.chain import verify_chain
    from tidu.apps.fulfilment.domain.reconciling import reconcile, recorded_payments
    from tidu.apps.fulfilment.models import Case, Notice, Payment, Step, Voucher
    from tidu.apps.jobs.models import Job

    return {
        "cases": dict(Case.objects.order_by().values_list("state").annotate(Count("pk"))),
        "steps": dict(Step.objects.order_by().values_list("act").annotate(Count("pk"))),
        "jobs": {job.kind: [job.state, job.error] for job in Job.objects.order_by("pk")},
        "counts": [Notice.objects.count(), Payment.objects.count(), Voucher.objects.count(), recorded_payments()],
        "disagree": [line.sentence for line in reconcile() if not line.agrees],
        "breaks": [one.sentence for one in verify_chain()[1]],
    }


if __name__ == "__main__":
    main({"prepare": prepare, "next_step": next_step, "state": state})
