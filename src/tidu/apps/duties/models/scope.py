"""Who sees what after payment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import FIRM_ROLES, FIRM_SIGNERS, Role
from tidu.apps.fulfilment.models import Case

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


ALL = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR)


def _cases_of_firm(actor: Actor) -> Any:
    """Cases that a person of a firm may see: an agent's are those it was given."""
    return Case.objects.visible_to(actor).filter(enterprise__in=actor.firms).order_by().values("pk")


class InternalQuerySet(models.QuerySet[Any]):
    """Rows of firms that only officials see."""

    def visible_to(self, actor: Actor) -> Self:
        """The bureau, leaders and auditors see all, a subdistrict its firms'; firms none."""
        if actor.has(*ALL):
            return self
        seen = Q(pk__in=())
        for path in actor.paths(Role.SUBDISTRICT_CLERK):
            seen |= Q(enterprise__subdistrict__path__startswith=path)
        return self.filter(seen)


class DeclaredQuerySet(models.QuerySet[Any]):
    """Rows that firms write themselves."""

    def visible_to(self, actor: Actor) -> Self:
        """The bureau, leaders and auditors see all, a subdistrict its firms', a firm its own, an agent none."""
        if actor.has(*ALL):
            return self
        seen = Q(pk__in=())
        for path in actor.paths(Role.SUBDISTRICT_CLERK):
            seen |= Q(enterprise__subdistrict__path__startswith=path)
        if actor.roles & FIRM_SIGNERS:
            seen |= Q(enterprise__in=actor.firms_as(*FIRM_SIGNERS))
        return self.filter(seen)


class CheckQuerySet(models.QuerySet[Any]):
    """Checks of obligations."""

    def visible_to(self, actor: Actor) -> Self:
        """The bureau, leaders and auditors see all; a unit what it was asked; a subdistrict also its firms'; a firm the
        samplings it was drawn for, an agent those of its cases."""
        if actor.has(*ALL):
            return self
        seen = Q(pk__in=())
        for path in actor.paths(Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK):
            seen |= Q(unit__path__startswith=path)
        for path in actor.paths(Role.SUBDISTRICT_CLERK):
            seen |= Q(obligation__case__enterprise__subdistrict__path__startswith=path)
        if actor.roles & FIRM_ROLES:
            seen |= Q(obligation__case__in=_cases_of_firm(actor), campaign__kind="sample")
        return self.filter(seen)


class CampaignQuerySet(models.QuerySet[Any]):
    """Campaigns; how many checks of one a person sees is another question."""

    def visible_to(self, actor: Actor) -> Self:
        """Officials who take part in checks see that there is one; firms see only their own checks."""
        return self if actor.has(*ALL, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK) else self.none()


class ProceedingQuerySet(models.QuerySet[Any]):
    """Proceedings of recoveries."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see the recovery's firm: the bureau, leaders, auditors, the firm's subdistrict, the firm."""
        if actor.has(*ALL):
            return self
        seen = Q(pk__in=())
        for path in actor.paths(Role.SUBDISTRICT_CLERK):
            seen |= Q(recovery__case__enterprise__subdistrict__path__startswith=path)
        if actor.roles & FIRM_ROLES:
            seen |= Q(recovery__case__in=_cases_of_firm(actor))
        return self.filter(seen)
