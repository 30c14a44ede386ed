"""Materials: one row for each file that was handed in. The bytes lie on disk (``storage.py``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import FIRM_ROLES, OFFICIALS, Role
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.materials.enums import MEDIA, SHOWN, FileType
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Ways to ask for materials."""

    def visible_to(self, actor: Actor) -> StoredFileQuerySet:
        """The bureau, leaders and auditors see all; a subdistrict those of its firms; a department those of firms whose cases
        it was asked about; people of a unit those of their unit; a firm its own.
        """
        if actor.has(Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR):
            return self
        seen = Q(pk__in=())
        for path in actor.paths(Role.SUBDISTRICT_CLERK):
            seen |= Q(enterprise__subdistrict__path__startswith=path)
        for path in actor.paths(Role.DEPARTMENT_CLERK):
            seen |= Q(enterprise__cases__opinions__unit__path__startswith=path)
        for path in actor.paths(*(OFFICIALS - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})):
            seen |= Q(unit__path__startswith=path)
        if actor.roles & FIRM_ROLES:
            seen |= Q(enterprise__in=actor.firms)
        return self.filter(seen).distinct()

    def kept(self) -> StoredFileQuerySet:
        """Files that were not dropped."""
        return self.filter(dropped_at=None)


class StoredFile(models.Model):
    """One file of a firm or of a unit, never changed after it was kept. ``place`` is where its bytes lie below the store."""

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, null=True, blank=True, related_name="materials", verbose_name="企业")
    unit = models.ForeignKey(Unit, models.RESTRICT, null=True, blank=True, related_name="materials", verbose_name="单位")
    kind = models.CharField("材料种类", max_length=40)
    name = models.CharField("文件名", max_length=200)
    size = models.BigIntegerField("字节数")
    type = models.CharField("类型", max_length=10, choices=FileType)
    digest = models.CharField("摘要", max_length=64)
    place = models.CharField("存放位置", max_length=120, unique=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="上传人")
    uploader_name = models.CharField("上传人姓名", max_length=60)
    uploaded_at = models.DateTimeField("上传时间")
    dropped_at = models.DateTimeField("删除时间", null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "材料"
        ordering = ("-uploaded_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, unit__isnull=True) | Q(enterprise__isnull=True, unit__isnull=False),
                name="material_has_one_owner",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="material_is_not_empty"),
        )
        indexes = (models.Index(fields=("enterprise", "kind"), name="material_of_firm"),)

    def __str__(self) -> str:
        return self.name

    @property
    def media_type(self) -> str:
        """What a browser is told it is."""
        return MEDIA[FileType(self.type)]

    @property
    def shown(self) -> bool:
        """Whether a browser may show it by itself."""
        return self.type in SHOWN
