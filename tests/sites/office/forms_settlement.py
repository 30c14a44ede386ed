"""Valid forms from settlement to the meeting's decision."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.apps.people import District
from tests.sites.office.forms import Sent, form
from tests.sites.office.settlement_objects import CLAUSE, made_batch, made_budget, made_candidate, made_case, made_effect, made_run
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.models import Source
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.policies.loaded import packs

DAYS = {"law_date": "2024-06-01", "as_of": "2024-06-01"}


@form("settle")
def settle(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, DAYS)


@form("settlement-ask")
def ask(district: District) -> Sent:
    unit = district.units["tax"]
    for name in ("市场监管", "税务"):
        Source.objects.create(name=name, unit=unit)
    run = made_run()
    made_candidate(run, district.jia, state="unknown", missing=("登记状态",))
    return Sent(Role.BUREAU_CLERK, {"fact": "登记状态", "to": str(unit.pk), "why": "测算需要"}, [run.pk])


@form("no-application-new")
def list_firms(district: District) -> Sent:
    run = made_run()
    made_candidate(run, district.jia)
    return Sent(Role.BUREAU_CLERK, {}, [run.pk, "C3"])


@form("ruling-rehearse")
def rehearse(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"choice": "全额", **DAYS}, ["R1"])


@form("ruling-effect")
def adopt(district: District) -> Sent:
    effect = made_effect(district.jia)
    effect.packs, effect.made_at = dict(packs().digests), timezone.now()
    effect.save()
    return Sent(Role.BUREAU_HEAD, {"act": "adopt", "reason": "区政府专题会议"}, [effect.pk])


@form("batch-new")
def new_batch(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"title": "2024 年第一批", "year": "2024"})


@form("batch-add")
def add(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"which": "ticked", "row": [made_case(district.jia).pk]}, [made_batch().pk])


@form("batch-take-out")
def take_out(district: District) -> Sent:
    batch = made_batch()
    case = made_case(district.jia, state=CaseState.PROPOSED, batch=batch)
    return Sent(Role.BUREAU_CLERK, {"reason": "材料存疑"}, [batch.pk, case.pk])


@form("batch-decide")
def decide(district: District) -> Sent:
    batch = made_batch()
    made_case(district.jia, state=CaseState.PROPOSED, batch=batch)
    made_budget()
    met_on = (timezone.localdate() - timedelta(days=1)).isoformat()
    return Sent(Role.BUREAU_HEAD, {"version": "1", "minutes": "同意。", "met_on": met_on, "typed": "1"}, [batch.pk])


@form("batch-paper")
def paper(district: District) -> Sent:
    return Sent(Role.BUREAU_HEAD, {}, [made_batch().pk], changes=False)


@form("budget-new")
def new_budget(district: District) -> Sent:
    return Sent(Role.BUREAU_HEAD, {"year": "2024", "ground": "0", "planned": "120.5", "reason": "预算批复"})


@form("budget")
def budget(district: District) -> Sent:
    made = made_budget(clause=CLAUSE)
    return Sent(Role.BUREAU_HEAD, {"planned": "200", "reason": "年中追加", "version": str(made.version)}, [made.pk])
