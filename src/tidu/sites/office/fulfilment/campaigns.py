"""年度核查 and 抽查: begin one, follow it, the checks in it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.duties.domain.drawing import share_of
from tidu.apps.duties.domain.sampling import TICKETS, drawn_again
from tidu.apps.duties.domain.yearly import close_campaign, may_close
from tidu.apps.duties.enums import Answer, CampaignKind, CheckState, Stand
from tidu.apps.duties.models import Campaign
from tidu.apps.duties.queries.campaigns import CheckFilter, progress
from tidu.apps.duties.queries.campaigns import campaigns as campaigns_of
from tidu.apps.duties.queries.campaigns import checks as checks_of
from tidu.apps.duties.queries.ledger import LedgerFilter, ledger
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.apps.jobs.domain.asking import ask_for
from tidu.kernel.errors import TiduError
from tidu.look.fields import CHECKBOXES, DATE, FIGURE, SELECT, Choice, Field
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import STREET, Sheet, answer_list, told
from tidu.sites.office.fulfilment.duty_words import ANSWERS, BUREAU, CHECKS, READERS, due_text
from tidu.sites.office.fulfilment.leads import version_of

LIST = (
    Column("名称", lambda row: row.title, lambda row: reverse("campaign", args=[row.pk])),
    Column("种类", lambda row: row.get_kind_display()),
    Column("状态", lambda row: row.get_state_display(), state=lambda row: "done" if row.state == "closed" else "doing"),
    Column("总体", lambda row: f"{row.size:,}", number=True),
    Column("核查", lambda row: f"{row.total:,}", number=True),
    Column("已办结", lambda row: f"{row.done:,}", number=True),
    Column("超期", lambda row: f"{row.behind:,}", number=True),
    Column("完成期限", lambda row: row.due.isoformat(), whole=True),
    Column("发起", lambda row: f"{row.made_by} {timezone.localtime(row.made_at):%Y-%m-%d}"),
)


@page_for(*READERS)
@require_safe
def campaign_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """履约核查: all campaigns, and the ways to begin one."""
    day = timezone.localdate()
    context = {"write": actor.may_write(*BUREAU), "due": Field("due", "完成期限", DATE, short=True), "year": day.year}
    sheet = Sheet(campaigns_of(actor, day), LIST, "履约核查", "还没有发起核查。")
    return answer_list(request, actor, sheet, "office/fulfilment/campaigns.html", context)


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("due", ""))
    except ValueError as error:
        raise TiduError("due-missing", "请填写期限，例如 2026-12-31。") from error


@page_for(*BUREAU)
@require_POST
def begin_yearly(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin the checks of this year, as long work."""
    at, year = timezone.now(), timezone.localdate().year
    due = _day(request)
    given = {"year": year, "due": due.isoformat(), "href": reverse("campaigns")}
    job = ask_for(actor=actor, at=at, kind="duties.yearly", title=f"{year} 年度核查", key=f"duties.yearly:{year}", parameters=given)
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


