"""Acts on many cases, done beside the pages: the settlement, the meeting's decision, notices, payments, feedback.

Each is one domain function in the transaction that also closes the job: killed at any moment it happened wholly or not at all.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from tidu.apps.fulfilment.domain.deciding import RowResult, decide_batch, propose
from tidu.apps.fulfilment.domain.entitled import choices_in_force
from tidu.apps.fulfilment.domain.feedback_keeping import take_feedback_file
from tidu.apps.fulfilment.domain.noticing import close_notice, draft_notice, publish_notice
from tidu.apps.fulfilment.domain.paying import Feedback, make_payment_batch, send_payment_batch
from tidu.apps.fulfilment.domain.ruling import effect_of, keep_effect
from tidu.apps.fulfilment.domain.settling import keep_settlement, list_cases, settle_district
from tidu.apps.fulfilment.interfaces.allocation import make_allocation
from tidu.apps.fulfilment.models import Case, DecisionBatch, FeedbackFile, Notice, PaymentBatch, SettlementRun
from tidu.apps.jobs.domain.kinds import job_kind
from tidu.apps.jobs.domain.running import HREF, Work
from tidu.apps.policies.loaded import packs

MOST_TOLD = 500
"""Rows that were left out are told one by one up to this number; the page of the batch lists all."""


def _told(results: list[RowResult]) -> dict[str, Any]:
    left = [{"case": one.case.pk, "name": str(one.case), "why": one.sentence} for one in results if not one.done]
    return {"done": sum(one.done for one in results), "left_out": len(left), "rows": left[:MOST_TOLD]}


def _cases(work: Work) -> list[Case]:
    """The cases that the job names, as they stand now, in chunks a database takes."""
    wanted: list[int] = list(work.parameters["cases"])
    found: dict[int, Case] = {}
    for start in range(0, len(wanted), 500):
        found |= Case.objects.visible_to(work.actor).filter(pk__in=wanted[start : start + 500]).select_related("enterprise").in_bulk()
    return [found[pk] for pk in wanted if pk in found]


@job_kind("fulfilment.settle", "兑现测算")
def settle_all(work: Work) -> None:
    """Settle the district; keep the run with all its candidates."""
    work.tell("测算")
    law_date, as_of = date.fromisoformat(work.parameters["law_date"]), date.fromisoformat(work.parameters["as_of"])
    settlement = settle_district(packs(), law_date=law_date, as_of=as_of)
    work.tell("保存候选", 0, len(settlement.results))
    with work.commit() as result:
        run = keep_settlement(actor=work.actor, at=work.clock(), settlement=settlement)
        result.update({"run": run.pk, "candidates": len(settlement.results), HREF: f"{work.parameters['page']}{run.pk}/"})


@job_kind("fulfilment.list", "免申即享列名单")
def list_no_application(work: Work) -> None:
    """Open the cases of one item for all certain candidates."""
    run = SettlementRun.objects.get(pk=work.parameters["run"])
    with work.commit(href=work.parameters["href"]) as result:
        result["done"] = len(list_cases(actor=work.actor, at=work.clock(), run=run, award=work.parameters["award"]))


@job_kind("fulfilment.effect", "试算口径")
def rehearse(work: Work) -> None:
    """Whom another choice of a ruling moves, and by how much."""
    given = work.parameters
    days = {"law_date": date.fromisoformat(given["law_date"]), "as_of": date.fromisoformat(given["as_of"])}
    work.tell("按现在和改后的口径各测算一遍")
    choices = choices_in_force()
    moved = effect_of(packs(), ruling=given["ruling"], choice=given["choice"], **days)
    with work.commit() as result:
        effect = keep_effect(
            actor=work.actor, at=work.clock(), packs=packs(), ruling=given["ruling"], choice=given["choice"], moved=moved,
            choices=choices, **days,
        )  # fmt: skip
        result.update({"effect": effect.pk, "rows": len(moved), HREF: f"{given['page']}{effect.pk}/"})


@job_kind("fulfilment.propose", "列入会审")
def propose_cases(work: Work) -> None:
    """Put many cases into a batch."""
    batch, cases = DecisionBatch.objects.get(pk=work.parameters["batch"]), _cases(work)
    with work.commit(href=work.parameters["href"]) as result:
        result.update(_told(propose(actor=work.actor, at=work.clock(), batch=batch, cases=cases)))


@job_kind("fulfilment.decide", "会审决定")
def decide(work: Work) -> None:
    """The meeting's decision on a batch."""
    given = work.parameters
    batch = DecisionBatch.objects.get(pk=given["batch"])
    batch.version = given["version"]
    work.tell("逐件复核金额")
    with work.commit(href=given["href"]) as result:
        results = decide_batch(
            actor=work.actor,
            at=work.clock(),
            batch=batch,
            packs=packs(),
            minutes=given["minutes"],
            met_on=date.fromisoformat(given["met_on"]),
        )
        result.update(_told(results))


