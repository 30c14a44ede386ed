"""Pages that are one list, or one form, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.kernel.errors import Problems, TiduError
from tidu.look.fields import SELECT, Choice, Field
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import MOST_ROWS, exported


@dataclass(frozen=True)
class Act:
    """A way on from a page; ``why`` says why it is closed, where it is."""

    href: str
    text: str
    why: str = ""


@dataclass(frozen=True)
class ListPage:
    """A list: its title, a line below, columns, filters, ways on."""

    title: str
    columns: Sequence[Column]
    line: str = ""
    filters: Sequence[Field] = ()
    acts: Sequence[Act] = ()
    crumbs: Sequence[Act] = ()
    empty: str = "没有符合条件的内容。"
    exports: bool = True
    note: str = ""


def answer_list(request: HttpRequest, actor: Actor, listed: Any, page: ListPage) -> HttpResponse:
    """The page of a list, or its export as Excel: exactly the rows that the filters leave, noted in the audit."""
    if page.exports and request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = list(listed[:MOST_ROWS])
        chosen = {one.name: one.value for one in page.filters if one.value}
        record_export(actor=actor, at=at, what=page.title, filters=chosen, rows=len(rows))
        return exported(rows, page.columns, title=page.title, who=actor.name, at=at)
    listing = page_of(listed, page.columns, request.GET.dict(), label=page.title, empty=page.empty)
    return render(request, "office/list.html", {"page": page, "listing": listing, "filtered": any(one.value for one in page.filters)})


@dataclass(frozen=True)
class FormPage:
    """A form: its title, fields, the word on its button; ``notes`` are read before it."""

    title: str
    fields: Sequence[Field]
    submit: str
    line: str = ""
    crumbs: Sequence[Act] = ()
    notes: Sequence[str] = ()
    danger: bool = False
    hidden: Mapping[str, str] = field(default_factory=dict)
    preview: str = ""


def answer_form(request: HttpRequest, page: FormPage, problems: Sequence[Mapping[str, str]] = (), **more: Any) -> HttpResponse:
    """The page of a form; with problems it is answered as a bad request, and what was entered stays."""
    context = {"page": page, "problems": list(problems), "shown": "", **more}
    return render(request, "office/form.html", context, status=400 if problems else 200)


def attempt(act: Callable[[], Any]) -> tuple[Any, list[dict[str, str]]]:
    """The result of an act, or what is wrong with what was entered; a missing right is no matter of entering."""
    try:
        return act(), []
    except NotAllowed:
        raise
    except TiduError as error:
        listed = error.problems if isinstance(error, Problems) else [error]
        return None, [{"text": one.message, "href": ""} for one in listed]


def text_of(request: HttpRequest, name: str, most: int = 400) -> str:
    """One entered text, trimmed and bounded."""
    return request.POST.get(name, "").strip()[:most]


def chosen(request: HttpRequest, name: str, label: str, choices: Iterable[tuple[str, str]]) -> Field:
    """A filter that is chosen from a list; what is not in the list chooses nothing."""
    listed = [Choice(value, text) for value, text in choices]
    given = request.GET.get(name, "")
    return Field(name, label, SELECT, values=(given if any(one.value == given for one in listed) else "",), choices=listed, blank="全部")


def typed(request: HttpRequest, name: str, label: str, kind: str = "text") -> Field:
    """A filter that is typed."""
    return Field(name, label, kind, values=(request.GET.get(name, "").strip()[:60],))


def way(name: str, text: str, *args: Any) -> Act:
    """A way to a named address."""
    return Act(reverse(name, args=args), text)
