"""梯度: the funnel, moves between two days, who is covered, whose recognition runs out, the ladder of one firm."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.cultivation.domain.rulebook import rulebook
from tidu.apps.cultivation.domain.titles import NO_RUNG, titles
from tidu.apps.cultivation.models import FirmWarning, RevenueLine
from tidu.apps.cultivation.queries import ladder, latest_computation
from tidu.apps.cultivation.queries.materials import firm_materials
from tidu.apps.cultivation.queries.pools import firm_pools
from tidu.apps.enterprises.queries import firms, subdistricts_of
from tidu.kernel.inputs import years_before
from tidu.look.listing import Column
from tidu.sites.office.cultivation_acts import pool_acts
from tidu.sites.office.cultivation_lists import (
    CODE,
    READERS,
    STREET,
    Sheet,
    answer_list,
    day_told,
    firm_column,
    number_told,
    street_of,
    told,
    wan_text,
)  # fmt: skip
from tidu.sites.office.cultivation_revenue import month_rows
from tidu.sites.office.cultivation_warnings import rule_name

DAYS = (30, 60, 90, 180, 365)
KINDS = {"": "全部认定"} | {title.kind: title.kind for title in titles().titles.values()}


def _href(page: str, **query: object) -> str:
    return f"{reverse(page)}?{urlencode({name: value for name, value in query.items() if value is not None})}"


@page_for(*READERS)
@require_safe
def funnel(request: HttpRequest, actor: Actor) -> HttpResponse:
    """梯度总览: every number leads to its firms."""
    day = day_told(request, "day")
    since = day_told(request, "since", years_before(day, 1))
    found, moved = ladder.funnel(actor, day), ladder.moves(actor, since, day)
    rungs = [(0, NO_RUNG), *((title.rung, title.short) for title in titles().rungs)]
    top_down = list(reversed(rungs))
    context = {
        "day": day,
        "since": since,
        "total": found.total,
        "rungs": [_rung_row(found, rung, name) for rung, name in top_down],
        "columns": rungs[1:],
        "streets": [_group_row(name, counts, day, rungs[1:], street=code or "-") for (code, name), counts in found.streets.items()],
        "chains": [_group_row(chain or "产业不明", counts, day, rungs[1:], chain=chain) for chain, counts in found.chains.items()],
        "moves": [
            (ladder.MOVE_WORDS[move], count, _href("ladder-firms", day=day, since=since, move=move)) for move, count in moved.counts.items()
        ],
        "matrix": [_matrix_row(moved, before, name, rungs, since, day) for before, name in rungs],
        "matrix_columns": [name for _, name in rungs],
        "coverage": ladder.coverage(actor, day),
        "computed": latest_computation(),
    }
    return render(request, "office/ladder.html", context)


def _rung_row(found: ladder.Funnel, rung: int, name: str) -> dict[str, Any]:
    title = next((one for one in titles().rungs if one.rung == rung), None)
    return {
        "name": name, "kind": title.kind if title else "", "standing": found.standing.get(rung, 0),
        "holding": found.holding.get(rung, 0) if title else None,
        "href": _href("ladder-firms", day=found.day, rung=rung),
        "holding_href": _href("ladder-firms", day=found.day, kind=title.kind) if title else "",
    }  # fmt: skip


def _group_row(name: str, counts: Any, day: date, rungs: Any, **group: str) -> dict[str, Any]:
    cells = [(counts.get(rung, 0), _href("ladder-firms", day=day, rung=rung, **group)) for rung, _ in rungs]
    return {"name": name, "cells": cells, "total": sum(counts.values())}


def _matrix_row(moved: ladder.Moves, before: int, name: str, rungs: Any, since: date, day: date) -> dict[str, Any]:
    cells = [
        {
            "count": moved.matrix.get((before, after), 0), "same": before == after,
            "href": _href("ladder-firms", day=day, since=since, before=before, rung=after),
        }
        for after, _ in rungs
    ]  # fmt: skip
    return {"name": name, "cells": cells, "total": sum(cell["count"] for cell in cells)}


@page_for(*READERS)
@require_safe
def ladder_firms(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The firms behind a number of the ladder."""
    day = day_told(request, "day")
    chain = request.GET.get("chain")
    wanted = ladder.LadderFilter(
        day=day,
        rung=number_told(request, "rung", 9),
        kind=told(request, "kind"),
        street=told(request, "street"),
        chain=None if chain is None or chain == "*" else chain[:40],
        group=told(request, "group") if told(request, "group") in ladder.GROUPS else "",
        lacks=told(request, "lacks"),
        since=day_told(request, "since") if told(request, "since") else None,
        move=told(request, "move") if told(request, "move") in ladder.MOVES else "",
        before=number_told(request, "before", 9),
        words=told(request, "q"),
    )
    rows = ladder.ladder_firms(actor, wanted)
    shown = _WithHoldings(rows, day)
    sheet = Sheet(shown, LADDER_COLUMNS, "梯度企业名单")
    context = {
        "wanted": wanted,
        "said": _said(wanted),
        "day": day,
        "streets": subdistricts_of(actor),
        "rungs": [(0, NO_RUNG), *((title.rung, title.short) for title in titles().rungs)],
        "kept": {
            name: value for name, value in request.GET.items() if name in {"since", "before", "move", "group", "lacks", "chain", "kind"}
        },
    }
    return answer_list(request, actor, sheet, "office/ladder_firms.html", context)


