"""年度核查: one answer for every live obligation; where the data do not decide, a task for whoever can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.duties.domain.standing import Stands
from tidu.apps.duties.enums import Answer, CampaignKind, CampaignState, CheckState, Stand
from tidu.apps.duties.models import Campaign, Check
from tidu.apps.duties.queries.ledger import Entry, ledger
from tidu.apps.enterprises.models import Enterprise, Source
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue
from tidu.kernel.legal_days import legal_day

AT_ONCE = 500
CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
STAYS = (Stand.RUNNING, Stand.ENDING)


def open_yearly(*, actor: Actor, at: datetime, year: int, due: date) -> Campaign:
    """Begin the checks of a year. Raises ``yearly-open`` where the year has been begun, ``due-in-past``, ``nothing-to-check``."""
    actor.may_write(*CLERKS).require()
    day = legal_day(at)
    if due <= day:
        raise TiduError("due-in-past", f"完成期限 {due.isoformat()} 须在今天以后。")
    if Campaign.objects.filter(kind=CampaignKind.YEARLY, year=year).exists():
        raise TiduError("yearly-open", f"{year} 年度核查已经发起。请在核查列表里打开。")
    entries = [one for one in ledger(actor, day).entries if one.stands.live]
    if not entries:
        raise TiduError("nothing-to-check", "现在没有须监管的承诺义务，不用核查。")
    try:
        with transaction.atomic():
            return _open(actor, at, year, due, entries)
    except IntegrityError as error:
        raise TiduError("yearly-open", f"{year} 年度核查刚刚已由别人发起。请刷新。") from error


def _open(actor: Actor, at: datetime, year: int, due: date, entries: Sequence[Entry]) -> Campaign:
    listed = "\n".join(sorted(f"{one.pk}\t{one.stands.state}" for one in entries))
    campaign = Campaign.objects.create(
        kind=CampaignKind.YEARLY, title=f"{year} 年度核查", year=year, as_of=legal_day(at), due=due, size=len(entries), drawn=len(entries),
        digest=sm3(listed.encode()), made_by=actor.name, made_at=at,
    )  # fmt: skip
    asked = _askers(entries)
    checks = [_check(campaign, one, asked, at) for one in entries]
    Check.objects.bulk_create(checks, batch_size=AT_ONCE)
    decided = sum(one.by_data for one in checks)
    record_event(
        actor=actor, at=at, action="campaign.opened", subject=Subject("campaign", str(campaign.pk), campaign.title),
        detail={"size": len(checks), "by_data": decided, "asked": len(checks) - decided, "digest": campaign.digest},
    )  # fmt: skip
    return campaign


def answer_by_data(standing: Stands) -> Answer | None:
    """What the registry alone decides: who stays and who has moved; risk and missing data are for people."""
    if standing.state in STAYS:
        return Answer.MET
    return Answer.UNMET if standing.state == Stand.BREACHED else None


def _check(campaign: Campaign, one: Entry, asked: Mapping[int, int | None], at: datetime) -> Check:
    answer, standing = answer_by_data(one.stands), one.stands
    if answer is not None:
        return Check(
            campaign=campaign, obligation_id=one.pk, state=CheckState.DONE, answer=answer, by_data=True, why=standing.why, changed_at=at,
            changed_by="系统",
        )  # fmt: skip
    return Check(
        campaign=campaign, obligation_id=one.pk, state=CheckState.ASKED, why=standing.why, missing=list(standing.missing), due=campaign.due,
        unit_id=asked[one.pk], changed_at=at, changed_by="系统",
    )  # fmt: skip


def _askers(entries: Sequence[Entry]) -> dict[int, int | None]:
    """Who can tell, by obligation: the unit of the register that lacks a fact, else the firm's subdistrict, else the bureau."""
    owners = {name: unit for name, unit in Source.objects.values_list("name", "unit") if unit is not None}
    facts = catalogue().facts
    streets: dict[int, int | None] = {}
    firms = sorted({one.enterprise for one in entries})
    for start in range(0, len(firms), AT_ONCE):
        streets |= dict(Enterprise.objects.filter(pk__in=firms[start : start + AT_ONCE]).values_list("pk", "subdistrict"))
    found: dict[int, int | None] = {}
    for one in entries:
        sources = [source for name in one.stands.missing if name in facts for source in facts[name].source.split("|")]
        units = [owners[source] for source in sources if source in owners]
        found[one.pk] = units[0] if units and not one.stands.against else streets.get(one.enterprise)
    return found


def may_close(actor: Actor, campaign: Campaign) -> None:
    """Raise where a campaign cannot be closed by this person now."""
    actor.may_write(Role.BUREAU_HEAD).require()
    left = campaign.checks.exclude(state=CheckState.DONE).count()
    if left:
        raise TiduError("checks-open", f"还有 {left} 项没有办结，不能结束。")


def close_campaign(*, actor: Actor, at: datetime, campaign: Campaign, version: int) -> Campaign:
    """End a campaign once every check is done."""
    may_close(actor, campaign)
    with transaction.atomic():
        mine = Campaign.objects.filter(pk=campaign.pk, version=version, state=CampaignState.OPEN)
        if not mine.update(state=CampaignState.CLOSED, closed_at=at, version=version + 1):
            raise TiduError("stale", "这次核查刚刚已由别人结束。请刷新。")
        record_event(actor=actor, at=at, action="campaign.closed", subject=Subject("campaign", str(campaign.pk), campaign.title))
    campaign.refresh_from_db()
    return campaign
