"""Posts: proposed by the system administrator, granted by the security administrator, ended with a day.

Nobody alone gives anybody a post, and an administrator holds no other post beside the own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.domain.naming import subject_of
from tidu.apps.accounts.enums import ADMINISTRATORS, FIRM_ROLES, OFFICIALS, ReviewState, Role
from tidu.apps.accounts.models import Post, PostProposal, User
from tidu.apps.administration.queries import words
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post is: in a unit or in a firm."""

    unit: Unit | None = None
    enterprise: Enterprise | None = None

    @property
    def name(self) -> str:
        """The name of the unit or the firm."""
        return self.unit.name if self.unit else self.enterprise.name if self.enterprise else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post that is wanted: role, place, first day, and the first day on which it is no longer held."""

    role: Role
    place: Place
    since: date | None = None
    until: date | None = None


def give_post(*, actor: Actor, at: datetime, user: User, role: Role, place: Place, since: date | None = None) -> Post:
    """A post given by the installation itself (first administrators, demonstration); people propose and grant.

    Raises ``post-not-allowed`` where the rules of posts forbid it.
    """
    if not actor.is_system:
        raise TiduError("needs-review", "岗位由系统管理员申请、安全管理员复核授予，不能由一个人直接授予。")
    with transaction.atomic():
        return _give(actor, at, user, Wanted(role, place, since), "")


def propose_post(*, actor: Actor, at: datetime, user: User, wanted: Wanted, reason: str) -> PostProposal:
    """Propose a post. Raises ``reason-needed``, ``account-off``, ``post-not-allowed``, ``post-proposed``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    if not reason or len(reason) > 200:
        raise TiduError("reason-needed", "要写明事由，例如所在单位的意见文号，最多 200 字。")
    if not user.is_active:
        raise TiduError("account-off", f"{user.name}的账号已停用。请先启用。")
    _check(user, wanted, localdate(at))
    try:
        with transaction.atomic():
            made = PostProposal.objects.create(
                user=user, role=wanted.role, unit=wanted.place.unit, enterprise=wanted.place.enterprise, since=wanted.since,
                until=wanted.until, reason=reason, asked_by_id=actor.user, asked_by_name=actor.name, asked_at=at,
            )  # fmt: skip
            record_event(
                actor=actor, at=at, action="account.post-proposed", subject=subject_of(user), detail=_told(wanted) | {"reason": reason}
            )
    except IntegrityError as error:
        raise TiduError("post-proposed", f"{user.name}的这个岗位已有一份申请等待复核。") from error
    return made


def may_decide_post(actor: Actor, proposal: PostProposal) -> Decision:
    """The security administrator, who neither proposed it nor gets it."""
    if proposal.state != ReviewState.ASKED:
        return no(f"这份申请{proposal.get_state_display()}，不用再复核。", "already-decided")
    if actor.is_system:
        return no("岗位须由人复核。", "wrong-role")
    if actor.user == proposal.user_id:
        return no("不能给自己授予岗位。请由另一位安全管理员复核。", "own-proposal")
    if actor.user == proposal.asked_by_id:
        return no("申请人不能复核自己的申请。", "own-proposal")
    return actor.may_write(Role.SECURITY_ADMIN)


def decide_post(*, actor: Actor, at: datetime, proposal: PostProposal, grant: bool, note: str = "") -> Post | None:
    """Grant (returns the post) or send back with a note. The rules of posts are asked again, for much may have changed."""
    may_decide_post(actor, proposal).require()
    if not grant and not note:
        raise TiduError("note-needed", "退回须写明原因。")
    wanted = Wanted(Role(proposal.role), Place(proposal.unit, proposal.enterprise), proposal.since, proposal.until)
    state = ReviewState.GRANTED if grant else ReviewState.REFUSED
    with transaction.atomic():
        mine = PostProposal.objects.filter(pk=proposal.pk, state=ReviewState.ASKED)
        if not mine.update(state=state, decided_by_id=actor.user, decided_by_name=actor.name, decided_at=at, note=note[:200]):
            raise TiduError("already-decided", "别人刚刚复核过这份申请。请刷新页面。")
        if grant:
            return _give(actor, at, proposal.user, wanted, proposal.asked_by_name)
        detail = _told(wanted) | {"note": note}
        record_event(actor=actor, at=at, action="account.post-refused", subject=subject_of(proposal.user), detail=detail)
    return None


def withdraw_proposal(*, actor: Actor, at: datetime, proposal: PostProposal) -> None:
    """The system administrator takes a proposal back. Raises ``already-decided``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    with transaction.atomic():
        if not PostProposal.objects.filter(pk=proposal.pk, state=ReviewState.ASKED).update(state=ReviewState.WITHDRAWN):
            raise TiduError("already-decided", "这份申请已经复核过，不能撤回。要收回岗位，请安全管理员结束岗位。")
        record_event(actor=actor, at=at, action="account.post-withdrawn", subject=subject_of(proposal.user))


def may_end_post(actor: Actor, post: Post, day: date) -> Decision:
    """The security administrator; never the last one of an administrator's role."""
    if post.until is not None and post.until <= day:
        return no("这个岗位已经结束。", "already-ended")
    allowed = actor.may_write(Role.SECURITY_ADMIN)
    if not allowed:
        return allowed
    if post.role in ADMINISTRATORS and not _others(Role(post.role), post.user_id, day):
        return no(f"{post.user.name}是唯一的{post.get_role_display()}，结束后无人能办理。请先授予另一人这个岗位。", "last-administrator")
    return YES


