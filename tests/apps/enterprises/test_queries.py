"""Who sees which firm, and how firms are found."""

from __future__ import annotations

import pytest

from tests.apps.people import District, small_district
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.enums import NameKind
from tidu.apps.enterprises.models import Enterprise, NameRecord
from tidu.apps.enterprises.queries import firms, firms_by_subdistrict, subdistricts_of

pytestmark = pytest.mark.django_db

BOTH, JIA, NONE = ("甲", "乙"), ("甲",), ()
SEEN = {
    Role.SYSTEM_ADMIN: NONE,
    Role.SECURITY_ADMIN: NONE,
    Role.AUDIT_ADMIN: NONE,
    Role.BUREAU_CLERK: BOTH,
    Role.BUREAU_HEAD: BOTH,
    Role.DEPARTMENT_CLERK: BOTH,
    Role.SUBDISTRICT_CLERK: JIA,
    Role.DISTRICT_LEADER: BOTH,
    Role.AUDITOR: BOTH,
    Role.BANK_CLERK: NONE,
    Role.PROVIDER_CLERK: NONE,
    Role.FIRM_LEGAL: JIA,
    Role.FIRM_CLERK: JIA,
    Role.FIRM_FINANCE: JIA,
    Role.FIRM_AGENT: JIA,
}


@pytest.fixture
def district() -> District:
    return small_district()


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_its_firms_and_no_others(district: District, role: Role) -> None:
    names = {district.jia.pk: "甲", district.yi.pk: "乙"}
    assert tuple(names[one.pk] for one in Enterprise.objects.visible_to(district.actor(role)).order_by("code")) == SEEN[role]


@pytest.mark.parametrize("words", ["91420114MA4KAAAA01", "91420114ma4kaaaa01", "甲精密", "武汉 甲 精密", "wuhan", "jm", "WHJJM"])
def test_a_firm_is_found_by_code_part_of_its_name_and_initials(district: District, words: str) -> None:
    found = [one.pk for one in firms(district.actor(Role.BUREAU_CLERK), words=words)]
    assert found == ([] if words == "wuhan" else [district.jia.pk])


def test_a_firm_is_found_by_a_former_name_and_brackets_do_not_matter(district: District) -> None:
    NameRecord.objects.create(enterprise=district.yi, name="武汉丙（集团）有限公司", folded="武汉丙(集团)有限公司", kind=NameKind.FORMER)
    actor = district.actor(Role.BUREAU_CLERK)
    assert [[one.pk for one in firms(actor, words=words)] for words in ("丙（集团）", "丙(集团)", "丙〔集团〕")] == [[district.yi.pk]] * 3


@pytest.mark.parametrize("words", ["%", "_", "'", "\x00", "甲" * 5000, "  "])
def test_odd_words_find_what_they_say_and_break_nothing(district: District, words: str) -> None:
    found = {one.pk for one in firms(district.actor(Role.BUREAU_CLERK), words=words)}
    assert found == ({district.jia.pk, district.yi.pk} if not words.strip() or words == "\x00" else set())


def test_a_merged_firm_is_not_in_the_registry(district: District) -> None:
    Enterprise.objects.filter(pk=district.yi.pk).update(merged_into=district.jia)
    assert [one.pk for one in firms(district.actor(Role.BUREAU_CLERK))] == [district.jia.pk]


def test_counts_by_subdistrict_are_those_of_the_actor(district: District) -> None:
    assert firms_by_subdistrict(district.actor(Role.BUREAU_CLERK)) == [("one", "第一街道", 1), ("two", "第二街道", 1)]
    assert firms_by_subdistrict(district.actor(Role.SUBDISTRICT_CLERK)) == [("one", "第一街道", 1)]
    assert subdistricts_of(district.actor(Role.BUREAU_CLERK)) == [("one", "第一街道"), ("two", "第二街道")]
    assert subdistricts_of(district.actor(Role.SUBDISTRICT_CLERK)) == [("one", "第一街道")]
    assert subdistricts_of(district.actor(Role.SYSTEM_ADMIN)) == []
