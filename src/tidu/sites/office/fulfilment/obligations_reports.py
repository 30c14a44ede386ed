"""变更报备: what firms told beforehand, and the bureau's answer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.duties.domain.declaring import answer_change
from tidu.apps.duties.enums import ReportState
from tidu.apps.duties.models import ChangeReport
from tidu.apps.duties.queries.ledger import LedgerFilter, ledger
from tidu.kernel.errors import TiduError
from tidu.look.fields import LONG, Field
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import STREET, Sheet, answer_list, told
from tidu.sites.office.fulfilment.duty_words import BUREAU, INSIDE, REPORTS, STANDS
from tidu.sites.office.fulfilment.leads import version_of

LIST = (
    Column("企业名称", lambda row: row.enterprise.name, lambda row: reverse("change-report", args=[row.pk])),
    STREET,
    Column("拟变更", lambda row: "、".join(row.relations)),
    Column("拟迁往", lambda row: row.to),
    Column("拟变更日期", lambda row: row.planned_on.isoformat(), whole=True),
    Column("状态", lambda row: row.get_state_display(), state=lambda row: REPORTS[ReportState(row.state)]),
    Column("提交", lambda row: f"{timezone.localtime(row.at):%Y-%m-%d}", whole=True),
)


@page_for(*INSIDE)
@require_safe
def report_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """变更报备."""
    state = told(request, "state")
    rows = ChangeReport.objects.visible_to(actor).select_related("enterprise__subdistrict")
    if state in ReportState.values:
        rows = rows.filter(state=state)
    context = {"state": state, "states": ReportState.choices}
    sheet = Sheet(rows, LIST, "变更报备", "没有企业报备变更。")
    return answer_list(request, actor, sheet, "office/fulfilment/change_reports.html", context)


@page_for(*INSIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One report with what the firm owes; POST answers it."""
    found = ChangeReport.objects.visible_to(actor).select_related("enterprise__subdistrict").filter(pk=number).first()
    if found is None:
        raise Http404("没有这份报备，或者这家企业不在您的办理范围内。")
    problem, words = "", request.POST.get("words", "")[:1000]
    if request.method == "POST":
        actor.may_write(*BUREAU).require()
        try:
            answer_change(actor=actor, at=timezone.now(), report=found, version=version_of(request), text=words)
        except TiduError as error:
            problem = error.message
        else:
            return HttpResponseRedirect(reverse("change-report", args=[number]))
    owed = ledger(actor, timezone.localdate(), LedgerFilter(enterprise=found.enterprise_id))
    context = {
        "report": found, "state": REPORTS[ReportState(found.state)], "problem": problem, "write": actor.may_write(*BUREAU),
        "files": list(found.files.all()), "open": found.state == ReportState.FILED,
        "owed": [(row, STANDS[row.stands.state]) for row in owed[:100]],  # type: ignore[attr-defined]
        "field": Field("words", "答复", LONG, "写明变更对已领取资金的影响、企业应当怎么做。企业会看到。", values=(words,)),
    }  # fmt: skip
    return render(request, "office/fulfilment/change_report.html", context, status=400 if problem else 200)
