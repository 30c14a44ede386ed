"""Names of firms as they are compared and searched.

>>> folded_name("武汉 示例（集团）有限公司") == folded_name("武汉示例(集团)有限公司")
True
>>> initials("武汉示例")
'whsl'
"""

from __future__ import annotations

import unicodedata

from pypinyin import Style, lazy_pinyin

LONGEST = 200


def folded_name(name: str) -> str:
    """A name without blanks and control characters, brackets and letters in one width and case.

    Full and half width brackets are the same name (facts.csv, 企业名称).
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    kept = (letter for letter in plain if not letter.isspace() and unicodedata.category(letter)[0] != "C")
    return "".join(kept).translate({ord("〔"): "(", ord("〕"): ")", ord("["): "(", ord("]"): ")"})[:LONGEST]


def initials(name: str) -> str:
    """The first letters of the pinyin of a name, to search by (``whsl``); what has no pinyin stays as it is."""
    letters = lazy_pinyin(folded_name(name), style=Style.FIRST_LETTER, errors=lambda rest: [letter for letter in rest if letter.isalnum()])
    return "".join(letters).lower()[:LONGEST]
