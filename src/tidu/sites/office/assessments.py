"""评估认定: runs of the assessment of everyone, what they found, what changed and why, and two runs beside each other."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.assessments.comparing import ABSENT, Moved, changes, firms_moved, moves_between, outcome_words
from tidu.apps.assessments.domain.assessing import ask_for_assessment, may_assess
from tidu.apps.assessments.domain.counting import equation
from tidu.apps.assessments.domain.ground import usual_moment
from tidu.apps.assessments.enums import Verdict, Why
from tidu.apps.assessments.history import history_of, standings_of
from tidu.apps.assessments.models import Run
from tidu.apps.assessments.run_queries import FROM_FILE, KINDS, Wanted, counts_for, latest_run, past_standings, standings
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import firms, subdistricts_of
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, Field
from tidu.look.listing import Column
from tidu.sites.office.assessment_lists import COLUMNS, FIRM, READERS, SCORE, VERDICT, listed, street_of

RUN_COLUMNS = (
    Column("评估", str, lambda run: reverse("assessment", args=[run.number])),
    Column("完成时间", lambda run: f"{timezone.localtime(run.finished_at):%Y-%m-%d %H:%M}", whole=True),
    Column("政策日期", lambda run: run.law_date.isoformat(), whole=True),
    Column("数据日期", lambda run: run.facts_as_of.isoformat(), whole=True),
    Column("企业（家）", lambda run: f"{run.firms:,}", number=True),
    Column("结论改变（项）", lambda run: f"{run.changed:,}", lambda run: reverse("assessment-changes", args=[run.number]), number=True),
    Column("提出人", lambda run: run.actor_name),
)
CHANGE_COLUMNS = (
    Column(
        "企业名称", lambda told: told.change.enterprise.name, lambda told: reverse("firm-standings", args=[told.change.enterprise.code])
    ),
    Column("统一社会信用代码", lambda told: told.change.enterprise.code, whole=True),
    Column("所属街道", lambda told: street_of(told.change.enterprise)),
    Column("标准", lambda told: told.change.standard.name),
    Column("此前", lambda told: told.before),
    Column("现在", lambda told: told.after),
    Column("原因", lambda told: told.reason),
)
FILE_GONE = "这次评估的结果文件已不在，不能列出名单。请联系系统管理员从备份恢复。"


@page_for(*READERS)
@require_safe
def runs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """全员评估: all runs, and the button."""
    moment, decision = usual_moment(timezone.localdate()), may_assess(actor)
    fields = [
        Field("law_date", "政策日期", DATE, "按哪一天有效的标准文本", values=(moment.law_date.isoformat(),)),
        Field("facts_as_of", "数据日期", DATE, "使用截至哪一天的数据，前一年是“上年度”", values=(moment.facts_as_of.isoformat(),)),
    ]
    return listed(
        request, actor, Run.objects.visible_to(actor), RUN_COLUMNS, title="全员评估", template="office/assessments/runs.html",
        empty="还没有做过全员评估。", context=lambda: {"decision": decision, "fields": fields},
    )  # fmt: skip


@page_for(Role.BUREAU_CLERK, Role.BUREAU_HEAD)
@require_POST
def ask(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The button 全员评估: queue the work and show how far it is."""
    days = {name: _day(request.POST.get(name, ""), label) for name, label in (("law_date", "政策日期"), ("facts_as_of", "数据日期"))}
    job = ask_for_assessment(actor=actor, at=timezone.now(), **days)
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


