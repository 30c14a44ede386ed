"""The Excel report of a settlement: what each firm is to be paid, by whom, and how it was computed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tidu.exchange.report_sheets import SUMMARY, Book, Limits, ListSheet, Page, Progress, location, sheets_and_packs
from tidu.exchange.report_words import AWARD_STATES
from tidu.exchange.settlement_figures import Firms, SettlementFigures, Share, settlement_figures, wan, yuan
from tidu.exchange.settlement_lists import BY_FIRM, MISSING, NOT_PAID, OPEN, PAID, RULINGS, settlement_lists
from tidu.exchange.whole_files import write_whole
from tidu.exchange.workbook_styles import CHART_COLOURS, Column, Kind, Link, Tone, long_day
from tidu.kernel.collecting import without_collections

GUIDE = "说明"


@without_collections()
def write_settlement_report(
    document: Mapping[str, object],
    firms: Firms,
    path: Path,
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the report of ``document`` (the JSON of ``tidu settle``) to ``path``, whole or not at all.

    ``firms`` gives each firm's register facts by code (企业名称, 所属街道). Raises ``totals-disagree`` where the
    totals are not the sums of the results, ``unknown-state``, ``unit-not-yuan`` or ``amount-not-fen`` on foreign results.
    """
    figures = settlement_figures(document, firms)
    lists = settlement_lists(document, figures, firms)

    def write(target: Path) -> None:
        with Book(target, title="惠企政策兑现测算报告", day=_as_of(document), limits=limits, progress=progress) as book:
            book.expect_rows(lists.values())
            _summary(book, document, figures, lists)
            for sheet in lists.values():
                book.list(sheet)
            _guide(book, document)

    write_whole(path, write)


def _as_of(document: Mapping[str, object]) -> object:
    return document.get("as_of") or document.get("facts_as_of") or document.get("law_date")


def _summary(book: Book, document: Mapping[str, object], figures: SettlementFigures, lists: Mapping[str, ListSheet]) -> None:
    page = book.page(SUMMARY, (34, 18, 12, 18, 13, 13, 13, 13, 13, 20))
    page.title("惠企政策兑现测算报告")
    page.prose(_dates_sentence(document))
    if not figures.items:
        page.prose(
            "本次没有任何可测算的事项：输入的“事项”表里没有认定、合同、标准等记录，或在所选日期没有有效的政策条款。请检查后重新测算。"
        )
        return
    _conclusion(page, figures)
    _states(page, figures, lists)
    _payers(page, figures)
    _awards(page, figures)
    _places(page, figures)


def _dates_sentence(document: Mapping[str, object]) -> str:
    parts = []
    if document.get("law_date"):
        parts.append(f"依据 {long_day(document['law_date'])}有效的政策条款测算")
    if document.get("as_of") or document.get("facts_as_of"):
        parts.append(f"使用截至 {long_day(document.get('as_of') or document.get('facts_as_of'))}掌握的数据")
    parts.append("金额单位见表头，“元”精确到分。带下划线的数字可点击，转到对应名单")
    return "；".join(parts) + "。"


def _conclusion(page: Page, figures: SettlementFigures) -> None:
    whole = figures.whole
    payers = "，".join(f"{payer} {share.amount / 100:,.2f} 元" for payer, share in figures.payers.items())
    sentence = f"拟向 {len(whole.firms):,} 家企业兑现 {whole.items:,} 项，共 {whole.amount / 100:,.2f} 元；其中{payers}。"
    if not whole.items:
        sentence = "按现有数据和口径，没有可兑现的事项。"
    open_items = whole.states["ruling needed"]
    if open_items:
        sentence += f"另有 {open_items:,} 项等待确定口径，可能金额 {whole.open_amount / 100:,.2f} 元，未计入。"
    if whole.states["unknown"]:
        sentence += f"另有 {whole.states['unknown']:,} 项缺少数据，未计入。"
    page.prose(sentence)


_SHEET_OF_STATE = {
    "granted": PAID,
    "capped": PAID,
    "dropped": NOT_PAID,
    "excluded": NOT_PAID,
    "unknown": MISSING,
    "ruling needed": OPEN,
}
_MEANING_OF_STATE = {
    "granted": "按条款算出的金额全部兑现。",
    "capped": "算出的金额超过上限，兑现到上限为止。",
    "dropped": "事项本身不给：从高不重复、一次性奖励已给过、上限已满等。",
    "excluded": "企业不具备资格：不在适用范围、列入名单、近三年有重大违法等。",
    "unknown": "缺少会影响金额的数据，补齐前不兑现，也不当作 0。",
    "ruling needed": "政策原文没有写明，须先由主管部门确定口径。",
}


def _states(page: Page, figures: SettlementFigures, lists: Mapping[str, ListSheet]) -> None:
    page.heading("总体情况")
    rows: list[tuple[object, ...]] = []
    for state, shown in AWARD_STATES.items():
        count = figures.whole.states[state]
        amount = sum(item.amount for item in figures.of_states(state))
        sheet = _SHEET_OF_STATE[state]
        linked = Link(count, sheet) if count and lists[sheet].rows else count
        rows.append((shown, yuan(amount), linked, _MEANING_OF_STATE[state]))
    rows.append(("合计", yuan(figures.whole.amount), len(figures.items), None))
    columns = (Column("结果", Kind.STATE), Column("拟兑现金额（元）", Kind.MONEY), Column("事项（项）", Kind.COUNT), Column("含义"))
    page.table(columns, rows, total=True, widen_last=True)


