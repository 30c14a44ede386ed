"""The list of cases and the page of a case: numbers that are the length of their lists, acts, next and previous, papers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.apps.fulfilment.ground import ACCOUNT, LAW, NOON, Ground, another_firm, money_district, reread
from tests.apps.fulfilment.test_transitions import case_in
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import User
from tidu.apps.fulfilment.domain.applying import keep_submission, resubmit, save_draft
from tidu.apps.fulfilment.domain.reviewing import CorrectionItem, accept, ask_correction
from tidu.apps.fulfilment.enums import CaseState, Route
from tidu.apps.fulfilment.models import Case, Step
from tidu.apps.fulfilment.queries.cases import ALL, GROUPS, MINE, CaseFilter, case_counts, found_cases, neighbours
from tidu.apps.fulfilment.queries.one_case import answers, changes, with_places

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def ground() -> Ground:
    return money_district()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def clerk_client(ground: Ground) -> Client:
    return client_of(ground.district.people[Role.BUREAU_CLERK])


def handed_in(ground: Ground, number: int = 0) -> Case:
    """A case that waits for acceptance; every ``number`` is another item."""
    case = Case.objects.create(
        enterprise=ground.district.jia, policy="某计划", award="C5", clause="二（三）3", title="技术合同奖励", item=f"技术合同 {number}",
        payer="区级", route=Route.APPLICATION, law_date=LAW, state=CaseState.SUBMITTED, computed=100, number=f"SL2024-{number:06d}",
        submission=1, created_at=NOON, due=LAW + timedelta(days=number),
    )  # fmt: skip
    keep_submission(actor=ground.firm, at=NOON, case=case, content={"联系电话": "027-1", "materials": {}})
    return case


def test_every_count_is_the_length_of_its_list(ground: Ground) -> None:
    for number in range(4):
        handed_in(ground, number)
    accept(actor=ground.clerk, at=NOON, case=reread(Case.objects.get(item="技术合同 0")))
    day = LAW + timedelta(days=2)
    for actor in (ground.clerk, ground.head, ground.department("tax"), ground.actor(Role.SUBDISTRICT_CLERK), ground.actor(Role.AUDITOR)):
        counts = case_counts(actor, day, CaseFilter())
        listed = {key: found_cases(actor, day, CaseFilter(group=key)).count() for key in (MINE, *[one.key for one in GROUPS], ALL)}
        assert {MINE: counts.mine, **counts.groups, ALL: counts.all} == listed
        assert counts.late == found_cases(actor, day, CaseFilter(late=True)).count()
    assert case_counts(ground.clerk, day, CaseFilter()).mine == 3
    assert case_counts(ground.department("tax"), day, CaseFilter()).mine == 1
    assert case_counts(ground.actor(Role.AUDITOR), day, CaseFilter()).mine == 0


def test_what_another_handles_does_not_wait_for_me(ground: Ground) -> None:
    case = handed_in(ground)
    Case.objects.filter(pk=case.pk).update(state=CaseState.RETURNED, handler=ground.second)
    assert list(found_cases(ground.clerk, LAW, CaseFilter(group=MINE))) == []
    Case.objects.filter(pk=case.pk).update(handler=ground.district.people[Role.BUREAU_CLERK])
    assert list(found_cases(ground.clerk, LAW, CaseFilter(group=MINE))) == [case]


def test_a_stranger_finds_no_case(ground: Ground) -> None:
    handed_in(ground)
    for actor in (ground.department("tax"), ground.member_of(ground.district.yi), ground.actor(Role.BANK_CLERK)):
        assert found_cases(actor, LAW, CaseFilter(group=ALL)).count() == 0


@pytest.mark.parametrize("role", [Role.BUREAU_CLERK, Role.DEPARTMENT_CLERK])
def test_the_list_asks_the_same_number_of_queries_however_long(ground: Ground, role: Role) -> None:
    client, asked = client_of(ground.district.people[role]), []
    count = 0
    for wanted in (1, 3, 300):
        for number in range(count, wanted):
            case = Case.objects.create(
                enterprise=ground.district.jia, policy="某计划", award="C5", clause="二", title="技术合同奖励", item=f"合同 {number}",
                payer="区级", route=Route.APPLICATION, law_date=LAW, state=CaseState.SUBMITTED, computed=100, submission=1,
                created_at=NOON, handler=ground.second,
            )  # fmt: skip
            if role == Role.DEPARTMENT_CLERK:
                submission = keep_submission(actor=ground.firm, at=NOON, case=case, content={})
                case.opinions.create(submission=submission, unit=ground.district.units["tax"], due=LAW, asked_at=NOON)
        count = wanted
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = client.get(reverse("cases"), {"group": ALL})
        assert (page.status_code, f"共 {-(-wanted // 50)} 页，{wanted} 条" in page.content.decode()) == (200, True)
        asked.append(len(captured))
    assert len(set(asked)) == 1, asked


def test_filters_narrow_and_the_export_is_what_is_shown(ground: Ground) -> None:
    for number in range(3):
        handed_in(ground, number)
    client = clerk_client(ground)
    page = client.get(reverse("cases"), {"group": "submitted", "q": "SL2024-000001"}).content.decode()
    assert ("SL2024-000001" in page, "SL2024-000002" in page) == (True, False)
    export = client.get(reverse("cases"), {"group": "submitted", "q": "SL2024-000001", "format": "xlsx"})
    assert export.headers["Content-Type"].endswith("spreadsheetml.sheet")
    for bad in ({"batch": "x"}, {"handler": "²"}, {"state": "nonsense"}, {"group": "none", "page": "99"}):
        assert client.get(reverse("cases"), bad).status_code == 200


def test_many_are_accepted_each_with_its_own_answer(ground: Ground) -> None:
    first, second = handed_in(ground, 1), handed_in(ground, 2)
    Case.objects.filter(pk=second.pk).update(state=CaseState.WITHDRAWN)
    stranger_row = "999999:1"
    sent = {"row": [f"{first.pk}:1", f"{second.pk}:1", stranger_row], "act": "accept", "list": "group=mine"}
    text = clerk_client(ground).post(reverse("cases-act"), sent).content.decode()
    assert "成功 1 件，没有办成 2 件" in text
    assert "办件现在是“已撤回”，不能受理" in text
    assert "不在您的办理范围内，或者不存在" in text
    assert [reread(first).state, reread(second).state] == [CaseState.REVIEWING, CaseState.WITHDRAWN]


def test_many_are_refused_only_with_a_reason_and_by_the_head(ground: Ground) -> None:
    case = handed_in(ground)
    sent = {"row": [f"{case.pk}:1"], "act": "refuse"}
    head = client_of(ground.district.people[Role.BUREAU_HEAD])
    assert "请写明不予支持的理由" in head.post(reverse("cases-act"), sent).content.decode()
    answer = clerk_client(ground).post(reverse("cases-act"), sent | {"text": "不符合"}).content.decode()
    assert "这一步由牵头局负责人办理" in answer
    assert reread(case).state == CaseState.SUBMITTED
    head.post(reverse("cases-act"), sent | {"text": "不符合"})
    assert (reread(case).state, Step.objects.get().text) == (CaseState.REFUSED, "不符合")


def test_the_page_shows_the_state_the_holder_and_every_act_with_its_reason(ground: Ground) -> None:
    case = accept(actor=ground.clerk, at=NOON, case=handed_in(ground))
    text = clerk_client(ground).get(reverse("case", args=[case.pk])).content.decode()
    assert "税务局、市监局、财政局" in text or "财政局、市监局、税务局" in text
    assert "还有部门没有反馈意见：" in text
    assert "这一步由牵头局负责人办理，您没有这个岗位。" in text
    assert "企业看到：审核中" in text
    assert "027-1" in text
    assert text.count("<h1") == 1


@pytest.mark.parametrize("state", [state for state in CaseState if state != CaseState.DRAFT])
def test_the_page_opens_in_every_state(ground: Ground, state: CaseState) -> None:
    case = case_in(ground, state)
    answer = clerk_client(ground).get(reverse("case", args=[case.pk]), {"list": "group=all"})
    assert answer.status_code == 200
    assert state.label in answer.content.decode()


def test_the_firm_and_its_drafts_stay_outside(ground: Ground) -> None:
    case = case_in(ground, CaseState.DRAFT)
    assert clerk_client(ground).get(reverse("case", args=[case.pk])).status_code == 404
    assert client_of(ground.district.people[Role.FIRM_CLERK]).get(reverse("case", args=[case.pk])).status_code == 403


def test_who_comes_second_reads_who_was_first(ground: Ground) -> None:
    case = handed_in(ground)
    client = clerk_client(ground)
    address = reverse("case-act", args=[case.pk, "accept"])
    first = client.post(address, {"version": "1", "list": "group=mine"})
    assert first.headers["Location"] == f"{reverse('case', args=[case.pk])}?told=accept&list=group%3Dmine"
    case_now = reread(case)
    Case.objects.filter(pk=case.pk).update(state=CaseState.SUBMITTED)
    second = client.post(address, {"version": "1"})
    assert (second.status_code, "已于" in second.content.decode()) == (400, True)
    assert case_now.handler_id == ground.district.people[Role.BUREAU_CLERK].pk


def test_a_refusal_without_a_reason_is_asked_again(ground: Ground) -> None:
    case = handed_in(ground)
    head = client_of(ground.district.people[Role.BUREAU_HEAD])
    address = reverse("case-act", args=[case.pk, "refuse"])
    assert "从“待受理”变为“不予支持”" in head.get(address).content.decode()
    answer = head.post(address, {"version": "1", "text": " "})
    assert (answer.status_code, "请写明不予支持的理由" in answer.content.decode()) == (400, True)
    assert head.get(reverse("case-act", args=[case.pk, "pay"])).status_code == 404


def test_next_and_previous_are_those_of_the_list(ground: Ground) -> None:
    cases = [handed_in(ground, number) for number in range(3)]
    wanted = CaseFilter(group="submitted")
    found = neighbours(ground.clerk, LAW, wanted, cases[1].pk)
    assert (found.before, found.after, found.place, found.total) == (cases[0].pk, cases[2].pk, 2, 3)
    accept(actor=ground.clerk, at=NOON, case=reread(cases[1]))
    left = neighbours(ground.clerk, LAW, wanted, cases[1].pk)
    assert (left.before, left.after, left.inside, left.total) == (None, cases[0].pk, False, 2)
    text = clerk_client(ground).get(reverse("case", args=[cases[2].pk]), {"list": "group=submitted"}).content.decode()
    assert f'href="/office/cases/{cases[0].pk}/?list=group%3Dsubmitted" rel="prev"' in text


def test_a_correction_names_fields_and_materials(ground: Ground) -> None:
    case = handed_in(ground)
    client, address = clerk_client(ground), reverse("case-correct", args=[case.pk])
    assert "材料：技术合同登记证明" in client.get(address).content.decode()
    empty = client.post(address, {"version": "1"})
    assert (empty.status_code, "请至少选一项要补正的内容" in empty.content.decode()) == (400, True)
    client.post(address, {"version": "1", "why-1": "少一位", "why-2": "看不清"})
    case = reread(case)
    asked = [(one["field"], one["why"]) for one in case.draft["correction"]]
    assert (case.state, asked) == (CaseState.CORRECTING, [("联系电话", "少一位"), ("materials.contract", "看不清")])
    assert Step.objects.get(act="ask-correction").text == "联系电话：少一位；材料：技术合同登记证明：看不清"


def test_the_dossier_and_the_computation_open(ground: Ground) -> None:
    case = handed_in(ground)
    client = clerk_client(ground)
    kinds = {form: client.get(reverse("case-dossier", args=[case.pk]), {"form": form}).content[:4] for form in ("pdf", "zip")}
    assert kinds == {"pdf": b"%PDF", "zip": b"PK\x03\x04"}
    text = client.get(reverse("case-computation", args=[case.pk])).content.decode()
    assert "按今天的数据和规则，金额从" in text


def test_another_firm_is_named_in_the_list(ground: Ground) -> None:
    case = handed_in(ground)
    other = another_firm(7)
    Case.objects.filter(pk=case.pk).update(enterprise=other)
    client = clerk_client(ground)
    assert other.name in client.get(reverse("cases"), {"firm": other.code, "group": ALL}).content.decode()
    assert "没有符合条件的办件" in client.get(reverse("cases"), {"firm": ground.district.jia.code, "group": ALL}).content.decode()


def test_a_correction_that_came_back_shows_what_changed_and_keeps_its_handler(ground: Ground) -> None:
    case = accept(actor=ground.clerk, at=NOON, case=handed_in(ground))
    Case.objects.filter(pk=case.pk).update(draft={"matter": {"note": "旧说明"}, "promise": {"at": "2024-06-03"}})
    case.submissions.update(content={"matter": {"note": "旧说明"}, "facts": {"登记状态": {"value": "存续", "source": "市场监管"}}})
    items = [CorrectionItem("matter.note", "写清用途", "补充说明"), CorrectionItem("account", "户名不符", "收款账户")]
    case = ask_correction(actor=ground.clerk, at=NOON, case=reread(case), items=items)
    case = save_draft(actor=ground.firm, case=case, section={"matter": {"note": "新说明"}})
    case = save_draft(actor=ground.firm, case=case, section={"account": {"number": ACCOUNT, "holder": ground.district.jia.name}})
    case = resubmit(actor=ground.actor(Role.FIRM_LEGAL), at=NOON, case=case)
    submissions, last = list(case.submissions.order_by("number")), Step.objects.get(act="resubmit")
    asked = [one["field"] for one in case.draft["correction"]]
    found = {one.name: (one.before, one.after, one.note) for one in changes(submissions, asked, last)}
    assert found["收款账户"] == ("原账户", "已更换（账号不显示）", "")
    assert ("旧说明", "新说明", "") in found.values()
    assert {note for name, (_, _, note) in found.items() if name.startswith("企业数据")} == {"企业库的数据有更新"}
    text = clerk_client(ground).get(reverse("case", args=[case.pk])).content.decode()
    assert ('<ins class="diff">新说明</ins>' in text, ACCOUNT in text) == (True, False)
    assert (case.state, case.handler_id) == (CaseState.RETURNED, ground.district.people[Role.BUREAU_CLERK].pk)
    assert [one.pk for one in found_cases(ground.clerk, LAW, CaseFilter(group=MINE))] == [case.pk]


def test_the_page_of_a_case_asks_the_same_number_of_queries_however_long_its_course(ground: Ground) -> None:
    case = accept(actor=ground.clerk, at=NOON, case=handed_in(ground))
    client, asked = clerk_client(ground), []
    for more in (0, 3, 300):
        Step.objects.bulk_create(
            Step(case=case, at=NOON, actor_name="某", act="hasten", before=case.state, after=case.state, public=False, text="催")
            for _ in range(more)
        )
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("case", args=[case.pk]), {"list": "group=all"}).status_code == 200
        asked.append(len(captured))
    assert len(set(asked)) == 1, asked


def test_the_own_district_is_named_and_other_divisions_stay_codes(ground: Ground) -> None:
    ground.district.units["one"].code = "420114001"
    ground.district.units["one"].save()
    content = {"facts": {"纳税关系所在区": {"value": "420114"}, "统计关系所在区": {"value": "420113"}, "主营编号": {"value": "420114"}}}
    found = {line.path: line.text for line in with_places(answers(content), "蔡甸区")}
    assert found == {"facts.纳税关系所在区": "蔡甸区（420114）", "facts.统计关系所在区": "420113", "facts.主营编号": "420114"}
