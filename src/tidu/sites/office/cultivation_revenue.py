"""企业应税收入统计表: months, sums, growth, forecast with its error."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.cultivation.domain.forecasting import YEAR, month_index, period_of
from tidu.apps.cultivation.domain.nightly import ASKERS
from tidu.apps.cultivation.enums import Crossing
from tidu.apps.cultivation.models import Computation, RevenueLine
from tidu.apps.cultivation.queries import latest_computation
from tidu.apps.cultivation.queries.revenue import RevenueFilter, revenue_lines, revenue_summary
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import (
    CODE,
    READERS,
    STREET,
    UNKNOWN,
    Sheet,
    answer_list,
    firm_column,
    percent_text,
    period_text,
    told,
    wan_text,
)  # fmt: skip

TONES = {
    Crossing.UP: "can", Crossing.MAYBE_UP: "near", Crossing.BELOW: "not", Crossing.ABOVE: "held", Crossing.MAYBE_DOWN: "near",
    Crossing.DOWN: "red", Crossing.NONE: "open",
}  # fmt: skip
GROWTHS = (("up", "增长或持平"), ("down", "下降"), ("fall", "下降两成以上"), ("unknown", "不能比较"))
ORDERS = (("code", "按代码"), ("to-date", "按本年累计"), ("growth", "按同比，降得多的在前"), ("middle", "按预计全年"))


def _range(line: RevenueLine) -> str:
    return line.why or UNKNOWN if line.middle is None else f"{wan_text(line.low)}～{wan_text(line.high)}"


COLUMNS = (
    firm_column(),
    Column("本月（万元）", lambda line: wan_text(line.latest), number=True),
    Column("本年累计（万元）", lambda line: wan_text(line.to_date), number=True),
    Column("上年同期（万元）", lambda line: wan_text(line.before), number=True),
    Column("同比", lambda line: percent_text(line.growth, signed=True), number=True),
    Column("预计全年（万元）", lambda line: wan_text(line.middle), number=True),
    Column("八成把握的区间，或不作预测的原因", _range),
    Column("对 2000 万元的预测", lambda line: line.get_crossing_display(), state=lambda line: TONES[Crossing(line.crossing)]),
    Column("上年全年（万元）", lambda line: wan_text(line.last_year), number=True),
    Column("缺报（月）", lambda line: str(line.gaps), number=True),
    STREET,
    CODE,
)


@page_for(*READERS)
@require_safe
def table(request: HttpRequest, actor: Actor) -> HttpResponse:
    """应税收入统计表 as of the newest computation."""
    names = ("street", "crossing", "growth", "gaps", "roster")
    wanted = RevenueFilter(words=told(request, "q"), order=told(request, "order"), **{name: told(request, name) for name in names})
    computed, summary = latest_computation(), revenue_summary(actor)
    compared = percent_text((summary.to_date * 1_000_000 // summary.before) - 1_000_000, signed=True) if summary.before > 0 else UNKNOWN
    context = {
        "wanted": wanted, "computed": computed, "through": period_text(computed.through) if computed else "",
        "summary": summary, "to_date": wan_text(summary.to_date), "compared": compared, "streets": subdistricts_of(actor),
        "crossings": [(value, label, summary.crossings[value], TONES[Crossing(value)]) for value, label in Crossing.choices],
        "growths": GROWTHS, "orders": ORDERS, "trial": trial_words(computed), "may_compute": actor.may_write(*ASKERS),
    }  # fmt: skip
    sheet = Sheet(revenue_lines(actor, wanted), COLUMNS, "企业应税收入统计表")
    return answer_list(request, actor, sheet, "office/revenue.html", context)


def trial_words(computed: Computation | None) -> dict[str, Any] | None:
    """The trial on held-back months in words; None before the first computation or without any month."""
    told_trial = computed.counts.get("forecast") if computed else None
    if not told_trial:
        return None
    first = month_index(told_trial["first"])
    ways = []
    for key, name in (("own", "本企业上年与同行业合起来推算"), ("industry", "只按同行业推算")):
        found = told_trial[key]
        ways.append(
            {
                "name": name,
                "count": found["count"],
                "median": percent_text(found["median"]),
                "low": percent_text(found["low"], signed=True),
                "high": percent_text(found["high"], signed=True),
                "used": found["low"] is not None,
            }
        )
    return {
        "from": period_text(told_trial["first"]), "to": period_text(period_of(first + YEAR - 1)), "done": told_trial["done"],
        "weight": told_trial["weight"], "ways": ways, "right": told_trial["right"], "wrong": told_trial["wrong"],
        "share": percent_text(told_trial["right"] * 1_000_000 // max(1, told_trial["right"] + told_trial["wrong"])),
    }  # fmt: skip


def month_rows(line: RevenueLine, computed: Computation | None) -> list[dict[str, Any]]:
    """The months of this year beside those of last year; ``value`` is what the chart draws, nothing for unknown."""
    if computed is None or computed.through is None:
        return []
    year, through = computed.through // 100, computed.through
    rows = []
    for month in range(1, YEAR + 1):
        cells = [_month_cell(line, (year - 1) * 100 + month, through), _month_cell(line, year * 100 + month, through)]
        rows.append({"name": f"{month}月", "cells": cells})
    return rows


def _month_cell(line: RevenueLine, period: int, through: int) -> dict[str, str]:
    value = line.months.get(str(period))
    text = "未到" if period > through else wan_text(value)
    return {"text": text, "value": "NaN" if value is None or period > through else wan_text(value).replace(",", "")}