def _payers(page: Page, figures: SettlementFigures) -> None:
    page.heading("由谁出资")
    columns = (
        Column("出资方"),
        Column("拟兑现金额（元）", Kind.MONEY),
        Column("事项（项）", Kind.COUNT),
        Column("拟兑现金额（万元）", Kind.MONEY),
        Column("企业（家）", Kind.COUNT),
    )
    rows = [_share_row(share, name) for name, share in figures.payers.items()]
    rows.append(_share_row(figures.whole, "合计"))
    page.table(columns, rows, total=True)
    if len(figures.payers) > 1:
        page.prose("同一企业可由多方出资，企业数各行不能相加。")


def _share_row(share: Share, name: object) -> tuple[object, ...]:
    return name, yuan(share.amount), share.items, wan(share.amount), len(share.firms)


def _awards(page: Page, figures: SettlementFigures) -> None:
    page.keep_together(len(figures.awards) + 6)
    page.heading("各奖补条目")
    columns = (
        Column("条目与条款"),
        Column("拟兑现金额（元）", Kind.MONEY),
        Column("拟兑现（项）", Kind.COUNT),
        Column("拟兑现金额（万元）", Kind.MONEY),
        Column("其中按上限（项）", Kind.COUNT),
        Column("不予兑现（项）", Kind.COUNT),
        Column("主体被排除（项）", Kind.COUNT),
        Column("待补充数据（项）", Kind.COUNT),
        Column("待定口径（项）", Kind.COUNT),
        Column("待定口径可能金额（元）", Kind.MONEY),
    )
    begin = 0
    rows: list[tuple[object, ...]] = []
    for name, share in figures.awards.items():
        count = Link(share.items, *location(page.book.limits, PAID, begin)) if share.items else 0
        begin += share.items
        rows.append(_award_row(share, _award_name(name, share), count))
    rows.append(_award_row(figures.whole, "合计", figures.whole.items))
    first, last = page.table(columns, rows, total=True)
    if figures.whole.amount:
        # The chart leaves the sum out, it would dwarf every award.
        _money_chart(page, first, last - 1, "各奖补条目拟兑现金额")


def _award_row(share: Share, name: object, count: object) -> tuple[object, ...]:
    states = share.states
    others = (states["capped"], states["dropped"], states["excluded"], states["unknown"], states["ruling needed"])
    return name, yuan(share.amount), count, wan(share.amount), *others, yuan(share.open_amount)


def _award_name(name: str, share: Share) -> str:
    sample = share.sample
    if sample is None:
        return name
    return " ".join(part for part in (name, sample.title, sample.clause and f"（{sample.clause}）") if part)


def _money_chart(page: Page, first: int, last: int, title: str) -> None:
    series = [
        {
            "name": "拟兑现金额（万元）",
            "categories": [SUMMARY, first, 0, last, 0],
            "values": [SUMMARY, first, 3, last, 3],
            "fill": {"color": CHART_COLOURS[Tone.PLAIN]},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "#,##0.##", "font": {"size": 9}},
        }
    ]
    height = min(6 + last - first, 28)
    page.chart({"type": "bar"}, series, title=f"{title}（万元）", value_name="万元", height=height)


def _places(page: Page, figures: SettlementFigures) -> None:
    page.keep_together(len(figures.subdistricts) + 5)
    page.heading("各街道")
    columns = (
        Column("所属街道", Kind.CODE),
        Column("拟兑现金额（元）", Kind.MONEY),
        Column("事项（项）", Kind.COUNT),
        Column("拟兑现金额（万元）", Kind.MONEY),
        Column("企业（家）", Kind.COUNT),
    )
    rows = [_share_row(share, name) for name, share in figures.subdistricts.items()]
    rows.append(_share_row(figures.whole, "全区合计"))
    first, last = page.table(columns, rows, total=True)
    if figures.whole.amount:
        _money_chart(page, first, last - 1, "各街道拟兑现金额")


def _guide(book: Book, document: Mapping[str, object]) -> None:
    page = book.page(GUIDE, (20, 96))
    page.title("怎样看这份报告")
    columns = (Column("词语"), Column("含义"))
    page.heading("结果")
    page.table(columns, [(shown, _MEANING_OF_STATE[state]) for state, shown in AWARD_STATES.items()])
    page.heading("金额与依据")
    page.table(columns, _TERMS)
    sheets_and_packs(page, _SHEETS, document.get("packs"))
    page.prose("本报告是对数据的测算结果，供审核参考；受理、联审、公示和拨付以主管部门的决定为准。")


_TERMS = [
    ("计算金额", "按条款算出、未受上限和从高不重复限制的金额。"),
    ("拟兑现金额", "经上限、从高不重复、一次性和排除规则处理后的金额。合计只加“全额兑现”和“按上限兑现”。"),
    ("上级基数", "区级配套所依据的市级或省级奖补金额，取认定当日有效的数额。"),
    ("从高不重复", "同一或相近事由只兑现金额最高的一项，其余列入“未兑现”。"),
    ("口径", "政策原文没有写明、由主管部门选定的理解。“口径影响”列明每个口径牵涉的项数和金额；标明系统默认的，须由主管部门确认。"),
    ("金额单位", "清单和拨付用“元”，精确到分；汇总另列“万元”便于比较。"),
]
_SHEETS = [
    (SUMMARY, "一共多少钱、由谁出、各条目各街道多少。"),
    (PAID, "拟给谁、依哪一条、给多少、怎么算的。"),
    (BY_FIRM, "每家企业一共多少、由谁出资。"),
    (NOT_PAID, "哪些事项不兑现、为什么。"),
    (MISSING, "哪些事项缺数据，缺什么、向谁要、补齐后多少。"),
    (OPEN, "哪些事项等待确定口径。"),
    (RULINGS, "结果依赖哪些口径，各牵涉多少钱。"),
]