@job_kind("fulfilment.notice", "起草公示")
def draft(work: Work) -> None:
    """A notice of all decided cases of a batch; ``page`` is where notices stand, each under its number."""
    given = work.parameters
    cases = list(Case.objects.filter(batch=given["batch"]).select_related("enterprise").order_by("pk"))
    with work.commit(href=given["href"]) as result:
        notice = draft_notice(
            actor=work.actor, at=work.clock(), title=given["title"], body=given["body"], contact=given["contact"], cases=cases
        )
        result["notice"] = notice.pk
        if "page" in given:
            result[HREF] = f"{given['page']}{notice.pk}/"


@job_kind("fulfilment.publish", "发布公示")
def publish(work: Work) -> None:
    """Publish a notice."""
    notice = Notice.objects.get(pk=work.parameters["notice"])
    notice.version = work.parameters["version"]
    with work.commit(href=work.parameters["href"]) as result:
        result["until"] = str(publish_notice(actor=work.actor, at=work.clock(), notice=notice).until)


@job_kind("fulfilment.close", "公示期满办结")
def close(work: Work) -> None:
    """Clear the rows of a notice whose period is over."""
    notice = Notice.objects.get(pk=work.parameters["notice"])
    with work.commit(href=work.parameters["href"]) as result:
        result.update(_told(close_notice(actor=work.actor, at=work.clock(), notice=notice)))


@job_kind("fulfilment.pay", "建立拨付批次")
def pay(work: Work) -> None:
    """A payment batch of cleared cases; ``page`` is where batches stand, each under its number."""
    cases = _cases(work)
    work.tell("逐件复核是否还能拨付", 0, len(cases))
    with work.commit(href=work.parameters["href"]) as result:
        batch, results = make_payment_batch(actor=work.actor, at=work.clock(), payer=work.parameters["payer"], cases=cases, packs=packs())
        result.update(_told(results), batch=batch.pk if batch else None)
        if batch is not None and "page" in work.parameters:
            result[HREF] = f"{work.parameters['page']}{batch.pk}/"


@job_kind("fulfilment.send", "送财政拨付")
def send(work: Work) -> None:
    """Send a checked batch to finance. The table with the accounts is made here and its digest kept; it is downloaded later."""
    batch = PaymentBatch.objects.get(pk=work.parameters["batch"])
    batch.version = work.parameters["version"]
    work.tell("生成拨付明细表，逐件复核是否还能拨付")
    with work.commit(href=work.parameters["href"]) as result:
        made = make_allocation(actor=work.actor, at=work.clock(), batch=batch)
        send_payment_batch(actor=work.actor, at=work.clock(), batch=batch, packs=packs(), digest=made.digest)
        result.update(payments=made.rows, total=made.total, digest=made.digest)


@job_kind("fulfilment.feedback", "登记财政回执")
def feedback(work: Work) -> None:
    """Take what finance reported, from a file that was kept and looked at."""
    file = FeedbackFile.objects.select_related("batch").get(pk=work.parameters["file"])
    rows = [read_feedback(row) for row in file.rows]
    work.tell("登记回执", 0, len(rows))
    with work.commit(href=work.parameters["href"]) as result:
        result.update(take_feedback_file(actor=work.actor, at=work.clock(), file=file, rows=rows, book=packs().book))


def stored_feedback(row: Feedback) -> dict[str, Any]:
    """A row of feedback as a job keeps it."""
    return {**asdict(row), "arrived_on": row.arrived_on.isoformat() if row.arrived_on else None}


def read_feedback(row: dict[str, Any]) -> Feedback:
    """The row again."""
    return Feedback(**{**row, "arrived_on": date.fromisoformat(row["arrived_on"]) if row["arrived_on"] else None})
