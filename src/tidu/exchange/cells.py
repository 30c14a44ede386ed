"""What one cell means: the single definition, cell by cell, that the column conversion must agree with.

Every function takes the raw cell (text, number, boolean, date as the file gave it) and returns the stored
value of ``facts.Store`` or None for unknown; what is not certain is refused with advice, never guessed.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from tidu.exchange.titles import Form, Meaning, cell_unit
from tidu.exchange.wordings import CLOSED_ALIASES, EXCEL_ERRORS, NEVER_ENDS, UNCALCULATED, plain_width, without_quotes
from tidu.kernel.credit_code import check_credit_code, normalise_credit_code
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import EVENT_TYPE, YEAR, Store
from tidu.kernel.population import Value
from tidu.kernel.quantities import LEVELS, RATIO, Unit, decimal_text, parse_decimal, to_stored


class CellError(TiduError):
    """A cell that cannot be read: ``message`` is what is wrong, ``advice`` what to do."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        super().__init__(code, message, advice=advice)
        self.advice = advice


_TRUE = frozenset({"是", "yes", "y", "true", "1", "1.0"})
_FALSE = frozenset({"否", "no", "n", "false", "0", "0.0"})
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_QUANTITY = re.compile(
    r"(?P<sign>[+-]?)(?P<currency>¥|RMB|CNY|人民币)?(?P<minus>-?)(?P<number>[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?P<unit>[^0-9.,+~—至-][^0-9]*)?",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]+")
_DATES = tuple(
    re.compile(pattern + r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?")
    for pattern in (
        r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})",
        r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})",
        r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})",
        r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日?",
        r"([0-9]{4})([0-9]{2})([0-9]{2})",
    )
)
# A dotted month needs two digits: “2024.1” may be the number 2024.10 whose zero a spreadsheet dropped.
_MONTHS = tuple(
    re.compile(pattern)
    for pattern in (r"([0-9]{4})[-/]([0-9]{1,2})", r"([0-9]{4})年([0-9]{1,2})月份?", r"([0-9]{4})\.([0-9]{2})", r"([0-9]{4})([0-9]{2})")
)
_CODE_ADVICE = "请把该列格式设为“文本”，再从原始材料重新填写完整的 18 位代码。"
_INDUSTRY = re.compile(r"[A-T]|[A-T]?([0-9]{2,4})")
_PLACEHOLDER = re.compile(r"[-—–―_/\\.·~…*]+")
_SURE_DIGITS = 15
"""A binary float of a file is sure to this many decimal digits, which is also what Excel shows and keeps."""


