"""Words of the ladder, the pools, the monthly table and the warnings."""

from __future__ import annotations

from django.db.models import TextChoices


class MemberState(TextChoices):
    """Where a firm stands with a pool."""

    PROPOSED = "proposed", "待确认入库"
    MEMBER = "member", "在库"
    LEAVING = "leaving", "待确认出库"
    REFUSED = "refused", "不予入库"
    LEFT = "left", "已出库"


LIVE = (MemberState.PROPOSED, MemberState.MEMBER, MemberState.LEAVING, MemberState.REFUSED)
"""Of these a firm has at most one row in each pool; what has left may come back in a new row."""
INSIDE = (MemberState.MEMBER, MemberState.LEAVING)


class Stage(TextChoices):
    """储备、培育、提升 (行动计划 二（二）1)."""

    RESERVE = "reserve", "储备"
    CULTIVATE = "cultivate", "培育"
    LIFT = "lift", "提升"


class Crossing(TextChoices):
    """What the forecast says of the line of 2000 万元 at the end of the year."""

    UP = "up", "预计升规"
    MAYBE_UP = "maybe-up", "可能升规"
    BELOW = "below", "预计仍在规下"
    ABOVE = "above", "预计仍在规上"
    MAYBE_DOWN = "maybe-down", "可能退规"
    DOWN = "down", "预计退规"
    NONE = "none", "不作预测"


class WarningState(TextChoices):
    """How far a warning has come."""

    OPEN = "open", "待认领"
    CLAIMED = "claimed", "核实中"
    CONFIRMED = "confirmed", "核实属实"
    UNFOUNDED = "unfounded", "核实不属实"
    CLOSING = "closing", "待复核销号"
    CLOSED = "closed", "已销号"


UNDONE = (WarningState.OPEN, WarningState.CLAIMED, WarningState.CONFIRMED, WarningState.UNFOUNDED, WarningState.CLOSING)
