"""统一社会信用代码, the identity of a firm (GB 32100-2015): 18 characters, the last one a check character.

Codes given out in the pilot phase before the standard are legal although their check character does not fit, so a
code that fails the check is a *warning* that a person may override. Only what can be no code at all is an *error*.

>>> check_credit_code("9142 0114 MA4K 0000 14").message
'统一社会信用代码第 18 位校验不符：应为 5，收到 4。请核对营业执照；试点时期发放的旧代码可由人工确认。'
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of a code with their values 0 to 30; I, O, S, V and Z are left out."""

LENGTH = 18

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, position, 31) for position in range(LENGTH - 1))
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LOOKALIKES = {"I": "1", "O": "0", "S": "5", "V": "U 或 Y", "Z": "2"}


@dataclass(frozen=True, slots=True)
class CreditCodeCheck:
    """The answer about one code: ``code`` is normalised, ``position`` counts from 1 and is 0 where no single place is at fault."""

    code: str
    severity: Literal["ok", "warning", "error"]
    message: str = ""
    position: int = 0


def normalise_credit_code(text: str) -> str:
    """Full-width to half-width, upper case, and without the blanks, dashes and invisible characters that people paste along."""
    folded = text.translate(_HALF_WIDTH).upper()
    return "".join(character for character in folded if character != "-" and not _is_blank(character))


def check_character(first_seventeen: str) -> str:
    """The 18th character that belongs to the first seventeen (GB 32100-2015 附录); ValueError where they are not seventeen of ALPHABET.

    >>> check_character("91110000600037341")
    'L'
    """
    if len(first_seventeen) != LENGTH - 1:
        raise ValueError(f"expected {LENGTH - 1} characters, got {len(first_seventeen)}: {first_seventeen!r}")
    stray = [character for character in first_seventeen if character not in _VALUES]
    if stray:
        raise ValueError(f"not in the alphabet of credit codes: {stray[0]!r} in {first_seventeen!r}")
    total = sum(_VALUES[character] * weight for character, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def check_credit_code(text: str) -> CreditCodeCheck:
    """Normalise and judge one code; never raises, since a faulty code is a finding about the data and not about the call."""
    code = normalise_credit_code(text)
    if len(code) != LENGTH:
        message = f"统一社会信用代码应为 {LENGTH} 位，收到 {len(code)} 位（{code}）。请核对营业执照。"
        return CreditCodeCheck(code, "error", message)
    for position, character in enumerate(code, start=1):
        if character not in _VALUES:
            return CreditCodeCheck(code, "error", _stray_message(position, character), position)
    expected = check_character(code[:-1])
    if code[-1] != expected:
        message = (
            f"统一社会信用代码第 {LENGTH} 位校验不符：应为 {expected}，收到 {code[-1]}。请核对营业执照；试点时期发放的旧代码可由人工确认。"
        )
        return CreditCodeCheck(code, "warning", message, LENGTH)
    for position, character in enumerate(code[:8], start=1):
        if character not in "0123456789":
            message = f"统一社会信用代码第 {position} 位通常为数字，收到 {character}。请核对营业执照；执照确为此号的，可由人工确认。"
            return CreditCodeCheck(code, "warning", message, position)
    return CreditCodeCheck(code, "ok")


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}


def _stray_message(position: int, character: str) -> str:
    meant = _LOOKALIKES.get(character)
    hint = f"，是否应为 {meant}" if meant else ""
    return (
        f"统一社会信用代码第 {position} 位不是允许的字符：收到 {character}{hint}。"
        "代码只含数字和除 I、O、S、V、Z 外的大写字母，请核对营业执照。"
    )
