"""The Excel report of a simulation: what a change costs, who gains and who loses, where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tidu.exchange.report_sheets import SUMMARY, Book, ListSheet, Page, Progress, numbered
from tidu.exchange.report_words import AWARD_STATES, VERDICTS, confidence_text
from tidu.exchange.whole_files import write_whole
from tidu.exchange.workbook_styles import Column, Kind, State, Tone, long_day

STANDARDS, FIRMS, ITEMS = "标准结论变化", "企业金额变化", "事项变化"
KINDS = {
    "standard": "标准", "award": "奖补", "ruling": "口径", "base": "市级基数", "policy": "政策", "indicator": "计算指标", "mapping": "对照表",
    "calculation": "计算", "effort": "工作量",
}  # fmt: skip
WHAT = {"replaced": "修改", "added": "新增", "chosen": "选定"}
EFFECTS = {"gained": State("新符合", Tone.GOOD), "lost": State("不再符合", Tone.BAD), "moved": State("结论有变", Tone.WAIT)}
GROUPS = {"by_subdistrict": "各街道", "by_industry": "各行业（划型行业）", "by_chain": "各主导产业"}
_FIRM = (Column("统一社会信用代码", Kind.CODE, 20, 20), Column("企业名称", Kind.TEXT, 20, 36), Column("所属街道", Kind.CODE, 12, 18))
_GROUPED = (*_FIRM, Column("行业", Kind.CODE, 12, 20), Column("主导产业", Kind.CODE, 12, 18))
Document = Mapping[str, Any]


def write_simulation_report(document: Document, path: Path, *, progress: Progress | None = None) -> None:
    """Write the report of ``document`` (the JSON of ``tidu simulate``) to ``path``, whole or not at all."""
    lists = [sheet for sheet in (_standards(document), _firms(document), _items(document)) if sheet is not None]

    def write(target: Path) -> None:
        with Book(target, title="政策修改影响测算报告", day=document["facts_as_of"], progress=progress) as book:
            book.expect_rows(lists)
            _summary(book, document)
            for sheet in lists:
                book.list(sheet)

    write_whole(path, write)


def verdict_text(answer: str | None) -> str:
    """A verdict or a class in words; None is said as there being no text in force."""
    if answer is None:
        return "没有现行文本"
    return VERDICTS[answer].text if answer in VERDICTS else answer


def change_name(change: Document) -> str:
    """The name of a changed document, with its version and title where it has them."""
    return " ".join(part for part in (change["name"], change["version"], change["title"]) if part)


def _money(yuan: float) -> Decimal:
    return Decimal(str(yuan))


def _summary(book: Book, document: Document) -> None:
    page = book.page(SUMMARY, (34, 20, 20, 20, 16, 16))
    page.title("政策修改影响测算报告")
    page.prose(
        f"政策日期 {long_day(document['law_date'])}，数据截至 {long_day(document['facts_as_of'])}。同一批企业按修改前、修改后的规则各算一遍。"
    )
    page.heading("改了什么")
    changes = [
        (KINDS.get(one["kind"], one["kind"]), f"{one['name']} {one['version']}".strip(), WHAT[one["what"]]) for one in document["changes"]
    ]
    page.table((Column("名称"), Column("种类"), Column("改动")), changes)
    for standard in document["standards"]:
        _standard(page, standard)
    if not document["standards"]:
        page.heading("标准")
        page.prose("没有哪项标准的结论因此改变。")
    _awards(page, document["awards"])


def _standard(page: Page, standard: Document) -> None:
    counts = [side["counts"] if side else {} for side in (standard["before"], standard["after"])]
    words = [word for word in (*VERDICTS, *sorted({*counts[0], *counts[1]} - set(VERDICTS))) if word in counts[0] or word in counts[1]]
    page.keep_together(len(words) + 8)
    page.heading(f"{standard['standard']}（单位：家）")
    for label, side in (("修改前", standard["before"]), ("修改后", standard["after"])):
        text = f"{side['version']}，{side['rule_set']}（{confidence_text(side['confidence'])}）" if side else "没有现行文本"
        page.prose(f"{label}：{text}")
    rows: list[Sequence[object]] = []
    for word in words:
        before, after = counts[0].get(word, 0), counts[1].get(word, 0)
        rows.append((verdict_text(word), before, after, after - before))
    page.table((Column("结论"), Column("修改前", Kind.COUNT), Column("修改后", Kind.COUNT), Column("增减", Kind.COUNT)), rows)
    page.prose(
        f"新符合 {standard['gained']:,} 家，不再符合 {standard['lost']:,} 家，结论有变的共 {len(standard['moved']):,} 家，见“{STANDARDS}”。"
    )
    for key, title in GROUPS.items():
        if standard[key]:
            page.keep_together(len(standard[key]) + 3)
            columns = (Column(title), Column("新符合", Kind.COUNT), Column("不再符合", Kind.COUNT))
            page.table(columns, [(one["name"], one["gained"], one["lost"]) for one in standard[key]])
            page.prose("")


def _awards(page: Page, awards: Document | None) -> None:
    page.heading("奖补资金")
    if awards is None:
        page.prose("这次修改不涉及奖补，或所选日期没有现行的奖补政策。")
        return
    cost = awards["cost"]
    page.prose(
        f"兑现总额由 {_money(cost['before']):,.2f} 元变为 {_money(cost['after']):,.2f} 元，增减 {_money(cost['change']):+,.2f} 元；"
        f"{awards['winners']:,} 家增加，{awards['losers']:,} 家减少。"
    )
    sums = (Column("修改前（元）", Kind.MONEY), Column("修改后（元）", Kind.MONEY), Column("增减（元）", Kind.MONEY))
    payers: list[Sequence[object]] = [(one["payer"], *_three(one)) for one in awards["totals"]]
    page.table((Column("出资方"), *sums), [*payers, ("合计", *_three(cost))], total=True)
    page.prose("")
    clauses = [(f"{one['award']} {one['title']}", *_three(one), one["firms_before"], one["firms_after"]) for one in awards["awards"]]
    columns = (Column("奖补"), *sums, Column("修改前（家）", Kind.COUNT), Column("修改后（家）", Kind.COUNT))
    page.table(columns, clauses, empty="没有可测算的事项。")
    for key, title in GROUPS.items():
        if awards[key]:
            page.prose("")
            page.keep_together(len(awards[key]) + 3)
            rows = [(one["name"], _money(one["change"]), one["winners"], one["losers"]) for one in awards[key]]
            page.table(
                (Column(title), Column("增减（元）", Kind.MONEY), Column("增加（家）", Kind.COUNT), Column("减少（家）", Kind.COUNT)), rows
            )


def _three(sums: Document) -> tuple[Decimal, Decimal, Decimal]:
    return _money(sums["before"]), _money(sums["after"]), _money(sums["change"])


def _firm(one: Document) -> tuple[object, ...]:
    return one["firm"], one["name"], one["subdistrict"]


def _grouped(one: Document) -> tuple[object, ...]:
    return *_firm(one), one["industry"], one["chain"]


def _standards(document: Document) -> ListSheet | None:
    def rows() -> Iterable[tuple[object, ...]]:
        for standard in document["standards"]:
            for one in standard["moved"]:
                words = verdict_text(one["before"]), verdict_text(one["after"])
                yield (
                    *_grouped(one),
                    standard["standard"],
                    EFFECTS[one["effect"]],
                    *words,
                    _score(one["score_before"]),
                    _score(one["score_after"]),
                )

    if not document["standards"]:
        return None
    columns = (
        Column("序号", Kind.INDEX, 5, 6), *_GROUPED, Column("标准", Kind.TEXT, 16, 24), Column("影响", Kind.STATE, 10, 12),
        Column("修改前", Kind.TEXT, 10, 14), Column("修改后", Kind.TEXT, 10, 14), Column("修改前得分", Kind.VALUE, 8, 12, optional=True),
        Column("修改后得分", Kind.VALUE, 8, 12, optional=True),
    )  # fmt: skip
    return ListSheet(STANDARDS, "结论有变的企业", "谁的结论因修改而不同。", columns, numbered(rows()), "没有企业的结论改变。")


def _score(score: Document | None) -> object:
    if score is None:
        return None
    return score["low"] if score["low"] == score["high"] else f"{score['low']} 至 {score['high']}"


def _firms(document: Document) -> ListSheet | None:
    if document["awards"] is None:
        return None
    rows = numbered((*_grouped(one), *_three(one)) for one in document["awards"]["firms"])
    columns = (
        Column("序号", Kind.INDEX, 5, 6), *_GROUPED, Column("修改前（元）", Kind.MONEY, 15, 17, total=True),
        Column("修改后（元）", Kind.MONEY, 15, 17, total=True), Column("增减（元）", Kind.MONEY, 15, 17, total=True),
    )  # fmt: skip
    return ListSheet(FIRMS, "金额有变的企业", "谁因修改多得或少得，按变化大小排列。", columns, rows, "没有企业的金额改变。")


def _items(document: Document) -> ListSheet | None:
    if document["awards"] is None:
        return None

    def side(found: Document | None) -> tuple[object, object]:
        return (None, None) if found is None else (AWARD_STATES[found["state"]], _money(found["amount"]))

    rows = numbered(
        (*_firm(one), one["award"], one["clause"], one["item"], *side(one["before"]), *side(one["after"]), (one["after"] or {}).get("why"))
        for one in document["awards"]["items"]
    )
    columns = (
        Column("序号", Kind.INDEX, 5, 6), *_FIRM, Column("奖补", Kind.CODE, 6, 8), Column("条款", Kind.CODE, 10, 14), Column("事项", Kind.TEXT, 20, 40),
        Column("修改前", Kind.STATE, 10, 12), Column("修改前（元）", Kind.MONEY, 14, 17, total=True), Column("修改后", Kind.STATE, 10, 12),
        Column("修改后（元）", Kind.MONEY, 14, 17, total=True), Column("修改后的理由", Kind.TEXT, 24, 52),
    )  # fmt: skip
    return ListSheet(ITEMS, "结果有变的事项", "哪些事项的结果或金额因修改而不同。", columns, rows, "没有事项的结果改变。")
