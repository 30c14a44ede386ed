"""One typed text as a stored value, by the single definition of what a cell means (``exchange.cells``)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tidu.exchange.cells import CellError, read_cell
from tidu.exchange.titles import Title, meaning_of
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import Fact, Store
from tidu.kernel.quantities import LEVELS, MONEY, RATIO, decimal_text, from_stored

LONGEST = 200
UNITS = {"item": "项", "person": "人", "points": "分", "year": "年", "rank": "", "level": ""}


def unit_shown(fact: Fact) -> str:
    """The unit behind the field of a fact."""
    return UNITS.get(fact.unit_label, fact.unit_label) if fact.store is Store.INTEGER else ""


def read_text(fact: Fact, text: str) -> Any:
    """The stored value of a typed text, days as ISO text, None for nothing; raises ``TiduError`` with what is wrong and what to do."""
    if len(text) > LONGEST:
        raise TiduError("too-long", f"“{fact.name}”超过 {LONGEST} 个字。请只填数值或选项。", fact=fact.name)
    # the unit stands behind the field, so a bare number is in that unit beyond doubt (0.8 is 0.8 %)
    meaning = meaning_of(fact, Title(fact.name, fact.unit.symbol if fact.unit.dimension in {MONEY, RATIO} else ""))
    if meaning is None or not text.strip():
        return None
    try:
        # cell by cell: the column engine's threads do not survive the server's fork, and one text is no column
        value = read_cell(text.strip(), meaning)
    except CellError as error:
        raise TiduError(error.code, f"{fact.name}：{error.message}{error.advice}", fact=fact.name) from error
    if value is None:
        raise TiduError("not-read", f"{fact.name}：“{text.strip()}”看不出是什么。请填写数值或选项；不清楚请留空。", fact=fact.name)
    if isinstance(value, int) and fact.store is Store.INTEGER:
        _within(fact, value)
    return value.isoformat() if isinstance(value, date) else value


def written(fact: Fact, value: Any) -> str:
    """A stored value as the text of its field, from which ``read_text`` gives the same value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact.store is not Store.INTEGER:
        return str(value)
    if fact.unit_label == "level" and 1 <= value <= len(LEVELS):
        return LEVELS[value - 1]
    return decimal_text(from_stored(value, fact.unit))


def _within(fact: Fact, value: int) -> None:
    """Refuse what lies outside of the fact's domain: it could decide nothing."""
    bounds = [(fact.lowest, "小于", value < (fact.lowest or 0)), (fact.highest, "大于", value > (fact.highest or 0))]
    for bound, word, outside in bounds:
        if bound is not None and outside:
            shown = f"{written(fact, bound)} {unit_shown(fact)}".strip()
            sentence = f"{fact.name}：{written(fact, value)} 超出取值范围，不能{word} {shown}。请核对数值、正负号和单位；不清楚请留空。"
            raise TiduError("out-of-domain", sentence, fact=fact.name)
