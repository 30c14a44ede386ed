"""Names of units in documents and the units of a district."""

from __future__ import annotations

import pytest

from tidu.apps.plans.domain.matching import GROUP, NEAR, NONE, REMEMBERED, SAME, SHORTENED, Known, core, folded, propose
from tidu.apps.units.enums import UnitKind

NAMES = (
    ("科学技术和经济信息化局", "科经局", UnitKind.BUREAU),
    ("市场监督管理局", "市监局", UnitKind.DEPARTMENT),
    ("人力资源和社会保障局", "人社局", UnitKind.DEPARTMENT),
    ("发展和改革局", "发改局", UnitKind.DEPARTMENT),
    ("自然资源和规划局", "自规局", UnitKind.DEPARTMENT),
    ("财政局", "财政局", UnitKind.DEPARTMENT),
    ("第一街道办事处", "第一街道", UnitKind.SUBDISTRICT),
    ("第二街道办事处", "第二街道", UnitKind.SUBDISTRICT),
    ("测试经济开发区", "开发区", UnitKind.ZONE),
    ("某银行", "某银行", UnitKind.BANK),
)
UNITS = [Known(number, *row) for number, row in enumerate(NAMES, start=1)]


@pytest.mark.parametrize(
    ("name", "how", "units"),
    [
        ("区财政局", SAME, (6,)),
        ("测试区财政局", SAME, (6,)),
        (" 财政 局", SAME, (6,)),
        ("区发改局", SAME, (4,)),
        ("区发展改革委", SHORTENED, (4,)),
        ("区市场监管局", SHORTENED, (2,)),
        ("区人社局", SAME, (3,)),
        ("区科技经信局", SAME, (1,)),
        ("区自然资源和规划局", SAME, (5,)),
        ("各街道乡（开发区）", GROUP, (7, 8, 9)),
        ("各街道（开发区）", GROUP, (7, 8, 9)),
        ("各金融机构", GROUP, (10,)),
        ("各有关责任单位", NONE, ()),
        ("区供电公司", NONE, ()),
        ("团区委", NONE, ()),
    ],
)
def test_what_a_name_may_mean(name: str, how: str, units: tuple[int, ...]) -> None:
    found = propose(name, UNITS, "测试区")
    assert (found.how, found.units, found.confirmed) == (how, units, False)


def test_what_comes_near_is_offered_and_not_chosen() -> None:
    found = propose("区市场监督执法大队", UNITS)
    assert (found.how, found.units, found.choices[:1]) == (NEAR, (), (2,))


def test_a_confirmed_name_goes_before_everything_however_it_is_written() -> None:
    known = {folded("各街道乡（开发区）"): (7,), folded("区供电公司"): ()}
    assert (propose("各街道乡(开发区)", UNITS, "", known).units, propose("各街道乡(开发区)", UNITS, "", known).how) == ((7,), REMEMBERED)
    outside = propose("区供电公司", UNITS, "", known)
    assert (outside.confirmed, outside.outside, outside.units) == (True, True, ())


def test_a_short_name_is_not_cut_to_nothing() -> None:
    assert [core(one) for one in ("外办", "区委", "区政府办", "财政局")] == ["外办", "区委", "政府", "财政"]
