"""专家评审 on pages: from the list of experts to 联审完成, who reads names, the firm's side, the batch and its paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.apps.fulfilment.expert_ground import expert, scored, switch_on
from tests.apps.fulfilment.ground import NOON, Ground, money_district, reread
from tests.apps.fulfilment.test_transitions import case_in
from tests.apps.materials.files import png
from tests.sites.office.fulfilment.test_case_pages import client_of
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.domain.applying import keep_submission
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, DecisionBatch, Expert, ExpertScore, PanelMember
from tidu.apps.paper.domain.decision_pack import decision_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return money_district()


@pytest.fixture
def case(ground: Ground, settings: Any, tmp_path: Path) -> Case:
    switch_on(settings, tmp_path)
    found = case_in(ground, CaseState.REVIEWING)
    keep_submission(actor=ground.firm, at=NOON, case=found, content={})
    return reread(found)


def page_as(ground: Ground, role: Role, case: Case) -> str:
    return client_of(ground.district.people[role]).get(reverse("case", args=[case.pk])).content.decode()


def test_a_clerk_goes_from_the_list_to_the_end_of_the_review(ground: Ground, case: Case) -> None:
    clerk = client_of(ground.district.people[Role.BUREAU_CLERK])
    for number in range(1, 4):
        clerk.post(reverse("expert-new"), {"name": f"评审人{number}", "institution": "某某大学", "field": "激光装备"})
        clerk.post(reverse("case-panel", args=[case.pk]), {"expert": str(Expert.objects.get(name=f"评审人{number}").pk)})
        member = PanelMember.objects.get(number=number)
        clerk.post(reverse("panel-declare", args=[member.pk]), {"declared": "none"})
        scan = SimpleUploadedFile("评分表.png", png(), "image/png")
        done = clerk.post(reverse("panel-score", args=[member.pk]), {"points-1": "50", "points-2": f"3{number}", "file": scan})
        assert done.headers["Location"] == f"{reverse('case', args=[case.pk])}?told=panel#experts"
    text = page_as(ground, Role.BUREAU_CLERK, case)
    assert ("82.00 分" in text, "达到合格分" in text, "评审人3" in text) == (True, True, True)
    clerk.post(reverse("case-act", args=[case.pk, "conclude"]), {"version": str(reread(case).version)})
    assert reread(case).state == CaseState.REVIEWED


def test_the_blocked_button_says_why_and_the_block_says_unknown(ground: Ground, case: Case) -> None:
    text = page_as(ground, Role.BUREAU_CLERK, case)
    assert "还没有组成评审组。请先确定评审专家。" in text
    assert ("还没有确定评审专家" in text, "创新水平 60 分、产业化前景 40 分；满分 100 分" in text) == (True, True)
    scored(ground, case, [80])
    text = page_as(ground, Role.BUREAU_CLERK, case)
    assert ("已有 1 位专家评分，至少要 3 位。" in text, "<dd>未知" in text) == (True, True)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"points-1": "61", "points-2": "30"}, "创新水平“61”不是 0 至 60 的整数"),
        ({"points-1": "5.5", "points-2": "30"}, "创新水平“5.5”不是整数"),
        ({"points-1": "", "points-2": "30"}, "创新水平“”不是整数"),
        ({"points-1": "50", "points-2": "30"}, "请附上专家签名的评分表扫描件"),
    ],
)
def test_a_wrong_score_is_told_and_what_was_typed_stays(ground: Ground, case: Case, form: dict[str, str], why: str) -> None:
    scored(ground, case, [80])
    ExpertScore.objects.update(voided_at=NOON)
    clerk = client_of(ground.district.people[Role.BUREAU_CLERK])
    answer = clerk.post(reverse("panel-score", args=[PanelMember.objects.get().pk]), form)
    text = answer.content.decode()
    assert (answer.status_code, why in text, f'value="{form["points-1"]}"' in text) == (400, True, True)
    assert ExpertScore.objects.filter(voided_at=None).count() == 0


def test_the_firms_own_people_are_not_offered(ground: Ground, case: Case) -> None:
    expert(ground, 1)
    expert(ground, 2, ground.district.jia.name)
    clerk = client_of(ground.district.people[Role.BUREAU_CLERK])
    text = clerk.get(reverse("case-panel", args=[case.pk])).content.decode()
    assert ("评审人1" in text, "评审人2" in text) == (True, False)
    answer = clerk.post(reverse("case-panel", args=[case.pk]), {"expert": str(Expert.objects.get(name="评审人2").pk)})
    assert (answer.status_code, "的单位是申报企业" in answer.content.decode()) == (400, True)


def test_names_are_for_the_bureau_and_auditors(ground: Ground, case: Case) -> None:
    scored(ground, case, [80, 80, 80])
    told = {}
    for role in (Role.BUREAU_HEAD, Role.AUDITOR, Role.DISTRICT_LEADER, Role.SUBDISTRICT_CLERK):
        text = page_as(ground, role, case)
        told[role] = ("评审人1" in text, "某某大学" in text, "评分表<span" in text, "专家一" in text)
    named, not_named = (True, True, True, True), (False, False, False, True)
    assert told == {Role.BUREAU_HEAD: named, Role.AUDITOR: named, Role.DISTRICT_LEADER: not_named, Role.SUBDISTRICT_CLERK: not_named}


def test_the_firm_reads_the_outcome_without_names_once_it_is_decided(ground: Ground, case: Case) -> None:
    scored(ground, case, [80, 80, 81])
    firm = client_of(ground.district.people[Role.FIRM_CLERK])
    address = reverse("portal-case", args=[case.enterprise.code, case.pk])
    before = firm.get(address).content.decode()
    assert ("专家评审" in before, "评审人" in before, "80 分" in before) == (False, False, False)
    Case.objects.filter(pk=case.pk).update(state=CaseState.REFUSED)
    after = firm.get(address).content.decode()
    assert ("80.33 分" in after, "专家三：81 分" in after, "评审人" in after) == (True, True, False)


def test_the_meeting_sees_the_mean(ground: Ground, case: Case) -> None:
    scored(ground, case, [80, 80, 81])
    batch = DecisionBatch.objects.create(title="第一批", year=2024, created_at=NOON)
    Case.objects.filter(pk=case.pk).update(state=CaseState.PROPOSED, batch=batch)
    text = client_of(ground.district.people[Role.BUREAU_CLERK]).get(reverse("batch", args=[batch.pk])).content.decode()
    wanted = "专家评审：平均 80.33 分（专家一 80 分、专家二 80 分、专家三 81 分）"
    assert (wanted in text, wanted in str(decision_pack(batch, None)), "评审人" in str(decision_pack(batch, None))) == (True, True, False)


def test_the_page_of_a_case_asks_the_same_however_many_experts(ground: Ground, case: Case) -> None:
    asked, clerk = [], client_of(ground.district.people[Role.BUREAU_CLERK])
    scored(ground, case, [80])
    for first, more in ((2, 2), (4, 6)):
        with CaptureQueriesContext(connection) as captured:
            assert clerk.get(reverse("case", args=[case.pk])).status_code == 200
        asked.append(len(captured))
        scored(ground, case, [80] * more, first=first)
    with CaptureQueriesContext(connection) as captured:
        clerk.get(reverse("case", args=[case.pk]))
    assert len({*asked, len(captured)}) == 1, (asked, len(captured))


def test_the_list_finds_by_words_and_shows_who_is_asked_no_more(ground: Ground, case: Case) -> None:
    one = expert(ground, 1, "甲大学")
    expert(ground, 2, "乙大学")
    clerk = client_of(ground.district.people[Role.BUREAU_CLERK])
    clerk.post(reverse("expert-end", args=[one.pk]), {"reason": "退休"})

    def shown(**query: str) -> tuple[bool, bool]:
        text = clerk.get(reverse("experts"), query).content.decode()
        return "甲大学" in text, "乙大学" in text

    assert [shown(), shown(which="ended"), shown(which="all"), shown(which="all", q="乙大")] == [
        (False, True), (True, False), (True, True), (False, True),
    ]  # fmt: skip


def test_an_auditor_reads_the_list_and_is_led_to_no_act(ground: Ground, case: Case) -> None:
    one = expert(ground, 1)
    text = client_of(ground.district.people[Role.AUDITOR]).get(reverse("experts")).content.decode()
    assert (one.name in text, reverse("expert-end", args=[one.pk]) in text) == (True, False)


def test_the_list_asks_the_same_number_of_queries_however_long(ground: Ground) -> None:
    asked, clerk, count = [], client_of(ground.district.people[Role.BUREAU_CLERK]), 0
    for wanted in (1, 3, 300):
        made = [Expert(name=f"评审人{number}", institution="某某大学", field="光电", made_at=NOON) for number in range(count, wanted)]
        Expert.objects.bulk_create(made)
        count = wanted
        with CaptureQueriesContext(connection) as captured:
            text = clerk.get(reverse("experts")).content.decode()
        assert f"{wanted} 条" in text
        asked.append(len(captured))
    assert len(set(asked)) == 1, asked
