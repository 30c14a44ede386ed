"""The lists of the settlement report: what is to be paid and how it was computed, what is not, what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tidu.exchange.report_sheets import FIRM_COLUMNS, ListSheet, numbered
from tidu.exchange.report_words import award_state, fact_source, firm_fact, firm_name, joined, ruling_text
from tidu.exchange.settlement_figures import Firms, Item, SettlementFigures, natural, yuan
from tidu.exchange.workbook_styles import Column, Kind

PAID, BY_FIRM, NOT_PAID, MISSING, OPEN, RULINGS = "拟兑现", "按企业", "未兑现", "待补充", "待定口径", "口径影响"

_AWARD = (
    Column("条目", Kind.CODE, 7, 8),
    Column("政策条款", Kind.TEXT, 10, 16),
    Column("奖补事项", Kind.TEXT, 16, 32),
    Column("出资方", Kind.CODE, 8, 10),
)
_STATE = Column("结果", Kind.STATE, 12, 14)
_COMPUTED = Column("计算金额（元）", Kind.MONEY, 15, 16)
_RULINGS = Column("所依口径", Kind.TEXT, 10, 26, optional=True)


def settlement_lists(document: Mapping[str, object], figures: SettlementFigures, firms: Firms) -> dict[str, ListSheet]:
    """All lists by name, in the order of the sheets."""
    lists = (
        _paid(figures, firms),
        _by_firm(figures, firms),
        _not_paid(figures, firms),
        _missing(figures, firms),
        _open(figures, firms),
        _rulings(document, figures),
    )
    return {sheet.name: sheet for sheet in lists}


def _firm(item: Item, firms: Firms) -> tuple[str, str, str]:
    return item.firm, firm_name(item.firm, firms, item.result), firm_fact(item.firm, firms, "所属街道")


def _award(item: Item) -> tuple[str, str, str, str]:
    is_named = item.title in item.item
    matter = item.item if is_named else f"{item.title}：{item.item}" if item.item else item.title
    return item.award, item.clause, matter, item.payer


def _rests_on(item: Item) -> str | None:
    return joined((ruling_text(ruling) for ruling in item.result.get("rulings") or ()), "\n")


def how_text(item: Item) -> str:
    """How the amount came about: the steps of the result, else its figures and reason."""
    steps = item.result.get("how")
    if isinstance(steps, str):
        return steps
    if steps:
        return "\n".join(f"{number}. {_step_text(step)}" for number, step in enumerate(steps, start=1))
    why = str(item.result.get("why") or "")
    if item.computed is None or item.computed == item.amount:
        return why
    figures = f"计算 {item.computed / 100:,.2f} 元，兑现 {item.amount / 100:,.2f} 元"
    return f"{figures}：{why}" if why else f"{figures}。"


def _step_text(step: object) -> str:
    return str(step.get("text") or step) if isinstance(step, Mapping) else str(step)


def _paid(figures: SettlementFigures, firms: Firms) -> ListSheet:
    rows = numbered(
        (
            *_firm(item, firms),
            *_award(item),
            yuan(item.base),
            yuan(item.computed),
            yuan(item.amount),
            award_state(item.state),
            how_text(item),
            _rests_on(item),
        )
        for item in figures.of_states("granted", "capped")
    )
    columns = (
        *FIRM_COLUMNS,
        *_AWARD,
        Column("上级基数（元）", Kind.MONEY, 15, 16, optional=True),
        _COMPUTED,
        Column("拟兑现金额（元）", Kind.MONEY, 16, 17, total=True),
        _STATE,
        Column("怎么算的", Kind.TEXT, 30, 52),
        _RULINGS,
    )
    lead = "拟给谁、依哪一条、给多少、怎么算的。按条目排列。金额以拟兑现金额为准；“上级基数”是配套所依的市级或省级金额，不涉及配套的为空。"
    empty = "没有可兑现的事项。请看“待补充”和“待定口径”：补齐数据或确定口径后可能有应兑现的事项。"
    return ListSheet(PAID, "拟兑现清单", lead, columns, rows, empty)


def _by_firm(figures: SettlementFigures, firms: Firms) -> ListSheet:
    payers = [name for name, share in figures.payers.items() if share.amount]

    def rows() -> Iterator[tuple[object, ...]]:
        for share in figures.firms.values():
            if share.items and share.sample is not None:
                by_payer = (yuan(share.by_payer[payer]) for payer in payers)
                yield *_firm(share.sample, firms), share.items, yuan(share.amount), *by_payer

    columns = (
        *FIRM_COLUMNS,
        Column("拟兑现（项）", Kind.COUNT, 10, 12, total=True),
        Column("拟兑现合计（元）", Kind.MONEY, 18, 20, total=True),
        *(Column(f"其中{payer}（元）", Kind.MONEY, 16, 20, total=True) for payer in payers),
    )
    lead = "每家企业一共拟兑现多少，由谁出资。按金额由多到少排列。"
    return ListSheet(BY_FIRM, "按企业汇总", lead, columns, numbered(rows()), "没有可兑现的企业。原因见“未兑现”“待补充”“待定口径”。")


def _not_paid(figures: SettlementFigures, firms: Firms) -> ListSheet:
    rows = numbered(
        (
            *_firm(item, firms),
            *_award(item),
            yuan(item.computed),
            award_state(item.state),
            item.result.get("why") or "未注明原因",
            _rests_on(item),
        )
        for item in figures.of_states("dropped", "excluded")
    )
    columns = (*FIRM_COLUMNS, *_AWARD, _COMPUTED, _STATE, Column("原因", Kind.TEXT, 30, 60), _RULINGS)
    lead = (
        "哪些事项不兑现、为什么。“不予兑现”是事项本身不给（如从高不重复、一次性奖励已给过、年度上限已满）；“主体被排除”是企业不具备资格。"
    )
    return ListSheet(NOT_PAID, "未兑现清单", lead, columns, rows, "没有不予兑现或被排除的事项。")


def _missing(figures: SettlementFigures, firms: Firms) -> ListSheet:
    def rows() -> Iterator[tuple[object, ...]]:
        for item in figures.of_states("unknown"):
            missing = [str(name) for name in item.result.get("missing") or ()]
            sources = joined(dict.fromkeys(fact_source(name) for name in missing))
            yield *_firm(item, firms), *_award(item), joined(missing), sources, yuan(item.computed), item.result.get("why"), _rests_on(item)

    columns = (
        *FIRM_COLUMNS,
        *_AWARD,
        Column("缺少的数据", Kind.TEXT, 16, 34),
        Column("数据来源", Kind.TEXT, 10, 16),
        Column("补齐后预计（元）", Kind.MONEY, 16, 17, optional=True),
        Column("说明", Kind.TEXT, 24, 50),
        _RULINGS,
    )
    lead = "哪些事项因缺数据不能定。缺数据时一律不兑现，也不按 0 计；能预计补齐后金额的列在“补齐后预计”，为空表示现在还算不出。"
    return ListSheet(MISSING, "待补充数据的事项", lead, columns, numbered(rows()), "没有因缺数据而待定的事项。")


def _open(figures: SettlementFigures, firms: Firms) -> ListSheet:
    rows = numbered(
        (*_firm(item, firms), *_award(item), _rests_on(item), yuan(item.computed), item.result.get("why"))
        for item in figures.of_states("ruling needed")
    )
    columns = (
        *FIRM_COLUMNS,
        *_AWARD,
        Column("待定的口径", Kind.TEXT, 14, 30),
        Column("可能金额（元）", Kind.MONEY, 15, 16, total=True),
        Column("说明", Kind.TEXT, 30, 60),
    )
    lead = "哪些事项因政策原文没有写明而不能定。请主管部门先确定口径（tidu settle --ruling 编号=选项），再重新计算。"
    return ListSheet(OPEN, "等待确定口径的事项", lead, columns, rows, "没有等待确定口径的事项。")


def _rulings(document: Mapping[str, object], figures: SettlementFigures) -> ListSheet:
    described = _described_rulings(document)
    names = sorted({*figures.rulings, *described}, key=natural)

    def rows() -> Iterator[tuple[object, ...]]:
        for name in names:
            ruling, share = described.get(name, {}), figures.rulings.get(name)
            states = share.states if share else {}
            yield (
                name,
                ruling.get("question"),
                _choice(ruling) or _choice_named(share.sample if share else None, name),
                _by_whom(ruling),
                share.items if share else 0,
                yuan(share.amount if share else 0),
                states.get("ruling needed", 0),
                yuan(share.open_amount if share else 0),
            )

    columns = (
        Column("序号", Kind.INDEX, 6, 8),
        Column("口径编号", Kind.CODE, 10, 16),
        Column("原文没有写明的问题", Kind.TEXT, 30, 56, optional=True),
        Column("本次采用", Kind.TEXT, 14, 34, optional=True),
        Column("由谁、何时确定", Kind.TEXT, 16, 26, optional=True),
        Column("拟兑现所依（项）", Kind.COUNT, 11, 12),
        Column("拟兑现所依（元）", Kind.MONEY, 16, 17),
        Column("待定（项）", Kind.COUNT, 8, 10),
        Column("待定（元）", Kind.MONEY, 15, 16),
    )
    lead = "本次结果依赖哪些口径、各牵涉多少项多少钱。一项可依多个口径，各行不能相加。改变口径前请先看它会影响多少钱。"
    return ListSheet(RULINGS, "口径及其影响", lead, columns, numbered(rows()), "没有结果依赖需要选定的口径。", frozen_columns=2)


def _described_rulings(document: Mapping[str, object]) -> dict[str, Mapping[str, Any]]:
    """The rulings a document describes by id; both ``choice, by, on`` and the pack's ``in_force`` and ``default`` are read."""
    described = document.get("rulings")
    found: dict[str, Mapping[str, Any]] = {}
    for ruling in described if isinstance(described, list | tuple) else ():
        if isinstance(ruling, Mapping) and (ruling.get("id") or ruling.get("ruling")):
            found[str(ruling.get("id") or ruling["ruling"])] = {**ruling, **(ruling.get("in_force") or {})}
    return found


def _choice_named(sample: Item | None, name: str) -> str | None:
    """The choice a result names behind the id, ``R3=取高``."""
    for ruling in (sample.result.get("rulings") or ()) if sample else ():
        text = ruling_text(ruling)
        if text.startswith(name) and len(text) > len(name):
            return text[len(name) :].lstrip("=＝:： ") or None
    return None


def _choice(ruling: Mapping[str, Any]) -> str | None:
    default = ruling.get("default")
    return ruling.get("choice") or (default if isinstance(default, str) else None)


def _by_whom(ruling: Mapping[str, Any]) -> str | None:
    decided = joined((ruling[key] for key in ("by", "on") if ruling.get(key)), "，")
    return decided or ("系统默认，尚未由主管部门确定" if ruling.get("default") else None)
