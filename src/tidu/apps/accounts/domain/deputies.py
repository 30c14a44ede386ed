"""AB角: an official names a colleague who takes over the own cases for some days. Nobody gains a right by it (ADR 0054)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import HANDLING, Role
from tidu.apps.accounts.models import Deputy, Post, User
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

COVERS = {
    Role.BUREAU_CLERK: (Role.BUREAU_CLERK, Role.BUREAU_HEAD),
    Role.BUREAU_HEAD: (Role.BUREAU_HEAD,),
    Role.DEPARTMENT_CLERK: (Role.DEPARTMENT_CLERK,),
    Role.SUBDISTRICT_CLERK: (Role.SUBDISTRICT_CLERK,),
}
"""Who may do at least what a role may do."""

LONGEST_NAME = 60
"""What records keep of a name."""

LONGEST = 92
"""Days that a deputy may stand in at most; a longer absence is a post of its own."""


def absent_colleagues(actor: Actor, day: date) -> Any:
    """Numbers of the colleagues whom the actor stands in for on a day, as a subquery."""
    return Deputy.objects.running(day).filter(deputy=actor.user).order_by().values("absent")


def signing(actor: Actor, handler: int | None, day: date) -> Actor:
    """The actor as acts on a case are signed: “乙（代 甲）” where its handler is a colleague stood in for; no query for own cases."""
    if handler is None or actor.user is None or handler == actor.user:
        return actor
    absent = Deputy.objects.running(day).filter(deputy=actor.user, absent=handler).values_list("absent__name", flat=True).first()
    return actor if absent is None else replace(actor, name=f"{actor.name}（代 {absent}）"[:LONGEST_NAME])


def candidates(actor: Actor, day: date) -> list[User]:
    """Colleagues of the same units who may already do everything that the actor may do in them."""
    posts = [post for post in actor.posts if post.role in HANDLING and post.unit is not None]
    if not posts:
        return []
    able: set[int] | None = None
    for post in posts:
        held = Post.objects.filter(unit=post.unit, role__in=COVERS[post.role], user__is_active=True).held_on(day)
        found = set(held.values_list("user", flat=True))
        able = found if able is None else able & found
    return list(User.objects.get_queryset().filter(pk__in=(able or set()) - {actor.user}).order_by("name", "pk"))


def name_deputy(*, actor: Actor, at: datetime, deputy: User, since: date, last: date, reason: str) -> Deputy:
    """Name who stands in. Raises ``deputy-not-able``, ``bad-days``, ``reason-missing``, ``deputy-overlaps``, ``deputy-away``."""
    actor.may_write(*HANDLING).require()
    day = legal_day(at)
    if not reason.strip():
        raise TiduError("reason-missing", "请写明事由，例如出差、休假。")
    if since < day or last < since or (last - since).days >= LONGEST:
        raise TiduError("bad-days", f"起止日不对：不能早于今天，止日不能早于起日，最长 {LONGEST} 天。收到 {since} 至 {last}。")
    if deputy.pk not in {one.pk for one in candidates(actor, since)}:
        raise TiduError(
            "deputy-not-able",
            f"{deputy.name}不能做您的B角：须是同一单位、岗位与您相同或更高的同事。没有合适的人时，请系统管理员申请临时岗位。",
        )
    with transaction.atomic():
        User.objects.get_queryset().select_for_update().get(pk=actor.user)  # two at once wait for each other
        _check_overlaps(actor, deputy, since, last)
        made = Deputy.objects.create(absent_id=actor.user, deputy=deputy, since=since, last=last, reason=reason.strip()[:200], made_at=at)
        detail = {"deputy": deputy.name, "since": since.isoformat(), "through": last.isoformat(), "reason": made.reason}
        record_event(actor=actor, at=at, action="deputy.named", subject=_subject(made), detail=detail)
    return made


def _check_overlaps(actor: Actor, deputy: User, since: date, last: date) -> None:
    meanwhile: Any = Deputy.objects.filter(since__lte=last, last__gte=since, ended_at=None)
    other = meanwhile.filter(absent=actor.user).select_related("deputy").first()
    if other is not None:
        raise TiduError("deputy-overlaps", f"{other.since} 至 {other.last} 已由{other.deputy.name}代您办理。请先结束，再另行设定。")
    if meanwhile.filter(absent=deputy).exists():
        raise TiduError("deputy-away", f"{deputy.name}在这段时间里也由别人代办。请选另一位同事。")


def may_end(actor: Actor, deputy: Deputy, day: date) -> Decision:
    """The one who is stood in for ends it early; nobody else."""
    if deputy.ended_at is not None or deputy.last < day:
        return no("这次代办已经结束。", "already-ended")
    return YES if actor.is_system or deputy.absent_id == actor.user else no("由本人结束。", "not-own")


def end_deputy(*, actor: Actor, at: datetime, deputy: Deputy) -> None:
    """End it now, before its last day."""
    may_end(actor, deputy, legal_day(at)).require()
    with transaction.atomic():
        if not Deputy.objects.filter(pk=deputy.pk, ended_at=None).update(ended_at=at):
            raise TiduError("already-ended", "这次代办刚刚已经结束。")
        record_event(actor=actor, at=at, action="deputy.ended", subject=_subject(deputy))


def _subject(deputy: Deputy) -> Subject:
    return Subject("user", str(deputy.absent_id), f"{deputy}")
