"""A character that a database refuses is told to the person, not to the log."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.apps.people import small_district
from tidu.apps.accounts.enums import Role

pytestmark = pytest.mark.django_db


def test_a_nul_in_a_filter_is_no_failure_of_the_site() -> None:
    client = Client()
    client.force_login(small_district().people[Role.AUDITOR], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("firms"), {"street": "\x00"})
    assert answer.status_code == (400 if connection.vendor == "postgresql" else 200)
