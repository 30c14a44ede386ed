"""AB角: who stands in for whom, from which day to which."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from tidu.apps.accounts.enums import ADMINISTRATORS, Role
from tidu.apps.accounts.models.people import User

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class DeputyQuerySet(models.QuerySet["Deputy"]):
    """Ways to ask for deputies."""

    def visible_to(self, actor: Actor) -> DeputyQuerySet:
        """The three administrators and auditors see all, everybody else those in which they have a part."""
        if actor.has(*ADMINISTRATORS, Role.AUDITOR):
            return self
        return self.filter(Q(absent=actor.user) | Q(deputy=actor.user))

    def running(self, day: date) -> DeputyQuerySet:
        """Those that hold on a day."""
        return self.filter(since__lte=day, last__gte=day, ended_at=None)

    def not_over(self, day: date) -> DeputyQuerySet:
        """Those that hold on a day or later."""
        return self.filter(last__gte=day, ended_at=None)


class Deputy(models.Model):
    """One colleague stands in for another, from the first day to the last one, both included."""

    absent = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="A角")
    deputy = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="B角")
    since = models.DateField("起")
    last = models.DateField("止（含）")
    reason = models.CharField("事由", max_length=200)
    made_at = models.DateTimeField("设定时间")
    ended_at = models.DateTimeField("提前结束时间", null=True, blank=True)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = "AB角"
        ordering = ("-since", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(last__gte=F("since")), name="deputy_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(absent=F("deputy")), name="nobody_is_the_own_deputy"),
        )

    def __str__(self) -> str:
        return f"{self.deputy}代{self.absent}"