def shown(value: object) -> str:
    """A cell as the user sees it, for messages; long texts are cut."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def read_cell(value: object, meaning: Meaning) -> Value:
    """One cell as the stored value of its column; raises ``CellError``."""
    if value is None:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, str):
        value = plain_width(value).strip() if meaning.form is not Form.VALUE or meaning.fact.store is not Store.TEXT else _trimmed(value)
        if not value:
            return None
        if value == UNCALCULATED:
            raise CellError("formula-without-value", "公式没有计算结果。", "请在 Excel 中打开并保存一次再提交，或改填数值。")
        if value.upper() in EXCEL_ERRORS:
            raise CellError("excel-error", f"单元格是 Excel 错误值 {value}。", "请修正公式或改填数值；未知请清空单元格。")
    if meaning.form is Form.CODE:
        return read_code(value)
    if meaning.form is Form.MONTH:
        return read_month(value)
    store = meaning.fact.store
    if store is Store.INTEGER:
        return read_integer(value, meaning)
    if store is Store.BOOLEAN:
        return read_boolean(value)
    if store is Store.DATE:
        return read_date(value, meaning)
    return read_text(value, meaning)


def is_placeholder(value: object) -> bool:
    """A dash or slash that people put where they have nothing to say."""
    return isinstance(value, str) and _PLACEHOLDER.fullmatch(value.strip()) is not None


def read_integer(value: object, meaning: Meaning) -> int:
    """Money in fen, a ratio in millionths, a count, year or level as an integer."""
    unit, explicit = meaning.unit, meaning.explicit
    if isinstance(value, bool):
        raise CellError("not-a-number", f"“{shown(value)}”不是数字。", "请填写数值；未知请留空。")
    if isinstance(value, (date, datetime, time, timedelta)):
        raise CellError("date-as-number", f"“{shown(value)}”是日期，这里应为数值。", "请把单元格格式改为“常规”后重新填写数值。")
    if isinstance(value, str):
        if unit.symbol == "级" and value in LEVELS:
            return LEVELS.index(value) + 1
        number, symbol = _split_quantity(value, meaning)
        if symbol:
            found = cell_unit(meaning, symbol)
            if found is None:
                allowed = "、".join(meaning.unit_words)
                raise CellError(
                    "unknown-unit",
                    f"“{shown(value)}”中的“{symbol}”不是本列可用的单位。",
                    f"请只填数字，或使用：{allowed or '不带单位的数字'}。",
                )
            unit, explicit = found, True
    else:
        number = _exact(value)
    if unit.dimension == RATIO and not explicit and 0 < abs(number) < 1:
        advice = f"若指 {decimal_text(number)}%，请在数字后加 %，或把列标题改为“{meaning.fact.name}（%）”；若指 {decimal_text(number * 100)}%，请填 {decimal_text(number * 100)}%，或把列标题改为“{meaning.fact.name}（小数）”。"
        raise CellError(
            "ambiguous-ratio", f"百分比“{shown(value)}”有歧义：是 {decimal_text(number)}% 还是 {decimal_text(number * 100)}%？", advice
        )
    return _stored(value, number, meaning, unit)


def _stored(value: object, number: Fraction, meaning: Meaning, unit: Unit) -> int:
    try:
        return to_stored(number, unit)
    except TiduError as error:
        if error.code == "too-precise" and isinstance(value, float):
            # Excel keeps 17 digits of a computed cell but shows and means 15: 0.1 + 0.2 is 0.3.
            rounded = Fraction(Decimal(f"{value:.{_SURE_DIGITS}g}"))
            if rounded != number:
                return _stored(str(value), rounded, meaning, unit)
        if error.code == "too-precise":
            if unit.scale == 1 and meaning.fact.unit.scale == 1:
                raise CellError("not-whole", f"“{shown(value)}”不是整数。", "本列按整数填写，请核对。") from None
            kept = "分（0.01 元）" if unit.dimension == "money" else "0.0001 %" if unit.dimension == RATIO else "整数"
            raise CellError(
                "too-precise", f"“{shown(value)}”{unit.symbol}的小数位过多，超出可保存的精度。", f"请四舍五入到{kept}，并核对单位。"
            ) from None
        raise CellError("too-large", f"“{shown(value)}”超出可接受的范围（金额绝对值不超过一万亿元）。", "请核对数值和单位。") from None


def _exact(value: object) -> Fraction:
    if isinstance(value, float):
        if value in (float("inf"), float("-inf")):
            raise CellError("not-a-number", "数值为无穷大。", "请填写具体数值；未知请留空。")
        return Fraction(Decimal(repr(value)))
    if isinstance(value, Decimal) and not value.is_finite():
        raise CellError("not-a-number", f"“{value}”不是有限的数字。", "请填写具体数值；未知请留空。")
    if isinstance(value, (int, Decimal)):
        return Fraction(value)
    raise CellError("not-a-number", f"“{shown(value)}”不是数字。", "请填写数值；未知请留空。")


def _split_quantity(value: str, meaning: Meaning) -> tuple[Fraction, str]:
    """A number text and the unit behind it; thousands separators, currency signs and (500) for -500 are understood."""
    text = re.sub(r"\s", "", value).replace("−", "-")
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    if _SCIENTIFIC.fullmatch(text):
        raise CellError(
            "scientific", f"“{shown(value)}”是科学计数法，原来的数字可能已丢失末位。", "请把该列格式设为“数值”后重新导出或填写。"
        )
    match = _QUANTITY.fullmatch(text)
    if match is None or (match["currency"] and meaning.unit.dimension != "money") or (match["sign"] and match["minus"]):
        unknown = (
            "未知请留空，确为零请填 0。"
            if is_placeholder(value) or value in {"无", "不详", "未知", "暂无"}
            else "请只填写数字，单位写在列标题的括号里；未知请留空。"
        )
        raise CellError("not-a-number", f"“{shown(value)}”不是数字。", unknown)
    digits = match["number"]
    if "," in digits and not _GROUPED.fullmatch(digits):
        raise CellError("bad-grouping", f"“{shown(value)}”中逗号的位置不对，无法确定是千分位还是小数点。", "请去掉逗号重新填写。")
    number = parse_decimal(digits)
    negative = match["sign"] == "-" or match["minus"] == "-"
    if match["currency"] and not match["unit"] and not meaning.explicit:
        raise CellError(
            "ambiguous-currency",
            f"“{shown(value)}”带货币符号但没有单位，是元还是{meaning.unit.symbol}？",
            f"请把列标题写成“{meaning.fact.name}（元）”或“{meaning.fact.name}（{meaning.unit.symbol}）”，或在数字后写明单位。",
        )
    return (-number if negative else number), match["unit"] or ""


def read_boolean(value: object) -> bool:
    """是/否, yes/no, Y/N, true/false, 1/0."""
    if isinstance(value, bool):
        return value
    word = shown(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise CellError("not-a-boolean", f"“{shown(value)}”不是“是”或“否”。", "请填“是”或“否”（也可用 yes/no、1/0）；未知请留空。")


def read_date(value: object, meaning: Meaning | None = None) -> date | None:
    """A date cell or a date text in a usual form."""
    if isinstance(value, datetime):
        return _in_range(value.date(), value)
    if isinstance(value, date):
        return _in_range(value, value)
    text = shown(value).strip()
    if meaning is not None and meaning.fact.name.endswith("有效期至") and text in NEVER_ENDS:
        return None
    if isinstance(value, bool):
        text = ""
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match:
            return _in_range(_calendar_date(int(match[1]), int(match[2]), int(match[3]), value), value)
    raise CellError("not-a-date", f"“{shown(value)}”不是完整的日期。", _date_advice(value))


def _date_advice(value: object) -> str:
    usual = "请按 2024-03-01 的形式填写；未知请留空。"
    try:
        serial = int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else int(str(value))
    except (ValueError, OverflowError):
        return usual
    if 10_000 < serial < 80_000:
        return f"若是 Excel 的日期序号（{date(1899, 12, 30) + timedelta(days=serial)}），请把该列格式设为“日期”；否则{usual}"
    return usual


def _calendar_date(year: int, month: int, day: int, value: object) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("not-a-date", f"“{shown(value)}”不是日历上的日期。", "请核对年、月、日。") from None


def _in_range(found: date, value: object) -> date:
    if not 1900 <= found.year <= 2100 or found == date(1900, 1, 1):
        # Empty cells formatted as dates and zero serials come out as the first days of Excel's calendar.
        raise CellError("date-out-of-range", f"日期“{shown(value)}”超出 1900 年至 2100 年的范围。", "请核对年份；未知请留空。")
    return found


def read_month(value: object) -> date:
    """A month as its first day: 2024-03, 2024年3月, 202403, or any date within it."""
    if isinstance(value, (date, datetime)):
        return _in_range(date(value.year, value.month, 1), value)
    if isinstance(value, float) and not value.is_integer():
        raise CellError(
            "not-a-month", f"“{shown(value)}”是小数，10 月与 1 月无法区分。", "请按 2024-03 的形式填写，并把该列格式设为“文本”。"
        )
    text = "" if isinstance(value, bool) else shown(value).strip()
    for pattern in _MONTHS:
        match = pattern.fullmatch(text)
        if match and 1 <= int(match[2]) <= 12 and 1900 <= int(match[1]) <= 2100:
            return date(int(match[1]), int(match[2]), 1)
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match:
            return _calendar_date(int(match[1]), int(match[2]), int(match[3]), value).replace(day=1)
    raise CellError("not-a-month", f"“{shown(value)}”不是月份。", "请按 2024-03 的形式填写。")


def read_code(value: object) -> str:
    """A unified social credit code: 18 characters of the code's alphabet, upper case, no spaces."""
    if not isinstance(value, str):
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            raise CellError("code-as-number", f"统一社会信用代码被存成了数字（{shown(value)}），末几位可能已丢失。", _CODE_ADVICE)
        raise CellError("bad-code", f"“{shown(value)}”不是统一社会信用代码。", "请把该列格式设为“文本”，填写 18 位代码。")
    code = normalise_credit_code(re.sub(r"['’‘`]", "", value))
    if _SCIENTIFIC.fullmatch(code):
        raise CellError("code-as-number", f"统一社会信用代码成了科学计数法（{shown(value)}），末几位已丢失。", _CODE_ADVICE)
    if len(code) in {13, 15} and code.isdigit():
        raise CellError(
            "registration-number",
            f"“{shown(value)}”是 {len(code)} 位的旧注册号，不是统一社会信用代码。",
            "请在国家企业信用信息公示系统查到该企业的 18 位代码后填写。",
        )
    found = check_credit_code(code)
    if found.severity == "error":
        raise CellError("bad-code", found.message, "")
    return found.code


