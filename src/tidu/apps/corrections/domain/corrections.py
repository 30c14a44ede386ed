"""A firm says that a fact is wrong, and the unit that owns the fact decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import FIRM_ROLES
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.corrections.domain.assigning import owner_of, source_of_acceptance
from tidu.apps.corrections.domain.evidence import hand_in
from tidu.apps.corrections.domain.moves import CORRECTION_MOVES, FIRM, Move, may_submit, move_case, record_step, subject_of
from tidu.apps.corrections.enums import OPEN, CaseState
from tidu.apps.corrections.models import Correction
from tidu.apps.corrections.reading import read_text
from tidu.apps.corrections.sections import level_of
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.models import DataSheet, Enterprise, FactsInForce
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, catalogue

ASK = Move("ask", "提出更正", (), CaseState.SUBMITTED, FIRM, "更正申请已提交。", "提出更正申请")
SHORTEST_WHY = 5
LONGEST_WHY = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """What the form says; ``file`` is a name and a content, or None."""

    fact: str
    period: int
    wanted: str
    why: str
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What holds of a fact and who said it."""

    value: Any
    source: str


def said_of(enterprise: Enterprise, fact: str, period: int) -> Said:
    """The fact in force; a None value where nobody told it."""
    level = level_of(catalogue().fact(fact))
    row = FactsInForce.objects.filter(enterprise=enterprise, level=level, period=period).first()
    if row is None or fact not in row.values:
        return Said(None, "")
    sheet = DataSheet.objects.select_related("source").filter(pk=row.origins.get(fact)).first()
    return Said(row.values[fact], sheet.source.name if sheet else "")


def may_ask(enterprise: Enterprise, actor: Actor) -> Decision:
    """Whether this person may ask for a correction of facts of this firm."""
    roles = {post.role for post in actor.posts if post.enterprise == enterprise.pk and post.role in FIRM_ROLES}
    return may_submit(roles) if roles else no("只有本企业的人员可以申请更正。", "not-own-firm")


def ask_for_correction(*, actor: Actor, at: datetime, enterprise: Enterprise, told: Told) -> Correction:
    """A firm says what a fact should be. Raises what is wrong with the value, ``same-value``, ``why-needed``, ``correction-open``."""
    may_ask(enterprise, actor).require()
    if told.fact in {FIRM_CODE, FIRM_NAME}:
        raise TiduError("not-a-fact", f"“{told.fact}”以营业执照为准，请联系牵头局办理变更。", fact=told.fact)
    fact = catalogue().fact(told.fact)
    wanted = read_text(fact, told.wanted)
    if wanted is None:
        raise TiduError("wanted-needed", f"请填写“{fact.name}”应当是多少。")
    why = told.why.strip()[:LONGEST_WHY]
    if len(why) < SHORTEST_WHY:
        raise TiduError("why-needed", "请说明为什么不对、依据是什么（例如：2023 年度审计报告第 5 页）。")
    said = said_of(enterprise, fact.name, told.period)
    if said.value == wanted:
        raise TiduError("same-value", f"“{fact.name}”现在就是这个值，不用更正。")
    try:
        with transaction.atomic():
            found = Correction.objects.create(
                enterprise=enterprise, unit=owner_of(fact.name, said.source), state=CaseState.SUBMITTED, created_by_id=actor.user, created_at=at,
                submitted_at=at, changed_by_name=actor.name, changed_at=at, receipt=uuid4().hex, fact=fact.name, level=level_of(fact), period=told.period,
                said=said.value, said_source=said.source, wanted=wanted, wanted_text=told.wanted.strip(), why=why,
            )  # fmt: skip
            found.receipt = f"GZ{at:%Y%m%d}-{found.pk:05d}"
            found.save(update_fields=("receipt",))
            record_step(case=found, move=ASK, actor=actor, at=at)
            detail = {"fact": fact.name, "period": told.period, "said": said.value, "wanted": wanted, "firm": enterprise.code}
            record_event(actor=actor, at=at, action="correction.asked", subject=subject_of(found), detail=detail)
            if told.file is not None:
                hand_in(actor=actor, at=at, case=found, name=told.file[0], content=told.file[1])
    except IntegrityError as error:
        other = Correction.objects.filter(enterprise=enterprise, fact=fact.name, period=told.period, state__in=OPEN).first()
        if other is None:
            raise
        raise TiduError("correction-open", f"“{fact.name}”的更正申请 {other.receipt} 正在审核。请在那一件里补充，或者先撤回。") from error
    return found


def resubmit_correction(*, actor: Actor, at: datetime, correction: Correction, version: int, wanted: str, why: str) -> None:
    """A firm sends a returned correction in again, with another value or a better reason."""
    value = read_text(catalogue().fact(correction.fact), wanted)
    if value is None or len(why.strip()) < SHORTEST_WHY:
        raise TiduError("why-needed", "请填写应为的值和说明，再重新提交。")
    more = {"wanted": value, "wanted_text": wanted.strip(), "why": why.strip()[:LONGEST_WHY]}
    with transaction.atomic():
        move_case(actor=actor, at=at, case=correction, move=CORRECTION_MOVES["resubmit"], version=version, more=more)


def accept_correction(*, actor: Actor, at: datetime, correction: Correction, version: int, reason: str = "") -> DataSheet:
    """Accept: a new sheet of the source that the rule names, and the facts in force worked out anew."""
    with transaction.atomic():
        move_case(actor=actor, at=at, case=correction, move=CORRECTION_MOVES["accept"], version=version, reason=reason)
        sheet = DataSheet.objects.create(
            enterprise=correction.enterprise, source=source_of_acceptance(correction, actor), level=correction.level, period=correction.period,
            values={correction.fact: correction.wanted}, received_at=at,
        )  # fmt: skip
        Correction.objects.filter(pk=correction.pk).update(sheet=sheet)
        refresh_facts([correction.enterprise_id])
    correction.sheet = sheet
    return sheet


def holds_after(correction: Correction, actor: Actor) -> Decision:
    """Whether an acceptance by this person makes the wanted value the one in force; the reason says whose word stays first."""
    source = source_of_acceptance(correction, actor)
    if not correction.said_source or source.name == correction.said_source:
        return YES
    named = catalogue().fact(correction.fact).source.split("|")
    if source.name in named and correction.said_source not in named:
        return YES
    return no(
        f"由您采纳，按“{source.name}”入库；{correction.said_source}的数据仍然优先，两者并列显示，直到{correction.said_source}改过来。",
        "outranked",
    )


def move_correction(*, actor: Actor, at: datetime, correction: Correction, move: Move, version: int, reason: str = "") -> None:
    """Any move of a correction that has no effect beside the move itself: take, return, refuse, withdraw."""
    if move.name in {"resubmit", "accept"}:
        raise RuntimeError(f"{move.name} is a function of its own")
    with transaction.atomic():
        move_case(actor=actor, at=at, case=correction, move=move, version=version, reason=reason)
