"""The lists of the assessment report: one question each, every row a firm's answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tidu.exchange.assessment_figures import (
    AssessmentFigures,
    Firms,
    Outcome,
    Result,
    nearest,
)
from tidu.exchange.report_sheets import FIRM_COLUMNS, ListSheet, numbered
from tidu.exchange.report_words import (
    beside_gap,
    cell_value,
    confidence_text,
    fact_source,
    figure_text,
    firm_fact,
    firm_name,
    joined,
    ruling_text,
    verdict_state,
    with_unit,
)
from tidu.exchange.workbook_styles import Column, Figure, Kind, State, Tone

MET, ONE_STEP, UNMET, PERSON, PRIORITY, MISSING, DETAIL = "达标企业", "差一步", "不符合原因", "需人工判断", "优先补数", "缺数据", "明细"

SCORE_UNIT = "分"
Measures = tuple[object, object, object]
"""Actual, needed and gap as they are shown."""
_NAMED = 4
"""How many other ways to meet a criterion are named in one cell."""

_CHAIN = Column("主导产业", Kind.CODE, 10, 14)
_STANDARD = Column("标准", Kind.TEXT, 14, 20)
_TEXT = Column("适用文本", Kind.TEXT, 18, 30)
_RULINGS = Column("所依口径", Kind.TEXT, 10, 24, optional=True)
_SCORE = (Column("得分（分）", Kind.VALUE, 8, 12, optional=True), Column("合格线（分）", Kind.VALUE, 8, 10, optional=True))


def assessment_lists(figures: AssessmentFigures, firms: Firms) -> dict[str, ListSheet]:
    """All lists by name, in the order of the sheets."""
    lists = (
        _met(figures, firms),
        _one_step(figures, firms),
        _unmet(figures, firms),
        _person(figures, firms),
        _priority(figures),
        _missing(figures, firms),
        _detail(figures, firms),
    )
    return {sheet.name: sheet for sheet in lists}


def first_rows(figures: AssessmentFigures) -> dict[str, dict[str, int]]:
    """For the lists ordered by standard: at which entry each standard begins."""
    counted: dict[str, Callable[[Outcome], bool]] = {
        MET: lambda outcome: outcome.verdict == "met",
        ONE_STEP: lambda outcome: outcome.one_step,
        PERSON: lambda outcome: outcome.verdict == "manual",
    }
    begins: dict[str, dict[str, int]] = {name: {} for name in (*counted, UNMET, DETAIL)}
    reached = dict.fromkeys(begins, 0)
    for standard in figures.standards.values():
        for name, begin in begins.items():
            begin[standard.name] = reached[name]
        reached[DETAIL] += standard.assessed
        if standard.is_classification:
            continue
        for name, holds in counted.items():
            reached[name] += sum(1 for outcome in standard.outcomes if holds(outcome))
        reached[UNMET] += sum(_unmet_rows(outcome) for outcome in standard.outcomes)
    return begins


def _unmet_rows(outcome: Outcome) -> int:
    return len(_reasons(outcome)) if outcome.verdict == "unmet" else 0


def _reasons(outcome: Outcome) -> list[tuple[Result, list[Result]]]:
    """What keeps a firm from meeting the standard, with what would do instead; at least one row, were it empty.

    The alternatives of a criterion are one reason: its score where it has one, else the nearest to its bound.
    """
    found: list[tuple[Result, list[Result]]] = []
    for entries in outcome.criteria.values():
        found += [(entry, []) for entry in entries if not entry.get("alternative")]
        choices = [entry for entry in entries if entry.get("alternative")]
        if choices:
            shown = nearest([entry for entry in choices if entry.get("unit") == SCORE_UNIT] or choices)
            found.append((shown, [entry for entry in choices if entry is not shown]))
    return found or [({}, [])]


def _instead(others: list[Result]) -> str:
    """Names of the other ways to meet a criterion, as far as a cell can be read."""
    texts = list(dict.fromkeys(str(entry.get("text") or entry.get("id")) for entry in others))
    if not texts:
        return ""
    more = f"等 {len(texts)} 项" if len(texts) > _NAMED else ""
    return f"该条件的其他办法：{'；'.join(texts[:_NAMED])}{more}。"


def _firm(code: str, result: Result, firms: Firms) -> tuple[str, str, str]:
    return code, firm_name(code, firms, result), firm_fact(code, firms, "所属街道")


def _judged(figures: AssessmentFigures, verdict: str) -> Iterator[Outcome]:
    for standard in figures.judged:
        yield from (outcome for outcome in standard.outcomes if outcome.verdict == verdict)


def _score(result: Result) -> tuple[object, object]:
    """The score as one cell (a number, or “60 至 75” where data is missing) and the mark to reach."""
    score: Mapping[str, Any] = result.get("score") or {}
    return cell_value(score) if score else None, score.get("pass")


def _rulings(result: Result) -> str | None:
    return joined((ruling_text(ruling) for ruling in result.get("rulings") or ()), "\n")


def _met(figures: AssessmentFigures, firms: Firms) -> ListSheet:
    def rows() -> Iterator[tuple[object, ...]]:
        for outcome in _judged(figures, "met"):
            result = outcome.result
            code = str(result["firm"])
            yield (
                *_firm(code, result, firms),
                firm_fact(code, firms, "主导产业"),
                result["standard"],
                *_score(result),
                figures.meeting[code],
                result.get("rule_set"),
                confidence_text(result.get("confidence")),
                _rulings(result),
            )

    columns = (
        *FIRM_COLUMNS,
        _CHAIN,
        _STANDARD,
        *_SCORE,
        Column("该企业共达标（项）", Kind.COUNT, 11, 12),
        _TEXT,
        Column("依据可信度", Kind.TEXT, 10, 12),
        _RULINGS,
    )
    lead = "谁达到了哪项标准。一家企业达到几项标准就有几行；按标准排列。没有评分的标准，得分栏为空。"
    empty = "没有企业达到任何一项标准。可先看“差一步”和“优先补数”：前者列出只差一项的企业，后者列出补哪项数据最有用。"
    return ListSheet(MET, "达标企业名单", lead, columns, numbered(rows()), empty)


_GAP_COLUMNS = (
    Column("要求（条款）", Kind.TEXT, 20, 38),
    Column("实际", Kind.VALUE, 9, 14),
    Column("须达到", Kind.VALUE, 9, 14),
    Column("差距", Kind.VALUE, 9, 14),
    Column("单位", Kind.CODE, 7, 8),
)


def _measures(unmet: Mapping[str, Any]) -> Measures:
    """Actual, needed and gap, alike in cells and sentence."""
    gap = unmet.get("gap")
    return beside_gap(unmet.get("actual"), gap), beside_gap(unmet.get("needed"), gap), cell_value(gap)


def _gap_cells(unmet: Mapping[str, Any], measures: Measures) -> tuple[object, ...]:
    text, clause = unmet.get("text") or unmet.get("id"), unmet.get("clause")
    return f"{text}（{clause}）" if text and clause else text or clause, *measures, unmet.get("unit") or None


def gap_sentence(unmet: Mapping[str, Any], measures: Measures | None = None) -> str:
    """The distance to one criterion in its own unit: 现为 2.6%，须达 3%，差 0.4%。"""
    unit = unmet.get("unit")
    actual, needed, gap = [with_unit(value, unit) for value in measures or _measures(unmet)]
    if unmet.get("needed") is None:
        return "该项条件未满足。" if unmet.get("actual") is None else f"现为“{actual}”，该项条件未满足。"
    if unmet.get("gap") is None:
        return f"现为“{actual}”，要求“{needed}”。"
    if unmet["gap"] == 0:
        return f"现为 {actual}，须越过 {needed}，恰好等于不算。"
    return f"现为 {actual}，须达 {needed}，差 {gap}。"


def _one_step(figures: AssessmentFigures, firms: Firms) -> ListSheet:
    def rows() -> Iterator[tuple[object, ...]]:
        for standard in figures.judged:
            chosen = [outcome for outcome in standard.outcomes if outcome.one_step]
            for outcome in sorted(chosen, key=lambda outcome: outcome.distance):
                result = outcome.result
                code = str(result["firm"])
                yield *_firm(code, result, firms), result["standard"], *_step(outcome), joined(result.get("manual") or (), "；")

    columns = (
        *FIRM_COLUMNS,
        _STANDARD,
        Column("差在哪里", Kind.STATE, 10, 14),
        *_GAP_COLUMNS,
        Column("差距占要求（%）", Kind.VALUE, 10, 12, optional=True),
        Column("还差多少", Kind.TEXT, 24, 54),
        Column("另需人工判断", Kind.TEXT, 12, 26, optional=True),
    )
    lead = (
        "谁离达标只差一步：只有一项条件不满足且不缺数据（“指标不够”），或只缺一项数据、补上即可得出结论（“数据未填”）。"
        "按标准排列，同一标准内先列缺数据的，再由近到远列指标不够的。差距按该指标自己的单位。"
    )
    empty = "没有只差一步的企业。请看“不符合原因”，了解各企业差几项、差多少。"
    return ListSheet(ONE_STEP, "只差一步的企业", lead, columns, numbered(rows()), empty)


def _step(outcome: Outcome) -> tuple[object, ...]:
    if outcome.verdict == "unmet":
        unmet = outcome.closest
        others = len(next(iter(outcome.criteria.values()))) - 1
        choice = f"或满足另外 {others} 项替代条件之一，见“{UNMET}”。" if others else ""
        share = outcome.distance
        percent = Figure(round(100 * share, 1), 1) if share != float("inf") else None
        measures = _measures(unmet)
        return State("指标不够", Tone.BAD), *_gap_cells(unmet, measures), percent, gap_sentence(unmet, measures) + choice
    fact = outcome.result["missing"][0]
    sentence = f"只缺“{fact}”（来源：{fact_source(fact)}），补上即可定。"
    return State("数据未填", Tone.WAIT), f"填报“{fact}”", None, None, None, None, None, sentence


def _unmet(figures: AssessmentFigures, firms: Firms) -> ListSheet:
    def rows() -> Iterator[tuple[object, ...]]:
        for outcome in _judged(figures, "unmet"):
            result, criteria = outcome.result, len(outcome.criteria)
            firm = _firm(str(result["firm"]), result, firms)
            for unmet, others in _reasons(outcome):
                measures = _measures(unmet)
                cells = (criteria, _importance(unmet), *_gap_cells(unmet, measures))
                yield *firm, result["standard"], *cells, gap_sentence(unmet, measures) + _instead(others)

    columns = (
        *FIRM_COLUMNS,
        _STANDARD,
        Column("不满足条件（项）", Kind.COUNT, 11, 12),
        Column("类别", Kind.CODE, 10, 12),
        *_GAP_COLUMNS,
        Column("还差多少", Kind.TEXT, 24, 54),
    )
    lead = (
        "谁不符合、为什么、差多少，一项不满足的条件一行，差距用该指标自己的单位。“必备条件”每项都须满足；“任选其一”的条件有几种办法，"
        "只列得分或最接近的一种，其余写在“还差多少”里。逐条依据用 tidu explain、提高得分的办法用 tidu way-up 逐家查询。"
        "企业认为数据有误的，请核对来源，更正后重新评估。"
    )
    return ListSheet(UNMET, "不符合的原因与差距", lead, columns, numbered(rows()), "没有不符合的结论，无需处理。")


def _importance(unmet: Mapping[str, Any]) -> str:
    return "任选其一" if unmet.get("alternative") else "必备条件"


def _person(figures: AssessmentFigures, firms: Firms) -> ListSheet:
    def rows() -> Iterator[tuple[object, ...]]:
        for outcome in _judged(figures, "manual"):
            result = outcome.result
            code = str(result["firm"])
            matters = joined((f"{number}. {matter}" for number, matter in enumerate(result.get("manual") or (), start=1)), "\n")
            yield *_firm(code, result, firms), result["standard"], matters, *_score(result), result.get("rule_set")

    columns = (*FIRM_COLUMNS, _STANDARD, Column("请人工判断的事项", Kind.TEXT, 30, 60), *_SCORE, _TEXT)
    lead = "能由数据判断的条件都已满足，只剩须由人（专家或主管部门）判断的事项。判断结果应另行记录依据和经办人。"
    return ListSheet(PERSON, "只待人工判断的企业", lead, columns, numbered(rows()), "没有等待人工判断的企业，无需处理。")


def _priority(figures: AssessmentFigures) -> ListSheet:
    rows = numbered(
        (fact.name, fact_source(fact.name), len(fact.decided_firms), fact.decided_results, len(fact.firms), joined(fact.standards))
        for fact in figures.missing
    )
    columns = (
        Column("序号", Kind.INDEX, 6, 8),
        Column("缺少的数据", Kind.TEXT, 20, 36),
        Column("数据来源", Kind.TEXT, 12, 18),
        Column("可定企业（家）", Kind.COUNT, 14, 16),
        Column("可定结论（条）", Kind.COUNT, 14, 16),
        Column("缺它企业（家）", Kind.COUNT, 13, 16),
        Column("涉及标准", Kind.TEXT, 24, 70),
    )
    lead = (
        "先补哪一项数据最有用。只统计会改变结论的数据；“可定”指该企业在某项标准上只缺这一项，补上就能得出结论。"
        "按可定企业数由多到少排列，请先向来源部门催要排在前面的。"
    )
    empty = "没有会改变结论的数据缺口，无需补数。"
    return ListSheet(PRIORITY, "先补哪一项数据", lead, columns, rows, empty, frozen_columns=2)


def _missing(figures: AssessmentFigures, firms: Firms) -> ListSheet:
    def rows() -> Iterator[tuple[object, ...]]:
        for gap in figures.firm_gaps:
            cells = (gap.fact, fact_source(gap.fact), len(gap.standards), joined(gap.standards), len(gap.alone), joined(gap.alone))
            yield *_firm(gap.firm, gap.result, firms), *cells

    columns = (
        *FIRM_COLUMNS,
        Column("缺少的数据", Kind.TEXT, 16, 30),
        Column("数据来源", Kind.CODE, 10, 14),
        Column("涉及标准（项）", Kind.COUNT, 9, 10),
        Column("涉及哪些标准", Kind.TEXT, 24, 50),
        Column("补上即可定（项）", Kind.COUNT, 10, 11),
        Column("补上即可定的标准", Kind.TEXT, 20, 44),
    )
    lead = "哪家企业缺哪项数据。只列会改变结论的数据，不影响结论的空缺不列；补上一项就能定结论的排在前面。“未填写”不等于 0，也不等于“否”。"
    return ListSheet(MISSING, "缺数据清单", lead, columns, numbered(rows()), "没有会改变结论的数据缺口，无需补数。")


def _detail(figures: AssessmentFigures, firms: Firms) -> ListSheet:
    def rows() -> Iterator[tuple[object, ...]]:
        for standard in figures.standards.values():
            for outcome in standard.outcomes:
                yield _detail_row(outcome, firms)

    score = (
        Column("得分下限（分）", Kind.VALUE, 9, 12, optional=True),
        Column("得分上限（分）", Kind.VALUE, 9, 12, optional=True),
        Column("合格线（分）", Kind.VALUE, 8, 10, optional=True),
    )
    columns = (
        *FIRM_COLUMNS,
        Column("行业代码", Kind.CODE, 8, 10),
        _CHAIN,
        _STANDARD,
        Column("结论", Kind.STATE, 12, 14),
        *score,
        Column("分组得分（分）", Kind.TEXT, 16, 28, optional=True),
        Column("不满足的条件", Kind.TEXT, 20, 44),
        Column("缺少的数据", Kind.TEXT, 16, 36),
        Column("需人工判断", Kind.TEXT, 14, 30, optional=True),
        _RULINGS,
        _TEXT,
    )
    lead = "全部结论，一家企业一项标准一行，按标准排列；可用表头箭头筛选街道、标准、结论。"
    empty = "没有任何评估结果：输入的表里没有企业，或指定的标准在法规日没有有效文本。请检查“企业”表和 --standard、--law-date。"
    return ListSheet(DETAIL, "全部评估结果", lead, columns, numbered(rows()), empty)


def _detail_row(outcome: Outcome, firms: Firms) -> tuple[object, ...]:
    result = outcome.result
    code = str(result["firm"])
    value = result.get("value")
    state = verdict_state(outcome.verdict) if value is None else State(str(value), Tone.PLAIN)
    score: Mapping[str, Any] = result.get("score") or {}
    groups: Mapping[str, Any] = score.get("groups") or {}
    return (
        *_firm(code, result, firms),
        firm_fact(code, firms, "国民经济行业代码"),
        firm_fact(code, firms, "主导产业"),
        result["standard"],
        state,
        score.get("low"),
        score.get("high"),
        score.get("pass"),
        joined((f"{name} {figure_text(value)}" for name, value in groups.items()), "；"),
        joined((unmet.get("text") or unmet.get("id") for entries in outcome.criteria.values() for unmet in entries), "；"),
        joined(result.get("missing") or ()),
        joined(result.get("manual") or (), "；"),
        _rulings(result),
        result.get("rule_set"),
    )
