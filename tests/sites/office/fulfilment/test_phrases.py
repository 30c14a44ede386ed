"""常用语: whose they are, how they come into a reason with and without a script."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.apps.fulfilment.ground import NOON, Ground, money_district, reread
from tests.sites.office.fulfilment.test_case_pages import client_of, handed_in
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.domain.phrases import ACTS, OPINION, drop_phrase, keep_phrase, phrases_for, with_phrase
from tidu.apps.fulfilment.domain.reviewing import accept
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Opinion, Phrase, Step
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
TEXT = "不属于奖励范围。"


@pytest.fixture
def ground() -> Ground:
    return money_district()


def test_own_ones_are_for_oneself_and_shared_ones_for_all(ground: Ground) -> None:
    keep_phrase(actor=ground.clerk, at=NOON, act="refuse", text=" 我的  理由 ", shared=False)
    keep_phrase(actor=ground.head, at=NOON, act="refuse", text=TEXT, shared=True)
    found = {actor.name: sorted(phrases_for(actor, "refuse")) for actor in (ground.clerk, ground.head, ground.firm)}
    assert found == {"牵头局经办某": [TEXT, "我的 理由"], "牵头局负责人某": [TEXT], "企业经办某": []}
    assert phrases_for(ground.clerk, "revoke") == []


def test_only_the_head_keeps_and_drops_shared_ones(ground: Ground) -> None:
    shared = keep_phrase(actor=ground.head, at=NOON, act="refuse", text=TEXT, shared=True)
    for actor in (ground.clerk, ground.department("tax"), ground.firm):
        with pytest.raises(NotAllowed):
            keep_phrase(actor=actor, at=NOON, act="refuse", text="别的", shared=True)
        with pytest.raises(NotAllowed):
            drop_phrase(actor=actor, at=NOON, phrase=shared)
    own = keep_phrase(actor=ground.clerk, at=NOON, act="refuse", text="别的", shared=False)
    with pytest.raises(NotAllowed, match="别人的常用语"):
        drop_phrase(actor=ground.head, at=NOON, phrase=own)
    drop_phrase(actor=ground.head, at=NOON, phrase=shared)
    assert list(Phrase.objects.values_list("text", flat=True)) == ["别的"]


@pytest.mark.parametrize(
    ("act", "text", "code"), [("pay", "好", "act-missing"), ("refuse", "  ", "text-missing"), ("refuse", "长" * 301, "text-missing")]
)
def test_what_is_no_phrase_is_refused(ground: Ground, act: str, text: str, code: str) -> None:
    with pytest.raises(TiduError) as caught:
        keep_phrase(actor=ground.clerk, at=NOON, act=act, text=text, shared=False)
    assert (caught.value.code, Phrase.objects.count()) == (code, 0)


def test_the_same_twice_is_said(ground: Ground) -> None:
    keep_phrase(actor=ground.clerk, at=NOON, act="refuse", text=TEXT, shared=False)
    with pytest.raises(TiduError, match="已经有了"):
        keep_phrase(actor=ground.clerk, at=NOON, act="refuse", text=TEXT, shared=False)
    keep_phrase(actor=ground.head, at=NOON, act="refuse", text=TEXT, shared=True)
    assert phrases_for(ground.clerk, "refuse") == [TEXT]


def test_a_picked_phrase_stands_before_what_was_typed_and_a_foreign_one_nowhere(ground: Ground) -> None:
    keep_phrase(actor=ground.clerk, at=NOON, act="refuse", text=TEXT, shared=False)
    cases = [(TEXT, "见第三条。"), (TEXT, ""), ("别人的", "见第三条。"), ("", "见第三条。"), (TEXT, f"见：{TEXT}")]
    found = [with_phrase(ground.clerk, "refuse", *given) for given in cases]
    assert found == [f"{TEXT} 见第三条。", TEXT, "见第三条。", "见第三条。", f"见：{TEXT}"]


def test_a_case_is_refused_with_a_phrase_alone(ground: Ground) -> None:
    case = handed_in(ground)
    keep_phrase(actor=ground.head, at=NOON, act="refuse", text=TEXT, shared=True)
    head = client_of(ground.district.people[Role.BUREAU_HEAD])
    address = reverse("case-act", args=[case.pk, "refuse"])
    assert f'<option value="{TEXT}">' in head.get(address).content.decode()
    head.post(address, {"version": "1", "text": "", "phrase": TEXT})
    assert (reread(case).state, Step.objects.get().text) == (CaseState.REFUSED, TEXT)


def test_a_department_and_a_correction_pick_theirs(ground: Ground) -> None:
    case = accept(actor=ground.clerk, at=NOON, case=handed_in(ground))
    keep_phrase(actor=ground.department("tax"), at=NOON, act=OPINION, text="未按期申报。", shared=False)
    keep_phrase(actor=ground.clerk, at=NOON, act="ask-correction", text="请加盖公章。", shared=False)
    opinion = Opinion.objects.get(case=case, unit__code="tax")
    client_of(ground.clerks["tax"]).post(reverse("opinion", args=[opinion.pk]), {"verdict": "disagree", "phrase": "未按期申报。"})
    opinion.refresh_from_db()
    assert opinion.reason == "未按期申报。"
    text = client_of(ground.district.people[Role.BUREAU_CLERK]).get(reverse("case-correct", args=[case.pk])).content.decode()
    assert '<option value="请加盖公章。"></option>' in text


def test_the_page_lists_by_act_and_says_what_is_wrong(ground: Ground) -> None:
    client = client_of(ground.district.people[Role.BUREAU_CLERK])
    assert "大家共用" not in client.get(reverse("phrases")).content.decode()
    answer = client.post(reverse("phrases"), {"act": "", "text": TEXT})
    assert (answer.status_code, "请选择常用语用在哪一步" in answer.content.decode()) == (400, True)
    client.post(reverse("phrases"), {"act": "refuse", "text": TEXT})
    assert f'<h2 id="act-1">{ACTS["refuse"]}</h2>' in client.get(reverse("phrases")).content.decode()
