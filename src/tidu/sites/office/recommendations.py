"""应报尽报 and 推荐汇总表: who qualifies and was not put forward yet, and the lists that go up."""

from __future__ import annotations

from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.assessments.domain.recommending import AT_ONCE, may_recommend, may_withdraw, recommend, withdraw
from tidu.apps.assessments.enums import Reporting
from tidu.apps.assessments.forms_up import form_of
from tidu.apps.assessments.models import Recommendation, RecommendationList
from tidu.apps.assessments.run_queries import KINDS, Wanted, latest_run, report_counts, standings
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.exchange.recommendation_form import write_recommendation_form
from tidu.kernel.errors import TiduError
from tidu.look.listing import Column
from tidu.sites.office.assessment_lists import COLUMNS, READERS, listed
from tidu.sites.office.exports import EXCEL

CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
KEY = Column("选", lambda row: str(row.enterprise_id))
"""What a tick sends; shown as a box."""
LIST_COLUMNS = (
    Column("汇总表", lambda one: one.title, lambda one: reverse("recommendation-list", args=[one.pk])),
    Column("标准", lambda one: one.standard.name),
    Column("年度", lambda one: str(one.year), number=True),
    Column("制表人", lambda one: one.actor_name),
    Column("制表时间", lambda one: f"{timezone.localtime(one.created_at):%Y-%m-%d %H:%M}", whole=True),
)


@page_for(*READERS)
@require_safe
def to_report(request: HttpRequest, actor: Actor) -> HttpResponse:
    """应报尽报: for every standard who qualifies, of whom recognised, put forward, and still to be put forward."""
    run = latest_run()
    counts = report_counts(actor, run) if run is not None else []
    return render(request, "office/assessments/to_report.html", {"run": run, "counts": counts})


@page_for(*READERS)
@require_safe
def to_report_firms(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The firms behind one number; those still to be put forward can be ticked."""
    run, query = latest_run(), request.GET
    kind = query.get("kind", Reporting.TO_REPORT.value)
    if run is None or kind not in Reporting:
        return HttpResponseRedirect(reverse("to-report"))
    wanted = Wanted(query.get("standard", ""), kind, query.get("q", ""), query.get("street", ""))
    rows = standings(actor, wanted)
    if query.get("verdict") in {"met", "manual"}:
        rows = rows.filter(outcome__verdict=query["verdict"])
    decision = may_recommend(actor)
    ticking = kind == Reporting.TO_REPORT and bool(decision)
    return listed(
        request, actor, rows, COLUMNS[kind], title=f"{wanted.standard}：{KINDS[kind]}", template="office/assessments/to_report_firms.html",
        empty="没有应报未报的企业。" if kind == Reporting.TO_REPORT else "没有符合条件的企业。", shown=(KEY, *COLUMNS[kind]) if ticking else None,
        context=lambda: {
            "run": run, "wanted": wanted, "kinds": [(one.value, one.label) for one in Reporting], "verdict": query.get("verdict", ""),
            "streets": subdistricts_of(actor), "decision": decision, "ticking": ticking, "at_once": AT_ONCE,
            "blocked": kind == Reporting.TO_REPORT and not decision,
        },
    )  # fmt: skip


@page_for(*CLERKS)
@require_POST
def make(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put the ticked firms, or all that the filter leaves, on a new list; then say of each what became of it."""
    sent = request.POST
    standard, judgement = sent.get("standard", ""), sent.get("judgement", "")
    if sent.get("which") == "all":
        wanted = Wanted(standard, Reporting.TO_REPORT.value, sent.get("q", ""), sent.get("street", ""))
        rows = standings(actor, wanted)
        if sent.get("verdict") in {"met", "manual"}:
            rows = rows.filter(outcome__verdict=sent["verdict"])
        chosen = list(rows.values_list("enterprise_id", flat=True)[: AT_ONCE + 1])
    else:
        chosen = [int(text) for text in sent.getlist("firm") if text.isascii() and text.isdigit() and len(text) < 19]
    if not chosen:
        raise TiduError("nobody-chosen", "没有选中企业。请在名单里勾选要推荐的企业，或者选择“名单中的全部”。")
    made = recommend(actor=actor, at=timezone.now(), standard=standard, enterprises=chosen, judgement=judgement)
    taken, refused = ([one for one in made.answers if one.taken is wanted] for wanted in (True, False))
    context = {"made": made, "standard": standard, "taken": taken, "refused": refused}
    return render(request, "office/assessments/made.html", context, status=200 if made.list else 400)


@page_for(*READERS)
@require_safe
def lists(request: HttpRequest, actor: Actor) -> HttpResponse:
    """推荐汇总表: all lists, newest first."""
    found = RecommendationList.objects.visible_to(actor).select_related("standard")
    return listed(
        request, actor, found, LIST_COLUMNS, title="推荐汇总表", template="office/assessments/lists.html", empty="还没有推荐汇总表。"
    )


def _list(actor: Actor, key: int) -> RecommendationList:
    found = RecommendationList.objects.visible_to(actor).filter(pk=key).select_related("standard", "run").first()
    if found is None:
        raise Http404("没有这份推荐汇总表。请从列表进入。")
    return found


@page_for(*READERS)
@require_safe
def one_list(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """One list with its firms; as a file in the form that goes up."""
    found = _list(actor, key)
    rows = Recommendation.objects.visible_to(actor).filter(list=found).select_related("enterprise", "outcome").order_by("pk")
    if request.GET.get("format") == "xlsx":
        return _form(actor, found, list(rows.filter(withdrawn_at=None)))
    shown = [(row, may_withdraw(actor, row)) for row in rows]
    return render(request, "office/assessments/list.html", {"list": found, "rows": shown, "decision": may_recommend(actor)})


def _form(actor: Actor, found: RecommendationList, rows: list[Recommendation]) -> HttpResponse:
    at = timezone.localtime()
    record_export(actor=actor, at=at, what=found.title, filters={"list": str(found.pk)}, rows=len(rows))
    stream = BytesIO()
    write_recommendation_form(stream, form_of(found, rows))
    name = content_disposition_header(as_attachment=True, filename=f"{found.title}.xlsx") or "attachment"
    return HttpResponse(stream.getvalue(), content_type=EXCEL, headers={"Content-Disposition": name})


@page_for(*CLERKS)
@require_POST
def withdraw_row(request: HttpRequest, actor: Actor, key: int, row: int) -> HttpResponse:
    """Take one firm off the list, with the reason."""
    found = _list(actor, key)
    wanted = Recommendation.objects.visible_to(actor).filter(list=found, pk=row).select_related("enterprise", "list").first()
    if wanted is None:
        raise Http404("这份汇总表里没有这家企业。请刷新页面。")
    withdraw(actor=actor, at=timezone.now(), row=wanted, reason=request.POST.get("reason", ""))
    return HttpResponseRedirect(reverse("recommendation-list", args=[found.pk]))
