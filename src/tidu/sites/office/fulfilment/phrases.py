"""常用语: the library of phrases, personal and shared."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import HANDLING
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.phrases import ACTS, LONGEST, drop_phrase, keep_phrase, may_drop, may_keep
from tidu.apps.fulfilment.models import Phrase
from tidu.look.fields import LONG, RADIO, SELECT, Choice, Field
from tidu.sites.office.plain_pages import attempt, text_of


@page_for(*HANDLING)
@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The phrases one can pick, and the form for another one."""
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        made, problems = attempt(lambda: _keep(request, actor))
        if made is not None:
            return HttpResponseRedirect(f"{reverse('phrases')}?done=1")
    rows = Phrase.objects.visible_to(actor)
    listed = [(label, [(one, may_drop(actor, one)) for one in rows if one.act == act]) for act, label in ACTS.items()]
    context = {"listed": [(label, found) for label, found in listed if found], "fields": _fields(request, actor), "problems": problems}
    return render(request, "office/fulfilment/phrases.html", context, status=400 if problems else 200)


def _fields(request: HttpRequest, actor: Actor) -> list[Field]:
    fields = [
        Field("act", "用在哪一步", SELECT, values=(text_of(request, "act"),), choices=[Choice(act, label) for act, label in ACTS.items()]),
        Field("text", "内容", LONG, values=(text_of(request, "text", LONGEST + 1),), hint=f"最多 {LONGEST} 字。"),
    ]
    if may_keep(actor, shared=True):
        choices = [Choice("own", "只给自己用"), Choice("shared", "大家共用")]
        fields.append(Field("whose", "给谁用", RADIO, values=(text_of(request, "whose") or "own",), choices=choices, short=True))
    return fields


def _keep(request: HttpRequest, actor: Actor) -> Phrase:
    return keep_phrase(
        actor=actor, at=timezone.now(), act=text_of(request, "act"), text=text_of(request, "text", LONGEST + 1),
        shared=text_of(request, "whose") == "shared",
    )  # fmt: skip


@page_for(*HANDLING)
@require_POST
def drop(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """Remove a phrase."""
    found = Phrase.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这条常用语，或者是别人的。")
    drop_phrase(actor=actor, at=timezone.now(), phrase=found)
    return HttpResponseRedirect(reverse("phrases"))
