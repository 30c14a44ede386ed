"""Documents as kept: what was read stays as it was read; what people say of it stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.materials.models import StoredFile
from tidu.apps.plans.enums import READS_PLANS, CorrectionAct, ExtractionKind

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class PlanDocumentQuerySet(models.QuerySet["PlanDocument"]):
    """Ways to ask for documents."""

    def visible_to(self, actor: Actor) -> PlanDocumentQuerySet:
        """Officials who work with plans; neither administrators nor firms."""
        return self if actor.has(*READS_PLANS) else self.none()


class PlanDocument(models.Model):
    """One document. ``digest`` is of the bytes that came in, ``text`` the normalised text in which all places count;
    ``head`` is what was read of the head. The file itself is a material where materials take its type.
    """

    name = models.CharField("文件名", max_length=200)
    digest = models.CharField("摘要", max_length=64, unique=True)
    file = models.ForeignKey(StoredFile, models.RESTRICT, null=True, blank=True, related_name="plan_documents", verbose_name="原件")
    title = models.CharField("标题", max_length=300)
    head: models.JSONField[dict[str, Any]] = models.JSONField("文头")
    text = models.TextField("正文")
    kept_at = models.DateTimeField("载入时间")
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="载入人")
    keeper_name = models.CharField("载入人姓名", max_length=60)

    objects = PlanDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "计划文件"
        ordering = ("-kept_at", "-pk")

    def __str__(self) -> str:
        return self.title


class OfDocumentQuerySet(models.QuerySet["models.Model"]):
    """What belongs to a document."""

    way = "document"

    def visible_to(self, actor: Actor) -> OfDocumentQuerySet:
        """Whoever reads the document."""
        return self.filter(**{f"{self.way}__in": PlanDocument.objects.visible_to(actor)})


class OfExtractionQuerySet(OfDocumentQuerySet):
    """What belongs to an extraction of a document."""

    way = "extraction__document"


class Extraction(models.Model):
    """One thing found in a document, by the reader or (``read`` false) by a person. Never changed.

    ``content`` holds the keys of ``Reading.as_dict`` for its kind; ``start`` and ``end`` count in the document's text.
    """

    document = models.ForeignKey(PlanDocument, models.CASCADE, related_name="extractions", verbose_name="文件")
    number = models.IntegerField("顺序")
    kind = models.CharField("种类", max_length=10, choices=ExtractionKind)
    path = models.CharField("条款号", max_length=80)
    content: models.JSONField[dict[str, Any]] = models.JSONField("内容")
    start = models.IntegerField("起")
    end = models.IntegerField("止")
    read = models.BooleanField("系统识别")

    objects = OfDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "识别结果"
        ordering = ("document", "number")
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="extraction_number_once"),
            models.CheckConstraint(condition=Q(start__gte=0) & Q(end__gte=models.F("start")), name="extraction_has_a_place"),
        )


class Correction(models.Model):
    """What a person said of an extraction; the newest one holds, all stay."""

    extraction = models.ForeignKey(Extraction, models.CASCADE, related_name="corrections", verbose_name="识别结果")
    number = models.IntegerField("第几次")
    act = models.CharField("处理", max_length=10, choices=CorrectionAct)
    content: models.JSONField[dict[str, Any]] = models.JSONField("内容")
    reason = models.CharField("理由", max_length=300, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="处理人")
    by_name = models.CharField("处理人姓名", max_length=60)

    objects = OfExtractionQuerySet.as_manager()

    class Meta:
        verbose_name = "更正"
        ordering = ("extraction", "number")
        constraints = (models.UniqueConstraint(fields=("extraction", "number"), name="correction_number_once"),)
