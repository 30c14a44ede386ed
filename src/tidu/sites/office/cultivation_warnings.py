"""监测预警: the list, one warning with its evidence, claiming, verifying, closing out."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.cultivation.domain.handling import TRANSITIONS, Transition, claim_many, handle_warning, may
from tidu.apps.cultivation.domain.rulebook import rulebook
from tidu.apps.cultivation.enums import UNDONE, WarningState
from tidu.apps.cultivation.models import FirmWarning
from tidu.apps.cultivation.queries import latest_computation
from tidu.apps.cultivation.queries.warnings import WarningFilter, warning_counts
from tidu.apps.cultivation.queries.warnings import warnings as warnings_of
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.kernel.errors import TiduError
from tidu.look.figures import days_left
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import HANDLERS, READERS, STREET, Sheet, answer_list, firm_column, ticked, told

STATES = {
    WarningState.OPEN: "todo", WarningState.CLAIMED: "checking", WarningState.CONFIRMED: "unmet", WarningState.UNFOUNDED: "met",
    WarningState.CLOSING: "near", WarningState.CLOSED: "done",
}  # fmt: skip
LONGEST_WORDS = 400


def rule_name(key: str) -> str:
    """The name of a rule; a rule that was dropped keeps its key."""
    return next((rule.name for rule in rulebook().warnings if rule.key == key), key)


def _due_text(row: FirmWarning) -> str:
    if row.due_on is None:
        return "工作日历未公布"
    if row.state == WarningState.CLOSED:
        return row.due_on.isoformat()
    today = timezone.localdate()
    return f"{row.due_on.isoformat()}（{'已超期' if row.due_on < today else days_left(row.due_on, today)}）"


COLUMNS = (
    Column("预警", lambda row: rule_name(row.rule), lambda row: reverse("warning", args=[row.pk])),
    firm_column(),
    STREET,
    Column("期间", lambda row: row.period),
    Column("状态", lambda row: row.get_state_display(), state=lambda row: STATES[WarningState(row.state)]),
    Column("依据", lambda row: "已消失" if row.vanished_on else "仍在", state=lambda row: "done" if row.vanished_on else "near"),
    Column("认领人", lambda row: row.owner_name or "—"),
    Column("发出", lambda row: row.raised_on.isoformat(), whole=True),
    Column("办结期限", _due_text),
)
TICK = Column("选择", lambda row: f"{row.pk}:{row.version}")


@page_for(*READERS)
@require_safe
def warning_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """预警清单."""
    day = timezone.localdate()
    wanted = WarningFilter(
        state=told(request, "state"), rule=told(request, "rule"), street=told(request, "street"), whose=told(request, "whose"),
        late=told(request, "late") == "yes", vanished=told(request, "vanished") == "yes", words=told(request, "q"),
    )  # fmt: skip
    counts = warning_counts(actor, day)
    context = {
        "wanted": wanted, "counts": counts, "streets": subdistricts_of(actor), "computed": latest_computation(),
        "states": [(value, label, counts.states[value]) for value, label in WarningState.choices],
        "rules": [(rule.key, rule.name, counts.rules[rule.key]) for rule in rulebook().warnings],
        "claim": actor.may_write(*HANDLERS),
    }  # fmt: skip
    sheet = Sheet(warnings_of(actor, day, wanted), COLUMNS, "预警清单", "没有符合条件的预警。", TICK)
    return answer_list(request, actor, sheet, "office/warnings.html", context)


@dataclass(frozen=True)
class Choice:
    """One act on a warning, with the decision that enables or disables its button."""

    transition: Transition
    decision: Decision


def _found(actor: Actor, number: int) -> FirmWarning:
    found = FirmWarning.objects.visible_to(actor).select_related("enterprise__subdistrict").filter(pk=number).first()
    if found is None:
        raise Http404("没有这条预警，或者这家企业不在您的管辖范围内。")
    return found  # type: ignore[no-any-return]


@page_for(*READERS)
@require_safe
def warning(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One warning: evidence, steps, and what may be done now."""
    found = _found(actor, number)
    rule = next((one for one in rulebook().warnings if one.key == found.rule), None)
    acts = [Choice(one, may(actor, one.key, found)) for one in TRANSITIONS.values() if found.state in one.sources]
    context = {
        "warning": found, "rule": rule, "name": rule_name(found.rule), "acts": acts, "steps": list(found.steps.all()),
        "state": STATES[WarningState(found.state)], "due": _due_text(found), "undone": found.state in UNDONE,
    }  # fmt: skip
    return render(request, "office/warning.html", context)


@page_for(*HANDLERS)
@require_POST
def act(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Do one act on one warning."""
    found = _found(actor, number)
    key, version = request.POST.get("act", ""), request.POST.get("version", "")
    if key not in TRANSITIONS or not (version.isascii() and version.isdigit() and len(version) < 9):
        raise TiduError("no-such-act", "请从预警的页面上点按钮办理。")
    words = request.POST.get("words", "")[:LONGEST_WORDS]
    handle_warning(actor=actor, at=timezone.now(), warning=found, key=key, version=int(version), words=words)
    return HttpResponseRedirect(reverse("warning", args=[found.pk]))


@page_for(*HANDLERS)
@require_POST
def claim(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Claim the warnings ticked; the answer says of each row what came of it."""
    rows = [(int(key), version) for key, version in ticked(request) if key.isascii() and key.isdigit() and len(key) < 10]
    found = {
        one.pk: one for one in FirmWarning.objects.visible_to(actor).select_related("enterprise").filter(pk__in=[key for key, _ in rows])
    }
    strangers = [str(key) for key, _ in rows if key not in found]
    results = claim_many(actor=actor, at=timezone.now(), rows=[(found[key], version) for key, version in rows if key in found])
    context = {
        "name": "认领预警", "results": results, "strangers": strangers, "done": sum(one.done for one in results),
        "failed": sum(not one.done for one in results) + len(strangers), "back": f"{reverse('warnings')}?whose=me",
    }  # fmt: skip
    return render(request, "office/pool_result.html", context)
