"""Questions about events in words."""

from __future__ import annotations

import pytest

from tidu.apps.policies.domain import standard_page
from tidu.kernel.packs import PackSet


@pytest.mark.parametrize(
    ("name", "version", "criterion", "text"),
    [
        ("创新型中小企业", "2022版", "T6", "数据日期往前 3 年内没有重大违法违规记录"),
        ("专精特新小巨人", "2022版", "XJR4D1", "数据日期往前 3 年内有科技奖励（级别为国家级；单位排名 ≤ 3）"),
        ("专精特新小巨人", "2022版", "XJP2", "没有认定记录（名称为制造业单项冠军；到数据日期仍在有效期内）"),
        ("科技型中小企业", "2017版", "KB4b", "上年度 1 月 1 日以来没有弄虚作假认定"),
        ("首次进规", "武汉市2020年度", "JG3", "有列入规模以上名录的记录（日期不早于 2019-04-01；日期不晚于 2020-03-31）"),
        ("首次进规", "通行口径", "JG4", "没有列入规模以上名录的记录（数据日期 − 日期 ＞ 366 天）"),
        (
            "专精特新中小企业", "2022版", "D1",
            "数据日期往前 3 年内有科技奖励（（级别为省级，且单位排名 ≤ 3），或（级别为国家级，且单位排名 ≤ 5））",
        ),
    ],
)  # fmt: skip
def test_a_question_in_words(name: str, version: str, criterion: str, text: str, packs: PackSet) -> None:
    page = standard_page(packs, name, version)
    assert {question.id: question.event.text for question in page.events}[criterion] == text
