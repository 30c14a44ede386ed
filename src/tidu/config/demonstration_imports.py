"""Imports of the fictional district: one that went in, one that waits for decisions, one that was only uploaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import xlsxwriter
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.models import User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Batch, Enterprise, FactsInForce, Source
from tidu.apps.imports.domain.checking import check, record_check
from tidu.apps.imports.domain.committing import commit
from tidu.apps.imports.domain.permitting import may_check
from tidu.apps.imports.domain.planning import ready_to_check, save_plan
from tidu.apps.imports.domain.preparing import prepare
from tidu.apps.imports.domain.uploading import upload
from tidu.apps.imports.models import ImportSheet
from tidu.apps.imports.reading.plans import SheetPlan

FIRMS = 60
FEN_PER_WAN = 1_000_000


def prepare_imports(*, at: datetime) -> int:
    """Three files on their way, by the bureau's clerk; returns how many. Called once firms and people are there."""
    user = User.objects.filter(username="jingban").first()
    firms = list(Enterprise.objects.in_registry().order_by("code")[: FIRMS * 5 : 5])
    if user is None or not firms:
        return 0
    clerk, year = actor_of(user, timezone.localdate(at)), timezone.localdate(at).year - 1
    first = _checked(clerk, at - timedelta(days=9), "知识产权", "商标名单（市局下发）.xlsx", _trade_marks(firms))
    _committed(clerk, at - timedelta(days=9), first)
    _checked(clerk, at - timedelta(days=1), "统计", f"{year}年度规上企业主要指标.xlsx", _figures(firms, year))
    _uploaded(clerk, at, "人社", f"{year}年参保人数.xlsx", _insured(firms, year))
    return 3


def _uploaded(clerk: Actor, at: datetime, source: str, name: str, rows: Sequence[Sequence[object]]) -> Batch:
    content = _workbook(name.rpartition(".")[0], rows)
    return upload(actor=clerk, at=at, source=Source.objects.get(name=source), name=name, content=content)


def _checked(clerk: Actor, at: datetime, source: str, name: str, rows: Sequence[Sequence[object]]) -> Batch:
    batch = _uploaded(clerk, at, source, name, rows)
    for sheet in ImportSheet.objects.filter(batch=batch).select_related("batch__unit", "batch__source", "source"):
        plan = SheetPlan.from_json(sheet.plan)
        sheet.batch = batch
        save_plan(actor=clerk, at=at, sheet=sheet, plan=replace(plan, registers_firms=False), source=sheet.source, codes={})
    may_check(clerk, batch).require()
    batch = ready_to_check(actor=clerk, at=at, batch=batch)
    found = check(batch, timezone.localdate(at), _silent)
    return record_check(actor=clerk, at=at, batch=batch, version=batch.version, found=found)


def _committed(clerk: Actor, at: datetime, batch: Batch) -> None:
    prepared = prepare(batch, timezone.localdate(at), _silent)
    commit(actor=clerk, at=at, batch=batch, version=batch.version, prepared=prepared)


def _silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


def _trade_marks(firms: Sequence[Enterprise]) -> list[list[object]]:
    """Names with half-width brackets and blanks, as a register of another office has them."""
    rows: list[list[object]] = [["企业关联列", "商标名称", "注册号(解密)", "国际分类", "申请日期", "是否有效", "专用权截止日期"]]
    for number, firm in enumerate(firms):
        name = firm.name.replace("（", "(").replace("）", ")") + (" " if number % 3 else "")
        rows.append([name, f"示例{number + 1}", float(31_000_000 + number), 9.0, "2018-04-02", 1.0 if number % 7 else 0.0, "2029-04-02"])
    return rows


def _figures(firms: Sequence[Enterprise], year: int) -> list[list[object]]:
    """Yearly figures with a caption and a total, some beside what the tax office said, one in 元, two names that nobody bears."""
    held = dict(FactsInForce.objects.filter(enterprise__in=firms, level=Level.YEAR, period=year).values_list("enterprise_id", "values"))
    rows: list[list[object]] = [
        [f"{year} 年度规模以上企业主要指标"],
        ["企业名称", "统一社会信用代码", "营业收入（万元）", "资产总额（万元）", "从业人员"],
    ]
    for number, firm in enumerate(firms):
        known = held.get(firm.pk, {})
        # stored fen as 万元: at most six decimals, so that the float is the figure itself
        revenue, assets = (int(known.get(name) or 800_000_000) / FEN_PER_WAN for name in ("营业收入", "资产总额"))
        told = round(revenue * 10_000, 2) if number == 4 else round(revenue + (37 if number % 6 == 0 else 0), 6)
        rows.append([firm.name, firm.code, told, assets, "约50人" if number == 9 else known.get("从业人员") or 30])
    rows.append(["示例未登记企业有限公司", "", 5200, 3100, 41])
    rows.append(["示例外区企业有限公司", "", 880, 640, 12])
    rows.append(["合计", "", round(sum(float(str(row[2])) for row in rows[2:]), 6), "", ""])
    return rows


def _insured(firms: Sequence[Enterprise], year: int) -> list[list[object]]:
    rows: list[list[object]] = [["参保单位", "单位编号", "费款所属期", "参保人数"]]
    return [*rows, *([firm.name, f"S{number:05d}", f"{year}-11", 20 + number] for number, firm in enumerate(firms))]


def _workbook(title: str, rows: Sequence[Sequence[object]]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(title[:31])
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
    return stream.getvalue()
