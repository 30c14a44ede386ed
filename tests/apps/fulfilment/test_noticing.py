"""Public notice: an open objection stops its row and not the others; nothing personal is published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.apps.fulfilment.ground import ACCOUNT, NOON, WAN, Ground, another_firm, money_district, reread
from tests.apps.fulfilment.test_transitions import case_in
from tidu.apps.fulfilment.domain.noticing import answer_objection, close_notice, draft_notice, publish_notice, receive_objection
from tidu.apps.fulfilment.enums import CaseState, NoticeState
from tidu.apps.fulfilment.models import Budget, Case, Notice, Objection
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
OVER = NOON + timedelta(days=9)


@pytest.fixture
def ground() -> Ground:
    return money_district()


@pytest.fixture
def cases(ground: Ground) -> list[Case]:
    """Two decided cases of two firms."""
    first = case_in(ground, CaseState.DECIDED)
    Case.objects.update(notice=None)
    Notice.objects.all().delete()
    second = Case.objects.get(pk=first.pk)
    second.pk, second.number, second.enterprise = None, "SL2024-000010", another_firm(1)
    second.save(force_insert=True)
    Budget.objects.update(committed=20 * WAN)
    return [reread(first), reread(second)]


def published(ground: Ground, cases: list[Case]) -> Notice:
    notice = draft_notice(actor=ground.clerk, at=NOON, title="第一批公示", body="名单如下", contact="027-00000000", cases=cases)
    return publish_notice(actor=ground.head, at=NOON, notice=notice)


def test_a_notice_holds_names_and_amounts_and_nothing_personal(ground: Ground, cases: list[Case]) -> None:
    notice = published(ground, cases)
    assert [(row["firm"], row["amount"]) for row in notice.rows] == [(case.enterprise.name, "10万元") for case in cases]
    assert ACCOUNT not in str(notice.rows)
    assert cases[0].account not in str(notice.rows)
    assert (notice.published_on, notice.until) == (date(2024, 6, 3), date(2024, 6, 11))


def test_an_objection_stops_its_row_and_not_the_batch(ground: Ground, cases: list[Case]) -> None:
    notice = published(ground, cases)
    objection = receive_objection(
        actor=ground.clerk, at=NOON, notice=notice, case=reread(cases[0]), text="合同不实", raised_by="某人 13900000000"
    )
    assert "13900000000" not in str(Objection.objects.values())
    results = {one.case.pk: one.sentence for one in close_notice(actor=ground.clerk, at=OVER, notice=notice)}
    assert results == {cases[0].pk: "有异议正在核查，答复后才能继续。", cases[1].pk: ""}
    notice.refresh_from_db()
    assert [reread(case).state for case in cases] == [CaseState.OBJECTED, CaseState.CLEARED]
    assert notice.state == NoticeState.PUBLISHED

    answer_objection(actor=ground.head, at=OVER, objection=objection, upheld=False, answer="经核查合同真实。")
    assert [one.sentence for one in close_notice(actor=ground.clerk, at=OVER, notice=notice)] == [""]
    notice.refresh_from_db()
    assert (reread(cases[0]).state, notice.state) == (CaseState.CLEARED, NoticeState.CLOSED)


def test_an_objection_that_holds_frees_the_money(ground: Ground, cases: list[Case]) -> None:
    notice = published(ground, cases)
    objection = receive_objection(actor=ground.clerk, at=NOON, notice=notice, case=reread(cases[0]), text="合同不实", raised_by="")
    answer_objection(actor=ground.head, at=NOON, objection=objection, upheld=True, answer="合同未履行")
    assert (reread(cases[0]).state, Budget.objects.get().committed) == (CaseState.REFUSED, 10 * WAN)
    with pytest.raises(TiduError, match="已经答复"):
        answer_objection(actor=ground.head, at=NOON, objection=objection, upheld=True, answer="再来")


def test_after_the_last_day_no_objection_is_taken(ground: Ground, cases: list[Case]) -> None:
    notice = published(ground, cases)
    with pytest.raises(TiduError, match="公示期已过"):
        receive_objection(actor=ground.clerk, at=OVER, notice=notice, case=reread(cases[0]), text="晚了", raised_by="")


def test_a_case_is_published_once(ground: Ground, cases: list[Case]) -> None:
    published(ground, cases)
    with pytest.raises(TiduError, match="没有可以公示的办件"):
        draft_notice(actor=ground.clerk, at=NOON, title="再来", body="", contact="", cases=[reread(case) for case in cases])