class _WithHoldings:
    """A queryset of firms whose pages come with the recognitions of the day: one more query for a page, not one for a row."""

    def __init__(self, rows: Any, day: date) -> None:
        self.rows, self.day = rows, day

    def count(self) -> int:
        """How many firms."""
        return int(self.rows.count())

    def __getitem__(self, part: slice) -> list[Any]:
        """The firms of one page."""
        listed = list(self.rows[part])
        held = ladder.holdings_by_firm([firm.pk for firm in listed], self.day)
        for firm in listed:
            firm.held = held.get(firm.pk, [])
        return listed


def _rung_text(firm: Any) -> str:
    return titles().rung_name(max((one.rung for one in firm.held), default=0))


def _held_text(firm: Any) -> str:
    return "；".join(f"{one.kind}{f'（至 {one.until.isoformat()}）' if one.until else ''}" for one in firm.held) or "无"


LADDER_COLUMNS = (
    Column("企业名称", lambda firm: firm.name, lambda firm: reverse("firm-ladder", args=[firm.code])),
    Column("统一社会信用代码", lambda firm: firm.code, whole=True),
    Column("所属街道", street_of),
    Column("主导产业", lambda firm: (firm.glance.chain if hasattr(firm, "glance") else "") or "不明"),
    Column("最高档次", _rung_text),
    Column("有效的认定", _held_text),
)


def _said(wanted: ladder.LadderFilter) -> str:
    """The filter in a sentence, for what the form does not show."""
    parts = []
    if wanted.since is not None and wanted.move:
        parts.append(f"{wanted.since.isoformat()} 以来{ladder.MOVE_WORDS[wanted.move]}")
    if wanted.since is not None and wanted.before is not None:
        parts.append(f"{wanted.since.isoformat()} 时为“{titles().rung_name(wanted.before)}”")
    if wanted.kind:
        parts.append(f"持有有效的“{wanted.kind}”")
    if wanted.group:
        parts.append(ladder.GROUPS[wanted.group][0])
    lacks = {"rung": "未上梯度", "research": "没有研发机构", "research-unknown": "研发机构情况不明", "enjoyed": "没有享受过奖补"}
    if wanted.lacks in lacks:
        parts.append(lacks[wanted.lacks])
    if wanted.chain is not None:
        parts.append(f"主导产业：{wanted.chain or '不明'}")
    return "；".join(parts)


