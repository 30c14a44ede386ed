"""Members, candidates and exits of a pool; the counts reconcile: who should be in = in + refused + to be confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from tidu.apps.accounts.actors import Actor
from tidu.apps.cultivation.domain.rulebook import Pool
from tidu.apps.cultivation.enums import INSIDE, LIVE, MemberState
from tidu.apps.cultivation.models import Finding, Membership
from tidu.apps.enterprises.models import Enterprise
from tidu.kernel.interpret import MET, UNKNOWN


@dataclass(frozen=True)
class PoolCounts:
    """One pool in figures; ``due`` firms meet the entry rule and are members, refused or waiting."""

    due: int
    due_inside: int
    due_refused: int
    waiting: int
    unknown: int
    members: int
    stages: Mapping[str, int]
    exits: int
    proposed: int
    refused: int
    left: int


def _live(pool: str, *states: str) -> Any:
    return Membership.objects.filter(enterprise=OuterRef("enterprise"), pool=pool, state__in=states or LIVE)


def with_membership(findings: Any, pool: str) -> Any:
    """Findings with the state, version and proposer of the live row of the same pool (empty where there is none)."""
    live = _live(pool).order_by()
    return findings.annotate(
        member_state=Subquery(live.values("state")[:1]),
        member_version=Subquery(live.values("version")[:1]),
        member_by=Subquery(live.values("by_name")[:1]),
        member_at=Subquery(live.values("at")[:1]),
    )


def pool_counts(actor: Actor, pool: Pool) -> PoolCounts:
    """The figures of one pool: four queries."""
    findings = Finding.objects.visible_to(actor).filter(pool=pool.key)
    due = Counter(with_membership(findings.filter(entry=MET), pool.key).values_list("member_state", flat=True))
    rows = Membership.objects.visible_to(actor).filter(pool=pool.key).order_by().values_list("state", "stage")
    states = Counter(rows)
    by_state = Counter(state for state, stage in states.elements())
    stages = Counter(stage for state, stage in states.elements() if state in INSIDE)
    inside = sum(due[state] for state in INSIDE)
    return PoolCounts(
        due=sum(due.values()),
        due_inside=inside,
        due_refused=due[MemberState.REFUSED],
        waiting=sum(due.values()) - inside - due[MemberState.REFUSED],
        unknown=unknowns(actor, pool.key).count(),
        members=sum(by_state[state] for state in INSIDE),
        stages=stages,
        exits=exits(actor, pool.key).count(),
        proposed=by_state[MemberState.PROPOSED],
        refused=by_state[MemberState.REFUSED],
        left=by_state[MemberState.LEFT],
    )


@dataclass(frozen=True)
class PoolFilter:
    """What a list of a pool is narrowed to; empty fields do nothing."""

    street: str = ""
    stage: str = ""
    state: str = ""
    guide: str = ""
    words: str = ""
    entry: str = ""


def members(actor: Actor, pool: str, wanted: PoolFilter) -> Any:
    """The rows of a pool, members first; ``state`` may also be all, refused or left; ``guide`` me, none or a person."""
    found = Membership.objects.visible_to(actor).filter(pool=pool)
    if wanted.state in MemberState.values:
        found = found.filter(state=wanted.state)
    elif wanted.state != "all":
        found = found.filter(state__in=INSIDE)
    if wanted.stage:
        found = found.filter(stage=wanted.stage)
    if wanted.guide == "me":
        found = found.filter(guide=actor.user)
    elif wanted.guide == "none":
        found = found.filter(guide=None)
    verdict = Finding.objects.filter(enterprise=OuterRef("enterprise"), pool=pool).order_by()
    found = found.annotate(entry=Subquery(verdict.values("entry")[:1]), exit=Subquery(verdict.values("exit")[:1]))
    if wanted.entry == "not-met":
        found = found.exclude(entry=MET)
    elif wanted.entry == "met":
        found = found.filter(entry=MET)
    return _narrowed(found, wanted).select_related("enterprise__subdistrict", "guide").order_by("enterprise__code", "-pk")


def candidates(actor: Actor, pool: str, wanted: PoolFilter) -> Any:
    """Who meets the entry rule and is neither in nor refused (应入尽入), proposals first; ``state`` all gives the settled ones too."""
    found = with_membership(Finding.objects.visible_to(actor).filter(pool=pool, entry=MET), pool)
    if wanted.state != "all":
        found = found.filter(~Exists(_live(pool, *INSIDE, MemberState.REFUSED)))
    if wanted.stage:
        found = found.filter(stage=wanted.stage)
    if wanted.state == MemberState.PROPOSED:
        found = found.filter(member_state=MemberState.PROPOSED)
    return (
        _narrowed(found, wanted)
        .select_related("enterprise__subdistrict")
        .order_by(F("member_state").asc(nulls_last=True), "enterprise__code")
    )


def unknowns(actor: Actor, pool: str, wanted: PoolFilter | None = None) -> Any:
    """Who cannot be judged by the entry rule for want of facts, and is not in the pool."""
    found = Finding.objects.visible_to(actor).filter(pool=pool, entry=UNKNOWN).filter(~Exists(_live(pool, *INSIDE, MemberState.REFUSED)))
    return _narrowed(found, wanted or PoolFilter()).select_related("enterprise__subdistrict").order_by("enterprise__code")


def exits(actor: Actor, pool: str, wanted: PoolFilter | None = None) -> Any:
    """Members that meet the exit rule or were proposed to leave; they stay until a person confirms."""
    verdict = Finding.objects.filter(enterprise=OuterRef("enterprise"), pool=pool).order_by()
    found = Membership.objects.visible_to(actor).filter(pool=pool, state__in=INSIDE).annotate(exit=Subquery(verdict.values("exit")[:1]))
    found = found.filter(Q(exit=MET) | Q(state=MemberState.LEAVING))
    return _narrowed(found, wanted or PoolFilter()).select_related("enterprise__subdistrict", "guide").order_by("enterprise__code", "pk")


def _narrowed(found: Any, wanted: PoolFilter) -> Any:
    if wanted.street:
        found = found.filter(enterprise__subdistrict__code=wanted.street)
    if wanted.words:
        found = found.filter(Q(enterprise__name__contains=wanted.words) | Q(enterprise__code=wanted.words.upper()))
    return found


@dataclass(frozen=True)
class FirmPool:
    """One firm and one pool: the live row if there is one, what the rules say, and all steps ever."""

    pool: Pool
    live: Membership | None
    finding: Finding | None
    steps: list[Any]

    @property
    def state(self) -> str:
        """The state of the live row; empty for none."""
        return self.live.state if self.live else ""

    @property
    def version(self) -> int:
        """The version that a form sends back; 0 for no row."""
        return self.live.version if self.live else 0


def firm_pools(enterprise: Enterprise, pools: tuple[Pool, ...]) -> list[FirmPool]:
    """One firm and all pools, those it has to do with first: two queries and one for the steps."""
    rows = list(Membership.objects.filter(enterprise=enterprise).select_related("guide").prefetch_related("steps").order_by("pk"))
    findings = {one.pool: one for one in Finding.objects.filter(enterprise=enterprise)}
    found = []
    for pool in pools:
        own = [row for row in rows if row.pool == pool.key]
        live = next((row for row in own if row.state in LIVE), None)
        found.append(FirmPool(pool, live, findings.get(pool.key), [step for row in own for step in row.steps.all()]))
    return found
