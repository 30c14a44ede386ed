"""Rows that belong to a firm are seen by whoever sees the firm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from tidu.apps.enterprises.models import Enterprise

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class OfFirmQuerySet(models.QuerySet[Any]):
    """Ways to ask for rows of firms."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows of the firms the actor may see, those merged into another left out."""
        standing = self.filter(enterprise__merged_into=None)
        if actor.sees_all_firms:
            return standing
        return standing.filter(enterprise__in=Enterprise.objects.visible_to(actor).order_by().values("pk"))
