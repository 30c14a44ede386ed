"""培育库: the pools in figures, members, candidates, exits, those who cannot be judged."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.cultivation.domain.membership import TRANSITIONS, guides_for
from tidu.apps.cultivation.domain.nightly import ASKERS
from tidu.apps.cultivation.domain.rulebook import Pool, pool_of, rulebook
from tidu.apps.cultivation.enums import MemberState, Stage
from tidu.apps.cultivation.queries import latest_computation
from tidu.apps.cultivation.queries import pools as queries
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.kernel.errors import TiduError
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import CODE, READERS, STREET, Sheet, answer_list, firm_column, told

VERDICTS = {"met": "符合", "unmet": "不符合", "unknown": "待补充数据", "manual": "需人工判断", None: "没有结论"}
STATES = {
    MemberState.PROPOSED: "near",
    MemberState.MEMBER: "held",
    MemberState.LEAVING: "near",
    MemberState.REFUSED: "not",
    MemberState.LEFT: "expired",
}


def _pool(key: str) -> Pool:
    try:
        return pool_of(key)
    except TiduError as error:
        raise Http404(error.message) from error


def _filter(request: HttpRequest) -> queries.PoolFilter:
    names = ("street", "stage", "state", "guide", "entry")
    return queries.PoolFilter(words=told(request, "q"), **{name: told(request, name) for name in names})


def _context(actor: Actor, pool: Pool, here: str, wanted: queries.PoolFilter) -> dict[str, Any]:
    return {
        "pool": pool, "here": here, "wanted": wanted, "streets": subdistricts_of(actor), "stages": Stage.choices,
        "counts": queries.pool_counts(actor, pool), "computed": latest_computation(),
    }  # fmt: skip


@page_for(*READERS)
@require_safe
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """三库一表 and the others in figures."""
    rows = [(pool, queries.pool_counts(actor, pool)) for pool in rulebook().pools]
    return render(
        request,
        "office/pools.html",
        {"rows": rows, "stages": Stage.choices, "computed": latest_computation(), "may_compute": actor.may_write(*ASKERS)},
    )


def _guide_text(row: Any) -> str:
    return row.guide.name if row.guide else "未指定"


MEMBER_COLUMNS = (
    firm_column(),
    CODE,
    STREET,
    Column("状态", lambda row: row.get_state_display(), state=lambda row: STATES[MemberState(row.state)]),
    Column("阶段", lambda row: row.get_stage_display()),
    Column("服务专员", _guide_text),
    Column("入库日期", lambda row: row.entered_on.isoformat() if row.entered_on else "—", whole=True),
    Column("现在是否符合入库条件", lambda row: VERDICTS[row.entry] if row.entry else "不符合"),
    Column("理由", lambda row: row.reason or "—"),
)
MEMBER_TICK = Column("选择", lambda row: f"{row.enterprise.code}:{row.version}")


@page_for(*READERS)
@require_safe
def pool(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """在库企业."""
    known, wanted = _pool(key), _filter(request)
    sheet = Sheet(queries.members(actor, key, wanted), MEMBER_COLUMNS, f"{known.name}在库企业", tick=MEMBER_TICK)
    context = _context(actor, known, "pool", wanted) | {
        "acts": _acts(actor, "stage", "guide", "propose-exit", "leave"), "guides": list(guides_for(actor)), "states": MemberState.choices,
    }  # fmt: skip
    return answer_list(request, actor, sheet, "office/pool.html", context)


def _acts(actor: Actor, *keys: str) -> list[tuple[str, str, str, bool]]:
    """Acts for the foot of a list: key, name, why not, whether a reason is wanted. What a single row forbids is said per row."""
    return [(key, TRANSITIONS[key].name, actor.may_write(*TRANSITIONS[key].roles).reason, TRANSITIONS[key].reason) for key in keys]


def _settled(row: Any) -> str:
    if row.member_state == MemberState.PROPOSED:
        return "街道已提出"
    return MemberState(row.member_state).label if row.member_state else "未办理"


CANDIDATE_COLUMNS = (
    firm_column(),
    CODE,
    STREET,
    Column("建议阶段", lambda row: Stage(row.stage).label),
    Column("办理到", _settled, state=lambda row: STATES[MemberState(row.member_state)] if row.member_state else "todo"),
    Column("办理人", lambda row: row.member_by or "—"),
)
CANDIDATE_TICK = Column("选择", lambda row: f"{row.enterprise.code}:{row.member_version or 0}")


@page_for(*READERS)
@require_safe
def candidates(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """应入尽入: who meets the entry rule and waits for a person's word."""
    known, wanted = _pool(key), _filter(request)
    rows = queries.candidates(actor, key, wanted)
    sheet = Sheet(rows, CANDIDATE_COLUMNS, f"{known.name}应入待确认", "没有等待确认的企业。", CANDIDATE_TICK)
    context = _context(actor, known, "pool-candidates", wanted) | {"acts": _acts(actor, "propose", "enter", "refuse")}
    return answer_list(request, actor, sheet, "office/pool.html", context)


EXIT_COLUMNS = (
    firm_column(),
    CODE,
    STREET,
    Column("状态", lambda row: row.get_state_display(), state=lambda row: STATES[MemberState(row.state)]),
    Column("出库条件", lambda row: VERDICTS[row.exit] if row.exit else "没有结论"),
    Column("入库日期", lambda row: row.entered_on.isoformat() if row.entered_on else "—", whole=True),
    Column("服务专员", _guide_text),
    Column("理由", lambda row: row.reason or "—"),
)


@page_for(*READERS)
@require_safe
def exits(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """达到出库条件: they stay in the pool until a person confirms."""
    known, wanted = _pool(key), _filter(request)
    sheet = Sheet(queries.exits(actor, key, wanted), EXIT_COLUMNS, f"{known.name}待出库", "没有达到出库条件的企业。", MEMBER_TICK)
    context = _context(actor, known, "pool-exits", wanted) | {"acts": _acts(actor, "leave", "keep")}
    return answer_list(request, actor, sheet, "office/pool.html", context)


UNKNOWN_COLUMNS = (firm_column(), CODE, STREET, Column("缺少的数据", lambda row: "、".join(row.missing) or "需人工判断"))


@page_for(*READERS)
@require_safe
def unknown(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """待补充数据: who cannot be judged, and for want of what."""
    known, wanted = _pool(key), _filter(request)
    sheet = Sheet(queries.unknowns(actor, key, wanted), UNKNOWN_COLUMNS, f"{known.name}待补充数据", "没有因缺数据而不能判断的企业。")
    context = _context(actor, known, "pool-unknown", wanted) | {"needs": rulebook().needs(known), "now": timezone.localdate()}
    return answer_list(request, actor, sheet, "office/pool.html", context)
