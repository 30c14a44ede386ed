"""Workbooks that a visitor may keep: results of the calculator, the sum of an upload, the empty form; made in memory."""

from __future__ import annotations

from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tidu.apps.calculator.domain import Answers, Result, Results, WorkbookSummary
from tidu.exchange.report_sheets import SUMMARY, Book, ListSheet
from tidu.exchange.settlement_figures import wan
from tidu.exchange.workbook_styles import Column, Kind, State, Tone, long_day
from tidu.exchange.workbooks import write_template

TONES = {"可享": Tone.GOOD, "差一点": Tone.PERSON, "待补充": Tone.WAIT, "不适用": Tone.CLOSED}
RESULTS, TOLD = "测算结果", "填写的数据"
COLUMNS = (
    Column("结论", Kind.STATE, 10, 12),
    Column("项目", Kind.TEXT, 18, 30),
    Column("类别", Kind.TEXT, 8, 10),
    Column("金额（万元）", Kind.MONEY, 12, 14, total=True),
    Column("得分", Kind.TEXT, 8, 12),
    Column("说明", Kind.TEXT, 30, 60),
    Column("怎么算的", Kind.TEXT, 20, 60, optional=True),
    Column("还缺的数据", Kind.TEXT, 16, 40, optional=True),
    Column("依据", Kind.TEXT, 20, 36),
    Column("时间", Kind.TEXT, 16, 30),
)
TOLD_COLUMNS = (Column("问题", Kind.TEXT, 20, 36), Column("项目", Kind.TEXT, 16, 30), Column("填写", Kind.TEXT, 16, 40))


@cache
def empty_workbook() -> bytes:
    """The empty workbook to fill in; it holds nothing of anybody, so that a passing file does no harm."""
    with TemporaryDirectory(prefix="tidu-") as folder:
        return write_template(Path(folder, "template.xlsx")).read_bytes()


def results_workbook(found: Results, answers: Answers, *, day: date) -> bytes:
    """The workbook: a summary, all results, and what was filled in; ``day`` is when it was made."""
    stream = BytesIO()
    with Book(stream, title="政策测算结果", day=day) as book:
        _summary(book, found, day)
        book.list(
            ListSheet(
                RESULTS, "测算结果", "可享的在前，其后依次为差一点、待补充、不适用。", COLUMNS, _rows(found), "没有现行的标准和政策。", 2
            )
        )
        told = [(question.label, one.label, text) for question, pairs in answers.shown() for one, text in pairs]
        book.list(ListSheet(TOLD, "填写的数据", "测算用的就是这些；没有列出的按待补充处理。", TOLD_COLUMNS, told, "什么也没有填写。", 1))
    return stream.getvalue()


def _summary(book: Book, found: Results, day: date) -> None:
    page = book.page(SUMMARY, (20, 16, 16, 40))
    page.title("政策测算结果")
    kind = "到期复核" if found.application == "review" else "首次申报"
    page.prose(
        f"按 {long_day(found.moment.law_date)}有效的政策和标准，用截至 {long_day(found.moment.facts_as_of)}的数据测算，{kind}；"
        f"{long_day(day)}制作。结果供参考，能否享受以主管部门审核为准。"
    )
    if found.sentence:
        page.prose(found.sentence)
    page.heading("各类结论")
    columns = (Column("结论", Kind.STATE), Column("项数", Kind.COUNT), Column("金额（万元）", Kind.MONEY))
    rows = [
        (State(name, tone), len(found.group(name)), wan(sum(one.amount or 0 for one in found.group(name)))) for name, tone in TONES.items()
    ]
    page.table(columns, rows)
    for note in found.notes:
        page.prose(note)


def _rows(found: Results) -> list[tuple[object, ...]]:
    return [_row(result, name) for name in TONES for result in found.group(name)]


def _row(result: Result, group: str) -> tuple[object, ...]:
    score = result.score
    points = None if score is None else f"{score.low}" if score.low == score.high else f"{score.low}～{score.high}"
    return (
        State(group, TONES[group]),
        result.name,
        "奖补" if result.kind == "award" else "标准",
        wan(result.amount) if result.amount else None,
        points,
        "\n".join(result.why),
        "\n".join(result.how) or None,
        "、".join(one.label for one in result.missing) or None,
        f"{result.document} {result.clause}".strip() if result.kind == "award" else result.document,
        result.deadline or None,
    )


STANDARD_COLUMNS = (
    Column("标准"),
    Column("符合（家）", Kind.COUNT),
    Column("不符合（家）", Kind.COUNT),
    Column("待补充（家）", Kind.COUNT),
    Column("需人工判断（家）", Kind.COUNT),
    Column("差一步（家）", Kind.COUNT),
)
AWARD_COLUMNS = (
    Column("奖补"),
    Column("支付方"),
    Column("企业（家）", Kind.COUNT),
    Column("事项（项）", Kind.COUNT),
    Column("金额（万元）", Kind.MONEY),
    Column("待定（项）", Kind.COUNT),
)
MISSING_COLUMNS = (
    Column("缺少的数据", Kind.TEXT, 16, 30),
    Column("缺它（家）", Kind.COUNT, 10, 12),
    Column("补上就能定下（家）", Kind.COUNT, 14, 18),
    Column("关系到的标准", Kind.TEXT, 20, 60),
)
VERDICT_WORDS = {"met": "符合", "unmet": "不符合", "unknown": "待补充", "manual": "需人工判断"}


def firms_workbook(found: WorkbookSummary, *, day: date) -> bytes:
    """An upload's summary as a workbook: counts by standard and award, every firm, what is missing."""
    stream = BytesIO()
    with Book(stream, title="数据表测算结果", day=day) as book:
        page = book.page(SUMMARY, (26, 14, 14, 14, 16, 14))
        page.title("数据表测算结果")
        page.prose(f"共 {found.firms:,} 家企业；{long_day(day)}制作。结果供参考，能否享受以主管部门审核为准。")
        page.heading("各项标准")
        page.table(
            STANDARD_COLUMNS, [(one.name, one.met, one.unmet, one.unknown, one.manual, one.one_step) for one in found.standards],
            empty="没有现行的标准。",
        )  # fmt: skip
        page.heading("各项奖补")
        page.table(
            AWARD_COLUMNS, [(one.title, one.payer, one.firms, one.items, wan(one.amount), one.open) for one in found.awards],
            empty=found.sentence or "没有可以兑现的事项。",
        )  # fmt: skip
        book.list(_firm_list(found))
        rows = [(one.name, one.firms, one.decides, "、".join(one.standards)) for one in found.missing]
        book.list(ListSheet("缺少的数据", "缺少的数据", "补上一项能定下结论最多的在前。", MISSING_COLUMNS, rows, "没有缺少的数据。", 1))
    return stream.getvalue()


def _firm_list(found: WorkbookSummary) -> ListSheet:
    names = [one.name for one in found.standards]
    columns = (
        Column("统一社会信用代码", Kind.CODE, 20, 20),
        Column("企业名称", Kind.TEXT, 16, 34),
        Column("奖补（万元）", Kind.MONEY, 12, 14, total=True),
        Column("差一步", Kind.TEXT, 12, 30),
        Column("缺少的数据（项）", Kind.COUNT, 10, 12),
        *(Column(name, Kind.TEXT, 10, 14) for name in names),
    )
    rows = [
        (one.code, one.name, wan(one.amount), "、".join(one.one_step), one.missing, *(VERDICT_WORDS[one.verdicts[name]] for name in names))
        for one in found.rows
    ]
    return ListSheet("企业", "逐家结果", "每家企业对每项标准的结论。", columns, rows, "表里没有企业。", 2)
