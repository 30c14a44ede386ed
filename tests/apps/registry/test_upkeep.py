"""New firms, names, places, codes, tags, views, and pairs that look alike."""

from __future__ import annotations

from datetime import date

import pytest

from tests.apps.people import AT, District, firm, small_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.enums import NameKind
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import firms
from tidu.apps.registry.domain import upkeep
from tidu.apps.registry.domain.duplicates import dismiss_pair, find_duplicates
from tidu.apps.registry.domain.tags import drop_tag, drop_view, save_view, set_tag
from tidu.apps.registry.models import DuplicatePair, FormerCode, Place, SavedView
from tidu.apps.registry.queries import firm_behind, open_pairs, tags_in_use
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
CODE = "91110000600037341L"


@pytest.fixture
def district() -> District:
    return small_district()


def test_a_firm_by_hand_is_found_by_name_and_initials(district: District) -> None:
    clerk = district.actor(Role.BUREAU_CLERK)
    made = upkeep.register_firm(
        actor=clerk, at=AT, code=" 9111 0000 6000 37341L", name="武汉 新来机械有限公司", subdistrict=district.units["one"]
    )
    assert (made.code, list(firms(clerk, words="xljx")), list(firms(clerk, words="新来"))) == (CODE, [made], [made])


@pytest.mark.parametrize(
    ("code", "name", "sure", "refusal"),
    [
        ("9111", "武汉某公司", False, "bad-code"),
        ("911100006000373410", "武汉某公司", False, "code-unsure"),
        (CODE, " ", False, "name-needed"),
        ("91420114MA4KAAAA01", "武汉某公司", True, "code-taken"),
    ],
)
def test_what_cannot_be_entered_is_said(district: District, code: str, name: str, sure: bool, refusal: str) -> None:
    with pytest.raises(TiduError) as error:
        upkeep.register_firm(actor=district.actor(Role.BUREAU_CLERK), at=AT, code=code, name=name, subdistrict=None, sure=sure)
    assert error.value.code == refusal


def test_a_former_name_is_kept_and_found(district: District) -> None:
    clerk, jia = district.actor(Role.BUREAU_CLERK), district.jia
    upkeep.rename_firm(actor=clerk, at=AT, firm=jia, name="武汉甲智能有限公司", since=date(2024, 5, 1), version=jia.version)
    kinds = sorted(jia.names.values_list("name", "kind"))
    assert kinds == [("武汉甲智能有限公司", NameKind.CURRENT), ("武汉甲精密制造有限公司", NameKind.FORMER)]
    assert list(firms(clerk, words="甲精密")) == [jia]
    upkeep.rename_firm(actor=clerk, at=AT, firm=jia, name="武汉甲精密制造有限公司", since=None, version=jia.version)
    assert jia.names.get(kind=NameKind.CURRENT).name == "武汉甲精密制造有限公司"


def test_two_who_change_a_firm_at_once_do_not_undo_each_other(district: District) -> None:
    clerk, jia = district.actor(Role.BUREAU_CLERK), district.jia
    stale = Enterprise.objects.get(pk=jia.pk)
    upkeep.rename_firm(actor=clerk, at=AT, firm=jia, name="武汉甲一有限公司", since=None, version=jia.version)
    with pytest.raises(TiduError, match="刚刚被别人改过"):
        upkeep.rename_firm(actor=clerk, at=AT, firm=stale, name="武汉甲二有限公司", since=None, version=stale.version)


def test_a_firm_moves_on_a_day_and_the_new_subdistrict_sees_it(district: District) -> None:
    yi, clerk = district.yi, district.actor(Role.SUBDISTRICT_CLERK)
    assert list(firms(clerk)) == [district.jia]
    upkeep.move_firm(
        actor=district.actor(Role.BUREAU_CLERK),
        at=AT,
        firm=yi,
        subdistrict=district.units["one"],
        since=date(2024, 3, 1),
        version=yi.version,
    )
    places = [(place.unit.code, place.since, place.until) for place in Place.objects.order_by("pk") if place.unit]
    assert (list(firms(clerk)), places) == ([district.jia, yi], [("two", None, date(2024, 3, 1)), ("one", date(2024, 3, 1), None)])


