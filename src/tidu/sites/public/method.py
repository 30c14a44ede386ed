"""测算口径: how results are computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tidu.apps.policies.domain import KINDS, award_page, method
from tidu.apps.policies.domain.method import Link as Target
from tidu.apps.policies.loaded import packs
from tidu.sites.public.fragments import json_page, page, wants_json
from tidu.sites.public.glossary import term_href
from tidu.sites.public.policy_links import standard_href


@dataclass(frozen=True)
class Link:
    """Where to read on."""

    text: str
    href: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its links."""

    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Section:
    """A section of the text."""

    key: str
    title: str
    paragraphs: tuple[Paragraph, ...]


def method_document() -> dict[str, Any]:
    """The text as JSON."""
    return method().as_document()


def method_context() -> dict[str, Any]:
    """What the page shows."""
    sections = tuple(
        Section(one.key, one.title, tuple(Paragraph(part.text, tuple(map(_link, part.links))) for part in one.paragraphs))
        for one in method().sections
    )
    return {"sections": sections}


def _link(target: Target) -> Link:
    match target.kind:
        case "term":
            return Link(target.key, term_href(target.key))
        case "ruling":
            return Link(f"口径 {target.key}", f"{reverse('rulings')}#{target.key}")
        case "standard":
            return Link(target.key, standard_href(target.key))
        case "award":
            return Link(award_page(packs(), target.key).title, reverse("award", args=[target.key]))
        case _:
            return Link(f"全部{KINDS[target.key]}", f"{reverse('policies')}?{urlencode({'kind': target.key})}")


@require_safe
def method_page(request: HttpRequest) -> HttpResponse:
    """测算口径."""
    if wants_json(request):
        return json_page(method_document)
    return page(request, "测算口径", "public/method.html", method_context)
