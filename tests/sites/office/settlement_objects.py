"""Objects of settlement, rulings, batches and budgets for the access matrix."""

from __future__ import annotations

from typing import Any

from tests.apps.people import AT, District
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.enums import CaseState, Route
from tidu.apps.fulfilment.models import Budget, Candidate, Case, DecisionBatch, RulingEffect, RulingMove, SettlementRun

WAN = 1_000_000
CLAUSE = "二（一）4"
POLICY = "蔡甸区专精特新行动计划"
TITLE = "专精特新小巨人配套"
HOW = ["依二（一）4，市级基数 50万元 × 100% = 50万元", "兑现 50万元"]


def made_run() -> SettlementRun:
    """One settlement."""
    return SettlementRun.objects.create(law_date=AT.date(), as_of=AT.date(), packs={"plan": "0" * 64}, choices={}, made_at=AT, made_by="某")


def made_candidate(
    run: SettlementRun, firm: Enterprise, *, state: str = "granted", missing: tuple[str, ...] = (), **given: Any
) -> Candidate:
    """One certain candidate, or another outcome."""
    computation = {
        "how": HOW,
        "why": "依二（一）4，兑现 50万元。",
        "computed": 50 * WAN,
        "base": 50 * WAN,
        "missing": missing,
        "rulings": ["R1"],
    }
    values = {
        "policy": POLICY,
        "award": "C3",
        "clause": CLAUSE,
        "title": TITLE,
        "item": "专精特新小巨人 国家级 2023-07-14",
        "payer": "区级",
    }
    lines = "".join(f"\n{fact}" for fact in missing) + "\n" if missing else ""
    values |= {"state": state, "amount": 50 * WAN if state == "granted" else 0, "missing": lines, "computation": computation, **given}
    return Candidate.objects.create(run=run, enterprise=firm, **values)


def made_case(firm: Enterprise, *, state: str = CaseState.REVIEWED, **given: Any) -> Case:
    """One case of the same item, waiting for a meeting."""
    values = {
        "policy": POLICY,
        "award": "C3",
        "clause": CLAUSE,
        "title": TITLE,
        "item": "专精特新小巨人 国家级 2023-07-14",
        "payer": "区级",
    }
    values |= {"route": Route.NO_APPLICATION, "law_date": AT.date(), "computed": 50 * WAN, "created_at": AT, "submission": 1, **given}
    return Case.objects.create(enterprise=firm, state=state, **values)


def made_batch(title: str = "2024 年第一批") -> DecisionBatch:
    """One open batch."""
    return DecisionBatch.objects.create(title=title, year=2024, created_at=AT)


def made_effect(firm: Enterprise | None = None) -> RulingEffect:
    """A rehearsal that moves one item of a firm."""
    made = RulingEffect.objects.create(
        ruling="R1", choice="全额", before="补差额", law_date=AT.date(), as_of=AT.date(), choices={}, packs={}, made_at=AT, made_by="某"
    )
    if firm is not None:
        RulingMove.objects.create(
            effect=made, enterprise=firm, award="C3", clause=CLAUSE, title=TITLE, item="某项", payer="区级", before=30 * WAN, after=50 * WAN,
            why_before="只补 30万元", why_after="兑现 50万元",
        )  # fmt: skip
    return made


def made_budget(planned: int = 100 * WAN, clause: str = CLAUSE) -> Budget:
    """One budget."""
    return Budget.objects.get_or_create(year=2024, payer="区级", clause=clause, defaults={"planned": planned})[0]


def firm_of(district: District, own: bool) -> Enterprise:
    return district.jia if own else district.yi


def run_object(district: District, role: Role, own: bool) -> list[Any]:
    run = made_run()
    made_candidate(run, firm_of(district, own), state="unknown", missing=("登记状态",))
    return [run.pk]


def run_award_object(district: District, role: Role, own: bool) -> list[Any]:
    run = made_run()
    made_candidate(run, firm_of(district, own))
    return [run.pk, "C3"]


def candidate_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_candidate(made_run(), firm_of(district, own)).pk]


def ruling_object(district: District, role: Role, own: bool) -> list[Any]:
    return ["R1"]


def effect_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_effect(firm_of(district, own)).pk]


def batch_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_batch(f"{role}-{own}").pk]


def batch_case_object(district: District, role: Role, own: bool) -> list[Any]:
    batch = made_batch(f"{role}-{own}")
    return [batch.pk, made_case(firm_of(district, own), state=CaseState.PROPOSED, batch=batch).pk]


def budget_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_budget().pk]


OBJECTS = {
    "settlement-run": run_object,
    "settlement-award": run_award_object,
    "settlement-candidate": candidate_object,
    "open-ruling": ruling_object,
    "ruling-effect": effect_object,
    "decision-batch": batch_object,
    "decision-batch-case": batch_case_object,
    "budget": budget_object,
}
