"""Rulings adopted in this installation: which reading of an open question holds, since when, by whom, and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AdoptedRuling(models.Model):
    """One adoption; the newest that was not given up holds."""

    ruling = models.CharField("口径编号", max_length=40)
    choice = models.CharField("选项", max_length=80)
    reason = models.TextField("理由")
    adopted_by = models.CharField("采用人", max_length=60)
    adopted_at = models.DateTimeField("采用时间")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "采用的口径"
        ordering = ("ruling", "-adopted_at")
        constraints = (models.UniqueConstraint(fields=("ruling",), condition=Q(ended_at__isnull=True), name="one_choice_per_ruling"),)