def end_post(*, actor: Actor, at: datetime, post: Post, until: date, reason: str) -> None:
    """End a post: ``until`` is the first day on which it is no longer held. Raises ``bad-until``, ``reason-needed``, ``changed-meanwhile``."""
    may_end_post(actor, post, localdate(at)).require()
    text = words("post-end-reasons", [reason]).get(reason)
    if text is None:
        raise TiduError("reason-needed", "请从列出的原因里选一个。")
    if until < localdate(at) or (post.since is not None and until <= post.since) or (post.until is not None and until > post.until):
        raise TiduError("bad-until", f"结束日收到 {until}，不能早于今天，要晚于岗位起始日，不能晚于原定截止日。")
    before = {"止（不含）": str(post.until or "不限")}
    with transaction.atomic():
        if not Post.objects.filter(pk=post.pk, until=post.until).update(until=until, end_reason=reason):
            raise TiduError("changed-meanwhile", "别人刚刚改过这个岗位。请刷新页面。")
        detail = {"role": post.role, "reason": text, "before": before, "after": {"止（不含）": str(until)}}
        record_event(actor=actor, at=at, action="account.post-ended", subject=subject_of(post.user), detail=detail)


def last_of(user: User, day: date) -> Role | None:
    """The administrator's role that only this person holds, or None."""
    held = Post.objects.filter(user=user, role__in=ADMINISTRATORS).held_on(day)
    return next((Role(post.role) for post in held if not _others(Role(post.role), user.pk, day)), None)


def _others(role: Role, user: int, day: date) -> bool:
    """Whether somebody else holds a role on a day and for good."""
    return Post.objects.filter(role=role, user__is_active=True, until=None).held_on(day).exclude(user=user).exists()


def _give(actor: Actor, at: datetime, user: User, wanted: Wanted, proposed_by: str) -> Post:
    _check(user, wanted, localdate(at))
    post = Post(
        user=user, role=wanted.role, unit=wanted.place.unit, enterprise=wanted.place.enterprise, since=wanted.since, until=wanted.until
    )
    post.save(force_insert=True)
    detail = _told(wanted) | ({"proposed_by": proposed_by} if proposed_by else {})
    record_event(actor=actor, at=at, action="account.post-given", subject=subject_of(user), detail=detail)
    return post


def _told(wanted: Wanted) -> dict[str, str]:
    days = {"since": str(wanted.since or ""), "until": str(wanted.until or "")}
    return {"role": wanted.role.value, "where": wanted.place.name} | {name: day for name, day in days.items() if day}


def _check(user: User, wanted: Wanted, day: date) -> None:
    post = Post(
        user=user, role=wanted.role, unit=wanted.place.unit, enterprise=wanted.place.enterprise, since=wanted.since, until=wanted.until
    )
    unit = wanted.place.unit
    if unit is not None and not unit.active:
        raise TiduError("unit-off", f"{unit.name}已停用，不能再授予岗位。")
    meanwhile = Post.objects.filter(user=user).not_over(max(day, wanted.since or day))
    if wanted.until is not None:
        meanwhile = meanwhile.filter(Q(since=None) | Q(since__lt=wanted.until))
    held = list(meanwhile)
    if any(one.role == wanted.role and one.unit_id == post.unit_id and one.enterprise_id == post.enterprise_id for one in held):
        raise TiduError("post-held", f"{user.name}在{wanted.place.name}已担任{wanted.role.label}。")
    clash = next((one for one in held if one.role != wanted.role and {one.role, wanted.role} & ADMINISTRATORS), None)
    if clash is not None:
        raise TiduError(
            "post-not-allowed",
            f"{user.name}已担任{clash.get_role_display()}。系统、安全、审计管理员须由不同的人担任，也不兼任其他岗位。请先结束原岗位。",
            role=wanted.role.value,
        )
    if (wanted.role in FIRM_ROLES and any(one.role in OFFICIALS for one in held)) or (
        wanted.role in OFFICIALS and any(one.role in FIRM_ROLES for one in held)
    ):
        raise TiduError(
            "post-not-allowed",
            f"{user.name}已有岗位。政务人员不能同时是企业人员：审核的人不能替企业说话。请先结束原岗位。",
            role=wanted.role.value,
        )
    try:
        post.full_clean()
    except ValidationError as error:
        raise TiduError("post-not-allowed", "；".join(error.messages), role=wanted.role.value) from error
