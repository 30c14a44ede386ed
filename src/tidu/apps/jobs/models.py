"""Long work: what was asked, who does it now, how far it is, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import Role
from tidu.apps.jobs.enums import OPEN, JobState

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class JobQuerySet(models.QuerySet["Job"]):
    """Ways to ask for jobs."""

    def visible_to(self, actor: Actor) -> JobQuerySet:
        """The system administrator, the bureau's head and auditors see all, everybody else what they asked for."""
        if actor.has(Role.SYSTEM_ADMIN, Role.BUREAU_HEAD, Role.AUDITOR, Role.AUDIT_ADMIN):
            return self
        return self.filter(created_by=actor.user)


class Job(models.Model):
    """One piece of long work.

    ``key`` names work that must not be queued twice while it is open (``assess:2026-11-23``). ``worker`` and
    ``lease_until`` say who does it and until when that holds; ``attempt`` counts how often it was begun.
    """

    kind = models.CharField("类别", max_length=40)
    title = models.CharField("事由", max_length=200)
    key = models.CharField("唯一标识", max_length=120)
    parameters: models.JSONField[dict[str, Any]] = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.QUEUED)
    stage = models.CharField("进行到", max_length=80, blank=True)
    done = models.IntegerField("已处理", default=0)
    total = models.IntegerField("共", default=0)
    result: models.JSONField[dict[str, Any]] = models.JSONField("结果", default=dict)
    href = models.CharField("结果页面", max_length=200, blank=True)
    error_code = models.CharField("错误代码", max_length=60, blank=True)
    error = models.TextField("错误", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="提出人")
    actor_name = models.CharField("姓名", max_length=60)
    created_at = models.DateTimeField("提出时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    worker = models.CharField("执行者", max_length=120, blank=True)
    lease_until = models.DateTimeField("占用至", null=True, blank=True)
    attempt = models.IntegerField("次数", default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=Q(state__in=OPEN), name="job_open_once", violation_error_message="同样的任务正在进行。"
            ),
        )
        indexes = (models.Index(fields=("state", "created_at"), name="job_state"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in OPEN

    @property
    def share(self) -> int:
        """Per cent done of the present stage."""
        return 100 * self.done // self.total if self.total else 0
