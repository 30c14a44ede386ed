"""Forms of the pools: what may be done now with one firm, and doing it for one firm or many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.accounts.models import User
from tidu.apps.cultivation.domain.membership import TRANSITIONS, Act, Transition, act_on_many, guides_for, may
from tidu.apps.cultivation.domain.nightly import ASKERS, ask_for_computation
from tidu.apps.cultivation.domain.rulebook import pool_of
from tidu.apps.cultivation.queries.pools import FirmPool
from tidu.apps.enterprises.models import Enterprise
from tidu.kernel.errors import TiduError
from tidu.sites.office.cultivation_lists import HANDLERS, ticked

LONGEST_REASON = 300


@dataclass(frozen=True)
class Choice:
    """One act on one firm, with the decision that enables or disables its button."""

    transition: Transition
    decision: Decision


def pool_acts(actor: Actor, one: FirmPool) -> list[Choice]:
    """The acts that fit the state of a firm in a pool; those that fit but are refused come with the reason."""
    fitting = [act for act in TRANSITIONS.values() if one.state in act.sources]
    return [Choice(act, may(actor, act.key, one.state, one.finding)) for act in fitting]


@page_for(*HANDLERS)
@require_POST
def act(request: HttpRequest, actor: Actor, pool: str) -> HttpResponse:
    """Do one act for the firms ticked; the answer says of each row what came of it."""
    known = pool_of(pool)
    rows = ticked(request)
    key = request.POST.get("act", "")
    if key not in TRANSITIONS:
        raise TiduError("no-such-act", "请选择要办理的事项。")
    wanted = Act(
        key, reason=request.POST.get("reason", "")[:LONGEST_REASON], stage=request.POST.get("stage", ""), guide=_guide(request, actor)
    )
    found = {firm.code: firm for firm in Enterprise.objects.visible_to(actor).filter(code__in=[code for code, _ in rows])}
    strangers = [code for code, _ in rows if code not in found]
    listed = [(found[code], version) for code, version in rows if code in found]
    results = act_on_many(actor=actor, at=timezone.now(), pool=pool, rows=listed, act=wanted)
    context = {
        "pool": known, "name": TRANSITIONS[key].name, "results": results, "strangers": strangers,
        "done": sum(one.done for one in results), "failed": sum(not one.done for one in results) + len(strangers),
        "back": _back(request, pool),
    }  # fmt: skip
    return render(request, "office/pool_result.html", context)


def _guide(request: HttpRequest, actor: Actor) -> User | None:
    number = request.POST.get("guide", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    found: Any = guides_for(actor).filter(pk=int(number)).first()
    return found if isinstance(found, User) else None


def _back(request: HttpRequest, pool: str) -> str:
    """The list one came from, named in the form; only lists of the pool."""
    page = request.POST.get("back", "")
    if page.startswith("firm:"):
        return reverse("firm-ladder", args=[page.removeprefix("firm:")[:18] or "-"])
    return reverse(page if page in {"pool", "pool-candidates", "pool-exits", "pool-unknown"} else "pool", args=[pool])


@page_for(*ASKERS)
@require_POST
def compute_now(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - every view is given the request
    """Ask for the computation as of today."""
    job = ask_for_computation(actor=actor, at=timezone.now())
    return HttpResponseRedirect(reverse("job", args=[job.pk]))
