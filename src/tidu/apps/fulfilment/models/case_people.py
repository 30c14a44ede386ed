"""Who of a firm works on one of its cases."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.fulfilment.models.cases import Case


class CasePerson(models.Model):
    """A member or agent of the firm on one case; one of them is in charge. An agent sees no case without such a row."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="people", verbose_name="办件")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="cases_worked_on", verbose_name="经办人")
    in_charge = models.BooleanField("负责")
    given_by = models.CharField("安排人", max_length=60)
    given_at = models.DateTimeField("安排时间")

    class Meta:
        verbose_name = "企业经办人"
        ordering = ("-in_charge", "pk")
        constraints = (
            models.UniqueConstraint(fields=("case", "user"), name="person_once_on_case"),
            models.UniqueConstraint(fields=("case",), condition=Q(in_charge=True), name="one_in_charge_of_case"),
        )

    def __str__(self) -> str:
        return f"{self.user.name}（{'负责' if self.in_charge else '参与'}）"
