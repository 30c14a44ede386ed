"""Words of the upkeep of the registry."""

from __future__ import annotations

from django.db.models import TextChoices


class MergeState(TextChoices):
    """How far the merging of two firms has come."""

    PROPOSED = "proposed", "待复核"
    CONFIRMED = "confirmed", "已合并"
    REFUSED = "refused", "复核未通过"
    UNDONE = "undone", "已拆回"


class PairState(TextChoices):
    """What became of two firms that look like one."""

    OPEN = "open", "待核对"
    DISMISSED = "dismissed", "不是同一家"
