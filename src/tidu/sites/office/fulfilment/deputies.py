"""我的AB角: who takes over my cases while I am away, and whose I take over."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.deputies import LONGEST, candidates, end_deputy, may_end, name_deputy
from tidu.apps.accounts.enums import HANDLING
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.accounts.models import Deputy
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.look.fields import DATE, SELECT, Choice, Field
from tidu.sites.office.plain_pages import attempt, text_of


@page_for(*HANDLING)
@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The actor's deputies, past and to come, and the form for another one."""
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        made, problems = attempt(lambda: _name(request, actor))
        if made is not None:
            return HttpResponseRedirect(f"{reverse('deputies')}?done=1")
    day = legal_day(timezone.now())
    rows = Deputy.objects.visible_to(actor).select_related("absent", "deputy")[:100]
    able = candidates(actor, day)
    context = {
        "rows": [(one, _state(one, day), may_end(actor, one, day)) for one in rows], "able": able, "problems": problems,
        "fields": _fields(request, able), "longest": LONGEST,
    }  # fmt: skip
    return render(request, "office/fulfilment/deputies.html", context, status=400 if problems else 200)


def _fields(request: HttpRequest, able: list[object]) -> list[Field]:
    def given(name: str) -> tuple[str, ...]:
        return (text_of(request, name),)

    return [
        Field("deputy", "B角", SELECT, values=given("deputy"), choices=[Choice(str(one.pk), one.name) for one in able]),  # type: ignore[attr-defined]
        Field("since", "起", DATE, values=given("since"), short=True),
        Field("last", "止（含这一天）", DATE, values=given("last"), short=True),
        Field("reason", "事由", values=given("reason"), hint="例如出差、休假、培训。"),
    ]


def _name(request: HttpRequest, actor: Actor) -> Deputy:
    chosen = text_of(request, "deputy")
    since, last = _day(request, "since", "起"), _day(request, "last", "止")
    found = next((one for one in candidates(actor, since) if str(one.pk) == chosen), None)
    if found is None:
        raise TiduError("deputy-missing", "请选择B角。只能选同一单位、岗位与您相同或更高的同事。")
    return name_deputy(actor=actor, at=timezone.now(), deputy=found, since=since, last=last, reason=text_of(request, "reason", 200))


def _day(request: HttpRequest, name: str, label: str) -> date:
    try:
        return date.fromisoformat(text_of(request, name))
    except ValueError:
        raise TiduError("bad-days", f"请填写“{label}”的日期，例如 2026-11-23。") from None


def _state(one: Deputy, day: date) -> tuple[str, str]:
    if one.ended_at is not None:
        return "out", "已提前结束"
    if one.last < day:
        return "out", "已结束"
    return ("met", "正在代办") if one.since <= day else ("todo", "还没开始")


@page_for(*HANDLING)
@require_POST
def end(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """End a deputy early."""
    found = Deputy.objects.visible_to(actor).select_related("absent", "deputy").filter(pk=number).first()
    if found is None:
        raise Http404("没有这条AB角设定，或者与您无关。")
    end_deputy(actor=actor, at=timezone.now(), deputy=found)
    return HttpResponseRedirect(reverse("deputies"))
