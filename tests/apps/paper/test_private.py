"""No public paper carries an account, a telephone or an identity number, whatever was typed into its texts."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.paper.ground import words_of_pdf, words_of_word
from tidu.apps.fulfilment.models import Notice
from tidu.apps.paper.blocks import texts
from tidu.apps.paper.domain.notices import fen_of_words, notice_paper
from tidu.apps.paper.printing.pdf import pdf_of
from tidu.apps.paper.printing.word import word_of
from tidu.apps.paper.private import HIDDEN, without_private_numbers
from tidu.kernel.settlement_words import money

DIGIT = st.sampled_from("0123456789")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


@st.composite
def accounts(draw: st.DrawFn) -> str:
    """Bank accounts of 11 to 24 digits, bare or in groups of four."""
    digits = "62" + "".join(draw(st.lists(DIGIT, min_size=9, max_size=22)))
    gap = draw(st.sampled_from(["", " ", "-", "\u00a0"]))
    return gap.join(re.findall(".{1,4}", digits))


@st.composite
def telephones(draw: st.DrawFn) -> str:
    """Mobile and fixed telephones as people write them."""
    mobile = "1" + draw(st.sampled_from("3456789")) + "".join(draw(st.lists(DIGIT, min_size=9, max_size=9)))
    fixed = draw(st.sampled_from("2345678")) + "".join(draw(st.lists(DIGIT, min_size=7, max_size=7)))
    shapes = [
        mobile,
        f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
        f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
        f"+86 {mobile}",
        f"+86-{mobile}",
    ]
    return draw(st.sampled_from([*shapes, f"027-{fixed}", f"(027){fixed}", f"（027）{fixed}", f"027－{fixed}", f"0713-{fixed[:7]}"]))


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    """Identity numbers of citizens with the right last character (GB 11643)."""
    day = draw(st.dates(date(1930, 1, 1), date(2010, 12, 31)))
    digits = (
        draw(st.sampled_from(["420114", "110101", "310115"])) + f"{day:%Y%m%d}" + "".join(draw(st.lists(DIGIT, min_size=3, max_size=3)))
    )
    return digits + CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]


SECRET = st.one_of(accounts(), telephones(), identity_numbers(), accounts().map(lambda text: text.translate(WIDE)))
WORDS = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Nd", "Nl", "No")), max_size=20)


def digits_of(text: str) -> str:
    """Every digit of a text in order, of any width; the last character of an identity number too."""
    return "".join(str(int(letter)) for letter in text if letter.isdecimal())


@given(WORDS, SECRET, WORDS)
def test_a_private_number_in_any_text_is_hidden_whole(before: str, secret: str, after: str) -> None:
    shown = without_private_numbers(f"{before}{secret}{after}")
    assert HIDDEN in shown
    assert digits_of(shown) == ""


@given(st.lists(SECRET, min_size=1, max_size=3), st.lists(WORDS, min_size=4, max_size=4))
def test_notices_carry_none_in_any_of_their_texts(secrets: list[str], words: list[str]) -> None:
    joined = "、".join(secrets)
    row = {
        "case": 1, "firm": f"某公司{words[0]}{joined}", "code": secrets[0], "title": f"奖励{joined}", "item": f"{words[1]} {joined} {words[2]}",
        "clause": f"二（三）5 {joined}", "payer": "区级", "amount": "50万元",
    }  # fmt: skip
    notice = Notice(
        title=f"公示 {joined}",
        body=f"{words[3]}\n名单 {joined}",
        rows=[row],
        days=5,
        contact="科经局",
        published_on=date(2024, 6, 3),
        until=date(2024, 6, 11),
    )
    listed = texts(notice_paper(notice, "科经局"))
    own = {"1", "5", "500,000.00"}
    for secret in secrets:
        number = digits_of(secret)
        assert [text for text in listed if number in digits_of(text) and text not in own] == []


def test_what_is_hidden_in_the_paper_is_in_no_file() -> None:
    secrets = ["6222020200012345678", "138 0013 8000", "110101199003074514", "027-84941234"]
    row = {
        "case": 1, "firm": "武汉某公司", "code": "91420114MA4KAAAA01", "title": "奖励", "item": " ".join(secrets), "clause": "二", "payer": "区级",
        "amount": "50万元",
    }  # fmt: skip
    notice = Notice(title="公示", body="；".join(secrets), rows=[row], days=5, contact="科经局 027-84940000", published_on=date(2024, 6, 3))
    paper = notice_paper(notice, "科经局")
    for words in (words_of_pdf(pdf_of(paper)), words_of_word(word_of(paper))):
        assert [secret for secret in secrets if digits_of(secret) in digits_of(words)] == []
        assert ("91420114MA4KAAAA01" in words, "027-84940000" in words) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "专精特新小巨人 国家级 2023-07-14",
        "2023-07-14 至 2026-07-13",
        "20230714 认定",
        "2023.07.14-2026.07.13",
        "2023/07/14",
        "补贴 1200000.00元",
        "补贴 12000000 元",
        "1,200,000.00",
        "二（三）5，2024年6月3日",
        "91420114MA4KAAAA01",
        "914201007071167883",
        "合同 HT-2023-001，第 1234567 号",
    ],
)
def test_days_amounts_and_credit_codes_stay(text: str) -> None:
    assert without_private_numbers(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话：84941234", f"电话：{HIDDEN}"),
        ("账号 8494 123", f"账号 {HIDDEN}"),
        ("手机号码13800138000元", f"手机号码{HIDDEN}元"),
        ("6222 2023-07-14 0200", HIDDEN),
        ("账号六二二二", "账号六二二二"),
    ],
)
def test_what_is_called_a_number_is_hidden_at_any_length(text: str, shown: str) -> None:
    assert without_private_numbers(text) == shown


@given(st.integers(1, 10**13))
def test_amounts_of_notices_come_back_to_the_fen(fen: int) -> None:
    assert fen_of_words(money(fen)) == fen


@given(st.text(max_size=20))
def test_other_texts_are_no_amounts(text: str) -> None:
    found = fen_of_words(text)
    assert found is None or isinstance(found, int)
