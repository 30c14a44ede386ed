"""A firm with money on its way is not merged into another."""

from __future__ import annotations

import pytest

from tests.apps.fulfilment.ground import Ground, money_district
from tests.apps.fulfilment.test_transitions import case_in
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.hanging import SETTLED, open_cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return money_district()


@pytest.mark.parametrize("state", CaseState)
def test_only_a_firm_without_cases_under_way_is_merged(ground: Ground, state: CaseState) -> None:
    case_in(ground, state)
    waiting = f"{ground.district.jia.name}还有 1 件兑现办件没有办结，办结后才能合并。"
    assert open_cases(ground.district.jia) == ("" if state in SETTLED else waiting)
    assert open_cases(ground.district.yi) == ""
