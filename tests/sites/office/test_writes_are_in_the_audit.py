"""Whatever a form changes, the chain of the audit grows with it: every address that takes a form, with a valid form."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import URLPattern, reverse

from tests.apps.people import small_district
from tests.sites.office.forms import all_forms
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.audit.models import AuditEvent
from tidu.sites.office.service_pages import opened_pages
from tidu.sites.office.urls import urlpatterns as office
from tidu.sites.portal.urls import urlpatterns as portal

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
FORMS = all_forms()
NOT_COMPARED = {
    "sessions.session": "the browser's own state, renewed by every request",
    "axes.accessattempt": "counts of wrong passwords, forgotten after a success",
    "axes.accesslog": "of the same app, not shown",
    "axes.accessfailurelog": "of the same app, switched off",
    "axes.accessattemptexpiration": "of the same app",
    "audit.auditevent": "the chain itself",
    "audit.chainhead": "the chain itself",
    "accounts.sessionrecord": "notes when a session was last seen; its begin and end are events of their own",
}


PATTERNS = [*office, *portal]


def methods_of(view: Callable[..., Any] | None) -> frozenset[str]:
    """The methods a view answers to, as its decorator says."""
    while view is not None:
        known = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if known is not None:
            return frozenset(known)
        view = getattr(view, "__wrapped__", None)
    return frozenset()


def takes_forms(pattern: URLPattern) -> bool:
    return "POST" in methods_of(pattern.callback)


WITH_FORM = sorted(str(pattern.name) for pattern in PATTERNS if takes_forms(pattern))


def rows_of(model: type[models.Model]) -> str:
    """One digest of all rows of a table."""
    listed = model._default_manager.order_by("pk").values_list()
    return sm3("\n".join(map(repr, listed)).encode())


def tables() -> dict[str, str]:
    return {model._meta.label_lower: rows_of(model) for model in apps.get_models() if model._meta.label_lower not in NOT_COMPARED}


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: str(pattern.name))
def test_every_address_says_which_methods_it_answers_to(pattern: URLPattern) -> None:
    assert methods_of(pattern.callback)


def test_every_address_behind_the_gate_is_of_these_sites() -> None:
    gated = {page.name for page in opened_pages()}
    assert gated <= {str(pattern.name) for pattern in PATTERNS}
    open_to_all = {str(pattern.name) for pattern in PATTERNS} - gated
    assert open_to_all == {"login", "second-step", "outside-begin", "outside-return", "logout"}


def test_every_address_that_takes_a_form_has_a_valid_form() -> None:
    assert sorted(FORMS) == WITH_FORM, "add a form: tests/sites/office/forms.py says how"


@pytest.mark.parametrize("name", sorted(set(WITH_FORM) & set(FORMS)))
def test_what_a_form_changes_is_in_the_audit(name: str) -> None:
    district = small_district()
    sent = FORMS[name](district)
    client = Client()
    if sent.role is not None:
        client.force_login(district.people[sent.role], backend=BACKEND)
    if sent.before is not None:
        sent.before(client)
    before, events = tables(), AuditEvent.objects.count()
    answer = client.post(reverse(name, args=sent.args), dict(sent.data))
    assert answer.status_code in {200, 302}, "the form is not valid: it was answered with what is wrong with it"
    after = tables()
    changed = {label for label in after if after[label] != before[label]}
    grown = AuditEvent.objects.count() - events
    assert (bool(changed) or not sent.changes, grown > 0 or not changed) == (True, True), (changed, grown)
    assert verify_chain() == (AuditEvent.objects.count(), [])
