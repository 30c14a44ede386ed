"""抽查: a sampling drawn from the obligations of a filter, its seed and population on record."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.duties.domain.drawing import Member, drawn, population_digest, share_of
from tidu.apps.duties.enums import CampaignKind, CheckState, Stand
from tidu.apps.duties.models import Campaign, Check, DutyStep
from tidu.apps.duties.queries.ledger import Entry, LedgerFilter, ledger
from tidu.apps.fulfilment.models import Obligation
from tidu.apps.messages.domain.telling import Note, tell_firms
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

AT_ONCE = 500
CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
TICKETS = {Stand.RISK: 5, Stand.BREACHED: 5, Stand.UNKNOWN: 3, Stand.ENDING: 2}
"""How many tickets an obligation holds where the risk counts; all others hold one."""
LONGEST_SEED = 64


@dataclass(frozen=True, slots=True)
class Sampling:
    """What is to be drawn: from which obligations, how many (or how many thousandths), weighted or not; an empty seed is drawn
    by the machine."""

    title: str
    year: int
    due: date
    filters: LedgerFilter
    count: int
    by_risk: bool = False
    seed: str = ""
    per_mille: int = 0


def members_of(entries: Sequence[Entry], by_risk: bool) -> list[Member]:
    """The population: each live obligation by its number, with its tickets."""
    return [(str(one.pk), TICKETS.get(one.stands.state, 1) if by_risk else 1) for one in entries if one.stands.live]


def draw_sample(*, actor: Actor, at: datetime, wanted: Sampling) -> Campaign:
    """Draw, and ask each firm drawn for its proof. The seed is fixed with the population before anything is drawn."""
    actor.may_write(*CLERKS).require()
    day = legal_day(at)
    if not wanted.title.strip():
        raise TiduError("title-missing", "请填写抽查的名称。")
    if wanted.due <= day:
        raise TiduError("due-in-past", f"提交材料的期限 {wanted.due.isoformat()} 须在今天以后。")
    members = sorted(members_of(ledger(actor, day, wanted.filters).entries, wanted.by_risk), key=lambda one: int(one[0]))
    seed = wanted.seed.strip()[:LONGEST_SEED] or secrets.token_hex(16)
    count = share_of(len(members), wanted.per_mille) if wanted.per_mille else wanted.count
    chosen = drawn(seed, members, count)
    with transaction.atomic():
        campaign = Campaign.objects.create(
            kind=CampaignKind.SAMPLE, title=wanted.title.strip()[:120], year=wanted.year, as_of=day, due=wanted.due,
            filters={name: str(value) for name, value in asdict(wanted.filters).items() if value}, seed=seed, digest=population_digest(members),
            population=[list(one) for one in members], size=len(members), drawn=len(chosen), by_risk=wanted.by_risk, made_by=actor.name, made_at=at,
        )  # fmt: skip
        _ask(campaign, [int(one) for one in chosen], at)
        record_event(
            actor=actor, at=at, action="campaign.drawn", subject=Subject("campaign", str(campaign.pk), campaign.title),
            detail={"seed": seed, "digest": campaign.digest, "size": len(members), "drawn": len(chosen)},
        )  # fmt: skip
    return campaign


def _ask(campaign: Campaign, chosen: Sequence[int], at: datetime) -> None:
    checks = Check.objects.bulk_create(
        [Check(campaign=campaign, obligation_id=one, state=CheckState.WAITING, due=campaign.due, changed_at=at) for one in chosen],
        batch_size=AT_ONCE,
    )
    DutyStep.objects.bulk_create(
        [
            DutyStep(
                check_of=one, act="被抽中", public=True, by_name="系统", at=at, text=f"请在 {campaign.due.isoformat()} 前提交证明材料。"
            )
            for one in checks
        ],
        batch_size=AT_ONCE,
    )
    asked: dict[int, Obligation] = {}
    for start in range(0, len(chosen), AT_ONCE):
        asked |= Obligation.objects.select_related("case__enterprise").in_bulk(list(chosen[start : start + AT_ONCE]))
    notes = []
    for check in checks:
        case = asked[check.obligation_id].case
        text = f"“{case.title}”（{case.number}）被抽中核查。请在 {campaign.due.isoformat()} 前提交仍在本区登记、纳税、统计的证明。"
        href = f"/portal/{case.enterprise.code}/duties/checks/{check.pk}/"
        notes.append(Note(case.enterprise_id, "duty-check.drawn", campaign.title, text, href))
    tell_firms(at=at, notes=notes)


def drawn_again(campaign: Campaign) -> bool:
    """Whether the draw repeated from what is on record gives the same obligations, and the population its digest."""
    members = [(str(name), int(tickets)) for name, tickets in campaign.population]
    if population_digest(members) != campaign.digest:
        return False
    chosen = {int(one) for one in drawn(campaign.seed, members, campaign.drawn)}
    return chosen == set(campaign.checks.values_list("obligation", flat=True))
