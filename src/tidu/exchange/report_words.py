"""The words of the Excel reports: states, figures in sentences, where a fact comes from, rulings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from tidu.exchange.workbook_styles import Figure, State, Tone, decimals_of
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue

NOT_GIVEN = "未填写"

VERDICTS: Mapping[str, State] = {
    "met": State("符合", Tone.GOOD),
    "unmet": State("不符合", Tone.BAD),
    "unknown": State("待补充数据", Tone.WAIT),
    "manual": State("需人工判断", Tone.PERSON),
}
AWARD_STATES: Mapping[str, State] = {
    "granted": State("全额兑现", Tone.GOOD),
    "capped": State("按上限兑现", Tone.GOOD),
    "dropped": State("不予兑现", Tone.CLOSED),
    "excluded": State("主体被排除", Tone.BAD),
    "unknown": State("待补充数据", Tone.WAIT),
    "ruling needed": State("待定口径", Tone.PERSON),
}
CONFIDENCES: Mapping[str, str] = {
    "confirmed": "已核实",
    "one-source": "单一来源",
    "secondary": "二手来源",
    "unconfirmed": "未核实",
}

_SHIFT = re.compile(r"[（(].*$")


def verdict_state(verdict: object) -> State:
    """The state shown for a verdict; an unknown word is refused rather than shown as something else."""
    return _looked_up(VERDICTS, verdict, "评估结论")


def award_state(state: object) -> State:
    """The state shown for a settled award."""
    return _looked_up(AWARD_STATES, state, "兑现状态")


def _looked_up(table: Mapping[str, State], word: object, what: str) -> State:
    found = table.get(str(word))
    if found is None:
        known = "、".join(table)
        raise TiduError("unknown-state", f"报表不认识{what}“{word}”。可用的取值：{known}。请用同一版本的 tidu 重新计算。", word=word)
    return found


def confidence_text(confidence: object) -> str:
    """How well a rule is founded, in words."""
    if confidence is None or confidence == "":
        return "未注明"
    return CONFIDENCES.get(str(confidence), str(confidence))


def figure_text(value: object) -> str:
    """A value within a sentence: 1,200、2.6、是、60 至 75、未填写."""
    match value:
        case None:
            return NOT_GIVEN
        case bool():
            return "是" if value else "否"
        case str():
            return value
        case int() | float() | Decimal():
            return figure_text(Figure(value, decimals_of(value)))
        case Figure(number, decimals):
            shown = f"{number:,.{decimals}f}"
            return shown.rstrip("0").rstrip(".") if "." in shown else shown
        case Fraction():
            return figure_text(Decimal(value.numerator) / Decimal(value.denominator))
        case {"low": low, "high": high}:
            return figure_text(low) if low == high else f"{figure_text(low)} 至 {figure_text(high)}"
        case [low, high]:
            return figure_text({"low": low, "high": high})
        case _:
            return str(value)


def with_unit(value: object, unit: object) -> str:
    """A value with its unit: 2.6%、1,200 万元、是."""
    text = figure_text(value)
    if not unit or isinstance(value, bool | str) or value is None:
        return text
    return f"{text}{unit}" if unit == "%" else f"{text} {unit}"


def cell_value(value: object) -> object:
    """A value for a cell of its own: numbers stay numbers, all else becomes words."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool):
        return value
    if isinstance(value, Mapping) and value.get("low") == value.get("high") and value.get("low") is not None:
        return value["low"]
    return figure_text(value)


def beside_gap(value: object, gap: object) -> object:
    """A value for a cell beside its gap, with as many decimals as keep it apart from the bound (2.9999, not 3.00)."""
    numbers = (int, float, Decimal)
    if isinstance(value, bool) or not isinstance(value, numbers) or isinstance(gap, bool) or not isinstance(gap, numbers):
        return cell_value(value)
    return Figure(value, 0 if decimals_of(value) == 0 else max(decimals_of(value), decimals_of(gap)))


def fact_source(name: str) -> str:
    """Whom to ask for the missing fact ``name`` (a name as in 缺少的数据, perhaps with a year in brackets)."""
    base = _SHIFT.sub("", name).strip()
    known = catalogue()
    if base in known.facts:
        return known.facts[base].source or "未登记来源"
    event = base.split(".")[0]
    if event in known.events:
        return known.events[event].source or "未登记来源"
    return "未登记来源"


def ruling_text(ruling: object) -> str:
    """A ruling as named by a result: its id and the choice, or just the text."""
    if isinstance(ruling, Mapping):
        name = str(ruling.get("id", ""))
        choice = ruling.get("choice")
        return name if choice in {None, ""} else f"{name}＝{choice}"
    return str(ruling)


def ruling_id(ruling: object) -> str:
    """The id of a ruling named by a result (``R3``, ``R3=取高`` and ``{"id": "R3"}`` are one)."""
    name = str(ruling.get("id", "")) if isinstance(ruling, Mapping) else str(ruling)
    return re.split(r"[=＝:：]", name, maxsplit=1)[0].strip()


def joined(items: Iterable[object], mark: str = "、") -> str | None:
    """Items in one cell; None if there are none."""
    return mark.join(str(item) for item in items) or None


def firm_name(code: str, firms: Mapping[str, Mapping[str, object]], result: Mapping[str, object]) -> str:
    """The firm's name from the register, else as the result carries it."""
    return str(firms.get(code, {}).get("企业名称") or result.get("name") or NOT_GIVEN)


def firm_fact(code: str, firms: Mapping[str, Mapping[str, object]], name: str) -> str:
    """A fact of a firm as text, codes included."""
    value = firms.get(code, {}).get(name)
    return NOT_GIVEN if value is None or value == "" else str(value)


def results_of(document: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    """The results of a document; raises ``no-results`` where it is not one of ours."""
    results = document.get("results")
    if not isinstance(results, Sequence) or isinstance(results, str):
        raise TiduError("no-results", "报表的输入里没有 results 列表。请传入 tidu assess 或 tidu settle 的输出。")
    return results
