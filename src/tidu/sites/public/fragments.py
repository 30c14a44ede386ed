"""Pages about packs are drawn once: packs do not change within a process, so the main part of a page is kept.

Only the main part: the head differs with 关怀版 and the navigation. What a visitor searched for is never kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

SHELL = "public/policies/shell.html"
MOST_MAINS = 192
"""More than the pages of a district without its odd filters; a main part takes at most some hundred thousand characters."""
MOST_DOCUMENTS = 64

Context = Mapping[str, Any]
Build = Callable[..., Context]
Document = Callable[..., Mapping[str, Any]]


@lru_cache(maxsize=MOST_MAINS)
def main_of(template: str, build: Build, *args: Hashable) -> str:
    """The main part of a page; ``build`` makes its context from ``args`` and from the packs alone."""
    return render_to_string(template, dict(build(*args)))


@lru_cache(maxsize=MOST_DOCUMENTS)
def text_of(document: Document, *args: Hashable) -> bytes:
    """A document as JSON."""
    return json.dumps(document(*args), ensure_ascii=False).encode()


def wants_json(request: HttpRequest) -> bool:
    """Whether the address asks for the document behind the page."""
    return request.GET.get("format") == "json"


def page(request: HttpRequest, title: str, template: str, build: Build, *args: Hashable, keep: bool = True) -> HttpResponse:
    """A page whose main part ``build`` fills; ``keep`` is false where ``args`` hold words of the visitor."""
    draw = main_of if keep else main_of.__wrapped__
    return render(request, SHELL, {"title": title, "main": draw(template, build, *args)})


def json_page(document: Document, *args: Hashable, keep: bool = True) -> HttpResponse:
    """The document behind a page."""
    write = text_of if keep else text_of.__wrapped__
    return HttpResponse(write(document, *args), content_type="application/json; charset=utf-8")
