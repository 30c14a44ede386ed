"""Joint review in the office: a department's list and form, hastening, and the desk's numbers that lead to lists of that length."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.apps.fulfilment.ground import LAW, NOON, Ground, money_district, reread
from tests.sites.office.fulfilment.test_case_pages import clerk_client, client_of, handed_in
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.fulfilment.domain.hastening import hasten
from tidu.apps.fulfilment.domain.reviewing import accept
from tidu.apps.fulfilment.enums import CaseState, Verdict
from tidu.apps.fulfilment.models import Case, Opinion, Step
from tidu.apps.fulfilment.queries.desk import case_to_dos
from tidu.apps.fulfilment.queries.opinions import WHICH, found_opinions, opinion_counts
from tidu.apps.messages.models import Message
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return money_district()


@pytest.fixture
def case(ground: Ground) -> Case:
    return accept(actor=ground.clerk, at=NOON, case=handed_in(ground))


def opinion_of(case: Case, unit: str) -> Opinion:
    return Opinion.objects.select_related("unit", "case").get(case=case, unit__code=unit, void=False)


def test_a_department_sees_its_own_opinions_and_the_bureau_all(ground: Ground, case: Case) -> None:
    seen = {
        actor.name: sorted(one.unit.code for one in found_opinions(actor, LAW, "waiting"))
        for actor in (ground.department("tax"), ground.clerk, ground.actor(Role.SUBDISTRICT_CLERK), ground.firm)
    }
    assert seen == {"部门经办某": ["tax"], "牵头局经办某": ["finance", "market", "tax"], "街道经办某": [], "企业经办某": []}


def test_every_count_is_the_length_of_its_list(ground: Ground, case: Case) -> None:
    day = LAW + timedelta(days=30)
    for actor in (ground.clerk, ground.department("tax")):
        assert opinion_counts(actor, day) == {which: found_opinions(actor, day, which).count() for which, _ in WHICH}
    assert opinion_counts(ground.department("tax"), day) == {"waiting": 1, "late": 1, "given": 0, "all": 1}


def test_a_department_gives_its_opinion_on_its_page(ground: Ground, case: Case) -> None:
    client = client_of(ground.clerks["tax"])
    address = reverse("opinion", args=[opinion_of(case, "tax").pk])
    assert address in client.get(reverse("opinions")).content.decode()
    assert address in client.get(reverse("case", args=[case.pk])).content.decode()
    for sent, problem in (({}, "请选择意见"), ({"verdict": "disagree"}, "“不同意”请写明理由")):
        answer = client.post(address, sent)
        assert (answer.status_code, problem in answer.content.decode()) == (400, True)
    client.post(address, {"verdict": "disagree", "reason": "未申报"})
    given = opinion_of(case, "tax")
    assert (given.verdict, given.reason, given.given_by) == (Verdict.DISAGREE, "未申报", "部门经办某")
    assert "反馈后不能改动" in client.get(address).content.decode()
    assert client.get(reverse("opinion", args=[opinion_of(case, "market").pk])).status_code == 404


def test_hastening_leaves_an_internal_step_and_tells_the_department_once_a_day(ground: Ground, case: Case) -> None:
    opinion = opinion_of(case, "tax")
    assert hasten(actor=ground.clerk, at=NOON, opinion=opinion) == 1
    step, message = Step.objects.get(act="hasten"), Message.objects.get(occasion="opinion.hastened")
    assert (step.public, step.text, message.user) == (False, "请税务局反馈联审意见，期限 2024-06-11。", ground.clerks["tax"])
    assert AuditEvent.objects.filter(action="case.hastened").count() == 1
    with pytest.raises(TiduError, match="今天已经催过税务局"):
        hasten(actor=ground.clerk, at=NOON, opinion=opinion)
    assert hasten(actor=ground.clerk, at=NOON + timedelta(days=1), opinion=opinion) == 1
    assert reread(case).version == case.version


def test_only_the_bureau_hastens_and_only_who_has_not_answered(ground: Ground, case: Case) -> None:
    opinion = opinion_of(case, "tax")
    for actor in (ground.department("market"), ground.actor(Role.AUDITOR), ground.firm):
        with pytest.raises(NotAllowed):
            hasten(actor=actor, at=NOON, opinion=opinion)
    Opinion.objects.filter(pk=opinion.pk).update(verdict=Verdict.AGREE)
    with pytest.raises(NotAllowed, match="不用再催"):
        hasten(actor=ground.clerk, at=NOON, opinion=opinion_of(case, "tax"))
    assert Step.objects.filter(act="hasten").count() == 0
    assert "催办" not in client_of(ground.clerks["tax"]).get(reverse("case", args=[case.pk])).content.decode()


def test_the_case_page_offers_hastening_to_the_bureau(ground: Ground, case: Case) -> None:
    client = clerk_client(ground)
    opinion = opinion_of(case, "tax")
    assert reverse("opinion-hasten", args=[opinion.pk]) in client.get(reverse("case", args=[case.pk])).content.decode()
    answer = client.post(reverse("opinion-hasten", args=[opinion.pk]))
    assert answer.headers["Location"] == f"{reverse('case', args=[case.pk])}?told=hasten"
    assert "已办理：催办" in client.get(answer.headers["Location"]).content.decode()


def test_the_list_asks_the_same_number_of_queries_however_long(ground: Ground) -> None:
    client, asked, count = client_of(ground.clerks["tax"]), [], 0
    for wanted in (1, 3, 300):
        for number in range(count, wanted):
            case = handed_in(ground, number)
            Case.objects.filter(pk=case.pk).update(state=CaseState.REVIEWING)
            case.opinions.create(submission=case.submissions.get(), unit=ground.district.units["tax"], due=LAW, asked_at=NOON)
        count = wanted
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("opinions"))
        assert f"{wanted} 条</span>" in page.content.decode()
        asked.append(len(captured))
    assert len(set(asked)) == 1, asked


def listed(client: Client, address: str) -> int:
    """How long the list at an address says that it is."""
    found = re.search(r"共 [\d,]+ 页，([\d,]+) 条", client.get(address).content.decode())
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize("who", [Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK])
def test_every_to_do_leads_to_a_list_of_that_length(ground: Ground, case: Case, who: Role) -> None:
    for number, state in enumerate((CaseState.SUBMITTED, CaseState.RETURNED, CaseState.REVIEWED), start=1):
        Case.objects.filter(pk=handed_in(ground, number).pk).update(state=state)
    client = client_of(ground.district.people[who])
    found = case_to_dos(ground.actor(who), LAW + timedelta(days=60))
    assert found
    for one in found:
        assert listed(client, f"{reverse(one.page, args=one.args)}?{one.query}") == one.count, one
    desk = client.get(reverse("desk")).content.decode()
    assert found[0].text in desk


def test_nothing_waits_for_a_stranger(ground: Ground, case: Case) -> None:
    for role in (Role.AUDITOR, Role.DISTRICT_LEADER, Role.SUBDISTRICT_CLERK, Role.BANK_CLERK):
        assert case_to_dos(ground.actor(role), LAW) == []
