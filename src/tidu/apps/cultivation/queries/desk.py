"""To-dos: worked out from what stands, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.cultivation.domain.rulebook import rulebook
from tidu.apps.cultivation.enums import INSIDE, UNDONE, MemberState, WarningState
from tidu.apps.cultivation.models import Finding, FirmWarning, Membership
from tidu.apps.cultivation.queries.ladder import expiring
from tidu.apps.cultivation.queries.warnings import late
from tidu.kernel.interpret import MET

EXPIRY_DAYS = 90
WORKERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.SUBDISTRICT_CLERK, Role.DEPARTMENT_CLERK)


@dataclass(frozen=True)
class ToDo:
    """One number of the desk: what it counts, how many, and the list behind it (page, its arguments, its filter)."""

    text: str
    count: int
    page: str
    args: tuple[str, ...] = ()
    query: str = ""
    urgent: bool = False


def to_dos(actor: Actor, day: date) -> list[ToDo]:
    """What waits for the actor; nothing for who has no part in it. Lists with nothing in them are left out."""
    if not actor.has(*WORKERS):
        return []
    found = [*_warnings(actor, day), *_pools(actor)]
    found.append(ToDo(f"{EXPIRY_DAYS} 天内到期的认定", expiring(actor, day, EXPIRY_DAYS).count(), "ladder-expiring"))
    return [one for one in found if one.count]


def _warnings(actor: Actor, day: date) -> list[ToDo]:
    counted = FirmWarning.objects.visible_to(actor).order_by().aggregate(
        open=Count("pk", filter=Q(state=WarningState.OPEN)),
        mine=Count("pk", filter=Q(owner=actor.user, state__in=UNDONE) & ~Q(state=WarningState.CLOSING)),
        late=Count("pk", filter=late(day)),
        closing=Count("pk", filter=Q(state=WarningState.CLOSING)),
    )  # fmt: skip
    found = [
        ToDo("待认领的预警", counted["open"], "warnings", query="state=open"),
        ToDo("我认领的预警", counted["mine"], "warnings", query="whose=me"),
        ToDo("超期未办结的预警", counted["late"], "warnings", query="late=yes", urgent=True),
    ]
    if actor.has(Role.BUREAU_HEAD):
        found.append(ToDo("待复核销号的预警", counted["closing"], "warnings", query="state=closing"))
    return found


def _pools(actor: Actor) -> list[ToDo]:
    live = Membership.objects.filter(enterprise=OuterRef("enterprise"), pool=OuterRef("pool"))
    settled = live.filter(state__in=(*INSIDE, MemberState.REFUSED))
    due = Finding.objects.visible_to(actor).filter(entry=MET).filter(~Exists(settled)).order_by()
    waiting = dict(due.values("pool").annotate(count=Count("pk")).values_list("pool", "count"))
    verdict = Finding.objects.filter(enterprise=OuterRef("enterprise"), pool=OuterRef("pool"), exit=MET)
    inside = Membership.objects.visible_to(actor).filter(state__in=INSIDE).filter(Exists(verdict) | Q(state=MemberState.LEAVING)).order_by()
    leaving = dict(inside.values("pool").annotate(count=Count("pk")).values_list("pool", "count"))
    found = []
    for pool in rulebook().pools:
        found.append(ToDo(f"{pool.name}：应入待确认", waiting.get(pool.key, 0), "pool-candidates", (pool.key,)))
        found.append(ToDo(f"{pool.name}：达到出库条件", leaving.get(pool.key, 0), "pool-exits", (pool.key,)))
    return found
