"""What the bureau asks of the background: a settlement, a list, a rehearsal, a decision; who may, and on which days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.domain.deciding import may_decide
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.ruling import ruling_of
from tidu.apps.fulfilment.enums import BatchState, Route
from tidu.apps.fulfilment.models import DecisionBatch, SettlementRun
from tidu.apps.jobs.domain.asking import ask_for
from tidu.apps.jobs.models import Job
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.kernel.packs import PackSet

CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)


def may_settle(actor: Actor) -> Decision:
    """Whether this person may settle the district."""
    return actor.may_write(*CLERKS)


def usual_law_date(packs: PackSet, day: date) -> date:
    """The day itself where a policy is in force then, else the last day of the one that ended last (文末第一段: achieved in time,
    settled later).
    """
    policies = packs.book.policies if packs.book is not None else ()
    if not policies or any(policy.in_force.holds(day) for policy in policies):
        return day
    ends = [policy.in_force.end for policy in policies if policy.in_force.end is not None and policy.in_force.end <= day]
    return max(ends) - timedelta(days=1) if ends else min(policy.in_force.start for policy in policies)


def check_days(packs: PackSet, *, law_date: date, as_of: date, day: date) -> None:
    """Raises ``no-awards``, ``no-rule-in-force`` or ``as-of-future``."""
    if packs.book is None:
        raise TiduError("no-awards", "读入的政策里没有奖补，不能测算。")
    packs.book.in_force(law_date)
    if as_of > day:
        raise TiduError("as-of-future", f"数据日期 {as_of.isoformat()} 还没有到。请填今天或以前的日期。")


def ask_for_settlement(*, actor: Actor, at: datetime, packs: PackSet, law_date: date, as_of: date, page: str) -> Job:
    """Queue 兑现测算 of the whole district; ``page`` is the address below which runs lie by number."""
    may_settle(actor).require()
    check_days(packs, law_date=law_date, as_of=as_of, day=legal_day(at))
    given = {"law_date": law_date.isoformat(), "as_of": as_of.isoformat(), "page": page}
    title = f"兑现测算（政策 {law_date.isoformat()}，数据 {as_of.isoformat()}）"
    return ask_for(actor=actor, at=at, kind="fulfilment.settle", title=title, key="fulfilment.settle", parameters=given)


def may_list(actor: Actor, run: SettlementRun, award: str) -> Decision:
    """Whether the cases of an item may be listed from a settlement: a 免申即享 item, and no newer settlement stands."""
    if item_rules(award).route != Route.NO_APPLICATION:
        return no("这一事项须由企业申报，不列免申即享名单。", "not-this-route")
    newest = SettlementRun.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest != run.pk:
        return no(f"这是以前的测算。请按最新的第 {newest} 次测算列名单。", "older-run")
    return actor.may_write(*CLERKS)


def ask_to_list(*, actor: Actor, at: datetime, run: SettlementRun, award: str, title: str, href: str) -> Job:
    """Queue the 免申即享 list of one item."""
    may_list(actor, run, award).require()
    given = {"run": run.pk, "award": award, "href": href}
    return ask_for(
        actor=actor, at=at, kind="fulfilment.list", title=f"免申即享名单：{title}"[:200], key=f"fulfilment.list:{award}", parameters=given
    )


def ask_for_effect(
    *, actor: Actor, at: datetime, packs: PackSet, ruling: str, choice: str, law_date: date, as_of: date, page: str
) -> Job:  # fmt: skip
    """Queue the rehearsal of a ruling's choice; ``page`` is the address below which rehearsals lie by number."""
    actor.may_write(*CLERKS).require()
    ruling_of(packs, ruling)
    check_days(packs, law_date=law_date, as_of=as_of, day=legal_day(at))
    if packs.book is not None:
        packs.book.checked_choices({ruling: choice})
    given = {"ruling": ruling, "choice": choice, "law_date": law_date.isoformat(), "as_of": as_of.isoformat(), "page": page}
    title = f"试算口径 {ruling}：{choice}"
    return ask_for(actor=actor, at=at, kind="fulfilment.effect", title=title, key=f"fulfilment.effect:{ruling}", parameters=given)


def ask_to_decide(
    *, actor: Actor, at: datetime, batch: DecisionBatch, version: int, minutes: str, met_on: date, typed: int, href: str
) -> Job:  # fmt: skip
    """Queue the meeting's decision on what the batch held at ``version``; ``typed`` is the number of cases, written by hand."""
    may_decide(actor, batch).require()
    if not minutes.strip():
        raise TiduError("minutes-missing", "请填写会议纪要后再决定。")
    day = legal_day(at)
    if met_on > day:
        raise TiduError("met-in-future", f"会议日期 {met_on.isoformat()} 还没有到。请填写会议召开的日期。")
    if batch.version != version:
        raise TiduError("batch-changed", f"批次“{batch.title}”在您查看之后有增减。请重新核对名单后再决定。")
    count = batch.cases.count()
    if typed != count:
        raise TiduError("count-differs", f"填写的件数与批次不符：本批次现有 {count} 件。请核对名单后重新填写。")
    given = {"batch": batch.pk, "version": version, "minutes": minutes.strip(), "met_on": met_on.isoformat(), "href": href}
    return ask_for(
        actor=actor, at=at, kind="fulfilment.decide", title=f"会审决定：{batch.title}"[:200], key=f"fulfilment.decide:{batch.pk}",
        parameters=given,
    )  # fmt: skip


def may_propose(actor: Actor, batch: DecisionBatch) -> Decision:
    """Whether cases may be put into a batch."""
    allowed = actor.may_write(*CLERKS)
    return (
        allowed
        if not allowed or batch.state == BatchState.OPEN
        else no(f"批次“{batch.title}”已会审，不能再加。请另建批次。", "batch-closed")
    )


def ask_to_propose(*, actor: Actor, at: datetime, batch: DecisionBatch, cases: list[int], href: str) -> Job:
    """Queue putting many cases into a batch."""
    may_propose(actor, batch).require()
    if not cases:
        raise TiduError("nothing-ticked", "没有等待会审的办件。")
    given = {"batch": batch.pk, "cases": cases, "href": href}
    return ask_for(
        actor=actor, at=at, kind="fulfilment.propose", title=f"列入会审：{batch.title}"[:200], key=f"fulfilment.propose:{batch.pk}",
        parameters=given,
    )  # fmt: skip
