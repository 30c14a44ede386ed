"""会审材料: what a meeting has before it, in Word, so that staff can add to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import Subject
from tidu.apps.fulfilment.domain.panel_results import result_text, results_of
from tidu.apps.fulfilment.enums import BatchState
from tidu.apps.fulfilment.models import Budget, Case, DecisionBatch, Opinion
from tidu.apps.paper.blocks import Block, Column, Heading, Listed, Paper, Paragraph, table
from tidu.apps.paper.domain.grounds import Ground, grounds_of, ruling_lines
from tidu.apps.paper.domain.making import Printed, print_paper, require_reader
from tidu.apps.paper.enums import Form
from tidu.apps.paper.wording import both_ways, day_text, yuan
from tidu.kernel.awards import AwardBook
from tidu.kernel.legal_days import legal_day

MOST_EXPLAINED = 300
"""Cases whose computation is printed one by one; a longer batch would be a book that nobody reads."""
_BAR = 10
_LONGEST_REASON = 60


def make_decision_pack(*, actor: Actor, at: datetime, batch: DecisionBatch, book: AwardBook | None) -> Printed:
    """The Word file of a batch."""
    require_reader(actor)
    subject = Subject("batch", str(batch.pk), batch.title)
    return print_paper(actor=actor, at=at, paper=decision_pack(batch, book), form=Form.WORD, subject=subject)


def decision_pack(batch: DecisionBatch, book: AwardBook | None) -> Paper:
    """List, budgets, opinions in short, rulings, and how each amount came about."""
    related = "enterprise__subdistrict", "budget"
    cases = list(Case.objects.filter(batch=batch).select_related(*related).order_by("payer", "clause", "enterprise__code", "item", "pk"))
    grounds = grounds_of(cases)
    total = sum(due(case) for case in cases)
    blocks: list[Block] = [
        Heading("一、概况"),
        Paragraph(_summary(batch, cases, total)),
        Heading("二、预算占用"),
        _meter(batch, cases),
        Heading("三、拟支持名单"),
        _list(cases, total),
        Heading("四、所依据的口径"),
        _rulings(batch, grounds, book),
        Heading("五、逐件测算"),
        *_explained(cases, grounds),
        Heading("六、会议纪要"),
        Paragraph(batch.minutes or "（会议后填写）"),
    ]
    day = batch.met_on or legal_day(batch.created_at)
    return Paper(
        f"{batch.title}会审材料", day, tuple(blocks), subtitle=f"会议日期：{day_text(batch.met_on) or '待定'}", foot=batch.title, wide=True
    )


def due(case: Case) -> int:
    """What a case stands for in fen: as decided, otherwise as computed."""
    return case.amount if case.amount is not None else case.computed


def _summary(batch: DecisionBatch, cases: Sequence[Case], total: int) -> str:
    firms = len({case.enterprise_id for case in cases})
    amount = both_ways(total) if total else "0.00 元"
    stand = (
        "会议已作出决定，金额以决定时重新测算的为准。"
        if batch.state == BatchState.DECIDED
        else "金额为列入时的测算数，会议决定时系统将重新测算。"
    )
    return f"本批次列入 {len(cases)} 件，涉及企业 {firms} 家，合计 {amount}，使用 {batch.year} 年预算。{stand}"


def _meter(batch: DecisionBatch, cases: Sequence[Case]) -> Block:
    """Per payer and clause: planned, bound by others, by this batch, and what would be left."""
    weights: dict[tuple[str, str], int] = {}
    bound: dict[tuple[str, str], int] = {}
    for case in cases:
        key = case.payer, case.clause
        weights[key] = weights.get(key, 0) + due(case)
        if case.budget_id is not None:
            bound[key] = bound.get(key, 0) + due(case)
    budgets = {(one.payer, one.clause): one for one in Budget.objects.filter(year=batch.year)}
    rows = []
    for key in sorted(weights):
        budget, weight = budgets.get(key), weights[key]
        if budget is None:
            rows.append((*key, "未编列", "", yuan(weight), "", "没有预算，不能决定"))
            continue
        others = budget.committed - bound.get(key, 0)
        left = budget.planned - others - weight
        rows.append((*key, yuan(budget.planned), yuan(others), yuan(weight), yuan(left), _bar(budget.planned, others + weight)))
    columns = [
        Column("资金来源", 0.9), Column("条款", 1), Column("预算（元）", 1.2, figure=True), Column("其他已承诺（元）", 1.2, figure=True),
        Column("本批次（元）", 1.2, figure=True), Column("剩余（元）", 1.2, figure=True), Column("占用", 1.7),
    ]  # fmt: skip
    return table(columns, rows, empty="批次里没有办件。")


def _bar(planned: int, used: int) -> str:
    """The meter as a bar of characters with its share; what goes beyond is said in words."""
    if used > planned:
        return f"超出预算 {yuan(used - planned)} 元"
    filled = used * _BAR // planned if planned else 0
    tenths = used * 1000 // planned if planned else 0
    return f"{'■' * filled}{'□' * (_BAR - filled)} {tenths // 10}.{tenths % 10}%"


def _list(cases: Sequence[Case], total: int) -> Block:
    opinions: dict[int, list[Opinion]] = {}
    wanted = [case.pk for case in cases]
    for start in range(0, len(wanted), 500):
        chunk = Opinion.objects.filter(case__in=wanted[start : start + 500], void=False).select_related("unit").order_by("unit__path")
        for one in chunk:
            opinions.setdefault(one.case_id, []).append(one)
    scored = {pk: result_text(*found) for pk, found in results_of(wanted).items()}
    rows = [
        (
            str(number), case.number, case.enterprise.name, case.title, case.item, f"{case.payer} {case.clause}", yuan(due(case)),
            "；".join([*(_short(one) for one in opinions.get(case.pk, ())), *filter(None, [scored.get(case.pk)])]) or "无须联审",
        )
        for number, case in enumerate(cases, start=1)
    ]  # fmt: skip
    columns = [
        Column("序号", 0.4), Column("受理编号", 1.1), Column("企业", 1.5), Column("事项", 1.1), Column("对象", 1.3), Column("资金和条款", 0.9),
        Column("金额（元）", 1, figure=True), Column("部门意见和专家评审", 1.7),
    ]  # fmt: skip
    return table(columns, rows, total=("", "", "合计", "", "", "", yuan(total), "") if rows else (), empty="批次里没有办件。")


def _short(one: Opinion) -> str:
    verdict = one.get_verdict_display() if one.verdict else "未反馈"
    reason = one.reason if len(one.reason) <= _LONGEST_REASON else f"{one.reason[:_LONGEST_REASON]}…"
    return f"{one.unit.short_name}：{verdict}{f'（{reason}）' if reason else ''}"


def _rulings(batch: DecisionBatch, grounds: dict[int, Ground], book: AwardBook | None) -> Block:
    ids = list(dict.fromkeys(number for ground in grounds.values() for number in ground.rulings))
    rows = [(one.id, one.clause, one.question, one.choice, one.adopted) for one in ruling_lines(sorted(ids), book, batch.decided_at)]
    columns = [Column("口径", 0.5), Column("条款", 0.8), Column("问题", 2), Column("选择", 1.6), Column("采用", 1.2)]
    return table(columns, rows, empty="本批次的金额不依赖任何口径。")


def _explained(cases: Sequence[Case], grounds: dict[int, Ground]) -> list[Block]:
    if len(cases) > MOST_EXPLAINED:
        return [Paragraph(f"本批次超过 {MOST_EXPLAINED} 件，逐件测算请在系统中打开办件查看。")]
    blocks: list[Block] = []
    for number, case in enumerate(cases, start=1):
        ground = grounds.get(case.pk)
        blocks.append(Heading(f"{number}. {case.enterprise.name}　{case.title}（{case.item}）", 2))
        blocks.append(Listed(ground.how) if ground is not None and ground.how else Paragraph("没有测算记录。"))
    return blocks or [Paragraph("批次里没有办件。")]
