"""Who of the firm works on a case: one in charge, others beside; an agent reaches no case but those it was given."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import FIRM_ROLES, FIRM_SIGNERS, Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.models import Case, CasePerson, Step
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day


def take_charge(case: Case, actor: Actor, at: datetime) -> None:
    """Who begins a case works on it, and is in charge where nobody is; must run inside the transaction of that act."""
    if actor.user is None:
        return
    first = not CasePerson.objects.filter(case=case, in_charge=True).exists()
    CasePerson.objects.get_or_create(case=case, user_id=actor.user, defaults={"in_charge": first, "given_by": actor.name, "given_at": at})


def may_work_on(actor: Actor, case: Case) -> Decision:
    """Whether somebody may write in the firm's part of a case: the firm's people, and an agent that was given it."""
    allowed = actor.may_write(*FIRM_ROLES)
    if not allowed or actor.is_system:
        return allowed
    if case.enterprise_id in actor.firms_as(*FIRM_SIGNERS):
        return YES
    if case.enterprise_id not in actor.firms_as(Role.FIRM_AGENT):
        return no("这不是您企业的办件。", "other-firm")
    if CasePerson.objects.filter(case=case, user=actor.user).exists():
        return YES
    return no("这个办件没有交给您办理。请企业在办件页的“经办人”里加上您。", "not-given")


def may_give(actor: Actor, case: Case) -> Decision:
    """Who says who works on a case: whoever binds the firm."""
    allowed = actor.may_write(*(role for role in Role if role in FIRM_SIGNERS))
    if allowed and not actor.is_system and case.enterprise_id not in actor.firms_as(*FIRM_SIGNERS):
        return no("这不是您企业的办件。", "other-firm")
    return allowed


def give_case(*, actor: Actor, at: datetime, case: Case, user: int, in_charge: bool) -> CasePerson:
    """Let a member or agent of the firm work on a case, in charge or beside. Raises ``not-a-member`` for anybody else."""
    may_give(actor, case).require()
    person = User.objects.filter(pk=user, is_active=True).first()
    if person is None or not Post.objects.held_on(legal_day(at)).filter(user=person, enterprise=case.enterprise_id).exists():
        raise TiduError("not-a-member", "请从本企业现在的成员里选择经办人；新的成员先由法定代表人在“成员与授权”里授权。")
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        if in_charge:
            CasePerson.objects.filter(case=case, in_charge=True).exclude(user=person).update(in_charge=False)
        given, fresh = CasePerson.objects.get_or_create(
            case=case, user=person, defaults={"in_charge": in_charge, "given_by": actor.name, "given_at": at}
        )
        if not fresh and in_charge and not given.in_charge:
            given.in_charge = True
            given.save(update_fields=["in_charge"])
        _noted(actor, at, case, f"{person.name}{'负责' if in_charge else '参与'}办理", person)
    return given


def take_case_back(*, actor: Actor, at: datetime, case: Case, user: int) -> None:
    """Somebody no longer works on a case; who is in charge hands that over first (``in-charge``)."""
    may_give(actor, case).require()
    found = CasePerson.objects.filter(case=case, user=user).select_related("user").first()
    if found is None:
        raise TiduError("not-on-case", "这个人已经不在这个办件上。请刷新。")
    if found.in_charge:
        raise TiduError("in-charge", f"{found.user.name}是负责人，请先把负责人改为别人，再移出。")
    with transaction.atomic():
        found.delete()
        _noted(actor, at, case, f"{found.user.name}不再办理", found.user)


def _noted(actor: Actor, at: datetime, case: Case, text: str, person: User) -> None:
    Step.objects.create(
        case=case, at=at, actor_name=actor.name, actor_id_number=actor.user, act="people", before=case.state, after=case.state, public=False,
        text=text,
    )  # fmt: skip
    record_event(
        actor=actor, at=at, action="case.people", subject=Subject("case", str(case.pk), str(case)), detail={"text": text, "user": person.pk}
    )
