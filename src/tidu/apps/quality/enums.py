"""Words of data quality."""

from __future__ import annotations

from django.db.models import TextChoices


class FindingKind(TextChoices):
    """What is wrong with a fact."""

    DECIDING = "deciding", "只差这一项就能定"
    MISSING = "missing", "缺失"
    STALE = "stale", "过期"
    CONFLICT = "conflict", "来源冲突"


class RequestState(TextChoices):
    """Whether a request for facts is still on; how many firms have answered is counted, not kept."""

    OPEN = "open", "进行中"
    CLOSED = "closed", "已了结"
