"""常用语: sentences that are used again and again as reasons and opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class PhraseQuerySet(models.QuerySet["Phrase"]):
    """Ways to ask for phrases."""

    def visible_to(self, actor: Actor) -> PhraseQuerySet:
        """Officials read the shared ones and their own; nobody reads another person's."""
        if not actor.is_official:
            return self.none()
        return self.filter(Q(owner=None) | Q(owner=actor.user))


class Phrase(models.Model):
    """One sentence for one act (a step of the table, or ``opinion``); without an owner it is shared."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="所有人")
    act = models.CharField("用于", max_length=30)
    text = models.CharField("内容", max_length=300)
    made_at = models.DateTimeField("添加时间")

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = "常用语"
        ordering = ("act", "text", "pk")
        constraints = (
            models.UniqueConstraint(fields=("owner", "act", "text"), condition=Q(owner__isnull=False), name="own_phrase_once"),
            models.UniqueConstraint(fields=("act", "text"), condition=Q(owner__isnull=True), name="shared_phrase_once"),
        )

    def __str__(self) -> str:
        return self.text
