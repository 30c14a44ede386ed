"""政策与标准: the library, standards, comparisons, awards, policies and rulings."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.policies.domain import KINDS
from tidu.apps.policies.domain import schema as schema_document
from tidu.apps.policies.domain.heads import STATES
from tidu.kernel.errors import TiduError
from tidu.sites.public import policy_awards, policy_examples, policy_library, policy_standards
from tidu.sites.public.fragments import json_page, page, wants_json
from tidu.sites.public.policy_inputs import day, number, one_of, words

P = ParamSpec("P")
T = TypeVar("T")

NOT_THERE = frozenset({"unknown-standard", "unknown-award", "unknown-policy"})


def found(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function returns; a page that is not there where it knows no such name."""
    try:
        return function(*args, **kwargs)
    except TiduError as error:
        if error.code in NOT_THERE:
            raise Http404(error.code) from error
        raise


@require_safe
def library_page(request: HttpRequest) -> HttpResponse:
    """政策与标准: all there is to read."""
    today = timezone.localdate()
    on = day(request, "date", "日期", today)
    level = one_of(request, "level", "层级", policy_library.LEVEL_NAMES)
    kind = one_of(request, "kind", "类别", KINDS)
    state = one_of(request, "state", "状态", STATES)
    query = words(request, "q", "文字")
    if wants_json(request):
        return json_page(policy_library.library_document, on, level, kind, state, query, keep=not query)
    chosen = (on, today, level, kind, state, query)
    return page(request, "政策与标准", "public/policies/library.html", policy_library.library_context, *chosen, keep=not query)


@require_safe
def standard(request: HttpRequest, name: str) -> HttpResponse:
    """One dated text of a standard."""
    today = timezone.localdate()
    version = words(request, "version", "版本") or found(policy_standards.version_in_force, name, today)
    examples, place = one_of(request, "examples", "例子", ["all"]), number(request, "page", "页码")
    if wants_json(request) and examples:
        return found(json_page, policy_examples.examples_document, name, version, place)
    if wants_json(request):
        return found(json_page, policy_standards.standard_document, name, version)
    chosen = (name, version, today, examples, place if examples else 1)
    return found(page, request, f"{name} {version}", "public/policies/standard.html", policy_standards.standard_context, *chosen)


@require_safe
def comparison(request: HttpRequest, name: str) -> HttpResponse:
    """Two dated texts of a standard side by side."""
    first, second = found(policy_standards.versions_to_compare, name)
    one, other = words(request, "from", "前一版") or first, words(request, "to", "后一版") or second
    if wants_json(request):
        return json_page(policy_standards.compare_document, name, one, other)
    chosen = (name, one, other, timezone.localdate())
    return page(request, f"{name} 修订对照", "public/policies/compare.html", policy_standards.compare_context, *chosen)


@require_safe
def award(request: HttpRequest, award_id: str) -> HttpResponse:
    """One clause that pays."""
    examples, place = one_of(request, "examples", "例子", ["all"]), number(request, "page", "页码")
    title = found(policy_awards.award_title, award_id)
    if wants_json(request) and examples:
        return json_page(policy_examples.examples_document, award_id, "", place)
    if wants_json(request):
        return json_page(policy_awards.award_document, award_id)
    chosen = (award_id, timezone.localdate(), examples, place if examples else 1)
    return page(request, title, "public/policies/award.html", policy_awards.award_context, *chosen)


@require_safe
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """A policy that pays."""
    found(policy_awards.policy_known, name)
    version = one_of(request, "version", "版本", policy_awards.versions_of(name))
    if wants_json(request):
        return json_page(policy_awards.policy_document, name, version)
    return page(request, name, "public/policies/policy.html", policy_awards.policy_context, name, version, timezone.localdate())


@require_safe
def all_rulings(request: HttpRequest) -> HttpResponse:
    """政策口径: what the text leaves open, and how it is read."""
    if wants_json(request):
        return json_page(policy_awards.rulings_document)
    return page(request, "政策口径", "public/policies/rulings.html", policy_awards.rulings_context)


@require_safe
def schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The shape of all documents of these pages."""
    return json_page(schema_document)