@page_for(*BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def new_sample(request: HttpRequest, actor: Actor) -> HttpResponse:
    """抽查: how many there are to draw from, and what will be drawn; POST draws, as long work."""
    given, day = request.POST if request.method == "POST" else request.GET, timezone.localdate()
    wanted = LedgerFilter(**{name: given.get(name, "").strip()[:60] for name in ("stand", "year", "award", "street")})
    found = ledger(actor, day, wanted)
    size, problem = sum(one.stands.live for one in found.entries), ""
    if request.method == "POST":
        try:
            return _draw(request, actor, wanted, size)
        except NotAllowed:
            raise
        except TiduError as error:
            problem = error.message
    tickets = "、".join(f"{stand.label} {count} 张签" for stand, count in TICKETS.items())
    context = {
        "wanted": wanted, "size": size, "problem": problem, "write": actor.may_write(*BUREAU),
        "filters": [
            _chosen("stand", "履约情况", wanted.stand, [(one.value, one.label) for one in Stand if one not in {Stand.ENDED, Stand.RECOVERED}]),
            _chosen("year", "到账年度", wanted.year, [(str(one), str(one)) for one in found.years]),
            _chosen("award", "事项", wanted.award, [(one, one) for one in found.awards]),
            _chosen("street", "所属街道", wanted.street, subdistricts_of(actor)),
        ],
        "fields": [
            Field("title", "名称", values=(given.get("title", f"{day.year} 年履约抽查"),)),
            Field("count", "抽取数量或比例", FIGURE, "写数量（30）或比例（10%）；比例不足一项的按一项抽。", values=(given.get("count", "10%"),), short=True),
            Field("due", "企业提交材料期限", DATE, values=(given.get("due", ""),), short=True),
            Field("seed", "种子", hint="可填公开的数字（例如当天开奖号码）；不填由系统随机产生。都会记录。", values=(given.get("seed", ""),), optional=True),
            Field(
                "by_risk", "加权", CHECKBOXES, values=tuple(given.getlist("by_risk")),
                choices=[Choice("yes", "按风险加权", f"{tickets}，其余 1 张。")], optional=True,
            ),
        ],
    }  # fmt: skip
    return render(request, "office/fulfilment/sample_new.html", context, status=400 if problem else 200)


def _chosen(name: str, label: str, value: str, listed: list[tuple[str, str]]) -> Field:
    choices = [Choice(one, text) for one, text in listed]
    return Field(name, label, SELECT, values=(value,), choices=choices, blank="全部")


def _draw(request: HttpRequest, actor: Actor, wanted: LedgerFilter, size: int) -> HttpResponse:
    text, per_mille = request.POST.get("count", "").strip(), 0
    number = text.removesuffix("%").strip()
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 6 and int(number)):
        raise TiduError("count-not-valid", f"“{text[:20]}”不是数量或比例。请写 30 或 10%。")
    if text.endswith("%"):
        per_mille = int(number) * 10
    count = share_of(size, per_mille) if per_mille else int(number)
    if count > size:
        raise TiduError("population-too-small", f"范围内有 {size} 项，不能抽取 {count} 项。请调整范围或数量。")
    at, due = timezone.now(), _day(request)
    if due <= timezone.localdate():
        raise TiduError("due-in-past", f"提交材料的期限 {due.isoformat()} 须在今天以后。")
    title = request.POST.get("title", "").strip()[:120]
    if not title:
        raise TiduError("title-missing", "请填写抽查的名称。")
    filters = {name: value for name, value in asdict(wanted).items() if value}
    given: dict[str, Any] = {
        "title": title, "year": timezone.localdate().year, "due": due.isoformat(), "filters": filters, "count": int(number),
        "per_mille": per_mille, "by_risk": "yes" in request.POST.getlist("by_risk"), "seed": request.POST.get("seed", "").strip()[:64],
        "href": reverse("campaigns"),
    }  # fmt: skip
    actor.may_write(*BUREAU).require()
    job = ask_for(
        actor=actor, at=at, kind="duties.sample", title=f"抽查抽取：{title}"[:120], key=f"duties.sample:{title}"[:120], parameters=given
    )
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


def columns(day: date) -> tuple[Column, ...]:
    """The columns of the checks of a campaign."""
    return (
        Column("企业名称", lambda row: row.obligation.case.enterprise.name, lambda row: reverse("duty-check", args=[row.pk])),
        Column("所属街道", lambda row: STREET.text(row.obligation.case)),
        Column("事项", lambda row: f"{row.obligation.case.title} {row.obligation.case.number}"),
        Column("状态", lambda row: row.get_state_display(), state=lambda row: CHECKS[CheckState(row.state)]),
        Column("结论", lambda row: row.get_answer_display() or "未定", state=lambda row: ANSWERS[row.answer]),
        Column("判定", lambda row: "数据" if row.by_data else "人工"),
        Column("办理单位", lambda row: row.unit.short_name if row.unit else "牵头局"),
        Column("期限", lambda row: due_text(row.due, day, over=row.state == CheckState.DONE) if row.due else "—"),
    )


def _found(actor: Actor, number: int) -> Campaign:
    found = Campaign.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这次核查。请从“履约核查”里选择。")
    return found  # type: ignore[no-any-return]


@page_for(*READERS)
@require_safe
def campaign(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One campaign: progress, its checks, for a sampling the draw repeated."""
    day, found = timezone.localdate(), _found(actor, number)
    wanted = CheckFilter(
        state=told(request, "state"), answer=told(request, "answer"), by=told(request, "by"), late=told(request, "late") == "yes",
        street=told(request, "street"), words=told(request, "q"),
    )  # fmt: skip
    counted = progress(actor, found, day)
    why = ""
    try:
        may_close(actor, found)
    except TiduError as error:
        why = error.message
    sampled = found.kind == CampaignKind.SAMPLE
    context = {
        "campaign": found, "wanted": wanted, "progress": counted, "streets": subdistricts_of(actor), "why": why, "sampled": sampled,
        "again": drawn_again(found) if sampled else None, "due": due_text(found.due, day, over=found.state == "closed"),
        "states": [(one.value, one.label, counted.states[one]) for one in CheckState],
        "answers": [(one.value, one.label, counted.answers[one], ANSWERS[one]) for one in Answer],
    }  # fmt: skip
    title = f"{found.title}（总体摘要 {found.digest[:12]}）" if request.GET.get("format") == "xlsx" else found.title
    sheet = Sheet(checks_of(actor, found, day, wanted), columns(day), title, "没有符合条件的核查任务。")
    return answer_list(request, actor, sheet, "office/fulfilment/campaign.html", context)


@page_for(Role.BUREAU_HEAD)
@require_POST
def close(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """End a campaign."""
    close_campaign(actor=actor, at=timezone.now(), campaign=_found(actor, number), version=version_of(request))
    return HttpResponseRedirect(reverse("campaign", args=[number]))
