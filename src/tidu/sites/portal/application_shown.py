"""How a firm's cases are shown: states, the case behind an address, versions of forms."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case
from tidu.apps.fulfilment.queries.own import cases_of

STATES = {
    CaseState.DRAFT: "doing", CaseState.LISTED: "todo", CaseState.CORRECTING: "lacking", CaseState.BOUNCED: "lacking", CaseState.PAID: "granted",
    CaseState.REFUSED: "not", CaseState.WITHDRAWN: "not", CaseState.RECOVERING: "red", CaseState.RECOVERED: "not",
}  # fmt: skip
"""States of a case as states of the look; all others are being checked."""


def look_of(case: Case) -> str:
    """The look's word for the state of a case."""
    return STATES.get(CaseState(case.state), "checking")


def case_behind(actor: Actor, firm: Enterprise, number: int) -> Case:
    """The case of an address; 404 where it is not there for this person."""
    found = cases_of(actor, firm).filter(pk=number).select_related("enterprise", "notice").first()
    if found is None:
        raise Http404("没有这个办件，或者没有交给您办理。请从“我的申报”里选择。")
    return found


def from_version(case: Case, request: HttpRequest) -> Case:
    """The case as the form saw it: what was changed since is found by the version."""
    sent = request.POST.get("version", "")
    case.version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
    return case


def page_of_case(case: Case) -> str:
    """The address of a case's page."""
    return reverse("portal-case", args=[case.enterprise.code, case.pk])
