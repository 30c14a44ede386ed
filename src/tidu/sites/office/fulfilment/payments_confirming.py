"""A page that sums up what an act will do before it is done: money and what cannot be taken back go through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tidu.look.fields import Field
from tidu.sites.office.plain_pages import Act


@dataclass(frozen=True)
class Confirm:
    """What is to be done: ``lines`` sum it up (name, value), ``notes`` tell consequences, ``why`` says why it may not be done."""

    title: str
    submit: str
    lines: Sequence[tuple[str, str]]
    crumbs: Sequence[Act] = ()
    notes: Sequence[str] = ()
    fields: Sequence[Field] = ()
    hidden: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    why: str = ""
    danger: bool = False
    back: str = ""
    table: Sequence[Sequence[str]] = ()
    """Rows of a small table of sums; the first holds its titles."""

    @property
    def hidden_pairs(self) -> list[tuple[str, str]]:
        """What the form carries along."""
        return [(name, one) for name, value in self.hidden.items() for one in ([value] if isinstance(value, str) else value)]


def ask_first(request: HttpRequest, page: Confirm, problems: Sequence[Mapping[str, str]] = (), **more: Any) -> HttpResponse:
    """The page; with problems it is answered as a bad request, and what was typed stays."""
    context = {"page": page, "problems": list(problems), **more}
    return render(request, "office/fulfilment/confirm.html", context, status=400 if problems else 200)


def case_href(number: int) -> str:
    """Where a case stands."""
    return reverse("case", args=[number])


def typed_version(request: HttpRequest) -> int:
    """The version that the person saw; 0 where the form does not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
