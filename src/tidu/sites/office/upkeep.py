"""企业登记维护: new firms, names, places, codes, merges."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import firms
from tidu.apps.registry.domain import merging, upkeep
from tidu.apps.registry.domain.tags import drop_tag, drop_view, save_view, set_tag
from tidu.apps.registry.enums import MergeState
from tidu.apps.registry.models import KEEPERS, Merge, Place
from tidu.apps.registry.models import READERS as MERGE_READERS
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError
from tidu.look.fields import CHECKBOXES, SELECT, Choice, Field
from tidu.look.listing import Column, page_of

MERGE_STATES = {MergeState.PROPOSED: "todo", MergeState.CONFIRMED: "done", MergeState.REFUSED: "not", MergeState.UNDONE: "not"}
SURE = Choice("yes", "代码已核对", "校验位不符的旧代码也合法，核对营业执照后勾选")


def _streets() -> list[Choice]:
    return [Choice(unit.code, unit.name) for unit in Unit.objects.filter(kind__in=upkeep.PLACES, active=True)]


def _street(code: str) -> Unit | None:
    return Unit.objects.filter(kind__in=upkeep.PLACES, code=code).first()


def _day(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TiduError("bad-date", f"请填写{what}，写成 2026-12-31 的样子。") from None


@page_for(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_firm(request: HttpRequest, actor: Actor) -> HttpResponse:
    """新增企业: by hand."""
    given = {name: request.POST.get(name, "") for name in ("code", "name", "street")}
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            made = upkeep.register_firm(
                actor=actor, at=timezone.now(), code=given["code"][:60], name=given["name"], subdistrict=_street(given["street"]),
                sure="yes" in request.POST.getlist("sure"),
            )  # fmt: skip
        except TiduError as error:
            problems.append({"text": error.message, "href": "#name" if error.code == "name-needed" else "#code"})
        else:
            return HttpResponseRedirect(reverse("firm", args=[made.code]))
    fields = [
        Field("code", "统一社会信用代码", hint="营业执照上的 18 位代码", values=(given["code"],)),
        Field("sure", "核对", CHECKBOXES, choices=[SURE], optional=True) if any("校验" in one["text"] for one in problems) else None,
        Field("name", "企业名称", hint="营业执照上的全称", values=(given["name"],)),
        Field("street", "所属街道", SELECT, values=(given["street"],), choices=_streets(), optional=True),
    ]
    return render(
        request, "office/firm_new.html", {"fields": [one for one in fields if one], "problems": problems}, status=400 if problems else 200
    )


def _firm(actor: Actor, code: str) -> Enterprise:
    found = firms(actor).filter(code=code).first()
    if found is None:
        raise Http404("企业库里没有这个代码，或者已经并入别的企业。")
    return found


@page_for(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def firm_upkeep(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """更名、变更街道、更正代码 of one firm."""
    found = _firm(actor, code)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            _keep(request, actor, found)
        except TiduError as error:
            problems.append({"text": error.message, "href": f"#{request.POST.get('do', '')}"})
            found.refresh_from_db()
        else:
            return HttpResponseRedirect(reverse("firm", args=[found.code]))
    context = {
        "firm": found,
        "problems": problems,
        "streets": _streets(),
        "places": list(Place.objects.filter(enterprise=found).select_related("unit")),
        "given": {name: request.POST.get(name, "") for name in ("name", "since", "street", "moved", "code", "reason", "why")},
        "unsure": any("校验" in one["text"] for one in problems),
    }
    return render(request, "office/firm_upkeep.html", context, status=400 if problems else 200)


def _keep(request: HttpRequest, actor: Actor, firm: Enterprise) -> None:
    text, at = request.POST, timezone.localtime()
    version = text.get("version", "")
    known = int(version) if version.isascii() and version.isdigit() else 0
    match text.get("do"):
        case "rename":
            since = _day(text["since"], "变更日期") if text.get("since") else None
            upkeep.rename_firm(actor=actor, at=at, firm=firm, name=text.get("name", ""), since=since, version=known)
        case "move":
            street = _street(text.get("street", ""))
            if street is None:
                raise TiduError("place-needed", "请选择街道。")
            since = _day(text.get("moved", ""), "变更日期")
            upkeep.move_firm(actor=actor, at=at, firm=firm, subdistrict=street, since=since, version=known, reason=text.get("why", ""))
        case "code":
            upkeep.correct_code(
                actor=actor, at=at, firm=firm, code=text.get("code", "")[:60], reason=text.get("reason", ""), version=known,
                sure=text.get("sure") == "yes",
            )  # fmt: skip
        case _:
            raise TiduError("no-such-act", "没有这一项。请从页面上的按钮办理。")


MERGE_COLUMNS = (
    Column("并入", lambda one: f"{one.gone.name}（{one.gone.code}）", lambda one: reverse("merge", args=[one.pk])),
    Column("保留", lambda one: f"{one.kept.name}（{one.kept.code}）"),
    Column("状态", lambda one: one.get_state_display(), state=lambda one: MERGE_STATES[MergeState(one.state)]),
    Column("提出", lambda one: f"{timezone.localtime(one.proposed_at):%Y-%m-%d}", whole=True),
    Column("最近办理", lambda one: one.changed_by_name),
)


@page_for(*MERGE_READERS)
@require_safe
def merges(request: HttpRequest, actor: Actor) -> HttpResponse:
    """企业合并: proposals and what was merged."""
    listed = Merge.objects.visible_to(actor).select_related("kept", "gone")
    listing = page_of(listed, MERGE_COLUMNS, request.GET.dict(), label="企业合并", empty="还没有合并。")
    return render(request, "office/merges.html", {"listing": listing})


@page_for(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_merge(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Preview of what a merge moves; POST proposes it."""
    codes = [(request.POST.get(name) or request.GET.get(name, "")).strip().upper()[:18] for name in ("kept", "gone")]
    kept, gone = (firms(actor).filter(code=code).first() if code else None for code in codes)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            if kept is None or gone is None:
                raise TiduError("two-firms-needed", "请填写两家企业的统一社会信用代码，先“看会移动什么”。")
            made = merging.propose_merge(actor=actor, at=timezone.now(), kept=kept, gone=gone, reason=request.POST.get("reason", ""))
        except TiduError as error:
            problems.append({"text": error.message, "href": "#reason"})
        else:
            return HttpResponseRedirect(reverse("merge", args=[made.pk]))
    context = {
        "codes": codes,
        "kept": kept,
        "gone": gone,
        "lines": merging.preview(kept, gone) if kept is not None and gone is not None and kept.pk != gone.pk else [],
        "may": merging.may_merge(kept, gone, actor) if kept is not None and gone is not None else None,
        "problems": problems,
        "unknown": [code for code, firm in zip(codes, (kept, gone), strict=True) if code and firm is None],
    }
    return render(request, "office/merge_new.html", context, status=400 if problems else 200)


