"""A template that names what a page does not give fails in the tests."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
from django_cotton.utils import render_component

from tidu.config.settings import base
from tidu.config.unknown_variables import UnknownVariable


def rendered(source: str, **context: object) -> str:
    """A template of the site's engine."""
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    "source",
    [
        "{{ nothing }}",
        "{{ one.nothing }}",
        "{{ nothing|default:'x' }}",
        "{% with a=nothing %}{% endwith %}",
        "{{ one.nothing.more|thousands }}",
    ],
)
def test_an_unknown_variable_fails_and_is_named(source: str) -> None:
    with pytest.raises(UnknownVariable, match="nothing"):
        rendered(source, one={"some": 1})


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("{% if nothing %}a{% else %}b{% endif %}", "b"),
        ("{% for x in nothing %}a{% empty %}b{% endfor %}", "b"),
        ("{{ none }}|{{ empty }}|{{ nought }}", "None||0"),
    ],
)
def test_what_may_be_absent_is_asked_with_if(source: str, result: str) -> None:
    assert rendered(source, none=None, empty="", nought=0) == result


@pytest.mark.parametrize(
    "name",
    [
        "icon",
        "state",
        "notice",
        "amount",
        "how",
        "page-head",
        "crumbs",
        "button",
        "steps",
        "upload",
        "loading",
        "problems",
        "table",
        "chart",
        "dialog",
        "score",
        "stripes",
    ],
)
def test_a_component_needs_none_of_its_attributes(rf: RequestFactory, name: str) -> None:
    assert render_component(rf.get("/"), name) != ""


def test_on_a_running_site_an_unknown_variable_shows_nothing() -> None:
    assert "string_if_invalid" not in base.TEMPLATES[0]["OPTIONS"]
    assert settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] == "unknown variable"
