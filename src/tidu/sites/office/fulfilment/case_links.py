"""Where a case leads: one place for all lists."""

from __future__ import annotations

from django.urls import reverse

from tidu.apps.fulfilment.models import Case


def case_href(case: Case) -> str:
    """The page of a case."""
    return reverse("case", args=[case.pk])