def _day(text: str, label: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise TiduError("bad-date", f"{label}“{text[:20]}”不是日期。请写成 2024-06-01 的形式。") from None


def _run(actor: Actor, number: int) -> Run:
    found = Run.objects.visible_to(actor).filter(number=number).first() if number < 2**31 else None
    if found is None:
        raise Http404("没有这一次评估。请从评估列表进入。")
    return found


@page_for(*READERS)
@require_safe
def run(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One run: counts per standard and outcome, each with its equation and its lists."""
    found, latest = _run(actor, number), latest_run()
    firms_seen, counts = counts_for(actor, found, latest)
    rows = [{**one, "equation": equation(firms_seen, one), "cells": _cells(found, one)} for one in counts]
    context = {
        "run": found, "rows": rows, "firms_seen": firms_seen, "verdicts": list(Verdict), "scoped": not actor.sees_all_firms,
        "is_latest": latest is not None and latest.number == found.number, "before": found.number - 1, "packs": sorted(found.packs.items()),
    }  # fmt: skip
    return render(request, "office/assessments/run.html", context)


def _cells(found: Run, one: dict[str, Any]) -> list[dict[str, Any]]:
    """The counts of one standard with the address of each list."""
    base = reverse("assessment-firms", args=[found.number])
    kinds = [*(verdict.value for verdict in Verdict), "lone", "steps"]
    return [{"title": KINDS[kind], "count": one[kind], "kind": kind, "href": base} for kind in kinds]


@page_for(*READERS)
@require_safe
def run_firms(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The firms behind one number of a run."""
    found, latest = _run(actor, number), latest_run()
    query = request.GET
    kind = query.get("kind", Verdict.MET.value)
    names = [one["standard"] for one in found.counts]
    standard = query.get("standard", names[0] if names else "")
    if kind not in FROM_FILE or standard not in names:
        raise Http404("没有这样的名单。请从评估页面上的数字进入。")
    wanted = Wanted(standard, kind, query.get("q", ""), query.get("street", ""))
    current = latest is not None and latest.number == found.number
    rows = standings(actor, wanted) if current else past_standings(actor, found, wanted)
    if rows is None:
        raise TiduError("no-file", FILE_GONE)
    return listed(
        request, actor, rows, COLUMNS[kind], title=f"{standard}：{KINDS[kind]}", template="office/assessments/firms.html",
        context=lambda: {
            "run": found, "wanted": wanted, "kinds": [(word, KINDS[word]) for word in FROM_FILE if word != "held"], "standards": names,
            "streets": subdistricts_of(actor), "current": current,
        },
    )  # fmt: skip


@page_for(*READERS)
@require_safe
def run_changes(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """What is not as it was in the run before, firm by firm, and why."""
    found, query = _run(actor, number), request.GET
    wanted = Wanted(query.get("standard", ""), "", query.get("q", ""), query.get("street", ""))
    why, every = query.get("why", ""), query.get("all") == "1"
    rows = changes(actor, found, standard=wanted.standard, why=why if why in Why else "", turned=not every, wanted=wanted)
    return listed(
        request, actor, rows, CHANGE_COLUMNS, title=f"第{found.number}次评估的变化", template="office/assessments/changes.html",
        empty="与上一次评估相比没有变化。",
        context=lambda: {
            "run": found, "wanted": wanted, "why": why, "every": every, "whys": list(Why), "standards": [one["standard"] for one in found.counts],
            "streets": subdistricts_of(actor),
        },
    )  # fmt: skip


def _two(request: HttpRequest, actor: Actor) -> tuple[Run, Run] | None:
    """The two runs to compare: as asked, else the last two."""
    latest = latest_run()
    if latest is None:
        return None
    asked = [request.GET.get(name, "") for name in ("first", "second")]
    numbers = [int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0 for text in asked]
    second = numbers[1] or latest.number
    return _run(actor, numbers[0] or max(second - 1, 1)), _run(actor, second)


@page_for(*READERS)
@require_safe
def compare(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Two runs beside each other: how many firms went from which verdict to which."""
    two = _two(request, actor)
    if two is None:
        return render(request, "office/assessments/compare.html", {"two": None})
    moves = moves_between(actor, *two)
    if moves is None:
        raise TiduError("no-file", FILE_GONE)
    every = request.GET.get("all") == "1"
    shown = [move for move in moves if every or move.before != move.after]
    known = list(Run.objects.visible_to(actor)[:200])
    return render(
        request, "office/assessments/compare.html", {"two": two, "moves": shown, "words": _words(), "runs": known, "every": every}
    )


def _words() -> dict[str, str]:
    return {**{verdict.value: str(verdict.label) for verdict in Verdict}, ABSENT: "未评估"}


@page_for(*READERS)
@require_safe
def compared_firms(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The firms behind one number of a comparison."""
    two, query, words = _two(request, actor), request.GET, _words()
    move = Moved(query.get("standard", ""), query.get("before", ""), query.get("after", ""), 0)
    if two is None or move.before not in words or move.after not in words:
        return HttpResponseRedirect(reverse("assessments-compare"))
    rows = firms_moved(actor, *two, move, Wanted(move.standard, "", query.get("q", ""), query.get("street", "")))
    if rows is None:
        raise TiduError("no-file", FILE_GONE)
    title = f"{move.standard}：{words[move.before]}变为{words[move.after]}"
    return listed(
        request, actor, rows, (*FIRM, VERDICT, SCORE, *COLUMNS["unmet"][-1:], *COLUMNS["unknown"][-2:-1]), title=title,
        template="office/assessments/moved.html", context=lambda: {"two": two},
    )  # fmt: skip


@page_for(*READERS)
@require_safe
def firm_standings(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Where one firm stands in the last assessment, and how it came there."""
    found = firms(actor).filter(code=code).first()
    if found is None:
        known = Enterprise.objects.filter(code=code).exists()
        raise Http404("这家企业不在您的管辖范围内。需要时请联系牵头局。" if known else "企业库里没有这个代码。请核对统一社会信用代码。")
    context = {
        "firm": found,
        "rows": standings_of(actor, found),
        "history": history_of(actor, found),
        "run": latest_run(),
        "words": outcome_words,
    }
    return render(request, "office/assessments/firm.html", context)
