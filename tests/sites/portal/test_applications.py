"""The firm's side of fulfilment by its forms: what may be seen, written, handed in, mended; and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.apps.materials.files import png
from tests.apps.people import AT, District, small_district
from tests.sites.portal import application_objects as made
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.fulfilment.domain.drafting import hand_in
from tidu.apps.fulfilment.domain.handling import release
from tidu.apps.fulfilment.domain.moving import page_of_firm
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, CasePerson, Step, Submission
from tidu.apps.materials.models import StoredFile
from tidu.apps.messages.models import Message
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    return small_district()


def client_of(district: District, role: Role = Role.FIRM_CLERK) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, district: District, *more: Any) -> str:
    return reverse(name, args=[district.jia.code, *more])


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def reread(case: Case) -> Case:
    return Case.objects.select_related("enterprise", "notice").get(pk=case.pk)


def test_the_same_item_is_not_asked_for_twice_and_the_refusal_leads_to_the_first(district: District) -> None:
    offer, client = made.offer(district.jia), client_of(district)
    client.post(address("portal-offer", district, offer.pk))
    case = Case.objects.get()
    answer = client.post(address("portal-offer", district, offer.pk))
    assert (answer.status_code, Case.objects.count()) == (400, 1)
    assert f'href="{address("portal-case", district, case.pk)}"' in said(answer)
    assert "同一事项不能重复申报" in said(answer)


def test_an_item_that_the_bureau_released_is_asked_for_anew_with_the_reason(district: District) -> None:
    offer, client = made.offer(district.jia), client_of(district)
    first = made.case(district, district.jia, policy=offer.policy)
    release(actor=district.actor(Role.BUREAU_HEAD), at=AT, case=first, text="原件填错合同")
    client.post(address("portal-offer", district, offer.pk))
    second = Case.objects.exclude(pk=first.pk).get()
    assert (reread(first).state, second.state, second.released_by) == (CaseState.WITHDRAWN, CaseState.DRAFT, "原件填错合同")
    assert second.draft == {}  # nothing is carried over, least of all the promise


@pytest.mark.parametrize(
    ("state", "more", "sentence"),
    [
        ("ruling needed", {"amount": 0}, "口径还没有确定"),
        ("unknown", {"amount": 0, "computation": {"how": [], "why": "", "missing": ["技术合同.成交额"], "rulings": []}}, "技术合同.成交额"),
        ("dropped", {"amount": 0, "computation": {"how": [], "why": "已过有效期", "missing": [], "rulings": []}}, "已过有效期"),
        ("granted", {"award": "C3"}, "免申即享，不用申报"),
    ],
)
def test_what_cannot_be_asked_for_yet_says_why(district: District, state: str, more: dict[str, Any], sentence: str) -> None:
    offer = made.offer(district.jia, state, **more)
    answer = client_of(district).get(address("portal-offer", district, offer.pk))
    assert (sentence in said(answer), "disabled" in said(answer)) == (True, True)
    assert client_of(district).post(address("portal-offer", district, offer.pk)).status_code == 400
    assert Case.objects.count() == 0


def test_the_card_of_the_desk_counts_what_the_list_shows(district: District) -> None:
    made.offer(district.jia)
    made.offer(district.jia, item="技术合同 2024-02-03")
    made.offer(district.jia, "dropped", item="技术合同 2020-02-03", amount=0)
    made.case(district, district.jia, policy="某计划")  # the first is asked for already
    desk = said(client_of(district).get(address("portal-desk", district)))
    listed = said(client_of(district).get(address("portal-offers", district)))
    assert ("<span>可申报</span><b>1</b><span>项，合计 100 万元</span>" in desk, listed.count("技术合同 2024-02-03")) == (True, 1)
    assert "技术合同 2020-02-03" not in listed


def test_a_draft_takes_anything_and_is_checked_when_told_complete(district: District) -> None:
    case, client = made.case(district, district.jia, CaseState.DRAFT), client_of(district)
    where = address("portal-case-section", district, case.pk, "account")
    answer = client.post(where, {"version": 1, "number": "12", "holder": "别家", "do": "save"})
    assert answer.status_code == 302
    page = said(client.get(where))
    assert ('value="12"' in page, 'value="别家"' in page) == (True, True)
    answer = client.post(where, {"version": 2, "number": "12", "holder": "别家", "do": "done"})
    assert (answer.status_code, 'id="number-error"' in said(answer), 'id="holder-error"' in said(answer)) == (400, True, True)


def test_an_account_is_sealed_in_the_draft_and_never_shown_again(district: District) -> None:
    case, client = made.case(district, district.jia, CaseState.DRAFT), client_of(district)
    where = address("portal-case-section", district, case.pk, "account")
    client.post(where, {"version": 1, "number": made.ACCOUNT, "holder": district.jia.name, "do": "done"})
    pages = said(client.get(where)) + said(client.get(address("portal-case-check", district, case.pk)))
    assert (made.ACCOUNT in str(reread(case).draft), made.ACCOUNT in pages, "***************5678" in pages) == (False, False, True)


def test_a_section_saved_on_an_older_version_changes_nothing(district: District) -> None:
    case, client = made.case(district, district.jia, CaseState.DRAFT), client_of(district)
    where = address("portal-case-section", district, case.pk, "matter")
    client.post(where, {"version": 1, "note": "先写的", "do": "save"})
    answer = client.post(where, {"version": 1, "note": "后写的", "do": "save"})
    assert (answer.status_code, reread(case).draft["matter"]) == (400, {"note": "先写的"})


def test_an_application_is_handed_in_from_the_page_that_checks_it(district: District) -> None:
    case, client = made.filled(district, district.jia), client_of(district)
    answer = client.post(address("portal-case-check", district, case.pk), {"version": case.version})
    found = reread(case)
    assert answer.headers["Location"] == address("portal-case-receipt", district, case.pk, 1)
    assert (found.state, found.submission, found.number in said(client.get(answer.headers["Location"]))) == (CaseState.SUBMITTED, 1, True)
    content = Submission.objects.get(case=case).content
    assert sorted(content) == ["firm", "materials", "matter", "promise"]


def test_a_lacking_section_keeps_it_from_being_handed_in(district: District) -> None:
    case = made.filled(district, district.jia)
    Case.objects.filter(pk=case.pk).update(draft={name: value for name, value in case.draft.items() if name != "promise"})
    answer = client_of(district).post(address("portal-case-check", district, case.pk), {"version": case.version})
    assert (answer.status_code, "还没有填完：承诺书。" in said(answer), reread(case).state) == (400, True, CaseState.DRAFT)


def test_a_material_is_asked_for_only_where_no_register_holds_it(district: District) -> None:
    case, client = made.case(district, district.jia, CaseState.DRAFT), client_of(district)
    where = address("portal-case-section", district, case.pk, "materials")
    assert "上传技术合同登记证明" in said(client.get(where))
    bad = SimpleUploadedFile("证明.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/png")
    answer = client.post(address("portal-case-attach", district, case.pk), {"material": "contract", "file": bad})
    assert (answer.status_code, "没有保存" in said(answer), StoredFile.objects.count()) == (400, True, 0)
    client.post(address("portal-case-attach", district, case.pk), {"material": "contract", "file": SimpleUploadedFile("证明.png", png())})
    kept = StoredFile.objects.get()
    assert reread(case).draft["materials"] == {"contract": [kept.pk]}
    assert client.get(address("portal-case-file", district, case.pk, kept.pk)).content == png()


def test_only_what_was_asked_for_is_mended_and_it_must_be_answered(district: District) -> None:
    case, client = made.correcting(district, district.jia), client_of(district)
    assert client.post(address("portal-case-section", district, case.pk, "matter"), {"version": 1, "note": "改了"}).status_code == 403
    with pytest.raises(TiduError, match="还有没补正的：技术合同登记证明"):
        hand_in(actor=district.actor(Role.FIRM_CLERK), at=AT, case=reread(case))
    client.post(address("portal-case-attach", district, case.pk), {"material": "contract", "file": SimpleUploadedFile("证明.png", png())})
    later = AT + timedelta(days=1)
    moved = hand_in(actor=district.actor(Role.FIRM_CLERK), at=later, case=reread(case))
    assert (moved.state, moved.submission, moved.submitted_at, list(Step.objects.get(act="resubmit").detail["changed"])) == (
        CaseState.RETURNED, 2, AT, ["materials"],
    )  # fmt: skip


def test_a_fact_that_was_asked_about_is_answered_in_words_and_only_so(district: District) -> None:
    case, client = made.correcting(district, district.jia), client_of(district)
    submission = Submission.objects.get(case=case)
    submission.content = {**submission.content, "facts": {"主导产品": {"value": "轴承", "source": "自报", "day": ""}}}
    submission.save()
    case.draft["correction"] = [
        {"field": "facts.主导产品", "why": "与官网不符", "label": ""},
        {"field": "", "why": "请一次补齐", "label": "说明"},
    ]
    case.save()
    page = said(client.get(address("portal-case", district, case.pk)))
    assert ("还有没补正的：主导产品。" in page, "请一次补齐" in page) == (True, True)
    told = {"version": 1, "answer-facts.主导产品": "已申请更正", "note": "不许改", "do": "done"}
    client.post(address("portal-case-section", district, case.pk, "matter"), told)
    moved = hand_in(actor=district.actor(Role.FIRM_CLERK), at=AT, case=reread(case))
    assert (moved.draft["answers"], moved.draft["matter"]) == ({"facts.主导产品": "已申请更正"}, {"note": "初稿"})


def test_to_take_a_file_away_is_no_answer(district: District) -> None:
    case = made.correcting(district, district.jia)
    case.draft["materials"] = {"contract": []}
    case.save()
    with pytest.raises(TiduError, match="还有没补正的"):
        hand_in(actor=district.actor(Role.FIRM_CLERK), at=AT, case=case)


def test_an_agent_sees_and_fills_only_what_it_was_given_and_signs_nothing(district: District) -> None:
    mine, other = made.filled(district, district.jia), made.case(district, district.jia, CaseState.DRAFT, item="另一件")
    CasePerson.objects.filter(case=other, user=district.people[Role.FIRM_AGENT]).delete()
    agent = client_of(district, Role.FIRM_AGENT)
    found = [agent.get(address("portal-case", district, case.pk)).status_code for case in (mine, other)]
    assert found == [200, 404]
    assert agent.post(address("portal-case-section", district, mine.pk, "matter"), {"version": 1, "note": "代填"}).status_code == 302
    assert agent.post(address("portal-case-section", district, mine.pk, "promise"), {"version": 2, "promise": "yes"}).status_code == 403
    answer = agent.post(address("portal-case-check", district, mine.pk), {"version": 2})
    assert ("代办机构可以填写" in said(answer), reread(mine).state) == (True, CaseState.DRAFT)


def test_who_works_on_a_case_is_said_by_the_firms_own_people_and_stands_in_its_course(district: District) -> None:
    case, finance = made.case(district, district.jia), district.people[Role.FIRM_FINANCE]
    where = address("portal-case-people", district, case.pk)
    client_of(district).post(where, {"user": finance.pk, "act": "charge"})
    charge = list(CasePerson.objects.filter(case=case, in_charge=True).values_list("user", flat=True))
    assert (charge, client_of(district, Role.FIRM_AGENT).post(where, {"user": finance.pk, "act": "out"}).status_code) == ([finance.pk], 400)
    answer = client_of(district).post(where, {"user": finance.pk, "act": "out"})
    assert ("请先把负责人改为别人" in said(answer), "企业财务某负责办理" in said(answer)) == (True, True)
    stranger = district.people[Role.PROVIDER_CLERK]
    assert "请从本企业现在的成员里选择" in said(client_of(district).post(where, {"user": stranger.pk}))


def test_a_returned_payment_is_mended_with_an_account_typed_anew(district: District) -> None:
    case, client = made.case(district, district.jia, CaseState.BOUNCED), client_of(district)
    where = address("portal-case-account", district, case.pk)
    page = said(client.get(address("portal-case", district, case.pk)))
    assert ("***************5678" in page, made.ACCOUNT in page) == (True, False)
    wrong = client.post(where, {"version": case.version, "number": "6217000000000000000", "holder": "别家"})
    assert (wrong.status_code, "户名须与企业名称一致" in said(wrong)) == (400, True)
    client.post(where, {"version": case.version, "number": "6217000000000000000", "holder": district.jia.name})
    assert reread(case).state == CaseState.CLEARED


def test_what_needs_no_application_asks_for_the_promise(district: District) -> None:
    case, client = made.case(district, district.jia, CaseState.LISTED), client_of(district)
    told = {"version": case.version, "number": made.ACCOUNT, "holder": district.jia.name}
    answer = client.post(address("portal-case-confirm", district, case.pk), told)
    assert (answer.status_code, "请阅读承诺书" in said(answer), reread(case).state) == (400, True, CaseState.LISTED)
    client.post(address("portal-case-confirm", district, case.pk), {**told, "promise": "yes"})
    content = Submission.objects.get(case=case).content
    assert (reread(case).state, content["promise"]["by"]) == (CaseState.REVIEWED, "企业经办某")


def test_the_firm_reads_no_name_of_an_official_and_no_inner_step(district: District) -> None:
    case = made.case(district, district.jia)
    for public, act in ((True, "accept"), (False, "conclude")):
        Step.objects.create(
            case=case, at=AT, actor_name="张科长", act=act, before=case.state, after=CaseState.REVIEWING, public=public, text=f"{act} 的话"
        )
    page = said(client_of(district).get(address("portal-case", district, case.pk)))
    assert ("accept 的话" in page, "张科长" in page, "conclude 的话" in page) == (True, False, False)


def test_messages_are_counted_in_the_head_and_read_by_the_firm_once(district: District) -> None:
    case, client = made.case(district, district.jia), client_of(district)
    for firm in (district.jia, district.yi):
        Message.objects.create(
            enterprise=firm, occasion="case.accept", title="已受理", text="消息的话", sent_at=AT, href=page_of_firm(case)
        )
    page = said(client.get(address("portal-messages", district)))
    assert ("消息（1<span" in page, page.count("消息的话")) == (True, 1)
    assert client.get(page_of_firm(case)).headers["Location"] == address("portal-case", district, case.pk)
    client.post(address("portal-messages-read", district))
    assert list(Message.objects.filter(read_at=None).values_list("enterprise", flat=True)) == [district.yi.pk]
    assert said(client_of(district, Role.FIRM_AGENT).get(address("portal-messages", district))).count("消息的话") == 0


@pytest.mark.parametrize("name", ["portal-offers", "portal-cases", "portal-payments", "portal-messages"])
def test_a_list_of_any_length_takes_the_same_queries(district: District, name: str) -> None:
    Post.objects.filter(user=district.people[Role.FIRM_CLERK]).exclude(enterprise=district.jia).delete()
    client, counts = client_of(district), []
    for place, number in enumerate((1, 3, 40)):
        for one in range(number):
            item = f"技术合同 {place}-{one}"
            match name:
                case "portal-offers":
                    made.offer(district.jia, item=item)
                case "portal-cases":
                    made.case(district, district.jia, item=item)
                case "portal-payments":
                    made.paid(district, district.jia, item=item)
                case _:
                    Message.objects.create(enterprise=district.jia, occasion="case.accept", title="已受理", text="消息的话", sent_at=AT)
        client.get(address(name, district))
        with CaptureQueriesContext(connection) as seen:
            client.get(address(name, district))
        counts.append(len([one for one in seen.captured_queries if one["sql"].startswith("SELECT")]))
    assert len(set(counts)) == 1, counts