@page_for(*MERGE_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One merge: a second person confirms or refuses; a merge can be taken back where that is exact."""
    found = Merge.objects.visible_to(actor).filter(pk=number).select_related("kept", "gone", "proposed_by", "decided_by").first()
    if found is None:
        raise Http404("没有这次合并。")
    if request.method == "POST":
        version, reason = request.POST.get("version", ""), request.POST.get("reason", "")
        known, at = int(version) if version.isdigit() else 0, timezone.now()
        match request.POST.get("do"):
            case "confirm":
                merging.confirm_merge(actor=actor, at=at, merge=found, version=known)
            case "refuse":
                merging.refuse_merge(actor=actor, at=at, merge=found, version=known, reason=reason)
            case "unmerge":
                merging.unmerge(actor=actor, at=at, merge=found, version=known, reason=reason)
            case _:
                raise TiduError("no-such-act", "没有这一步。请从页面上的按钮办理。")
        return HttpResponseRedirect(reverse("merge", args=[number]))
    waiting = found.state == MergeState.PROPOSED
    context = {
        "merge": found,
        "state": MERGE_STATES[MergeState(found.state)],
        "waiting": waiting,
        "lines": merging.preview(found.kept, found.gone) if waiting else [],
        "moved": sum(len(rows) for rows in found.moved.values()),
        "may_confirm": merging.may_decide(found, actor),
        "may_refuse": actor.may_write(*KEEPERS),
        "may_unmerge": merging.may_unmerge(found, actor) if found.state == MergeState.CONFIRMED else None,
    }
    return render(request, "office/merge.html", context)


@page_for(Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.SUBDISTRICT_CLERK)
@require_POST
def tag(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Put a tag on a firm, or take one off."""
    found = _firm(actor, code)
    if "drop" in request.POST:
        drop_tag(actor=actor, at=timezone.now(), firm=found, text=request.POST["drop"][:20])
    else:
        set_tag(actor=actor, at=timezone.now(), firm=found, text=request.POST.get("tag", ""))
    return HttpResponseRedirect(f"{reverse('firm', args=[code])}#tags")


@page_for(*Role)
@require_POST
def keep_view(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Save the filters of the list of firms under a name."""
    made = save_view(actor=actor, at=timezone.now(), page="firms", name=request.POST.get("name", ""), query=request.POST.get("query", ""))
    return HttpResponseRedirect(f"{reverse('firms')}?{made.query}")


@page_for(*Role)
@require_POST
def forget_view(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """Forget a saved view of one's own."""
    drop_view(actor=actor, at=timezone.now(), view=number)
    return HttpResponseRedirect(reverse("firms"))
