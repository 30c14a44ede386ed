"""义务台账: what every paid firm owes for years, how it stands today, and on what that rests."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.duties.domain.handling import may_tell
from tidu.apps.duties.enums import Stand
from tidu.apps.duties.models import Lead
from tidu.apps.duties.queries.evidence import events_behind, facts_behind, years_of
from tidu.apps.duties.queries.ledger import LedgerFilter, book, ledger, standing_of
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.apps.fulfilment.models import Obligation, Recovery
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import STREET, Sheet, answer_list, told, wan_text
from tidu.sites.office.fulfilment.duty_words import READERS, STANDS, case_address, countdown

SHOWN_LEADS = 20


def columns(day: date) -> tuple[Column, ...]:
    """The columns of the ledger, for the page and for the file."""
    return (
        Column(
            "企业名称", lambda row: row.case.enterprise.name, lambda row: reverse("obligation", args=[row.pk]),
            below=Column("所属街道", lambda row: STREET.text(row.case)),
        ),
        Column("事项", lambda row: row.case.title, below=Column("受理编号", lambda row: row.case.number or "未编号")),
        Column("到账金额（万元）", lambda row: wan_text(row.payment.amount), number=True),
        Column(
            "履约情况", lambda row: row.stands.state.label, state=lambda row: STANDS[row.stands.state], wide=True,
            below=Column("说明", lambda row: row.stands.why),
        ),
        Column("到账", lambda row: row.starts.isoformat(), whole=True),
        Column(
            "期满", lambda row: row.stands.until.isoformat() if row.stands.until else "不明", whole=True,
            below=Column("倒计时", lambda row: countdown(row.stands.until, day) if row.stands.live else ""),
        ),
    )  # fmt: skip


@page_for(*READERS)
@require_safe
def obligation_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """义务台账."""
    day = timezone.localdate()
    wanted = LedgerFilter(
        stand=told(request, "stand"), year=told(request, "year"), award=told(request, "award"), street=told(request, "street"),
        until=_day_or_none(told(request, "until")), words=told(request, "q"),
    )  # fmt: skip
    found = ledger(actor, day, wanted)
    titles = {award.id: award.title for award in book().awards}
    context = {
        "wanted": wanted, "day": day, "live": found.live, "streets": subdistricts_of(actor), "years": found.years,
        "counts": [(one.value, one.label, STANDS[one], found.counts.get(one, 0), found.sums.get(one, 0)) for one in Stand],
        "awards": [(one, titles.get(one, one)) for one in found.awards],
    }  # fmt: skip
    sheet = Sheet(found, columns(day), "履约义务台账", "没有符合条件的承诺义务。资金到账后，这里自动列出企业的五年义务。")
    return answer_list(request, actor, sheet, "office/fulfilment/obligations.html", context)


def _day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def found_obligation(actor: Actor, number: int) -> Obligation:
    """The obligation of an address; 404 where it is not there for the person."""
    rows = Obligation.objects.visible_to(actor).select_related("payment__voucher", "case__enterprise__subdistrict")
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404("没有这项承诺义务，或者这家企业不在您的办理范围内。")
    return found  # type: ignore[no-any-return]


@page_for(*READERS)
@require_safe
def obligation(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One obligation: how it stands and on what that rests, year by year, leads and recovery."""
    day, found = timezone.localdate(), found_obligation(actor, number)
    standing = standing_of(found, day)
    rule = next((one for policy in book().policies for one in policy.obligations if one.label.id == found.rule), None)
    leads = Lead.objects.visible_to(actor).filter(enterprise=found.case.enterprise_id)[:SHOWN_LEADS]
    context = {
        "obligation": found, "case": found.case, "standing": standing, "state": STANDS[standing.state], "day": day, "rule": rule,
        "left": countdown(standing.until, day), "case_href": case_address(found.case), "facts": facts_behind(found.case.enterprise_id),
        "events": events_behind(found), "years": years_of(found, standing.until, day), "leads": leads,
        "recoveries": Recovery.objects.visible_to(actor).filter(payment=found.payment_id), "tell": may_tell(actor),
    }  # fmt: skip
    return render(request, "office/fulfilment/obligation.html", context)