EXPIRY_COLUMNS = (
    firm_column(),
    CODE,
    STREET,
    Column("认定", lambda row: row.kind),
    Column("认定日期", lambda row: row.day.isoformat(), whole=True),
    Column("有效期至", lambda row: f"{row.until.isoformat()}{'（推定）' if row.assumed else ''}", whole=True),
    Column("还剩（天）", lambda row: str(row.left), number=True),
)


class _WithDaysLeft(_WithHoldings):
    """Recognitions with how many days are left."""

    def __getitem__(self, part: slice) -> list[Any]:
        """The recognitions of one page."""
        listed = list(self.rows[part])
        for one in listed:
            one.left = (one.until - self.day).days
        return listed


@page_for(*READERS)
@require_safe
def expiring(request: HttpRequest, actor: Actor) -> HttpResponse:
    """到期提醒 and the yearly updates that are due; worked out when asked, never stored."""
    day = day_told(request, "day")
    within = number_told(request, "within", 3660) or 90
    kind = told(request, "kind") if told(request, "kind") in KINDS else ""
    rows = _WithDaysLeft(ladder.expiring(actor, day, within, kind), day)
    context = {
        "day": day, "within": within, "kind": kind, "kinds": KINDS.items(), "days": DAYS, "last": day + timedelta(days=within),
        "updates": [(one, _href("ladder-firms", day=day, kind=one.kind)) for one in ladder.update_reminders(actor, day)],
    }  # fmt: skip
    sheet = Sheet(rows, EXPIRY_COLUMNS, "到期提醒", empty="这段时间内没有到期、又没有延续的认定。")
    return answer_list(request, actor, sheet, "office/ladder_expiring.html", context)


@page_for(*READERS)
@require_safe
def firm_ladder(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One firm: ladder with history, pools with what may be done now, months, warnings, materials held."""
    found = firms(actor).filter(code=code).first()
    if found is None:
        raise Http404("企业库里没有这个代码，或者不在您的管辖范围内。")
    day = day_told(request, "day")
    line = RevenueLine.objects.visible_to(actor).filter(enterprise=found).first()
    computed = latest_computation()
    held, absent = firm_materials(found)
    own = ladder.firm_ladder(found, day)
    context = {
        "firm": found,
        "day": day,
        "today": timezone.localdate(),
        "ladder": own,
        "rungs": _rung_lines(own, day),
        "steps": [
            (step.day, f"{'将' if step.day > day else ''}{step.word}", titles().rung_name(step.before), titles().rung_name(step.after))
            for step in reversed(own.steps)
        ],
        "pools": [(one, pool_acts(actor, one)) for one in firm_pools(found, rulebook().pools)],
        "line": line,
        "told": {name: wan_text(getattr(line, name)) for name in ("low", "middle", "high")} if line else {},
        "months": month_rows(line, computed) if line else [],
        "computed": computed,
        "warnings": [
            (one, rule_name(one.rule))
            for one in FirmWarning.objects.visible_to(actor).filter(enterprise=found).order_by("-raised_on", "-pk")
        ],
        "held": held,
        "absent": absent,
    }
    return render(request, "office/firm_ladder.html", context)


def _rung_lines(own: ladder.FirmLadder, day: date) -> list[dict[str, Any]]:
    """Every rung with whether it is held on the day, and on what ground."""
    found = []
    for title in titles().rungs:
        held = [one for one in own.holdings if one.rung == title.rung]
        valid = [one for one in held if one.day <= day and (one.until is None or one.until >= day)]
        last = valid[0] if valid else held[0] if held else None
        word = "held" if valid else "expired" if held and held[0].day <= day else "not"
        line = "没有认定记录"
        if last is not None:
            ends = f"，有效期至 {last.until.isoformat()}{'（推定）' if last.assumed else ''}" if last.until else "，长期有效"
            line = f"{last.day.isoformat()} 认定{ends}{f'，{last.number}' if last.number else ''}"
        found.append({"name": title.short, "state": word, "line": line, "text": "" if word != "not" else "未认定"})
    return found
