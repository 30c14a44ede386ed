"""States in text, tone and icon: colour is never the only sign. One table for all pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """How a state is shown; ``tone`` names a colour pair of the tokens, ``icon`` a picture of the sheet."""

    text: str
    tone: str
    icon: str


STATES: dict[str, Shown] = {
    # verdicts
    "met": Shown("符合", "good", "check"),
    "unmet": Shown("不符合", "bad", "cross"),
    "unknown": Shown("待补充", "open", "question"),
    "manual": Shown("需人工判断", "open", "person"),
    "out": Shown("不适用", "none", "minus"),
    # groups of results
    "can": Shown("可享", "good", "check"),
    "near": Shown("差一点", "near", "up"),
    "open": Shown("待补充", "open", "question"),
    "not": Shown("暂不适用", "none", "minus"),
    # settled awards
    "granted": Shown("可全额享受", "good", "check"),
    "capped": Shown("按上限享受", "good", "check"),
    "dropped": Shown("不予兑现", "none", "minus"),
    "excluded": Shown("主体被排除", "bad", "cross"),
    "ruling needed": Shown("待定口径", "open", "question"),
    # texts in time
    "in-force": Shown("现行有效", "good", "check"),
    "expired": Shown("已失效", "none", "minus"),
    "upcoming": Shown("尚未施行", "near", "clock"),
    # how well a text is founded
    "confirmed": Shown("已核实", "good", "check"),
    "one-source": Shown("单一来源", "near", "flag"),
    "secondary": Shown("二手来源", "near", "flag"),
    "unconfirmed": Shown("未核实", "near", "flag"),
    # work
    "todo": Shown("未开始", "brand", "circle"),
    "doing": Shown("填写中", "near", "clock"),
    "checking": Shown("核验中", "open", "clock"),
    "lacking": Shown("缺材料", "bad", "flag"),
    "done": Shown("已完成", "none", "check"),
    "blocked": Shown("暂不能开始", "none", "lock"),
    # supervision
    "red": Shown("逾期", "bad", "flag"),
    "yellow": Shown("逾期后补报", "near", "clock"),
    "green": Shown("按时", "good", "check"),
    # a rung that is held
    "held": Shown("已认定", "good", "check"),
}
