"""Where a case leads: one place for all lists."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from tidu.apps.accounts.actors import Actor
from tidu.apps.fulfilment.models import Case
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY


def case_href(case: Case) -> str:
    """The page of a case."""
    return reverse("case", args=[case.pk])


def opener(actor: Actor) -> Callable[[int], str]:
    """The address of a paid case by its number; nothing where the person may not open it.

    The finance department sees every payment handed to it, but of the cases only those it was asked about.
    """
    if actor.has(*SEES_ALL_MONEY):
        return lambda number: reverse("case", args=[number])
    own = set(Case.objects.visible_to(actor).filter(payments__isnull=False).values_list("pk", flat=True))
    return lambda number: reverse("case", args=[number]) if number in own else ""
