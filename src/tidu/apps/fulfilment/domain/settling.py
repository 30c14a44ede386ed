"""A settlement over the district: candidates with the whole computation, and the cases they open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.domain.populations import population_of_registry
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.entitled import choices_in_force
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.moving import page_of_firm
from tidu.apps.fulfilment.domain.people import take_charge
from tidu.apps.fulfilment.enums import CaseState, Route
from tidu.apps.fulfilment.models import Candidate, Case, CaseQuerySet, SettlementRun, Step
from tidu.apps.messages.domain.telling import Note, tell_firms
from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet
from tidu.kernel.settle import CAPPED, GRANTED, RULING_NEEDED, UNKNOWN, Entitlement, Settlement, settle
from tidu.kernel.settlement_words import money

AT_ONCE = 2000
PAYABLE = (GRANTED, CAPPED)


def settle_district(packs: PackSet, *, law_date: date, as_of: date) -> Settlement:
    """The settlement of the whole registry; reads only."""
    return settle(population_of_registry(Enterprise.objects.all()), packs, law_date=law_date, as_of=as_of, choices=choices_in_force())


def computation(found: Entitlement, settlement_packs: Mapping[str, str]) -> dict[str, Any]:
    """How an amount came about, frozen: every step, the rulings it rests on, what is missing, the rules' digests."""
    return {
        "how": list(found.how), "why": found.why, "computed": found.computed, "base": found.base, "missing": list(found.missing),
        "rulings": list(found.rulings), "packs": dict(settlement_packs),
    }  # fmt: skip


def keep_settlement(*, actor: Actor, at: datetime, settlement: Settlement) -> SettlementRun:
    """Keep a settlement with all its candidates; runs inside a transaction or opens one."""
    actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD).require()
    firms = dict(Enterprise.objects.values_list("code", "pk"))
    with transaction.atomic():
        run = SettlementRun.objects.create(
            law_date=settlement.law_date, as_of=settlement.as_of, packs=dict(settlement.digests), choices=dict(settlement.choices),
            made_at=at, made_by=actor.name,
        )  # fmt: skip
        rows = [
            Candidate(
                run=run, enterprise_id=firms[one.firm], policy=one.award.policy, award=one.award.id, clause=one.award.clause,
                title=one.award.title, item=one.item, payer=one.award.payer, state=one.state, amount=one.amount,
                missing="".join(f"\n{fact}" for fact in one.missing) + "\n" if one.missing else "",
                computation=computation(one, settlement.digests),
            )
            for one in settlement.results
        ]  # fmt: skip
        Candidate.objects.bulk_create(rows, batch_size=AT_ONCE)
        record_event(
            actor=actor, at=at, action="settlement.kept", subject=Subject("settlement", str(run.pk), f"{settlement.law_date} 兑现测算"),
            detail={"candidates": len(rows), "law_date": settlement.law_date.isoformat(), "as_of": settlement.as_of.isoformat()},
        )  # fmt: skip
    return run


def list_cases(*, actor: Actor, at: datetime, run: SettlementRun, award: str) -> list[Case]:
    """Open a 免申即享 case for every certain candidate of an item that has none yet; the firms are asked whether they want it."""
    actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD).require()
    if item_rules(award).route != Route.NO_APPLICATION:
        return []
    wanted = list(run.candidates.filter(award=award, state__in=PAYABLE, amount__gt=0).select_related("enterprise"))
    taken = set(Case.objects.alive().filter(award=award).values_list("enterprise_id", "policy", "item"))
    fresh = [one for one in wanted if (one.enterprise_id, one.policy, one.item) not in taken]
    with transaction.atomic():
        cases = Case.objects.bulk_create(
            [_case(one, run.law_date, at, Route.NO_APPLICATION, CaseState.LISTED) for one in fresh], batch_size=AT_ONCE
        )
        _opened(actor, at, cases)
        text = "您可以免申报领取“{}”{}。请确认意愿并填写收款账户。"
        notes = [
            Note(one.enterprise_id, "case.listed", f"{one.title}：免申即享", text.format(one.title, money(one.computed)), page_of_firm(one))
            for one in cases
        ]
        tell_firms(at=at, notes=notes)
    return cases


