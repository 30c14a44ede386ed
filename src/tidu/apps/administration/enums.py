"""Words of administration."""

from __future__ import annotations

from django.db.models import TextChoices


class YearState(TextChoices):
    """How far a calendar that somebody entered has come."""

    PROPOSED = "proposed", "待复核"
    IN_FORCE = "in-force", "已生效"
    REFUSED = "refused", "已退回"
    REPLACED = "replaced", "已被替换"


class Audience(TextChoices):
    """Who reads an announcement."""

    OFFICIALS = "officials", "政务人员"
    EVERYBODY = "everybody", "所有登录的人"
