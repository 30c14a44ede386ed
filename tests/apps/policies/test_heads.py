"""Validity in words, with the last day a text is in force."""

from __future__ import annotations

from datetime import date

import pytest

from tidu.apps.policies.domain import state_on
from tidu.apps.policies.domain.heads import level_of, period_of
from tidu.kernel.packs import Origin, Validity


@pytest.mark.parametrize(
    ("day", "state"), [("2021-12-31", "未生效"), ("2022-01-01", "现行"), ("2024-12-31", "现行"), ("2025-01-01", "已失效")]
)
def test_the_state_around_the_turns(day: str, state: str) -> None:
    assert state_on(period_of(Validity(date(2022, 1, 1), date(2025, 1, 1))), date.fromisoformat(day)) == state


def test_a_period_names_its_last_day() -> None:
    assert period_of(Validity(date(2022, 1, 1), date(2025, 1, 1))).text == "2022-01-01 至 2024-12-31"
    assert period_of(Validity(date(2022, 1, 1))).text == "2022-01-01 起长期有效"


def test_whose_text_a_file_is() -> None:
    paths = ("national/a.yaml", "hubei/a.yaml", "wuhan/a.yaml", "caidian/a.yaml", "elsewhere/a.yaml", "indicators.yaml")
    assert [level_of(Origin(path, 1)) for path in paths] == ["国家", "湖北", "武汉", "蔡甸", "其他", "通用"]