def _trimmed(value: str) -> str:
    return value.strip().strip("\ufeff\u200b")


def read_text(value: object, meaning: Meaning) -> str | None:
    """Free text, a code kept as text, or a word of a closed list."""
    fact = meaning.fact
    text = _as_text(value, long_codes=fact.name.endswith("代码"))
    if fact.values or fact.name == EVENT_TYPE:
        return _listed(text, meaning)
    if fact.identifier == "industry_code":
        return _industry(value, text)
    if is_placeholder(text):
        return None
    return meaning.canonical.get(plain_width(text), text)


def _as_text(value: object, *, long_codes: bool) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    if isinstance(value, bool):
        return "是" if value else "否"
    if (isinstance(value, float) and abs(value) >= 10**_SURE_DIGITS) or (
        long_codes and isinstance(value, (int, float)) and abs(value) >= 10**11
    ):
        raise CellError("code-as-number", f"“{shown(value)}”被存成了数字，末几位可能已丢失。", "请把该列格式设为“文本”后重新填写。")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _industry(value: object, text: str) -> str:
    code = plain_width(text).upper().replace(" ", "")
    match = _INDUSTRY.fullmatch(code)
    if match is None:
        raise CellError(
            "bad-industry",
            f"“{shown(value)}”不是国民经济行业代码。",
            "请填写门类字母（如 C），或 2 至 4 位数字（如 3011），不要填写行业名称。",
        )
    if not isinstance(value, str) and len(code) < 4:
        raise CellError(
            "code-as-number",
            f"行业代码 {code} 被存成了数字，前导零可能已丢失（{code} 还是 0{code}？）。",
            "请把该列格式设为“文本”后重新填写。",
        )
    return match[1] or code


def _listed(text: str, meaning: Meaning) -> str:
    fact = meaning.fact
    if text in fact.values:
        return text
    word = without_quotes(plain_width(text))
    for candidate in fact.values:
        if word == without_quotes(plain_width(candidate)):
            return candidate
    alias = CLOSED_ALIASES.get(fact.identifier, {}).get(word)
    if alias is not None:
        return alias
    allowed = "、".join(fact.values)
    raise CellError("not-listed", f"“{shown(text)}”不在“{fact.name}”的可选值中。", f"请从下列值中选择：{allowed}。")


def year_error(value: object) -> CellError:
    """The complaint about a year column that holds something else."""
    return CellError("not-a-year", f"“{shown(value)}”不是有效的{YEAR}。", "请填写 4 位年份，如 2023。")
