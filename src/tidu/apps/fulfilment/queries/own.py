"""What a firm asks of fulfilment: what it may get, its cases, its payments; always in the firm's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import FIRM_ROLES
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.settling import PAYABLE
from tidu.apps.fulfilment.domain.transitions import BY_NAME
from tidu.apps.fulfilment.enums import ENDED, PUBLIC_NAMES, CaseState
from tidu.apps.fulfilment.models import Candidate, Case, CaseQuerySet, Payment, SettlementRun, Step
from tidu.apps.fulfilment.words import OWN_STEPS, step_label
from tidu.kernel.settlement_words import RULING_NEEDED, UNKNOWN

READY, WAITING, BEGUN, NOT = "ready", "waiting", "begun", "not"
"""What can be asked for now, what waits for a ruling or a fact, what has a case, what the policy does not give."""
OFFERS = {READY: "可申报", WAITING: "待定口径或缺数据", BEGUN: "已在办理或已领取", NOT: "暂不适用"}
HOLDERS = {
    CaseState.DRAFT: "本企业", CaseState.LISTED: "本企业", CaseState.CORRECTING: "本企业", CaseState.BOUNCED: "本企业",
    CaseState.REVIEWING: "联审部门", CaseState.PAYING: "财政部门", CaseState.RECOVERING: "本企业",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that a firm looks at together."""

    id: str
    name: str
    states: tuple[CaseState, ...]


_GROUPED = (
    Group("confirm", "待您确认", (CaseState.LISTED,)),
    Group("draft", "填写中", (CaseState.DRAFT,)),
    Group("mend", "待补正", (CaseState.CORRECTING,)),
    Group("bounced", "退票", (CaseState.BOUNCED,)),
    Group("ended", "已办结", (CaseState.PAID, CaseState.RECOVERED, *ENDED)),
)
RUNNING = Group("running", "办理中", tuple(one for one in CaseState if not any(one in group.states for group in _GROUPED)))
GROUPS = {one.id: one for one in (*_GROUPED[:4], RUNNING, _GROUPED[4])}


def latest_run() -> SettlementRun | None:
    """The settlement whose candidates firms see."""
    return SettlementRun.objects.order_by("-made_at", "-pk").first()


def offers(firm: Enterprise, run: SettlementRun | None, shown: str) -> QuerySet[Candidate]:
    """The candidates of a firm in a settlement, of one of ``OFFERS``; of none where there was no settlement yet."""
    if run is None:
        return Candidate.objects.none()
    same = Case.objects.alive().filter(
        enterprise=OuterRef("enterprise"), policy=OuterRef("policy"), award=OuterRef("award"), item=OuterRef("item")
    )
    listed = run.candidates.filter(enterprise=firm).annotate(begun=Exists(same)).order_by("award", "item", "pk")
    payable = {"state__in": PAYABLE, "amount__gt": 0}
    match shown:
        case "ready":
            return listed.filter(begun=False, **payable)
        case "begun":
            return listed.filter(begun=True)
        case "waiting":
            return listed.filter(begun=False, state__in=(RULING_NEEDED, UNKNOWN))
        case _:
            return listed.filter(begun=False).exclude(**payable).exclude(state__in=(RULING_NEEDED, UNKNOWN))


def offered_total(firm: Enterprise, run: SettlementRun | None) -> tuple[int, int]:
    """How many items a firm can ask for now, and their sum in fen."""
    found = offers(firm, run, READY).order_by().aggregate(count=Count("pk"), total=Sum("amount"))
    return found["count"], found["total"] or 0


def cases_of(actor: Actor, firm: Enterprise, group: str = "") -> CaseQuerySet:
    """The firm's cases that the actor may see, of one group or all; newest first."""
    found = Case.objects.visible_to(actor).filter(enterprise=firm)
    if group in GROUPS:
        found = found.filter(state__in=GROUPS[group].states)
    return found.order_by("-created_at", "-pk")


def case_counts(actor: Actor, firm: Enterprise) -> dict[str, int]:
    """How many cases are in each group; one query."""
    by_state: Mapping[str, int] = dict(
        Case.objects.visible_to(actor).filter(enterprise=firm).order_by().values_list("state").annotate(Count("pk", distinct=True))
    )
    return {one.id: sum(by_state.get(state, 0) for state in one.states) for one in GROUPS.values()}


def holder_of(case: Case) -> str:
    """Who has to do something now, in the firm's words; empty where nobody has."""
    if case.state in GROUPS["ended"].states:
        return ""
    return HOLDERS.get(CaseState(case.state), "牵头局")


def payments_of(actor: Actor, firm: Enterprise) -> QuerySet[Payment]:
    """Payments of the cases that the actor may see, newest first."""
    return Payment.objects.visible_to(actor).filter(case__enterprise=firm).select_related("case", "voucher").order_by("-pk")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline as the firm reads it."""

    at: datetime
    who: str
    text: str
    reason: str
    inner: bool


def course(case: Case) -> list[Line]:
    """The public steps, and what the firm's own people changed; of officials only that it was they."""
    listed = Step.objects.filter(case=case).order_by("pk")
    return [_line(step) for step in listed if step.public or step.act in OWN_STEPS]


def _line(step: Step) -> Line:
    row, after = BY_NAME.get(step.act), PUBLIC_NAMES[CaseState(step.after)]
    if step.act in OWN_STEPS:
        return Line(step.at, step.actor_name, step.text or step_label(step.act), "", True)
    if row is None:
        return Line(step.at, step.actor_name if step.before == CaseState.DRAFT else "牵头局", step_label(step.act), step.text, False)
    by_firm = bool(row.roles) and set(row.roles) <= FIRM_ROLES
    return Line(step.at, step.actor_name if by_firm else "经办部门", f"{row.label}，{after}", step.text, False)