@pytest.mark.parametrize(
    ("unit", "since", "refusal"),
    [("two", date(2024, 1, 1), "same-place"), ("one", date(2024, 6, 2), "in-future"), ("tax", date(2024, 1, 1), "not-a-place")],
)
def test_a_move_that_cannot_be_is_refused(district: District, unit: str, since: date, refusal: str) -> None:
    with pytest.raises(TiduError) as error:
        upkeep.move_firm(
            actor=district.actor(Role.BUREAU_CLERK), at=AT, firm=district.yi, subdistrict=district.units[unit], since=since,
            version=district.yi.version,
        )  # fmt: skip
    assert (error.value.code, Place.objects.count()) == (refusal, 0)


def test_an_old_code_leads_to_the_firm(district: District) -> None:
    jia, old = district.jia, district.jia.code
    upkeep.correct_code(actor=district.actor(Role.BUREAU_CLERK), at=AT, firm=jia, code=CODE, reason="录入有误", version=jia.version)
    assert (jia.code, firm_behind(old), FormerCode.objects.get().code) == (CODE, jia, old)
    with pytest.raises(TiduError, match="更正前的代码"):
        upkeep.register_firm(actor=district.actor(Role.BUREAU_CLERK), at=AT, code=old, name="武汉甲", subdistrict=None, sure=True)


def test_a_code_of_another_firm_is_a_case_for_merging(district: District) -> None:
    with pytest.raises(TiduError, match="请办理“合并”"):
        upkeep.correct_code(
            actor=district.actor(Role.BUREAU_CLERK), at=AT, firm=district.jia, code=district.yi.code, reason="录入有误",
            version=district.jia.version, sure=True,
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK, Role.AUDITOR, Role.FIRM_LEGAL])
def test_only_the_bureau_keeps_the_registry(district: District, role: Role) -> None:
    with pytest.raises(NotAllowed):
        upkeep.register_firm(actor=district.actor(role), at=AT, code=CODE, name="武汉某公司", subdistrict=None)


def test_tags_are_set_found_and_taken_off(district: District) -> None:
    clerk = district.actor(Role.SUBDISTRICT_CLERK)
    set_tag(actor=clerk, at=AT, firm=district.jia, text=" 重点  走访 ")
    set_tag(actor=clerk, at=AT, firm=district.jia, text="重点 走访")
    assert (list(firms(clerk, tag="重点 走访")), tags_in_use(clerk)) == ([district.jia], [("重点 走访", 1)])
    drop_tag(actor=clerk, at=AT, firm=district.jia, text="重点 走访")
    assert tags_in_use(clerk) == []


def test_a_view_is_ones_own_and_forgets_the_page(district: District) -> None:
    clerk, other = district.actor(Role.BUREAU_CLERK), district.actor(Role.BUREAU_HEAD)
    made = save_view(actor=clerk, at=AT, page="firms", name="一街", query="?street=one&page=3&format=xlsx")
    assert made.query == "street=one"
    drop_view(actor=other, at=AT, view=made.pk)
    assert SavedView.objects.count() == 1
    drop_view(actor=clerk, at=AT, view=made.pk)
    assert SavedView.objects.count() == 0


def test_pairs_that_look_alike_are_found_once_and_not_again_after_they_were_dismissed(district: District) -> None:
    Enterprise.objects.filter(pk=district.yi.pk).update(code="91420114MB5KBBBB02")
    twin = firm("92420114MC6KCCCC03", "武汉甲精密制造(集团)有限公司", district.units["one"])
    same_body = firm("91420115MA4KAAAA01", "武汉丙贸易有限公司", district.units["two"])
    assert find_duplicates(at=AT) == 2
    found = {(pair.first, pair.second, tuple(pair.reasons)) for pair in open_pairs(district.actor(Role.BUREAU_CLERK))}
    assert found == {
        (district.jia, twin, ("去掉地名和组织形式后名称相同",)),
        (district.jia, same_body, ("代码第 9 至 17 位（主体标识码）相同",)),
    }
    dismiss_pair(actor=district.actor(Role.BUREAU_CLERK), at=AT, pair=DuplicatePair.objects.get(second=twin))
    assert find_duplicates(at=AT) == 1


def test_a_subdistrict_sees_only_pairs_of_its_own_firms(district: District) -> None:
    Enterprise.objects.filter(pk=district.yi.pk).update(code="91420114MB5KBBBB02")
    firm("91420115MA4KAAAA01", "武汉丙贸易有限公司", district.units["two"])
    find_duplicates(at=AT)
    assert (open_pairs(district.actor(Role.SUBDISTRICT_CLERK)).count(), open_pairs(district.actor(Role.AUDITOR)).count()) == (0, 1)