def open_application(*, actor: Actor, at: datetime, candidate: Candidate) -> Case:
    """A firm begins an application for a candidate of its own; refused where the item has a living case (``case-duplicate``)."""
    may_apply(actor, candidate).require()
    same = cases_of_item(candidate)
    other = same.alive().first()
    if other is not None:
        raise duplicate(other)
    try:
        with transaction.atomic():
            case = _case(candidate, candidate.run.law_date, at, Route.APPLICATION, CaseState.DRAFT)
            case.released_by = _release(same)
            case.save(force_insert=True)
            _opened(actor, at, [case])
            take_charge(case, actor, at)
    except IntegrityError:  # somebody else of the firm pressed the same button a moment ago
        other = same.alive().first()
        if other is None:
            raise
        raise duplicate(other) from None
    return case


def cases_of_item(candidate: Candidate) -> CaseQuerySet:
    """All cases, living or ended, of what a candidate is about."""
    return Case.objects.filter(
        enterprise=candidate.enterprise_id, policy=candidate.policy, award=candidate.award, item=candidate.item
    )  # fmt: skip


def _release(same: CaseQuerySet) -> str:
    """Why the bureau released the item for another application; empty where it did not."""
    last = Step.objects.filter(case__in=same.order_by().values("pk"), act="release").order_by("-pk").first()
    return last.text[:200] if last is not None else ""


def may_apply(actor: Actor, candidate: Candidate) -> Decision:
    """Whether a person may begin an application: the own firm, and nothing that still waits for a ruling or a fact."""
    decision = actor.may_write(Role.FIRM_LEGAL, Role.FIRM_CLERK, Role.FIRM_FINANCE, Role.FIRM_AGENT)
    if not decision:
        return decision
    if not actor.is_system and candidate.enterprise_id not in actor.firms:
        return no("这不是您企业的事项。", "other-firm")
    if candidate.state in PAYABLE and candidate.amount > 0:
        return YES
    why = str(candidate.computation.get("why", ""))
    if candidate.state == RULING_NEEDED:
        return no(f"这一事项的口径还没有确定，暂不能申报。{why}", "ruling-needed")
    if candidate.state == UNKNOWN:
        missing = "、".join(candidate.computation.get("missing", ()))
        return no(f"还缺数据，暂不能申报：{missing}。请先补充或更正数据。", "facts-missing")
    return no(f"按现行政策不能享受：{why}", "not-entitled")


def _case(one: Candidate, law_date: date, at: datetime, route: Route, state: CaseState) -> Case:
    return Case(
        enterprise_id=one.enterprise_id, policy=one.policy, award=one.award, clause=one.clause, title=one.title, item=one.item,
        payer=one.payer, route=route, law_date=law_date, state=state, computed=one.amount, created_at=at,
    )  # fmt: skip


def _opened(actor: Actor, at: datetime, cases: Sequence[Case]) -> None:
    Step.objects.bulk_create(
        [
            Step(
                case=case, at=at, actor_name=actor.name, actor_id_number=actor.user, act="open", before=case.state, after=case.state,
                public=True,
            )
            for case in cases
        ],
        batch_size=AT_ONCE,
    )  # fmt: skip
    if cases:
        record_event(
            actor=actor, at=at, action="case.opened", subject=Subject("case", str(cases[0].pk), cases[0].title),
            detail={"cases": [case.pk for case in cases]},
        )  # fmt: skip


def duplicate(other: Case) -> TiduError:
    """Why the same item cannot be asked for twice."""
    return TiduError(
        "case-duplicate",
        f"“{other.title}（{other.item}）”已有办件{f' {other.number}' if other.number else ''}，现在是“{other.get_state_display()}”，"
        "同一事项不能重复申报。确需重新申报的，请先撤回原办件，或由牵头局写明理由放行。",
        case=other.pk,
    )
