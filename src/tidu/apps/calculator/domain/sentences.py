"""Why a result is as it is, in a sentence or two."""

from __future__ import annotations

from tidu.apps.calculator.domain.awards import AwardItem
from tidu.apps.calculator.domain.judging import Judged
from tidu.apps.calculator.domain.shortfalls import Shortfall
from tidu.exchange.report_words import with_unit
from tidu.kernel.awards import Award
from tidu.kernel.interpret import MANUAL, MET, UNKNOWN
from tidu.kernel.settle import UNKNOWN as OPEN
from tidu.kernel.settlement_words import money

MOST_REASONS = 3


def standard_why(judged: Judged, missing: int) -> tuple[str, ...]:
    """The decisive reasons of a verdict."""
    standard, score = judged.standard, judged.score
    ahead = tuple(f"申报前还要：{text}。" for _, text, met in judged.prerequisites if met is not True)
    if judged.verdict == MET:
        told = f"各项条件都符合，评价总分 {points_text(score.low, score.high)}。" if score is not None else "各项条件都符合。"
        return (told, *ahead)
    if judged.verdict == MANUAL:
        return (f"数据已经够了，还要由人判断：{'；'.join(judged.manual[:MOST_REASONS])}。", *ahead)
    if judged.verdict == UNKNOWN:
        return (f"还差 {missing} 个数据才能确定。" if missing else "有数据不能用来计算（如除数为零），请核对填过的数。", *ahead)
    reasons = reasons_of(judged)
    more = [f"另有 {len(reasons) - MOST_REASONS} 项不符合。"] if len(reasons) > MOST_REASONS else []
    return tuple(reasons[:MOST_REASONS] + more) or (f"不符合{standard.name}的条件。",)


def reasons_of(judged: Judged) -> list[str]:
    """One sentence per failing criterion; of several ways to meet it the nearest is told."""
    found: list[str] = []
    for one in judged.failing:
        told = [_shortfall_text(leaf) for leaf in one.short]
        if len(one.short) == 1 and not one.ways:
            found.append(f"不符合：{told[0]}。")
        else:
            text = f"{one.label.text}（{one.label.clause}）" if one.label.text else "条件"
            found.append(f"不符合：{text}。{'最接近的是' if one.ways else '其中'}：{'；'.join(told)}。")
    return found


def _shortfall_text(leaf: Shortfall) -> str:
    """One failing leaf in words: what is asked, what is there, how much is lacking."""
    text = f"{leaf.text}（{leaf.clause}）" if leaf.clause else leaf.text
    if isinstance(leaf.gap, bool) or not isinstance(leaf.gap, int | float):
        return text
    return f"{text}，现在是 {with_unit(leaf.value, leaf.unit)}，差 {with_unit(leaf.gap, leaf.unit)}"


def award_why(award: Award, items: tuple[AwardItem, ...]) -> tuple[str, ...]:
    """What became of the events of an award."""
    if not items:
        return (f"没有这类事项（{award.event}）。",)
    found: list[str] = []
    for item in items:
        if item.untold and item.state == OPEN:
            most = f"最多 {money(item.most)}" if item.most is not None else "金额按比例计算，没有写明上限"
            found.append(f"还没有告诉我们有没有“{award.event}”；有的话{most}。")
        elif item.state == OPEN:
            found.append(f"{item.entitlement.item}：还差数据，{_most_text(item)}。")
        else:
            found.append(f"{item.entitlement.item}：{item.entitlement.why or f'给 {money(item.amount)}。'}")
    return tuple(dict.fromkeys(found))


def _most_text(item: AwardItem) -> str:
    return f"最多 {money(item.most)}" if item.most is not None else "金额没有写明上限"


def points_text(low: int, high: int) -> str:
    """Points as a number or an interval."""
    return f"{low} 分" if low == high else f"{low} 至 {high} 分"
