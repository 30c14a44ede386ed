"""工作日历: every year that is announced, and entering a new one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import OFFICIALS
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.administration.domain.calendar import PROPOSERS, days_of, decide_year, may_decide, propose_year
from tidu.apps.administration.enums import YearState
from tidu.apps.administration.models import CalendarDay, CalendarYear
from tidu.apps.administration.queries import calendar_in_force
from tidu.kernel.errors import TiduError
from tidu.kernel.workdays import STATE_COUNCIL, Calendar
from tidu.look.fields import FIGURE, FILE, LONG, Field
from tidu.sites.office.plain_pages import Act, FormPage, answer_form, attempt, text_of, way

READERS = tuple(sorted(OFFICIALS))
WEEKDAYS = "一二三四五六日"
LARGEST_CSV = 200_000
MARKS = {YearState.PROPOSED: "checking", YearState.IN_FORCE: "done", YearState.REFUSED: "lacking", YearState.REPLACED: "blocked"}


@dataclass(frozen=True)
class Special:
    """One day that departs from Monday to Friday."""

    day: date
    weekday: str
    works: bool
    name: str
    changed: bool = False
    """Whether the calendar in force says otherwise."""


def _special(calendar: Calendar, year: int, names: dict[date, str]) -> list[Special]:
    known = calendar.years[year]
    days = sorted(known.worked | {day for day in known.free if day.weekday() < 5})
    return [Special(day, WEEKDAYS[day.weekday()], day in known.worked, names.get(day, "")) for day in days]


def _months(calendar: Calendar, year: int) -> list[tuple[int, int]]:
    first, days = date(year, 1, 1), 366
    counts = Counter(
        day.month for day in (first + timedelta(offset) for offset in range(days)) if day.year == year and calendar.is_workday(day)
    )
    return [(month, counts[month]) for month in range(1, 13)]


@page_for(*READERS)
@require_safe
def workdays(request: HttpRequest, actor: Actor) -> HttpResponse:
    """工作日历: one year; where it is not announced, the page says so."""
    calendar, today = calendar_in_force(), timezone.localdate()
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year
    known = year in calendar.years
    entered = CalendarYear.objects.filter(year=year, state=YearState.IN_FORCE).first()
    names = dict(CalendarDay.objects.filter(year=entered).values_list("day", "name")) if entered else {}
    months = _months(calendar, year) if known else []
    context = {
        "year": year, "years": range(today.year + 2, today.year - 6, -1), "known": known, "entered": entered,
        "special": _special(calendar, year, names) if known else [], "months": months, "total": sum(count for _, count in months),
        "own": year in STATE_COUNCIL.years, "first": min(calendar.years), "last": max(calendar.years),
        "proposals": [(one, MARKS[YearState(one.state)]) for one in CalendarYear.objects.all()[:50]],
        "acts": (Act(f"{reverse('workdays-enter')}?year={year}", f"登记 {year} 年放假安排"),) if actor.has(*PROPOSERS) else (),
    }  # fmt: skip
    return render(request, "office/workdays.html", context)


@page_for(*PROPOSERS)
@require_http_methods(["GET", "HEAD", "POST"])
def workdays_enter(request: HttpRequest, actor: Actor) -> HttpResponse:
    """登记放假安排: by lines or by a CSV file, with the announcement it rests on."""
    problems: list[dict[str, str]] = []
    year, citation, days = text_of(request, "year"), text_of(request, "citation"), text_of(request, "days", LARGEST_CSV)
    if request.method == "POST":
        made, problems = attempt(lambda: _propose(request, actor, year, citation, days))
        if made is not None:
            return HttpResponseRedirect(reverse("workdays-review", args=[made.pk]))
    shown = year or request.GET.get("year", "")[:4]
    fields = (
        Field("year", "年份", FIGURE, values=(shown,), short=True),
        Field("citation", "依据", hint="公布放假安排的文件，例如“国办发明电〔2025〕7号”", values=(citation,)),
        Field(
            "days",
            "日子",
            LONG,
            "每行一天：日期,休息或上班,说明。例如 2027-01-01,休息,元旦。周六、周日照常休息的不用写",
            values=(days,),
            optional=True,
        ),
        Field("file", "或者上传 CSV 文件", FILE, "列的次序相同：日期、休息或上班、说明", optional=True),
    )
    notes = ("登记后由另一岗位的人（安全管理员或牵头局负责人）复核才生效。生效后，期限按新安排计算，已经定下的日期不变。",)
    return answer_form(request, FormPage("登记放假安排", fields, "提交复核", crumbs=(way("workdays", "工作日历"),), notes=notes), problems)


def _propose(request: HttpRequest, actor: Actor, year: str, citation: str, days: str) -> CalendarYear:
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise TiduError("bad-year", f"年份收到“{year}”，要填四位数字。")
    upload = request.FILES.get("file")
    if upload is not None:
        raw = upload.read(LARGEST_CSV + 1)
        if len(raw) > LARGEST_CSV:
            raise TiduError("file-too-large", "CSV 文件超过 200 KB，不像一年的放假安排。请核对。")
        days = _decoded(raw)
    return propose_year(actor=actor, at=timezone.now(), year=int(year), citation=citation, days=days_of(days, int(year)))


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TiduError("bad-encoding", "CSV 文件的文字编码读不懂。请另存为“CSV UTF-8”后再上传。")


@page_for(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def workdays_review(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一份放假安排: what it says, what it changes, the decision."""
    proposed = CalendarYear.objects.filter(pk=number).first()
    if proposed is None:
        raise Http404("没有这份放假安排。请从“工作日历”进入。")
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        _, problems = attempt(
            lambda: decide_year(
                actor=actor,
                at=timezone.now(),
                proposed=proposed,
                confirm=request.POST.get("grant") == "1",
                note=text_of(request, "note", 200),
            )
        )
        if not problems:
            return HttpResponseRedirect(f"{reverse('workdays')}?year={proposed.year}")
    calendar = calendar_in_force()
    context = {
        "review": proposed, "problems": problems, "mark": MARKS[YearState(proposed.state)], "decide": may_decide(actor, proposed),
        "days": [_compared(one, calendar) for one in proposed.days.all()], "known": proposed.year in calendar.years,
        "note": Field("note", "复核意见", hint="退回须写明原因", optional=True),
    }  # fmt: skip
    return render(request, "office/workdays_review.html", context, status=400 if problems else 200)


def _compared(one: CalendarDay, calendar: Calendar) -> Special:
    changed = one.day.year not in calendar.years or calendar.is_workday(one.day) != one.works
    return Special(one.day, WEEKDAYS[one.day.weekday()], one.works, one.name, changed)
