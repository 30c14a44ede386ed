"""The identity of a firm: check character, normalising, and how bad each fault is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from tidu.kernel.credit_code import ALPHABET, CreditCodeCheck, check_character, check_credit_code, normalise_credit_code

VALID = "91110000600037341L"

any_body = st.text(ALPHABET, min_size=17, max_size=17)
digits_first = st.builds(str.__add__, st.text("0123456789", min_size=8, max_size=8), st.text(ALPHABET, min_size=9, max_size=9))


def test_valid_code_is_ok() -> None:
    assert check_credit_code(VALID) == CreditCodeCheck(VALID, "ok")


@pytest.mark.parametrize(
    "typed",
    [
        "91110000600037341l",
        " 91110000600037341L\t",
        "9111 0000 6000 3734 1L",
        "911100-00600037341-L",
        "\uff19\uff11\uff11\uff11\uff10\uff10\uff10\uff10\uff16\uff10\uff10\uff10\uff13\uff17\uff13\uff14\uff11\uff2c",  # full width
        "\ufeff91110000600037341L\u200b",
        "91110000\u3000600037341L\u00a0",
    ],
)
def test_typed_variants_are_normalised(typed: str) -> None:
    assert check_credit_code(typed) == CreditCodeCheck(VALID, "ok")


def test_wrong_check_character_is_a_warning_that_names_both() -> None:
    assert check_credit_code("91110000600037341A") == CreditCodeCheck(
        "91110000600037341A",
        "warning",
        "统一社会信用代码第 18 位校验不符：应为 L，收到 A。请核对营业执照；试点时期发放的旧代码可由人工确认。",
        18,
    )


def test_letter_among_the_first_eight_is_a_warning() -> None:
    body = "913502M0000012345"
    code = body + check_character(body)

    assert check_credit_code(code) == CreditCodeCheck(
        code, "warning", "统一社会信用代码第 7 位通常为数字，收到 M。请核对营业执照；执照确为此号的，可由人工确认。", 7
    )


@pytest.mark.parametrize("length", [0, 1, 15, 17, 19])
def test_wrong_length_is_an_error(length: int) -> None:
    code = (VALID + VALID)[:length]

    assert check_credit_code(code) == CreditCodeCheck(
        code, "error", f"统一社会信用代码应为 18 位，收到 {length} 位（{code}）。请核对营业执照。"
    )


@pytest.mark.parametrize(
    ("character", "hint"), [("I", "，是否应为 1"), ("O", "，是否应为 0"), ("z", "，是否应为 2"), ("#", ""), ("企", "")]
)
def test_character_outside_the_alphabet_is_an_error(character: str, hint: str) -> None:
    found = check_credit_code(VALID[:9] + character + VALID[10:])

    assert (found.severity, found.position) == ("error", 10)
    assert found.message == (
        f"统一社会信用代码第 10 位不是允许的字符：收到 {character.upper()}{hint}。"
        "代码只含数字和除 I、O、S、V、Z 外的大写字母，请核对营业执照。"
    )


@pytest.mark.parametrize("body", ["", VALID, "9111000060003734I", "9111000060003734l"])
def test_check_character_refuses_what_is_not_seventeen_of_the_alphabet(body: str) -> None:
    with pytest.raises(ValueError, match=r"got|alphabet"):
        check_character(body)


@given(any_body)
def test_check_character_equals_stdnum(body: str) -> None:
    assert check_character(body) == uscc.calc_check_digit(body)


@given(st.one_of(digits_first, any_body), st.sampled_from(ALPHABET))
def test_ok_exactly_where_stdnum_accepts(body: str, last: str) -> None:
    for code in (body + last, body + check_character(body)):
        assert (check_credit_code(code).severity == "ok") is uscc.is_valid(code)


@given(digits_first, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_change_is_noticed(body: str, position: int, replacement: str) -> None:
    """31 is prime and no weight is 0 modulo 31, so one changed character always changes the sum."""
    code = body + check_character(body)
    changed = code[:position] + replacement + code[position + 1 :]

    assert check_credit_code(code).severity == "ok"
    assert (check_credit_code(changed).severity == "ok") is (changed == code)


@given(digits_first, st.integers(0, 16))
def test_swapped_neighbours_are_noticed(body: str, position: int) -> None:
    code = body + check_character(body)
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]

    assert (check_credit_code(swapped).severity == "ok") is (swapped == code)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_credit_code(text)

    assert normalise_credit_code(once) == once
