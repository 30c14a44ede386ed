"""Parameters, dictionaries, texts, announcements: bounds, checks, and who may."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.domain.accounts import switch_off
from tidu.apps.accounts.enums import Role
from tidu.apps.administration.domain.announcements import Notice, announce, withdraw_announcement
from tidu.apps.administration.domain.dictionaries import (
    Word,
    add_item,
    change_item,
    delete_item,
    delivered,
    install_dictionaries,
    may_delete,
    switch_item,
)
from tidu.apps.administration.domain.parameters import set_parameter
from tidu.apps.administration.domain.texts import word_text
from tidu.apps.administration.enums import Audience
from tidu.apps.administration.models import Announcement, Dictionary, DictionaryItem, ParameterValue, TextVersion
from tidu.apps.administration.parameters import PARAMETERS, WHOLE, Parameter, parameter
from tidu.apps.administration.queries import items, value_of, values_of, words, written
from tidu.apps.administration.texts import TEXTS
from tidu.apps.audit.models import AuditEvent
from tidu.kernel.errors import TiduError

database = pytest.mark.django_db
WHOLES = [one for one in PARAMETERS.values() if one.kind == WHOLE]


@pytest.fixture
def district() -> District:
    install_dictionaries(actor=SYSTEM, at=AT)
    return small_district()


def refusal(act: object) -> str:
    with pytest.raises(TiduError) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


@given(st.sampled_from(WHOLES), st.integers(min_value=-10, max_value=5000))
def test_a_number_is_taken_within_its_bounds_only(known: Parameter, value: int) -> None:
    if known.lowest <= value <= known.highest:
        assert known.read([str(value)]) == value
    else:
        assert refusal(lambda: known.read([str(value)])) == "bad-parameter"


@given(st.sampled_from(WHOLES), st.text(max_size=12))
def test_what_is_no_number_is_refused(known: Parameter, text: str) -> None:
    if not (text.strip().isascii() and text.strip().isdigit()):
        assert refusal(lambda: known.read([text])) == "bad-parameter"


def test_every_default_is_within_its_bounds() -> None:
    assert [one.key for one in WHOLES if not one.lowest <= one.standing <= one.highest] == []


@database
@pytest.mark.parametrize("key", ["site.name", "login.idle-minutes"])
@pytest.mark.parametrize("role", Role)
def test_a_parameter_is_set_by_its_owner_only(district: District, key: str, role: Role) -> None:
    given_now = ["新名"] if key == "site.name" else ["20"]

    def act() -> object:
        return set_parameter(actor=district.actor(role), at=AT, key=key, given=given_now, version=0)

    if role == parameter(key).owner:
        act()
        assert str(value_of(key)) == given_now[0]
    else:
        assert refusal(act) in {"wrong-role", "reads-only"}


@database
def test_two_people_do_not_overwrite_each_other_unseen(district: District) -> None:
    actor = district.actor(Role.SECURITY_ADMIN)
    set_parameter(actor=actor, at=AT, key="login.idle-minutes", given=["20"], version=0)

    def act(version: int) -> object:
        return set_parameter(actor=actor, at=AT, key="login.idle-minutes", given=["25"], version=version)

    codes = [refusal(lambda: act(0)), refusal(lambda: act(2))]
    assert (codes, value_of("login.idle-minutes")) == (["changed-meanwhile"] * 2, 20)
    set_parameter(actor=actor, at=AT, key="login.idle-minutes", given=["25"], version=1)
    event = AuditEvent.objects.filter(action="parameter.set").last()
    assert event is not None
    assert event.detail == {"before": {"无操作退出时间": "20 分钟"}, "after": {"无操作退出时间": "25 分钟"}}


@database
def test_values_are_read_together_with_their_defaults() -> None:
    ParameterValue.objects.create(key="login.lock-after", value=7, set_by_name="某", set_at=AT)
    assert values_of(["login.lock-after", "login.lock-minutes"]) == {"login.lock-after": 7, "login.lock-minutes": 15}


@database
def test_roles_of_firms_are_not_made_to_use_a_second_step(district: District) -> None:
    known = parameter("login.second-factor-roles")
    assert known.read(["auditor", "system-admin"]) == ["system-admin", "auditor"]
    assert refusal(lambda: known.read(["firm-clerk"])) == "bad-parameter"


@database
def test_delivered_dictionaries_are_added_once_and_left_alone(district: District) -> None:
    item = DictionaryItem.objects.get(dictionary__key="reset-reasons", code="other")
    change_item(actor=SYSTEM, at=AT, item=item, word=Word("别的", "", 99))
    assert install_dictionaries(actor=SYSTEM, at=AT) == 0
    assert words("reset-reasons", ["other"]) == {"other": "别的"}
    assert {one.key for one in Dictionary.objects.all()} == set(delivered())


@database
def test_a_word_in_use_is_not_deleted_but_switched_off(district: District) -> None:
    system = district.actor(Role.SYSTEM_ADMIN)
    switch_off(actor=system, at=AT, user=district.people[Role.BANK_CLERK], reason="left")
    item = DictionaryItem.objects.select_related("dictionary").get(dictionary__key="account-off-reasons", code="left")
    assert may_delete(item).reason == "“调离本单位”已有停用的账号 1 条在用，不能删除，可以停用。"
    assert refusal(lambda: delete_item(actor=system, at=AT, item=item)) == "item-used"
    switch_item(actor=system, at=AT, item=item, active=False)
    assert ("left" in {one.code for one in items("account-off-reasons")}, words("account-off-reasons", ["left"])) == (
        False, {"left": "调离本单位"},
    )  # fmt: skip
    free = DictionaryItem.objects.select_related("dictionary").get(dictionary__key="account-off-reasons", code="risk")
    delete_item(actor=system, at=AT, item=free)
    assert not DictionaryItem.objects.filter(code="risk").exists()


@database
@pytest.mark.parametrize(
    ("code", "text", "order", "expected"),
    [
        ("left", "新", 1, "code-taken"),
        ("a b", "新", 1, "bad-code"),
        ("neu", "", 1, "text-needed"),
        ("neu", "x" * 201, 1, "text-needed"),
        ("neu", "新", 10**7, "bad-order"),
    ],
)
def test_a_bad_word_is_refused(district: District, code: str, text: str, order: int, expected: str) -> None:
    dictionary = Dictionary.objects.get(key="account-off-reasons")
    assert refusal(lambda: add_item(actor=SYSTEM, at=AT, dictionary=dictionary, code=code, word=Word(text, "", order))) == expected


def test_every_delivered_text_keeps_its_own_rules() -> None:
    for known in TEXTS.values():
        known.check(known.default)
        assert "{" not in known.example(known.default)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("", ["text-empty"]),
        ("{用户名}", ["placeholder-needed"]),
        ("{用户名}{初始密码}{电话}", ["unknown-placeholder"]),
        ("{用户名}{初始密码}\n{", ["open-brace"]),
        ("{用户名}{初始密码}}", ["open-brace"]),
        ("x" * 4001 + "{用户名}{初始密码}", ["text-too-long"]),
        ("{电话}", ["unknown-placeholder", "placeholder-needed", "placeholder-needed"]),
    ],
)
def test_a_bad_wording_is_refused_with_everything_that_is_wrong(body: str, codes: list[str]) -> None:
    with pytest.raises(TiduError) as caught:
        TEXTS["account-opened"].check(body)
    assert [one.code for one in caught.value.problems] == codes  # type: ignore[attr-defined]


@given(st.text(max_size=200))
def test_any_wording_is_taken_or_refused_and_what_is_taken_can_be_filled_in(body: str) -> None:
    known = TEXTS["account-opened"]
    try:
        known.check(body + "{用户名}{初始密码}")
    except TiduError:
        return
    assert "wangxiaoming" in known.example(body + "{用户名}{初始密码}")


@database
def test_versions_of_a_text_stay_and_the_newest_speaks(district: District) -> None:
    system = district.actor(Role.SYSTEM_ADMIN)
    for version, body in enumerate(["甲{用户名}{初始密码}", "乙{用户名}{初始密码}"]):
        word_text(actor=system, at=AT, key="account-opened", body=body, version=version)
    stale = refusal(lambda: word_text(actor=system, at=AT, key="account-opened", body="丙{用户名}{初始密码}", version=1))
    filled = written("account-opened", {"用户名": "a", "初始密码": "b"})
    assert (stale, filled, TextVersion.objects.count()) == ("changed-meanwhile", "乙ab", 2)


@database
def test_an_announcement_stands_from_its_day_until_its_day(district: District) -> None:
    system = district.actor(Role.SYSTEM_ADMIN)
    notice = Notice("停机", "今晚。", Audience.EVERYBODY, date(2024, 6, 1), date(2024, 6, 3))
    made = announce(actor=system, at=AT, notice=notice)
    shown = [Announcement.objects.on(date(2024, 5, 31) if not day else date(2024, 6, day)).count() for day in range(4)]
    assert shown == [0, 1, 1, 0]
    withdraw_announcement(actor=system, at=AT, announcement=made)
    assert Announcement.objects.on(date(2024, 6, 1)).count() == 0
    assert refusal(lambda: announce(actor=system, at=AT, notice=Notice("", "x", Audience.EVERYBODY, AT.date()))) == "bad-announcement"
