"""A ruling says whom it moves before it is adopted, and every later result rests on it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.apps.fulfilment.ground import LAW, NOON, WAN, Ground, achieve, money_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.fulfilment.domain.ruling import adopt_ruling, effect_of
from tidu.apps.fulfilment.domain.settling import settle_district
from tidu.apps.fulfilment.models import AdoptedRuling
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    """Firm 甲 rose from provincial to national: R1 asks whether the difference or the full amount is paid."""
    found = money_district()
    achieve(found.district.jia, "认定", {"名称": "专精特新中小企业", "级别": "省级", "日期": date(2022, 10, 8)})
    achieve(found.district.jia, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14)})
    return found


def total() -> int:
    return sum(one.amount for one in settle_district(packs(), law_date=LAW, as_of=LAW).results)


def test_before_it_is_adopted_it_says_whom_it_moves(ground: Ground) -> None:
    moved = effect_of(packs(), ruling="R1", choice="全额", law_date=LAW, as_of=LAW)
    assert [(one.name, one.award, one.before, one.after) for one in moved] == [("武汉甲精密制造有限公司", "C3", 30 * WAN, 50 * WAN)]
    assert (AdoptedRuling.objects.count(), total()) == (0, 50 * WAN)


def test_once_adopted_it_holds_and_the_next_takes_its_place(ground: Ground) -> None:
    for choice, fen in (("全额", 70 * WAN), ("补差额", 50 * WAN)):
        adopt_ruling(actor=ground.head, at=NOON, packs=packs(), ruling="R1", choice=choice, reason="局长办公会")
        assert total() == fen
    assert AdoptedRuling.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(
    ("ruling", "choice", "reason", "code"),
    [("R1", "全额", " ", "reason-missing"), ("R99", "全额", "x", "unknown-ruling"), ("R1", "随便", "x", "unknown-choice")],
)
def test_what_cannot_be_adopted_is_refused(ground: Ground, ruling: str, choice: str, reason: str, code: str) -> None:
    with pytest.raises(TiduError) as refused:
        adopt_ruling(actor=ground.head, at=NOON, packs=packs(), ruling=ruling, choice=choice, reason=reason)
    assert (refused.value.code, AdoptedRuling.objects.count()) == (code, 0)


def test_a_clerk_may_not(ground: Ground) -> None:
    with pytest.raises(NotAllowed):
        adopt_ruling(actor=ground.clerk, at=NOON, packs=packs(), ruling="R1", choice="全额", reason="x")
