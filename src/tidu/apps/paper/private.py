"""Numbers that no public paper may carry: bank accounts, telephones, identity numbers. Found by their shape, hidden whole.

Rows of a notice are made of firm, item and amount, but names of items and texts are typed by people; this is the last look.
Days and amounts stay. A contract's long number is hidden too: better a number too many than an account.
"""

from __future__ import annotations

import re

HIDDEN = "（号码已隐去）"
LEAST_DIGITS = 8
"""The shortest account and the shortest telephone number with its area."""
_GAP = r"[\s\-－—–‑_·.*/()（）+＋\u200b]"
_RUN = re.compile(rf"[+＋(（]?\d(?:{_GAP}{{0,3}}\d){{{LEAST_DIGITS - 1},}}(?:{_GAP}?[Xx])?")
_DAY = r"(?:19|20)\d\d(?:(?P<mark>[-/.]?)(?:0[1-9]|1[0-2])(?P=mark)(?:0[1-9]|[12]\d|3[01]))"
_DAYS = re.compile(rf"{_DAY}(?:\s*(?:[-—–~至到]|\s)\s*{_DAY.replace('mark', 'other')})*")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,12}\.\d{1,2}|\d{1,10}")
_MONEY_WORD = re.compile(r"\s*(?:万元|亿元|元)")
_CODE = re.compile(r"(?<![0-9A-Za-z])9[0-9A-HJ-NPQRTUWXY]{17}(?![0-9A-Za-z])")
"""A unified social credit code of a firm; identity numbers of citizens begin with another digit."""
_TOLD = re.compile(
    rf"(?P<word>电话|手机|联系方式|账号|帐号|账户|卡号|身份证(?:号)?)(?P<gap>(?:号码?)?\s*[:：是为]?\s*)(?P<digits>\d(?:{_GAP}?\d){{4,}})"
)


def without_private_numbers(text: str) -> str:
    """The text with every number hidden that may be an account, a telephone or an identity number.

    >>> without_private_numbers("2023-07-14 认定，补贴 1200000.00元，联系 138 0013 8000")
    '2023-07-14 认定，补贴 1200000.00元，联系 （号码已隐去）'
    """
    told = _TOLD.sub(lambda found: f"{found['word']}{found['gap']}{HIDDEN}", text)
    parts, place = [], 0
    for code in _CODE.finditer(told):
        parts += [_hidden(told[place : code.start()]), code[0]]
        place = code.end()
    return "".join([*parts, _hidden(told[place:])])


def _hidden(text: str) -> str:
    return _RUN.sub(lambda found: found[0] if _harmless(found[0], text[found.end() :]) else HIDDEN, text)


def _harmless(run: str, after: str) -> bool:
    """A day, or days one after the other; or an amount with its unit."""
    if _DAYS.fullmatch(run.strip()):
        return True
    return bool(_AMOUNT.fullmatch(run) and _MONEY_WORD.match(after))
