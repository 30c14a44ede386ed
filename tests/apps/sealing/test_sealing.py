"""What is sealed opens only whole, with the same key, for the same purpose."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.apps.sealing import MARK, masked, seal, unseal
from tidu.kernel.errors import TiduError

ACCOUNT = "6222020200012345678"


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    assert unseal(seal(text, "bank-account"), "bank-account") == text


def test_the_same_text_is_sealed_differently_every_time() -> None:
    assert seal(ACCOUNT, "bank-account") != seal(ACCOUNT, "bank-account")


@given(st.integers(min_value=0, max_value=46))
def test_one_changed_byte_does_not_open(place: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal(ACCOUNT, "bank-account").removeprefix(MARK)))
    assert len(raw) == 47
    raw[place] ^= 1
    with pytest.raises(TiduError, match="加密保存的内容打不开"):
        unseal(MARK + base64.urlsafe_b64encode(bytes(raw)).decode(), "bank-account")


def test_another_purpose_and_another_key_do_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal(ACCOUNT, "bank-account")
    with pytest.raises(TiduError):
        unseal(sealed, "telephone")
    monkeypatch.setenv("TIDU_SEALING_KEY", "another")
    with pytest.raises(TiduError):
        unseal(sealed, "bank-account")


@pytest.mark.parametrize("text", ["sm4:", "sm4:!!", "plain", "sm4:AAAA"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(TiduError):
        unseal(text, "bank-account")


def test_only_the_end_of_a_long_number_is_shown() -> None:
    assert [masked(text) for text in (ACCOUNT, "12345678", "123456789", "")] == ["***************5678", "********", "*****6789", ""]
