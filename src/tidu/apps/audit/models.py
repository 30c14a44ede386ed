"""The chain of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from tidu.apps.accounts.enums import Role

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Ways to ask for events."""

    def visible_to(self, actor: Actor) -> AuditEventQuerySet:
        """Auditors and the audit administrator see all, the security administrator logins and grants, others their own."""
        if actor.has(Role.AUDIT_ADMIN, Role.AUDITOR):
            return self
        if actor.has(Role.SECURITY_ADMIN):
            return self.filter(models.Q(action__startswith="account.") | models.Q(actor=actor.user))
        return self.filter(actor=actor.user)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: an event is for good."""
        raise TypeError("audit events are not deleted")


class AuditEvent(models.Model):
    """One act: who, when, what, on what, with what change; ``digest`` covers all of it and the event before."""

    number = models.BigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="操作人")
    actor_name = models.CharField("姓名", max_length=60)
    action = models.CharField("动作", max_length=60)
    subject_type = models.CharField("对象类别", max_length=40)
    subject_id = models.CharField("对象", max_length=60)
    subject_name = models.CharField("对象名称", max_length=200)
    detail: models.JSONField[dict[str, Any]] = models.JSONField("内容", default=dict)
    before = models.CharField("前一条摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64, unique=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "审计记录"
        ordering = ("number",)
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "number"), name="audit_subject"),
            models.Index(fields=("actor", "number"), name="audit_actor"),
            models.Index(fields=("action", "number"), name="audit_action"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class ChainHead(models.Model):
    """Where the chain ends; one row, locked by whoever writes."""

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "审计链尾"
