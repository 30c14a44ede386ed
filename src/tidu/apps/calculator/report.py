"""The result of the calculator as a workbook to keep, made and held in memory."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from tidu.apps.calculator.domain import Answers, Result, Results
from tidu.exchange.report_sheets import SUMMARY, Book, ListSheet
from tidu.exchange.settlement_figures import wan
from tidu.exchange.workbook_styles import Column, Kind, State, Tone, long_day

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


def results_workbook(found: Results, answers: Answers, *, day: date) -> bytes:
    """The workbook: a summary, all results, and what was filled in; ``day`` is when it was made."""
    stream = BytesIO()
    with Book(stream, title="政策测算结果", day=day) as book:
        _summary(book, found, day)
        book.list(ListSheet(RESULTS, "测算结果", "可享的在前，其后依次为差一点、待补充、不适用。", COLUMNS, _rows(found), "没有现行的标准和政策。", 2))
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
