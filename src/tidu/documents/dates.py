"""Dates as documents write them, and until when a document holds."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tidu.documents.numerals import HAN_SMALL, from_han, number_of

_YEAR = r"(?:\d{4}|[〇零○一二三四五六七八九]{4})"
_SMALL = rf"(?:\d{{1,2}}|[{HAN_SMALL}]{{1,3}})"
DAY = rf"{_YEAR}\s?年\s?{_SMALL}\s?月\s?{_SMALL}\s?日"
_PARTS = re.compile(rf"({_YEAR})\s?年\s?({_SMALL})\s?月\s?({_SMALL})\s?日")
_PLAIN = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
DATE_LINE = re.compile(rf"[^，。；：]{{0,40}}?{DAY}")
"""A line that ends in a day and holds at most who signed."""

_DOCUMENT = r"(?:本|该|此)[\u4e00-\u9fff]{0,4}(?:办法|措施|政策|意见|通知|计划|方案|规定|细则|指南|规划|文件|条例|规则)"
_FORCE = r"(?:施行|实施|执行|生效|起效|试行)"
_UNTIL = (
    re.compile(rf"有效期限?(?:暂定)?(?:自{DAY}起?)?(?:截?至|截?止|到|为{DAY}至|自{DAY}至)(?:截?止?于?)?({DAY})"),
    re.compile(rf"(?:自|从){DAY}(?:起|之日起)?(?:开始)?(?:{_FORCE})?[，、]?(?:有效期)?(?:截?至|到|止于|截止到?)({DAY})"),
    re.compile(rf"(?:{_FORCE}|有效|执行)(?:期限?)?(?:为|自)?(?:{DAY})?(?:起)?(?:截?至|到|截止到?)({DAY})"),
)
_SPAN = re.compile(rf"有效期(?:限)?(?:暂定|为|是|限)*([\d{HAN_SMALL}]+)(?:个)?(年|月)")
_SINCE = re.compile(rf"(?:自|从)({DAY})(?:起|之日起|开始)")
_SINCE_ISSUE = re.compile(
    r"(?:自|从)?(?:发布|公布|印发|下发|发文|颁布|公告|签发)之日起(?:([\d〇零一二三四五六七八九十]+)(个工作)?日(?:后|之后))?"
)
_OTHER = re.compile(r"证书|资格|称号|身份证|营业执照|许可证|保函|合同|认定结果")


def read_day(text: str) -> date | None:
    """The first date in a text: 2023年5月1日, 二〇二三年五月一日, 2023-05-01. None where there is none or it is no day."""
    if found := _PARTS.search(text):
        numbers = [number_of(one) for one in found.groups()]
        if found[1][0] not in "0123456789":
            numbers[0] = number_of("".join("〇" if one in "零○" else one for one in found[1]))
    elif found := _PLAIN.search(text):
        numbers = [number_of(one) for one in found.groups()]
    else:
        return None
    try:
        return date(*(int(one) for one in numbers if one is not None))
    except (ValueError, TypeError):
        return None


def valid_until(texts: list[str], issued: date | None) -> date | None:
    """The last day a document holds, from the sentences that say so; of a span the day before its anniversary.

    ``issued`` is the document's own date, which 自发布之日起 refers to. A span without a known beginning gives None.
    """
    for sentence in texts:
        if "有效期" not in sentence and not re.search(_FORCE, sentence):
            continue
        if _OTHER.search(sentence) and not re.search(_DOCUMENT, sentence):
            continue
        for pattern in _UNTIL:
            if found := pattern.search(sentence):
                return read_day(found[1])
        if (found := _SPAN.search(sentence)) and (begin := _beginning(sentence, issued)):
            return _after(begin, found[1], found[2])
    return None


def _beginning(sentence: str, issued: date | None) -> date | None:
    if found := _SINCE.search(sentence):
        return read_day(found[1])
    if issued is None or not (found := _SINCE_ISSUE.search(sentence)):
        return None
    if found[1] is None:
        return issued
    days = number_of(found[1])
    if found[2] or days is None:  # working days need a calendar, which documents know nothing of
        return None
    return issued + timedelta(days=int(days))


def _after(begin: date, count: str, unit: str) -> date | None:
    number = int(count) if count.isdecimal() else from_han(count)
    if number is None:
        return None
    months = number * 12 if unit == "年" else number
    year, month = divmod(begin.year * 12 + begin.month - 1 + months, 12)
    try:
        return date(year, month + 1, begin.day) - timedelta(days=1)
    except ValueError:  # 29 February, or the 31st of a short month
        return date(year, month + 2, 1) - timedelta(days=1) if month < 11 else date(year, 12, 31)
