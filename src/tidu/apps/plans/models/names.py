"""What the names of units in documents mean in this district, as people confirmed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from tidu.apps.plans.enums import READS_PLANS
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class NameMeaningQuerySet(models.QuerySet["NameMeaning"]):
    """Ways to ask for meanings."""

    def visible_to(self, actor: Actor) -> NameMeaningQuerySet:
        """Officials who work with plans."""
        return self if actor.has(*READS_PLANS) else self.none()


class NameMeaning(models.Model):
    """A name as written, folded, and the units it means; the newest row of a name holds, older ones stay.

    Without units it is ``outside``: no unit of the district, so no task comes from it.
    """

    folded = models.CharField("归一写法", max_length=120)
    number = models.IntegerField("第几次")
    name = models.CharField("文中写法", max_length=120)
    units = models.ManyToManyField(Unit, related_name="+", verbose_name="单位")
    outside = models.BooleanField("不是本区单位", default=False)
    confirmed_at = models.DateTimeField("确认时间")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="确认人")
    confirmer_name = models.CharField("确认人姓名", max_length=60)

    objects = NameMeaningQuerySet.as_manager()

    class Meta:
        verbose_name = "单位名称对应"
        ordering = ("folded", "number")
        constraints = (models.UniqueConstraint(fields=("folded", "number"), name="name_meaning_number_once"),)
