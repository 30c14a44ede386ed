"""The tree of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tidu.apps.units.enums import UnitKind

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class UnitQuerySet(models.QuerySet["Unit"]):
    """Ways to ask for units."""

    def below(self, unit: Unit) -> UnitQuerySet:
        """A unit and everything under it."""
        return self.filter(path__startswith=unit.path)

    def visible_to(self, actor: Actor) -> UnitQuerySet:
        """Offices of the district are no secret to anybody who may log in; banks and providers see public offices only."""
        if actor.is_official:
            return self
        return self.filter(kind__in=(UnitKind.DISTRICT, UnitKind.BUREAU, UnitKind.DEPARTMENT, UnitKind.SUBDISTRICT, UnitKind.ZONE))


class Unit(models.Model):
    """One unit. ``path`` holds the codes from the root down (``/qu/kjj/``), so that "below" is one comparison."""

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120, unique=True)
    short_name = models.CharField("简称", max_length=40)
    kind = models.CharField("类别", max_length=20, choices=UnitKind)
    parent = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="children", verbose_name="上级")
    path = models.CharField("路径", max_length=400, unique=True)
    active = models.BooleanField("在用", default=True)
    off_reason = models.CharField("停用原因", max_length=40, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ("path",)
        constraints = (
            models.CheckConstraint(
                condition=Q(path__startswith="/") & Q(path__endswith="/"),
                name="unit_path_is_closed",
                violation_error_message="路径须以 / 起止。",
            ),
        )

    def __str__(self) -> str:
        return self.short_name
