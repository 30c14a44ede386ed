"""One field's text as a value and back: tolerant in what it reads, exact in what it keeps.

Money becomes whole fen, percentages millionths. A value that cannot be read is a ``FieldFault`` that says what to do.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from tidu.apps.calculator.domain.questions import Field, FieldKind
from tidu.kernel.errors import TiduError
from tidu.kernel.quantities import UNITS, Unit, decimal_text, from_stored, to_stored

Given = int | bool | str | date | tuple[str, ...] | None
"""What a field holds; None is an answered 不清楚."""

LONGEST_VALUE = 200
UNSURE = "?"
NONE = "none"
_UNSURE_WORDS = frozenset({"?", "不清楚", "不知道", "不确定", "未知", "unsure"})
_NONE_WORDS = frozenset({"none", "无", "没有", "以上都没有"})
_YES_WORDS = {"yes": True, "是": True, "有": True, "true": True, "1": True, "no": False, "否": False, "没有": False, "无": False, "false": False, "0": False}  # fmt: skip
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-", 0x3002: "."}
_GROUPED = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[+-]?\.\d+")
_SUFFIXES = (("万元", "万元"), ("亿元", "亿元"), ("千元", "千元"), ("元", "元"), ("万", "万元"), ("亿", "亿元"))
_DATES = (
    re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_PART_OF_DATE = re.compile(r"\d{4}年?|\d{4}[-/.年]\d{1,2}月?")
_HIGHEST_COUNT = 10**9


class FieldFault(TiduError):
    """A text that is no value of its field."""


def plain_text(text: str) -> str:
    """Half-width, without blanks at the ends and without control characters."""
    return "".join(letter for letter in text.translate(_FULL_WIDTH) if letter.isprintable()).strip()


def read_value(field: Field, text: str) -> Given:
    """The value of a field that is not blank; None for 不清楚. Raises ``FieldFault``."""
    if len(text) > LONGEST_VALUE:
        raise FieldFault("too-long", f"“{field.label}”超过 {LONGEST_VALUE} 个字。请只填数值或选项。")
    cleaned = plain_text(text)
    if not cleaned:
        raise FieldFault("blank", f"“{field.label}”没有填写。请填写，或选“不清楚”。")
    if cleaned.lower() in _UNSURE_WORDS:
        return None
    match field.kind:
        case FieldKind.CHOICE:
            return _choice(field, cleaned)
        case FieldKind.CHECKS:
            return _checks(field, cleaned)
        case FieldKind.YES:
            return _yes(field, cleaned)
        case FieldKind.DATE:
            return _date(field, cleaned)
        case FieldKind.TEXT:
            return cleaned
        case FieldKind.MONEY:
            return _within(field, _money(field, cleaned))
        case FieldKind.PERCENT:
            return _within(field, _stored(field, cleaned.removesuffix("%"), UNITS["%"]))
        case _:
            return _within(field, _whole(field, cleaned))


def written_value(field: Field, value: Given) -> str:
    """The text of a value, from which ``read_value`` gives the same value."""
    match value:
        case None:
            return UNSURE
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ",".join(value) or NONE
        case date():
            return value.isoformat()
        case int():
            unit = {FieldKind.MONEY: UNITS["万元"], FieldKind.PERCENT: UNITS["%"]}.get(field.kind, UNITS[""])
            return decimal_text(from_stored(value, unit))
    return value


def shown_value(field: Field, value: Given) -> str:
    """A value as people read it: 1200 万元, 是, 技术开发."""
    match value:
        case None:
            return "不清楚"
        case bool():
            return "是" if value else "否"
        case tuple():
            return "、".join(field.option(name).label for name in value) or "以上都没有"
        case str() if field.options:
            return field.option(value).label
    text = written_value(field, value)
    return f"{text}{field.unit}" if field.unit == "%" else f"{text} {field.unit}".strip()


def _choice(field: Field, text: str) -> str:
    for option in field.options:
        if text in {option.id, plain_text(option.label), option.value}:
            return option.id
    known = "、".join(option.label for option in field.options)
    raise FieldFault("unknown-choice", f"“{field.label}”没有“{text}”这个选项。请从这些里选：{known}。")


def _checks(field: Field, text: str) -> tuple[str, ...]:
    words = [word for word in re.split(r"[,、;\s]+", text) if word]
    chosen = {_choice(field, word) for word in words if word.lower() not in _NONE_WORDS}
    if chosen and len(chosen) < len(set(words)) and any(word.lower() in _NONE_WORDS for word in words):
        raise FieldFault("contradiction", f"“{field.label}”既选了“以上都没有”又选了别的。请去掉一个。")
    return tuple(option.id for option in field.options if option.id in chosen)


def _yes(field: Field, text: str) -> bool:
    found = _YES_WORDS.get(text.lower())
    if found is None:
        raise FieldFault("not-yes-or-no", f"“{field.label}”填了“{text}”。请选“是”“否”或“不清楚”。")
    return found


def _date(field: Field, text: str) -> date:
    compact = text.replace(" ", "")
    for pattern in _DATES:
        match = pattern.fullmatch(compact)
        if match:
            try:
                found = date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                break
            if 1900 <= found.year <= 2100:
                return found
            raise FieldFault("out-of-range", f"“{field.label}”的年份 {found.year} 不对。请核对。")
    if _PART_OF_DATE.fullmatch(compact):
        raise FieldFault("incomplete-date", f"“{field.label}”只写到“{text}”。请写到日，如 2023-07-14；实在不知道就选“不清楚”。")
    raise FieldFault("not-a-date", f"“{field.label}”填的“{text}”不是日期。请写成 2023-07-14 的样子。")


def _number(field: Field, text: str) -> Fraction:
    compact = re.sub(r"\s", "", text)
    if not _GROUPED.fullmatch(compact):
        raise FieldFault("not-a-number", f"“{field.label}”填的“{text}”不是数字。请只写数字，如 1200 或 1200.5；不知道就选“不清楚”。")
    return Fraction(compact.replace(",", "").rstrip("."))


def _stored(field: Field, text: str, unit: Unit) -> int:
    try:
        return to_stored(_number(field, text), unit)
    except FieldFault:
        raise
    except TiduError as error:
        raise FieldFault(error.code, f"“{field.label}”：{error.message}") from None


def _money(field: Field, text: str) -> int:
    compact = re.sub(r"\s", "", text)
    for suffix, unit in _SUFFIXES:
        if compact.endswith(suffix):
            return _stored(field, compact.removesuffix(suffix), UNITS[unit])
    return _stored(field, compact, UNITS["万元"])


def _whole(field: Field, text: str) -> int:
    bare = text.removesuffix(field.unit).removesuffix("年") if field.unit or field.kind is FieldKind.YEAR else text
    value = _number(field, bare)
    if value.denominator != 1:
        raise FieldFault("not-whole", f"“{field.label}”填的“{text}”不是整数。请填整数。")
    if abs(value) > _HIGHEST_COUNT:
        raise FieldFault("too-large", f"“{field.label}”填的“{text}”太大。请核对。")
    return value.numerator


def _within(field: Field, value: int) -> int:
    low, high = (1900, 2100) if field.kind is FieldKind.YEAR else (field.lowest, field.highest)
    if low is not None and value < low:
        raise FieldFault("out-of-range", f"“{field.label}”不能小于 {shown_value(field, low)}。请核对。")
    if high is not None and value > high:
        raise FieldFault("out-of-range", f"“{field.label}”不能大于 {shown_value(field, high)}。请核对。")
    return value
