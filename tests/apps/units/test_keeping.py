"""The tree of units: paths follow every move, and what is in use is not switched off."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.administration.domain.dictionaries import install_dictionaries
from tidu.apps.audit.models import AuditEvent
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.units.domain.keeping import (
    Names,
    add_unit,
    may_switch_off,
    move_unit,
    rename_unit,
    switch_unit_off,
    switch_unit_on,
)
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    install_dictionaries(actor=SYSTEM, at=AT)
    return small_district()


def added(district: District, code: str, parent: Unit, kind: UnitKind = UnitKind.SUBDISTRICT) -> Unit:
    return add_unit(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, parent=parent, code=code, kind=kind, names=Names(f"{code}单位", code))


def moved(district: District, unit: Unit, parent: Unit) -> int:
    return move_unit(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, unit=unit, parent=parent)


def refusal(act: object) -> str:
    with pytest.raises(TiduError) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


def test_a_move_takes_everything_below_along_and_nothing_beside(district: District) -> None:
    one = district.units["one"]
    upper = added(district, "upper", one)
    added(district, "lower", upper)
    # a neighbour whose code begins alike must stay
    added(district, "one-b", district.units["district"])
    assert moved(district, one, district.units["bureau"]) == 3
    paths = dict(Unit.objects.filter(code__in=["one", "upper", "lower", "one-b"]).values_list("code", "path"))
    assert paths == {
        "one": "/district/bureau/one/", "upper": "/district/bureau/one/upper/", "lower": "/district/bureau/one/upper/lower/",
        "one-b": "/district/one-b/",
    }  # fmt: skip
    event = AuditEvent.objects.get(action="unit.moved")
    assert event.detail == {"before": {"上级": "测试区"}, "after": {"上级": "科经局"}, "units": 3}


def test_what_a_clerk_sees_follows_the_move(district: District) -> None:
    head = Post.objects.get(role=Role.SUBDISTRICT_CLERK)
    moved(district, district.units["two"], district.units["one"])
    actor = district.actor(Role.SUBDISTRICT_CLERK)
    seen = sorted(Enterprise.objects.visible_to(actor).values_list("name", flat=True))
    assert (head.unit == district.units["one"], seen) == (True, ["武汉乙软件有限公司", "武汉甲精密制造有限公司"])


def test_no_unit_moves_below_itself(district: District) -> None:
    one = district.units["one"]
    lower = added(district, "lower", one)
    codes = [refusal(lambda: moved(district, one, lower)), refusal(lambda: moved(district, one, one))]
    assert (codes, Unit.objects.get(code="one").path) == (["moved-into-itself", "moved-into-itself"], "/district/one/")


def test_the_root_and_a_present_place_are_no_moves(district: District) -> None:
    root, one = district.units["district"], district.units["one"]
    assert [refusal(lambda: moved(district, root, one)), refusal(lambda: moved(district, one, root))] == ["root", "nothing-changed"]


class Undone(Exception):
    """Takes one run back."""


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_paths_always_say_what_the_parents_say(moves: list[tuple[int, int]]) -> None:
    with suppress(Undone), transaction.atomic():
        district = small_district()
        for number in range(3):
            added(district, f"u{number}", district.units["one"] if number else district.units["two"])
        for unit, parent in moves:
            listed = list(Unit.objects.order_by("code"))
            with suppress(TiduError):
                moved(district, listed[unit % len(listed)], listed[parent % len(listed)])
        units = {unit.pk: unit for unit in Unit.objects.all()}
        for unit in units.values():
            above = units[unit.parent_id].path if unit.parent_id else "/"
            assert unit.path == f"{above}{unit.code}/"
        raise Undone


def test_a_unit_in_use_says_who_is_in_it(district: District) -> None:
    one = district.units["one"]
    added(district, "lower", one)
    decision = may_switch_off(district.actor(Role.SYSTEM_ADMIN), one, AT.date())
    assert (decision.allowed, decision.reason) == (
        False, "第一街道还有 1 人任职，有 1 家企业，下面有 1 个在用单位，不能停用。请先调整。",
    )  # fmt: skip


def test_an_empty_unit_is_switched_off_and_on(district: District) -> None:
    lower = added(district, "lower", district.units["one"])
    actor = district.actor(Role.SYSTEM_ADMIN)
    assert refusal(lambda: switch_unit_off(actor=actor, at=AT, unit=lower, reason="nonsense")) == "reason-needed"
    switch_unit_off(actor=actor, at=AT, unit=lower, reason="merged")
    assert refusal(lambda: added(district, "under", lower)) == "unit-off"
    switch_unit_on(actor=actor, at=AT, unit=Unit.objects.get(pk=lower.pk))
    assert Unit.objects.get(pk=lower.pk).active


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("one", "新单位", "name-taken"),
        ("neu", "第一街道", "name-taken"),
        ("a/b", "新单位", "bad-code"),
        ("", "新单位", "bad-code"),
        ("neu", "", "bad-name"),
    ],
)
def test_a_bad_new_unit_is_refused(district: District, code: str, name: str, expected: str) -> None:
    actor, root = district.actor(Role.SYSTEM_ADMIN), district.units["district"]
    names = Names(name, name)
    assert refusal(lambda: add_unit(actor=actor, at=AT, parent=root, code=code, kind=UnitKind.ZONE, names=names)) == expected


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_keeps_units(district: District, role: Role) -> None:
    actor, one, root = district.actor(role), district.units["one"], district.units["district"]
    acts = (
        lambda: add_unit(actor=actor, at=AT, parent=root, code="neu", kind=UnitKind.ZONE, names=Names("新", "新")),
        lambda: rename_unit(actor=actor, at=AT, unit=one, names=Names("新", "新")),
        lambda: move_unit(actor=actor, at=AT, unit=one, parent=district.units["bureau"]),
        lambda: switch_unit_off(actor=actor, at=AT, unit=one, reason="merged"),
        lambda: switch_unit_on(actor=actor, at=AT, unit=one),
    )
    assert [refusal(act) for act in acts] == [
        "reads-only" if role in {Role.DISTRICT_LEADER, Role.AUDITOR, Role.AUDIT_ADMIN} else "wrong-role"
    ] * 5
