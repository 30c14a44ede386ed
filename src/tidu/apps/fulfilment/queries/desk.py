"""To-dos of fulfilment: each is the length of a list that exists, worked out and never stored."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.cultivation.queries import ToDo
from tidu.apps.fulfilment.enums import CaseState, NoticeState, ObjectionState, PaymentBatchState
from tidu.apps.fulfilment.models import Case, Notice, Objection, PaymentBatch
from tidu.apps.fulfilment.queries.cases import MINE, CaseFilter, found_cases, mine
from tidu.apps.fulfilment.queries.opinions import LATE, WAITING, found_opinions

BUREAU = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
WORDS = (
    (CaseState.SUBMITTED, "待受理的申报"),
    (CaseState.RETURNED, "补正已回，待继续审核"),
    (CaseState.REVIEWING, "意见已齐，待完成联审"),
    (CaseState.REVIEWED, "待列入会审"),
    (CaseState.PROPOSED, "已列入会审，待决定"),
)


def case_to_dos(actor: Actor, day: date) -> list[ToDo]:
    """What waits for the actor in cases, opinions, notices, objections and payments; empty lists are left out."""
    found = []
    if actor.has(*BUREAU):
        found += [*_cases(actor, day), *_money(actor)]
    if actor.has(Role.DEPARTMENT_CLERK) and not actor.has(*BUREAU):
        late = found_opinions(actor, day, LATE).count()
        found.append(
            ToDo("待反馈的联审意见", found_opinions(actor, day, WAITING).count(), "opinions", query="which=waiting", urgent=bool(late))
        )
    return [one for one in found if one.count]


def _cases(actor: Actor, day: date) -> list[ToDo]:
    waiting = Case.objects.visible_to(actor).filter(mine(actor, day)).order_by()
    states = dict(waiting.values_list("state").annotate(count=Count("pk")))
    found = [ToDo(text, states.get(state, 0), "cases", query=f"group={MINE}&state={state}") for state, text in WORDS]
    late = found_cases(actor, day, CaseFilter(late=True, handler="me")).count()
    opinions = found_opinions(actor, day, LATE).count()
    return [
        *found,
        ToDo("我经办的超期办件", late, "cases", query="group=all&handler=me&late=yes", urgent=True),
        ToDo("部门超期未反馈的意见", opinions, "opinions", query="which=late", urgent=True),
    ]


def _money(actor: Actor) -> list[ToDo]:
    bounced = Case.objects.visible_to(actor).filter(state=CaseState.BOUNCED).count()
    running = Notice.objects.visible_to(actor).filter(state=NoticeState.PUBLISHED).count()
    objections = Objection.objects.visible_to(actor).filter(state=ObjectionState.OPEN).count()
    unchecked = PaymentBatch.objects.visible_to(actor).filter(Q(state=PaymentBatchState.MADE)).count()
    return [
        ToDo("公示中的公示（期满后办结）", running, "notices", query=f"state={NoticeState.PUBLISHED}"),
        ToDo("核查中的异议", objections, "objections", query=f"state={ObjectionState.OPEN}"),
        ToDo("待复核的拨付批次", unchecked, "payment-batches", query=f"state={PaymentBatchState.MADE}"),
        ToDo("退票，等企业更正账户", bounced, "cases", query=f"state={CaseState.BOUNCED}"),
    ]
