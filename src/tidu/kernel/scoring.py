"""Score items and amounts of packs: bracket tables, best-of, counts, choices and ranges as number nodes."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tidu.kernel.criteria import CONFIDENCES, Ground, read_criterion
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import WRITTEN_SIGNS, compare, parse_quantity
from tidu.kernel.located import Listing, Section
from tidu.kernel.quantities import parse_literal
from tidu.kernel.rules import Amount, Choose, Compare, Expert, Largest, Measure, Number, Quantity, Rule, ScoreItem, Smallest, Sum

ITEM_KEYS = {"id", "group", "title", "text", "clause", "confidence", "note"}
POINT_FORMS: dict[str, set[str]] = {
    "of": {"points"},
    "best_of": set(),
    "choose": set(),
    "count": {"each", "cap"},
    "value": {"max"},
    "manual": {"range"},
    "add": {"cap"},
}
_BRACKET = re.compile(r"\s*(>=|<=|>|<|≥|≤)\s*(.+)")
ELSE = "else"
NOTHING = Number(Fraction(0))


def read_item(raw: Any, ground: Ground, line: int) -> ScoreItem | None:
    """One line of a score table."""
    if not isinstance(raw, Section):
        ground.fault("bad-item", line, "评分项应写成 {id: …, group: …, …} 的形式。")
        return None
    for key in ("id", "group", "clause"):
        if not raw.get(key):
            ground.fault("missing-key", raw.line, f"评分项缺少“{key}”。请补上（id 编号、group 分组、clause 条款）。", key=key)
    ground.check_words(raw, sorted(ITEM_KEYS))
    confidence = str(raw.get("confidence") or "")
    if confidence and confidence not in CONFIDENCES:
        ground.fault("bad-confidence", raw.at("confidence"), f"可信度“{confidence}”无效。可用：{'、'.join(CONFIDENCES)}。")
    points = read_points(raw, ground, ITEM_KEYS)
    title = str(raw.get("title") or raw.get("text") or raw.get("of") or "")
    low, high = point_range(points)
    return ScoreItem(
        str(raw.get("id") or ""), str(raw.get("group") or ""), title, str(raw.get("clause") or ""), points, low, high, confidence, raw.line
    )


def read_points(raw: Section, ground: Ground, also: set[str]) -> Amount:
    """The points part of an item, by whichever form it uses."""
    forms = [key for key in POINT_FORMS if key in raw]
    if len(forms) != 1:
        found = "、".join(forms) or "没有"
        ground.fault("bad-item", raw.line, f"评分项只能用一种给分写法（{'、'.join(POINT_FORMS)}），这里有：{found}。")
        return NOTHING
    form = forms[0]
    ground.unknown_keys(raw, also | {form} | POINT_FORMS[form], "评分项")
    return _FORMS[form](raw, ground)


def _whole(value: Any, ground: Ground, line: int, what: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    ground.fault("bad-points", line, f"{what}应是不小于 0 的整数，读到“{value}”。")
    return 0


def _given(value: Any, raw: Section, ground: Ground, line: int) -> Amount:
    """The points of a row: a number, or ``[low, high]`` where a person gives them within the band."""
    if isinstance(value, Listing) and len(value) == 2 and all(isinstance(limit, int) for limit in value) and value[0] <= value[1]:
        name = str(raw.get("title") or raw.get("id") or raw.get("of") or "评分")
        return Expert(
            f"人工:{raw.get('id') or name}档{value[0]}至{value[1]}", f"{name}：在{value[0]}至{value[1]}分内评定", value[0], value[1]
        )
    return Number(Fraction(_whole(value, ground, line, "分值")))


def _table(raw: Section, ground: Ground) -> Amount:
    """``of`` a quantity with brackets tried top down; the last row is ``else``."""
    try:
        quantity = parse_quantity(str(raw["of"]), ground.scope)
    except TiduError as error:
        ground.fault(error.code, raw.at("of"), error.message, **error.data)
        return NOTHING
    rows = raw.get("points")
    if not isinstance(rows, Listing) or not rows:
        ground.fault("bad-table", raw.at("points"), "评分表 points 应是 [[“>= 5%”, 20], …, [else, 0]] 的列表。")
        return NOTHING
    cases: list[tuple[Rule, Amount]] = []
    otherwise: Amount | None = None
    for row in rows:
        line = getattr(row, "line", rows.line)
        if not isinstance(row, Listing) or len(row) != 2:
            ground.fault("bad-table", line, f"评分表的一行应是 [档位, 分值]，读到“{row}”。")
        elif row[0] == ELSE:
            otherwise = _given(row[1], raw, ground, line)
            if row is not rows[-1]:
                ground.fault("unreachable-row", line, "else 之后的档位永远到不了。请把 else 放在最后一行。")
        elif (bracket := _bracket(quantity, str(row[0]), ground, line)) is not None:
            cases.append((bracket, _given(row[1], raw, ground, line)))
    if otherwise is None:
        ground.fault("table-hole", rows.line, "评分表没有 else 行：不落在任何一档的企业无法给分。请在最后加 [else, 0]。")
    _check_order([rule for rule, _ in cases if isinstance(rule, Compare)], ground, rows.line)
    _check_points([amount for _, amount in cases] + ([otherwise] if otherwise is not None else []), ground, rows.line)
    return Choose(tuple(cases), otherwise or NOTHING)


def _bracket(quantity: Quantity, text: str, ground: Ground, line: int) -> Rule | None:
    match = _BRACKET.fullmatch(text)
    if match is None:
        ground.fault("bad-table", line, f"档位“{text}”无法理解。写法示例：“>= 5%”。", text=text)
        return None
    try:
        node = compare(quantity, WRITTEN_SIGNS.get(match[1], match[1]), parse_quantity(match[2], ground.scope), ground.scope)
    except TiduError as error:
        ground.fault(error.code, line, error.message, **error.data)
        return None
    ground.check_reach(node, line)
    return node


def _check_order(rows: list[Compare], ground: Ground, line: int) -> None:
    """Bounds must fall (``>=``) or rise (``<=``) strictly: else a row can never be reached."""
    directions = {row.op[0] for row in rows}
    if len(directions) > 1:
        ground.fault("mixed-table", line, "同一张评分表里 >= 与 <= 混用，档位会重叠。请统一方向：越大越好用 >=，越小越好用 <=。")
        return
    for above, below in pairwise(rows):
        high, low = above.right.numerator.value, below.right.numerator.value
        falling = above.op[0] == ">"
        same_but_wider = high == low and len(above.op) < len(below.op)
        if not same_but_wider and (high <= low if falling else high >= low):
            ground.fault(
                "unreachable-row",
                line,
                f"档位“{below.op} {below.right.text}”排在“{above.op} {above.right.text}”之后，永远到不了。"
                + ("越大越好的表请从大到小排。" if falling else "越小越好的表请从小到大排。"),
            )


def _check_points(amounts: list[Amount], ground: Ground, line: int) -> None:
    """A better bracket never gives fewer points than a worse one."""
    ranges = [point_range(amount) for amount in amounts]
    for (above, _), (_, below) in pairwise(ranges):
        if below > above:
            ground.fault(
                "points-order", line, f"评分表里较差的一档给 {below} 分，比上面一档的 {above} 分还多。请核对分值，或把档位的顺序倒过来。"
            )
            return


def _best_of(raw: Section, ground: Ground) -> Amount:
    parts = [read_points(part, ground, set()) for part in ground.records(raw, "best_of", "评分项")]
    if len(parts) < 2:
        ground.fault("bad-item", raw.at("best_of"), "best_of 下面至少要有两张评分表。")
    return Largest(tuple(parts) or (NOTHING,))


def _add(raw: Section, ground: Ground) -> Amount:
    parts = [read_points(part, ground, set()) for part in ground.records(raw, "add", "评分项")]
    if not parts:
        ground.fault("bad-item", raw.at("add"), "add 下面至少要有一种给分写法。")
    total: Amount = Sum(tuple(parts) or (NOTHING,))
    return Smallest((total, Number(Fraction(_whole(raw["cap"], ground, raw.at("cap"), "封顶 cap"))))) if "cap" in raw else total


def _choose(raw: Section, ground: Ground) -> Amount:
    rows = raw["choose"]
    if not isinstance(rows, Listing) or not rows or not all(isinstance(row, Listing) and len(row) == 2 for row in rows):
        ground.fault("bad-table", raw.at("choose"), "choose 应是 [[条件, 分值], …, [else, 0]] 的列表。")
        return NOTHING
    if rows[-1][0] != ELSE:
        ground.fault("table-hole", rows.line, "choose 没有 else 行：不符合任何一条的企业无法给分。请在最后加 [else, 0]。")
        return NOTHING
    if any(row[0] == ELSE for row in rows[:-1]):
        ground.fault("unreachable-row", rows.line, "else 之后的各行永远到不了。请把 else 放在最后一行。")
    cases = tuple((read_criterion(row[0], ground, row.line), _given(row[1], raw, ground, row.line)) for row in rows[:-1] if row[0] != ELSE)
    return Choose(cases, _given(rows[-1][1], raw, ground, rows.line))


def _count(raw: Section, ground: Ground) -> Amount:
    each = Number(Fraction(_whole(raw.get("each"), ground, raw.at("each"), "每项分值 each")))
    cap = Number(Fraction(_whole(raw.get("cap"), ground, raw.at("cap"), "封顶 cap")))
    listed = raw["count"]
    if not isinstance(listed, Listing) or not listed:
        ground.fault("bad-item", raw.at("count"), "count 下面应是一个不为空的条件列表。")
        return NOTHING
    rules = [read_criterion(part, ground, getattr(part, "line", listed.line)) for part in listed]
    return Smallest((Sum(tuple(Choose(((rule, each),), NOTHING) for rule in rules)), cap))


def _value(raw: Section, ground: Ground) -> Amount:
    most = _whole(raw.get("max"), ground, raw.at("max"), "满分 max")
    try:
        quantity = parse_quantity(str(raw["value"]), ground.scope)
    except TiduError as error:
        ground.fault(error.code, raw.at("value"), error.message, **error.data)
        return NOTHING
    if quantity.dimension != "points":
        ground.fault("unit-mismatch", raw.at("value"), f"“{quantity.text}”的单位不是分，不能直接作为得分。")
    return Smallest((Measure(quantity, dict.fromkeys(quantity.keys, (0, most))), Number(Fraction(most))))


def _expert(raw: Section, ground: Ground) -> Amount:
    limits = raw.get("range")
    if not isinstance(limits, Listing) or len(limits) != 2 or not all(isinstance(limit, int) for limit in limits) or limits[0] > limits[1]:
        ground.fault("bad-points", raw.at("range"), f"人工评分的范围 range 应是 [最低, 最高] 两个整数，读到“{limits}”。")
        return NOTHING
    return Expert(f"人工:{raw.get('id') or raw['manual']}", str(raw["manual"]), limits[0], limits[1])


_FORMS: dict[str, Callable[[Section, Ground], Amount]] = {
    "of": _table,
    "best_of": _best_of,
    "choose": _choose,
    "count": _count,
    "value": _value,
    "manual": _expert,
    "add": _add,
}


def point_range(node: Amount) -> tuple[int, int]:
    """Least and most points a node can give at all."""
    match node:
        case Number(value):
            return int(value), int(value)
        case Expert(_, _, low, high):
            return low, high
        case Choose(cases, otherwise):
            ranges = [point_range(amount) for _, amount in cases] + [point_range(otherwise)]
            return min(low for low, _ in ranges), max(high for _, high in ranges)
        case Measure(_, bounds):
            lows, highs = zip(*bounds.values(), strict=True) if bounds else ((0,), (0,))
            return min(low or 0 for low in lows), max(high or 0 for high in highs)
    parts = [point_range(part) for part in node.parts] if isinstance(node, Sum | Largest | Smallest) else []
    reduce: Any = {Sum: sum, Largest: max, Smallest: min}.get(type(node), max)
    return (reduce([low for low, _ in parts]), reduce([high for _, high in parts])) if parts else (0, 0)


def literal_value(text: Any, dimension: str, ground: Ground, line: int) -> int:
    """A literal such as ``50万元`` as a stored integer of the wanted dimension; a fault otherwise."""
    try:
        value, unit = parse_literal(str(text))
    except TiduError as error:
        ground.fault(error.code, line, error.message, **error.data)
        return 0
    if unit.dimension != dimension or value.denominator != 1:
        ground.fault(
            "unit-mismatch", line, f"“{text}”的单位不对，此处应写{'金额（如 50万元）' if dimension == 'money' else '百分数（如 10%）'}。"
        )
        return 0
    return int(value)
