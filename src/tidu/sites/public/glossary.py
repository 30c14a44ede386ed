"""名词解释."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tidu.apps.policies.domain import Term, glossary, term_of
from tidu.sites.public.fragments import json_page, page, wants_json
from tidu.sites.public.policy_inputs import words


@dataclass(frozen=True)
class Link:
    """A term as another page or term points to it."""

    term: str
    href: str


@dataclass(frozen=True)
class Shown:
    """A term with its links; those it is related to may stand on the page or, in a search, off it."""

    term: Term
    anchor: str
    related: tuple[Link, ...]


@dataclass(frozen=True)
class Group:
    """Terms of one group."""

    name: str
    anchor: str
    terms: tuple[Shown, ...]


def term_href(name: str) -> str:
    """Where a term is explained; empty where it is not."""
    found = term_of(name)
    return f"{reverse('glossary')}#{anchor_of(found.term)}" if found else ""


def anchor_of(term: str) -> str:
    """The anchor of a term: spaces may not stand in it."""
    return f"t-{''.join(term.split())}"


def glossary_document(query: str) -> dict[str, Any]:
    """The terms as JSON."""
    return glossary(query).as_document()


def glossary_context(query: str) -> dict[str, Any]:
    """What the page shows."""
    found = glossary(query)
    groups = tuple(
        Group(name, f"g-{place}", tuple(_shown(term, query, found.terms) for term in found.terms if term.group == name))
        for place, name in enumerate(found.groups, 1)
    )
    return {"query": query, "groups": groups, "count": len(found.terms), "total": found.total, "document": _document(query)}


def _document(query: str) -> str:
    return f"?{urlencode({'q': query, 'format': 'json'} if query else {'format': 'json'})}"


def _shown(term: Term, query: str, terms: tuple[Term, ...]) -> Shown:
    on_page = {one.term for one in terms} if query else None
    related = tuple(
        Link(name, f"#{anchor_of(name)}" if on_page is None or name in on_page else f"{reverse('glossary')}#{anchor_of(name)}")
        for name in term.related
    )
    return Shown(term, anchor_of(term.term), related)


@require_safe
def glossary_page(request: HttpRequest) -> HttpResponse:
    """名词解释, all or those that hold what is searched for."""
    query = words(request, "q", "文字")
    if wants_json(request):
        return json_page(glossary_document, query, keep=not query)
    return page(request, "名词解释", "public/glossary.html", glossary_context, query, keep=not query)
