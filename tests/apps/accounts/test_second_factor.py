"""One-time codes: the numbers of RFC 6238, no code twice, recovery codes once."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.people import AT, District, small_district
from tests.sites.office.forms_own_account import code_of
from tidu.apps.accounts.domain.second_factor import (
    begin_setup,
    codes_left,
    confirm_setup,
    has_factor,
    matching_step,
    remove_factor,
    take_code,
)
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import RecoveryCode, SecondFactor, User
from tidu.kernel.errors import TiduError

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
database = pytest.mark.django_db


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_of_the_standard(second: int, code: str) -> None:
    """RFC 6238, appendix B, the last six digits of SHA-1."""
    assert matching_step(RFC_SECRET, code, datetime.fromtimestamp(second, UTC)) == second // 30


@given(st.integers(min_value=10**9, max_value=2 * 10**9), st.integers(min_value=-3, max_value=3))
def test_only_a_neighbouring_step_is_taken(second: int, steps: int) -> None:
    code = code_of(RFC_SECRET, second)
    found = matching_step(RFC_SECRET, code, datetime.fromtimestamp(second + 30 * steps, UTC))
    if abs(steps) <= 1:
        assert found is not None
    else:  # another step may show the same six digits by chance
        assert found != second // 30


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 45a", "-12345"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(RFC_SECRET, code, AT) is None


@pytest.fixture
def district() -> District:
    return small_district()


@pytest.fixture
def clerk(district: District) -> User:
    return district.people[Role.BUREAU_CLERK]


def set_up(district: District, user: User) -> tuple[str, list[str]]:
    secret = begin_setup(user=user, site="梯度").secret
    return secret, confirm_setup(actor=district.actor(Role.BUREAU_CLERK), at=AT, user=user, code=code_of(secret, AT.timestamp()))


@database
def test_a_secret_is_not_in_force_before_its_first_code(district: District, clerk: User) -> None:
    first, again = begin_setup(user=clerk, site="梯度"), begin_setup(user=clerk, site="梯度")
    assert (first.secret == again.secret, has_factor(clerk)) == (True, False)
    with pytest.raises(TiduError, match="动态码不对"):
        confirm_setup(actor=district.actor(Role.BUREAU_CLERK), at=AT, user=clerk, code="000000")
    assert not has_factor(clerk)


@database
def test_a_code_works_once(district: District, clerk: User) -> None:
    secret, _ = set_up(district, clerk)
    with pytest.raises(TiduError):
        take_code(user=clerk, at=AT, code=code_of(secret, AT.timestamp()))
    later = AT + timedelta(seconds=30)
    code = code_of(secret, later.timestamp())
    assert take_code(user=clerk, at=later, code=code) is False
    with pytest.raises(TiduError):
        take_code(user=clerk, at=later, code=code)


@database
def test_an_older_code_does_not_work_after_a_newer_one(district: District, clerk: User) -> None:
    secret, _ = set_up(district, clerk)
    later = AT + timedelta(seconds=60)
    take_code(user=clerk, at=later, code=code_of(secret, later.timestamp()))
    with pytest.raises(TiduError):
        take_code(user=clerk, at=later, code=code_of(secret, (AT + timedelta(seconds=30)).timestamp()))


@database
def test_a_recovery_code_works_once_and_is_kept_as_a_hash(district: District, clerk: User) -> None:
    _, codes = set_up(district, clerk)
    assert (len(set(codes)), codes_left(clerk)) == (8, 8)
    assert not RecoveryCode.objects.filter(hash__in=codes).exists()
    assert take_code(user=clerk, at=AT, code=f" {codes[3].upper()} ") is True
    assert codes_left(clerk) == 7
    with pytest.raises(TiduError):
        take_code(user=clerk, at=AT, code=codes[3])


@database
def test_the_secret_is_sealed_at_rest(district: District, clerk: User) -> None:
    secret, _ = set_up(district, clerk)
    assert secret not in SecondFactor.objects.get().sealed


@database
def test_only_the_person_takes_the_second_step_away(district: District, clerk: User) -> None:
    _, codes = set_up(district, clerk)
    for role in Role:
        if role != Role.BUREAU_CLERK:
            with pytest.raises(TiduError, match="只能关闭自己"):
                remove_factor(actor=district.actor(role), at=AT, user=clerk, code=codes[0])
    remove_factor(actor=district.actor(Role.BUREAU_CLERK), at=AT, user=clerk, code=codes[0])
    assert not has_factor(clerk)
