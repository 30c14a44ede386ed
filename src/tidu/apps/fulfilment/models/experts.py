"""专家评审: the list of experts, the panel of a case, conflicts declared, scores given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.enums import Declaration
from tidu.apps.fulfilment.models.cases import Case, Submission
from tidu.apps.materials.models import StoredFile

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor

SEES_EXPERTS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.AUDITOR)
"""Who reads experts' names; everybody else who sees the case reads 专家一、专家二."""


class ExpertQuerySet(models.QuerySet["Expert"]):
    """Ways to ask for experts."""

    def visible_to(self, actor: Actor) -> ExpertQuerySet:
        """The bureau and auditors; to nobody else an expert has a name."""
        return self if actor.is_system or actor.has(*SEES_EXPERTS) else self.none()


class Expert(models.Model):
    """Somebody whom the bureau may ask; ``ended_at`` where it asks no more."""

    name = models.CharField("姓名", max_length=60)
    institution = models.CharField("单位", max_length=120)
    field = models.CharField("专业领域", max_length=120)
    made_at = models.DateTimeField("添加时间")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    ended_why = models.CharField("停用原因", max_length=200, blank=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = "专家"
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("name", "institution"), name="expert_once"),)

    def __str__(self) -> str:
        return f"{self.name}（{self.institution}）"


class PanelQuerySet(models.QuerySet["Panel"]):
    """Ways to ask for panels."""

    def visible_to(self, actor: Actor) -> PanelQuerySet:
        """Officials who see the case; a firm reads the outcome on its own page, and no panel."""
        if actor.is_system:
            return self
        return self.filter(case__in=Case.objects.visible_to(actor).order_by().values("pk")) if actor.is_official else self.none()


class Panel(models.Model):
    """The panel of a case with the score sheet as it was when the first expert was named: a later sheet is for later panels."""

    case = models.OneToOneField(Case, models.RESTRICT, related_name="panel", verbose_name="办件")
    sheet: models.JSONField[dict[str, Any]] = models.JSONField("评分表")
    formed_at = models.DateTimeField("组成时间")

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = "评审组"


class PanelMemberQuerySet(models.QuerySet["PanelMember"]):
    """Ways to ask for members of panels."""

    def visible_to(self, actor: Actor) -> PanelMemberQuerySet:
        """Who reads experts' names."""
        return self if actor.is_system or actor.has(*SEES_EXPERTS) else self.none()


class PanelMember(models.Model):
    """One expert of a panel; ``number`` is the seat under which others know the expert; ``declared`` is empty until declared."""

    panel = models.ForeignKey(Panel, models.RESTRICT, related_name="members", verbose_name="评审组")
    expert = models.ForeignKey(Expert, models.RESTRICT, related_name="seats", verbose_name="专家")
    number = models.IntegerField("序号")
    named_at = models.DateTimeField("确定时间")
    named_by = models.CharField("确定人", max_length=60)
    declared = models.CharField("回避声明", max_length=10, choices=Declaration, blank=True)
    reason = models.CharField("回避理由", max_length=300, blank=True)
    declared_at = models.DateTimeField("声明时间", null=True, blank=True)

    objects = PanelMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "评审专家"
        ordering = ("panel", "number")
        constraints = (
            models.UniqueConstraint(fields=("panel", "expert"), name="expert_once_on_panel"),
            models.UniqueConstraint(fields=("panel", "number"), name="seat_once_on_panel"),
            models.CheckConstraint(condition=~Q(declared=Declaration.CONFLICT) | ~Q(reason=""), name="conflict_has_reason"),
        )


class ExpertScoreQuerySet(models.QuerySet["ExpertScore"]):
    """Ways to ask for scores."""

    def visible_to(self, actor: Actor) -> ExpertScoreQuerySet:
        """Who reads experts' names."""
        return self if actor.is_system or actor.has(*SEES_EXPERTS) else self.none()

    def standing(self) -> ExpertScoreQuerySet:
        """Scores that were not voided and are of the version in review."""
        return self.filter(voided_at=None, submission__number=models.F("member__panel__case__submission"))


class ExpertScore(models.Model):
    """One expert's points on one version of a case, in the order of the panel's sheet, with the signed paper; never changed, only voided."""

    member = models.ForeignKey(PanelMember, models.RESTRICT, related_name="scores", verbose_name="评审专家")
    submission = models.ForeignKey(Submission, models.RESTRICT, related_name="+", verbose_name="提交件")
    points: models.JSONField[list[int]] = models.JSONField("各项得分")
    total = models.IntegerField("总分")
    file = models.ForeignKey(StoredFile, models.RESTRICT, related_name="+", verbose_name="评分表扫描件")
    given_at = models.DateTimeField("登记时间")
    given_by = models.CharField("登记人", max_length=60)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_by = models.CharField("作废人", max_length=60, blank=True)
    void_reason = models.CharField("作废理由", max_length=300, blank=True)

    objects = ExpertScoreQuerySet.as_manager()

    class Meta:
        verbose_name = "专家评分"
        ordering = ("member", "pk")
        constraints = (
            models.UniqueConstraint(fields=("member", "submission"), condition=Q(voided_at=None), name="one_standing_score_per_version"),
            models.CheckConstraint(condition=Q(total__gte=0), name="score_not_below_zero"),
        )
