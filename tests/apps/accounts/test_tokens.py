"""ID tokens: one that holds in every respect is believed, one that fails in any is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.accounts.issuer import OTHER_RSA_KEY, public_keys, text, token
from tidu.apps.accounts.tokens import Expected, verified_subject
from tidu.kernel.errors import TiduError

NOW = 1_790_000_000
EXPECTED = Expected("https://id.example", "tidu", "n-1")
GOOD: dict[str, Any] = {"iss": "https://id.example", "aud": "tidu", "sub": "u-7", "iat": NOW, "exp": NOW + 300, "nonce": "n-1"}


def believed(made: str, now: int = NOW) -> str:
    return verified_subject(made, public_keys(), EXPECTED, now)


@pytest.mark.parametrize(("algorithm", "kid"), [("RS256", "r1"), ("PS256", "r1"), ("ES256", "e1")])
def test_a_good_token_tells_its_subject(algorithm: str, kid: str) -> None:
    assert believed(token(GOOD, algorithm=algorithm, kid=kid)) == "u-7"


def test_several_audiences_need_the_authorised_party() -> None:
    assert believed(token(GOOD | {"aud": ["tidu", "other"], "azp": "tidu"})) == "u-7"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://id.example.org"}, {"iss": None}, {"aud": "other"}, {"aud": ["other"]}, {"aud": ["tidu", "other"]},
        {"aud": ["tidu", "other"], "azp": "other"}, {"azp": "other"}, {"aud": None}, {"exp": NOW - 61}, {"exp": None}, {"exp": "x"},
        {"exp": True}, {"iat": NOW + 61}, {"iat": NOW - 601}, {"iat": None}, {"nbf": NOW + 61}, {"nbf": "x"}, {"nonce": "n-2"},
        {"nonce": None}, {"nonce": 1}, {"sub": ""}, {"sub": None}, {"sub": 7}, {"sub": "x" * 256},
    ],
    ids=str,
)  # fmt: skip
def test_one_wrong_claim_is_enough(wrong: dict[str, Any]) -> None:
    claims = {name: value for name, value in (GOOD | wrong).items() if value is not None}
    with pytest.raises(TiduError) as caught:
        believed(token(claims))
    assert caught.value.code == "bad-token"


@pytest.mark.parametrize(
    "made",
    [
        token(GOOD, algorithm="none"), token(GOOD, key=OTHER_RSA_KEY), token(GOOD, kid="unknown"), token(GOOD, kid="e1"),
        token(GOOD, algorithm="ES256", kid="r1"), token(GOOD, more={"crit": ["x"]}), token(GOOD, more={"alg": "HS256"}), "", "a.b", "a.b.c",
        "....", token(GOOD) + ".x", f"{text(b'[]')}.{text(b'{}')}.", "x" * 20_000,
    ],
)  # fmt: skip
def test_a_bad_signature_or_form_is_enough(made: str) -> None:
    with pytest.raises(TiduError) as caught:
        believed(made)
    assert caught.value.code == "bad-token"


def test_without_keys_nothing_is_believed() -> None:
    with pytest.raises(TiduError):
        verified_subject(token(GOOD), [], EXPECTED, NOW)


@given(st.data())
def test_one_changed_letter_is_enough(data: st.DataObject) -> None:
    made = token(GOOD)
    place = data.draw(st.integers(min_value=0, max_value=len(made) - 1))
    other = data.draw(st.sampled_from([letter for letter in "ABCxyz019-_." if letter != made[place]]))
    changed = made[:place] + other + made[place + 1 :]
    if place == len(made) - 1:
        return  # the last letter holds bits that stand for nothing
    with pytest.raises(TiduError):
        believed(changed)


@given(st.text(alphabet="abcXYZ019-_.", max_size=200))
def test_any_text_is_refused_with_a_sentence(made: str) -> None:
    with pytest.raises(TiduError):
        believed(made)
