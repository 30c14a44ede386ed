"""The demonstration of fulfilment: budgets, two rounds of money, cases in every state, a notice with an objection.

Deterministic; everybody in it is invented. Everything goes through the functions that people use, at moments before ``at``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from tidu.apps.accounts.actors import SYSTEM, Actor
from tidu.apps.accounts.domain.accounts import open_account
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.fulfilment.domain.applying import confirm, mend_account, resubmit, save_draft, submit
from tidu.apps.fulfilment.domain.budgeting import plan_budget
from tidu.apps.fulfilment.domain.deciding import decide_batch, make_batch, propose
from tidu.apps.fulfilment.domain.drafting import promise_given
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.moving import Move, move
from tidu.apps.fulfilment.domain.noticing import close_notice, draft_notice, publish_notice, receive_objection
from tidu.apps.fulfilment.domain.paying import Feedback, check_payment_batch, make_payment_batch, send_payment_batch, take_feedback
from tidu.apps.fulfilment.domain.recovering import advance_recovery, open_recovery
from tidu.apps.fulfilment.domain.reviewing import CorrectionItem, accept, ask_correction, give_opinion
from tidu.apps.fulfilment.domain.settling import PAYABLE, keep_settlement, list_cases, open_application, settle_district
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState, RecoveryState, Route, Verdict
from tidu.apps.fulfilment.interfaces.allocation import make_allocation
from tidu.apps.fulfilment.models import Candidate, Case, Notice, Payment, SettlementRun
from tidu.apps.policies.loaded import packs
from tidu.apps.units.models import Unit
from tidu.config.demonstration_achievements import achieve
from tidu.kernel.legal_days import legal_day
from tidu.kernel.workdays import ANNOUNCED_YEARS

SERVICE = ("fuwuzhan", "园区企业服务站")
SECOND = ("fukezhang", "科经局副科长")
LAW_DATE = date(2024, 6, 28)
"""A day on which the plan of the seed was in force: the achievements of its time are paid under it."""

MOST_FIRMS = 60
CONTACT = "区科学技术和经济信息化局 企业服务科 027-00000000"
BODY = "根据区专精特新企业培育行动计划，经审核和会审，拟对下列企业给予支持，现予公示。对公示内容有异议的，请在公示期内实名反映。"
MINUTES = "会议听取了审核情况汇报，逐项核对金额，同意本批次所列事项，按程序公示。"
APPLICATION_STATES = ("draft", "submitted", "correcting", "returned", "reviewing", "half-reviewed", "refused", "withdrawn")


@dataclass(frozen=True)
class Cast:
    """Who acts in the demonstration."""

    clerk: Actor
    head: Actor
    second: Actor
    firms: Actor
    departments: dict[int, Actor]


def prepare_fulfilment(*, at: datetime, password: str) -> tuple[tuple[str, str], ...]:
    """Budgets, cases and payments, after firms and people stand; returns who more may log in."""
    at = _anchor(timezone.localtime(at))
    service = open_account(actor=SYSTEM, at=at, username=SERVICE[0], name=SERVICE[1], password=password, must_change=False)
    second = open_account(actor=SYSTEM, at=at, username=SECOND[0], name=SECOND[1], password=password, must_change=False)
    Post.objects.create(user=second, role=Role.BUREAU_HEAD, unit=Unit.objects.get(code="kejing"), since=legal_day(at))
    # the clerk of the bureau starts; firms act through the service station of their park
    clerk = actor_of(User.objects.get(username="jingban"), legal_day(at))
    achieve(at - timedelta(days=105))
    run = _settlement(clerk, at - timedelta(days=100))
    firms = _represented(run, service, at)
    cast = _cast(service, second, at)
    _budgets(cast, at - timedelta(days=99), run)
    listed = _listed(cast, at - timedelta(days=98), run, firms)
    applied = _applied(cast, at - timedelta(days=97), run, firms)
    third = len(listed) // 3
    first = [*listed[:third], *applied[:2]]
    _round(cast, at - timedelta(days=90), "第一批", first)
    _public(cast, at - timedelta(days=4), "第二批", [*listed[third : 2 * third], *applied[2:4]])
    _waiting(cast, at - timedelta(days=2), listed[2 * third :], applied[4:])
    keep_settlement(actor=clerk, at=at, settlement=settle_district(packs(), law_date=LAW_DATE, as_of=legal_day(at)))
    return SERVICE, SECOND


def _anchor(at: datetime) -> datetime:
    """The day the story ends: early enough that its deadlines fall into years whose working days are announced."""
    last = datetime(ANNOUNCED_YEARS[-1], 11, 25, at.hour, tzinfo=at.tzinfo)
    return min(at, last)


def _settlement(clerk: Actor, at: datetime) -> SettlementRun:
    return keep_settlement(actor=clerk, at=at, settlement=settle_district(packs(), law_date=LAW_DATE, as_of=legal_day(at)))


def _payable(run: SettlementRun) -> list[Candidate]:
    found = run.candidates.filter(state__in=PAYABLE, amount__gt=0).select_related("enterprise", "run")
    return list(found.order_by("award", "enterprise__code", "item"))


def _represented(run: SettlementRun, service: User, at: datetime) -> frozenset[int]:
    """The firms that the service station acts for: some of every award, so that every award has cases."""
    by_award: dict[str, list[int]] = {}
    for one in _payable(run):
        by_award.setdefault(one.award, []).append(one.enterprise_id)
    share = MOST_FIRMS // max(1, len(by_award))
    firms = sorted({firm for found in by_award.values() for firm in list(dict.fromkeys(found))[:share]})
    Post.objects.bulk_create(
        Post(user=service, role=Role.FIRM_CLERK, enterprise_id=firm, since=legal_day(at) - timedelta(days=200)) for firm in firms
    )
    return frozenset(firms)


def _cast(service: User, second: User, at: datetime) -> Cast:
    day = legal_day(at)

    def known(username: str) -> Actor:
        return actor_of(User.objects.get(username=username), day)

    departments = {
        post.unit_id: actor_of(post.user, day)
        for post in Post.objects.filter(role=Role.DEPARTMENT_CLERK, unit__isnull=False).select_related("user")
        if post.unit_id is not None
    }
    return Cast(known("jingban"), known("kezhang"), actor_of(second, day), actor_of(service, day), departments)


def _budgets(cast: Cast, at: datetime, run: SettlementRun) -> None:
    """A budget for every payer and clause with something to pay: a fifth more than the settlement says, in whole 万元."""
    wanted: dict[tuple[str, str], int] = {}
    for one in _payable(run):
        wanted[one.payer, one.clause] = wanted.get((one.payer, one.clause), 0) + one.amount
    for (payer, clause), fen in sorted(wanted.items()):
        planned = -(-fen * 6 // 5 // 10_000_000) * 10_000_000
        plan_budget(actor=cast.head, at=at, year=at.year, payer=payer, clause=clause, planned=planned)


def _account(case: Case) -> str:
    return f"6222{case.enterprise_id:08d}0000"


def _listed(cast: Cast, at: datetime, run: SettlementRun, firms: frozenset[int]) -> list[Case]:
    """免申即享: everybody certain is listed; the firms of the service station confirm, all but the last."""
    found: list[Case] = []
    for award in sorted({one.award for one in _payable(run) if item_rules(one.award).route == Route.NO_APPLICATION}):
        found += list_cases(actor=cast.clerk, at=at, run=run, award=award)
    mine = [case for case in found if case.enterprise_id in firms]
    cases = list(Case.objects.filter(pk__in=[case.pk for case in mine]).select_related("enterprise").order_by("pk"))
    return [
        confirm(actor=cast.firms, at=at + timedelta(days=1), case=case, account=_account(case), holder=case.enterprise.name)
        for case in cases[:-1]
    ]


def _applied(cast: Cast, at: datetime, run: SettlementRun, firms: frozenset[int]) -> list[Case]:
    """Applications as drafts, filled in."""
    wanted = [one for one in _payable(run) if one.enterprise_id in firms and item_rules(one.award).route == Route.APPLICATION]
    by_award: dict[str, list[Candidate]] = {}
    for one in wanted:
        by_award.setdefault(one.award, []).append(one)
    mixed = [row[place] for place in range(max(map(len, by_award.values()), default=0)) for row in by_award.values() if place < len(row)]
    return [_drafted(cast, at, one) for one in mixed[: 4 + 2 * len(APPLICATION_STATES)]]


def _drafted(cast: Cast, at: datetime, candidate: Candidate) -> Case:
    case = open_application(actor=cast.firms, at=at, candidate=candidate)
    account = {"number": _account(case), "holder": candidate.enterprise.name}
    section = {
        "firm": {"checked": True}, "matter": {"note": ""}, "materials": {}, "promise": promise_given(cast.firms, at), "account": account,
        "finished": ["account", "firm", "materials", "matter", "promise"],
    }  # fmt: skip
    return save_draft(actor=cast.firms, case=case, section=section)


def _reviewed(cast: Cast, at: datetime, case: Case) -> Case:
    """Handed in, accepted, agreed to by every department asked."""
    accept(actor=cast.clerk, at=at, case=submit(actor=cast.firms, at=at, case=case))
    for opinion in case.opinions.select_related("unit", "case", "submission"):
        who = cast.departments.get(opinion.unit_id, SYSTEM)
        give_opinion(actor=who, at=at + timedelta(days=1), opinion=opinion, verdict=Verdict.AGREE, reason="")
    return move(actor=cast.clerk, at=at + timedelta(days=2), case=_again(case), name="conclude")


def _again(case: Case) -> Case:
    return Case.objects.select_related("enterprise", "notice").get(pk=case.pk)


def _decided(cast: Cast, at: datetime, name: str, cases: Sequence[Case]) -> Notice:
    """Reviewed where they have to be, decided by a meeting, noticed."""
    ready = [case if case.state == CaseState.REVIEWED else _reviewed(cast, at, case) for case in cases]
    batch = make_batch(actor=cast.clerk, at=at, title=f"{at.year} 年{name}会审", year=at.year)
    propose(actor=cast.clerk, at=at + timedelta(days=2), batch=batch, cases=[_again(case) for case in ready])
    decide_batch(
        actor=cast.head, at=at + timedelta(days=3), batch=batch, packs=packs(), minutes=MINUTES, met_on=legal_day(at + timedelta(days=3))
    )
    decided = list(Case.objects.filter(batch=batch, state=CaseState.DECIDED).select_related("enterprise").order_by("pk"))
    title = f"{at.year} 年专精特新企业培育支持资金{name}拟支持名单公示"
    notice = draft_notice(actor=cast.clerk, at=at + timedelta(days=3), title=title, body=BODY, contact=CONTACT, cases=decided)
    return publish_notice(actor=cast.head, at=at + timedelta(days=3), notice=notice)


def _round(cast: Cast, at: datetime, name: str, cases: Sequence[Case]) -> None:
    """A whole round: noticed, cleared, paid; one payment came back and waits; one firm has to pay back."""
    notice = _decided(cast, at, name, cases)
    later = at + timedelta(days=20)
    close_notice(actor=cast.clerk, at=later, notice=notice)
    for payer in sorted({case.payer for case in Case.objects.filter(notice=notice, state=CaseState.CLEARED)}):
        _paid(cast, later + timedelta(days=1), notice, payer)
    bounced = Case.objects.filter(notice=notice, state=CaseState.BOUNCED).select_related("enterprise").order_by("pk").first()
    if bounced is not None and Case.objects.filter(notice=notice, state=CaseState.BOUNCED).count() > 1:
        mend_account(
            actor=cast.firms, at=later + timedelta(days=12), case=bounced, account=f"{_account(bounced)}01", holder=bounced.enterprise.name
        )
    _moved_away(cast, later + timedelta(days=30), notice)


def _paid(cast: Cast, at: datetime, notice: Notice, payer: str) -> None:
    cases = list(Case.objects.filter(notice=notice, payer=payer, state=CaseState.CLEARED).select_related("enterprise").order_by("pk"))
    batch, _ = make_payment_batch(actor=cast.clerk, at=at, payer=payer, cases=cases, packs=packs())
    if batch is None:
        return
    check_payment_batch(actor=cast.head, at=at + timedelta(days=1), batch=batch)
    table = make_allocation(actor=cast.clerk, at=at + timedelta(days=2), batch=batch)
    send_payment_batch(actor=cast.clerk, at=at + timedelta(days=2), batch=batch, packs=packs(), digest=table.digest)
    assert batch.state == PaymentBatchState.SENT  # noqa: S101 - the demonstration tells what it shows
    arrived = legal_day(at + timedelta(days=5))
    rows = [
        Feedback(payment.pk, f"CZ{arrived:%Y%m%d}{payment.pk:05d}", None if came_back else arrived, "账号与户名不符" if came_back else "")
        for place, payment in enumerate(Payment.objects.filter(batch=batch).order_by("pk"))
        for came_back in (place == 1,)
    ]
    take_feedback(actor=cast.clerk, at=at + timedelta(days=6), batch=batch, rows=rows, book=packs().book)


def _moved_away(cast: Cast, at: datetime, notice: Notice) -> None:
    case = Case.objects.filter(notice=notice, state=CaseState.PAID).select_related("enterprise").order_by("-pk").first()
    if case is None:
        return
    recovery = open_recovery(
        actor=cast.head, at=at, case=case, reason="税务关系已迁出本区，承诺期未满。", evidence={"来源": "税务局月度名单"}
    )
    advance_recovery(
        actor=cast.head,
        at=at + timedelta(days=1),
        recovery=recovery,
        to=RecoveryState.NOTIFIED,
        text="已送达告知书，10 个工作日内可以陈述申辩。",
    )


def _public(cast: Cast, at: datetime, name: str, cases: Sequence[Case]) -> None:
    """A round whose notice is running, with an objection to one row."""
    notice = _decided(cast, at - timedelta(days=3), name, cases)
    objected = Case.objects.filter(notice=notice, state=CaseState.NOTICED).select_related("enterprise").order_by("pk").first()
    if objected is not None:
        receive_objection(
            actor=cast.clerk, at=at + timedelta(days=1), notice=_notice(notice), case=objected, text="反映该企业合同未实际履行。",
            raised_by="某企业职工",
        )  # fmt: skip


def _notice(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def _waiting(cast: Cast, at: datetime, listed: Sequence[Case], drafts: Sequence[Case]) -> None:
    """A batch being put together, and one application in every state before the meeting."""
    batch = make_batch(actor=cast.clerk, at=at, title=f"{at.year} 年第三批会审", year=at.year)
    propose(actor=cast.clerk, at=at, batch=batch, cases=[_again(case) for case in listed[: max(1, len(listed) // 2)]])
    for place, case in enumerate(drafts):
        _stage(cast, at, case, APPLICATION_STATES[place % len(APPLICATION_STATES)])


def _stage(cast: Cast, at: datetime, case: Case, wanted: str) -> None:
    """Take a filled draft as far as ``wanted``."""
    if wanted == "draft":
        return
    submit(actor=cast.firms, at=at, case=case)
    if wanted == "submitted":
        return
    if wanted == "withdrawn":
        move(actor=cast.firms, at=at, case=case, name="withdraw", what=Move(text="数据待核实，核实后重新申报。"))
        return
    accept(actor=cast.clerk, at=at, case=case)
    if wanted in {"correcting", "returned"}:
        ask_correction(actor=cast.clerk, at=at, case=_again(case), items=[CorrectionItem("promise", "承诺书请由法定代表人签署。")])
        if wanted == "returned":
            signed = promise_given(cast.firms, at + timedelta(hours=5))
            draft = save_draft(actor=cast.firms, case=_again(case), section={"promise": signed})
            resubmit(actor=cast.firms, at=at + timedelta(hours=5), case=draft)
    if wanted == "half-reviewed":
        for opinion in case.opinions.select_related("unit", "case", "submission").order_by("pk")[:1]:
            who = cast.departments.get(opinion.unit_id, SYSTEM)
            give_opinion(actor=who, at=at + timedelta(hours=6), opinion=opinion, verdict=Verdict.AGREE, reason="")
    if wanted == "refused":
        move(actor=cast.head, at=at, case=_again(case), name="refuse", what=Move(text="经核实不属于本计划支持范围。"))
