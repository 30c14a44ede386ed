"""The Excel report of an assessment: who meets which standard, who is one step away, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tidu.exchange.assessment_figures import (
    CLASS_UNDECIDED,
    AssessmentFigures,
    Firms,
    StandardFigures,
    assessment_figures,
)
from tidu.exchange.assessment_lists import DETAIL, MET, MISSING, ONE_STEP, PERSON, PRIORITY, UNMET, assessment_lists, first_rows
from tidu.exchange.report_sheets import SUMMARY, Book, Limits, ListSheet, Page, Progress, location, sheets_and_packs
from tidu.exchange.report_words import VERDICTS, confidence_text
from tidu.exchange.whole_files import write_whole
from tidu.exchange.workbook_styles import CHART_COLOURS, Column, Kind, Link, long_day
from tidu.kernel.collecting import without_collections

SUBDISTRICTS, GUIDE = "分街道", "说明"
_APPLICATIONS = {"new": "按首次申报", "review": "按复核", "": ""}
_TOP = 10


@without_collections()
def write_assessment_report(
    document: Mapping[str, object],
    firms: Firms,
    path: Path,
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the report of ``document`` (the JSON of ``tidu assess``) to ``path``, whole or not at all.

    ``firms`` gives each firm's register facts by code (企业名称, 所属街道, 主导产业, 国民经济行业代码).
    Raises ``no-results`` or ``unknown-state`` where the document is not one of ours.
    """
    figures = assessment_figures(document, firms)
    lists = assessment_lists(figures, firms)

    def write(target: Path) -> None:
        with Book(target, title="企业梯度评估报告", day=document.get("facts_as_of"), limits=limits, progress=progress) as book:
            book.expect_rows(lists.values())
            _summary(book, document, figures, lists)
            _subdistricts(book, figures)
            for sheet in lists.values():
                book.list(sheet)
            _guide(book, document)

    write_whole(path, write)


def _summary(book: Book, document: Mapping[str, object], figures: AssessmentFigures, lists: Mapping[str, ListSheet]) -> None:
    page = book.page(SUMMARY, (28, 14, 14, 14, 14, 14, 14, 46, 14))
    page.title("企业梯度评估报告")
    page.prose(_dates_sentence(document))
    if not figures.firms:
        page.prose("本次没有任何评估结果：输入的表里没有企业，或指定的标准在法规日没有有效文本。请检查“企业”表和所选标准、日期后重新评估。")
        return
    _key_figures(page, figures, lists)
    _standards(page, figures)
    _classifications(page, figures)
    _top_missing(page, figures)
    _places(page, figures)


def _dates_sentence(document: Mapping[str, object]) -> str:
    facts_day = str(document.get("facts_as_of") or "")
    application = _APPLICATIONS.get(str(document.get("application") or ""), "")
    last_year = f"，上年度为 {int(facts_day[:4]) - 1} 年" if facts_day[:4].isdigit() else ""
    return (
        f"依据 {long_day(document.get('law_date'))}有效的政策文本{application}评估；"
        f"使用截至 {long_day(facts_day)}掌握的数据{last_year}。带下划线的数字可点击，转到对应名单。"
    )


def _key_figures(page: Page, figures: AssessmentFigures, lists: Mapping[str, ListSheet]) -> None:
    page.heading("总体情况")
    columns = (Column("指标"), Column("企业（家）", Kind.COUNT), Column("含义"))
    lacking = Link(len(figures.lacking), MISSING) if lists[MISSING].rows else len(figures.lacking)
    rows: list[tuple[object, ...]] = [
        ("评估企业", Link(len(figures.firms), DETAIL), "本次输入的全部企业。"),
        ("至少符合一项标准", Link(len(figures.meeting), MET), "按现有数据已满足某项标准的全部条件；不含划型。"),
        ("在某项标准上只差一步", Link(len(figures.stepping), ONE_STEP), "只有一项条件不满足，或只缺一项数据。"),
        ("因缺数据有结论待定", lacking, "缺少会改变结论的数据，补齐前不下结论。"),
        ("有结论待人工判断", Link(len(figures.judging), PERSON), "能由数据判断的都已满足，只等专家或主管部门判断。"),
    ]
    page.table(columns, rows, widen_last=True)
    page.prose("同一企业可同时计入多行，各行不能相加。")


def _standards(page: Page, figures: AssessmentFigures) -> None:
    page.keep_together(len(figures.judged) + 4)
    page.heading("各项标准（单位：家）")
    begins = first_rows(figures)

    def link(count: int, sheet: str, standard: str) -> object:
        return Link(count, *location(page.book.limits, sheet, begins[sheet][standard])) if count else 0

    columns = (
        Column("标准"),
        Column("评估企业", Kind.COUNT),
        *(Column(state.text, Kind.COUNT) for state in VERDICTS.values()),
        Column("其中只差一步", Kind.COUNT),
        Column("适用文本（文号）"),
        Column("依据可信度"),
    )
    rows = [
        (
            one.name,
            link(one.assessed, DETAIL, one.name),
            link(one.verdicts["met"], MET, one.name),
            link(one.verdicts["unmet"], UNMET, one.name),
            Link(one.verdicts["unknown"], MISSING) if one.verdicts["unknown"] else 0,
            link(one.verdicts["manual"], PERSON, one.name),
            link(one.one_step, ONE_STEP, one.name),
            _texts(one),
            _confidences(one),
        )
        for one in figures.judged
    ]
    first, last = page.table(columns, rows, empty="本次没有评估带结论的标准（只做了划型）。")
    if rows:
        _verdict_chart(page, first, last)


def _texts(standard: StandardFigures) -> str:
    texts = dict.fromkeys(text for text, _ in standard.texts)
    if len(texts) == 1:
        return next(iter(texts))
    return "\n".join(f"{text}（{sum(n for (t, _), n in standard.texts.items() if t == text)} 家）" for text in texts)


def _confidences(standard: StandardFigures) -> str:
    return "\n".join(dict.fromkeys(confidence_text(confidence) for _, confidence in standard.texts))


def _verdict_chart(page: Page, first: int, last: int) -> None:
    series = [
        {
            "name": [SUMMARY, first - 1, 2 + index],
            "categories": [SUMMARY, first, 0, last, 0],
            "values": [SUMMARY, first, 2 + index, last, 2 + index],
            "fill": {"color": CHART_COLOURS[state.tone]},
            "border": {"color": "#FFFFFF", "width": 0.5},
            "gap": 50,
        }
        for index, state in enumerate(VERDICTS.values())
    ]
    height = 6 + last - first + 1
    page.chart({"type": "bar", "subtype": "stacked"}, series, title="各项标准的评估结论", value_name="企业（家）", height=min(height, 30))


def _classifications(page: Page, figures: AssessmentFigures) -> None:
    order = ["大型", "中型", "小型", "微型"]
    for one in figures.classifications:
        page.keep_together(len(one.classes) + 5)
        page.heading(f"{one.name}（单位：家）")
        known = [value for value in order if value in one.classes]
        others = sorted(value for value in one.classes if value not in {*order, CLASS_UNDECIDED})
        undecided = [CLASS_UNDECIDED] if CLASS_UNDECIDED in one.classes else []
        page.prose(f"适用文本：{_texts(one)}；依据可信度：{_confidences(one)}。")
        rows: list[tuple[object, ...]] = [(value, one.classes[value]) for value in [*known, *others, *undecided]]
        rows.append(("合计", one.assessed))
        page.table((Column("类型"), Column("企业", Kind.COUNT)), rows, total=True)


def _top_missing(page: Page, figures: AssessmentFigures) -> None:
    top = figures.missing[:_TOP]
    page.keep_together(len(top) + 5)
    page.heading("先补哪一项数据最有用")
    columns = (
        Column("缺少的数据"),
        Column("可定企业（家）", Kind.COUNT),
        Column("可定结论（条）", Kind.COUNT),
        Column("缺它企业（家）", Kind.COUNT),
    )
    rows = [
        (Link(fact.name, *location(page.book.limits, PRIORITY, index)), len(fact.decided_firms), fact.decided_results, len(fact.firms))
        for index, fact in enumerate(top)
    ]
    page.table(columns, rows, empty="没有会改变结论的数据缺口。")
    if rows:
        more = f"另有 {len(figures.missing) - len(top)} 项见“{PRIORITY}”表。" if len(figures.missing) > len(top) else ""
        page.prose(f"“可定”指只要补上这一项，该企业在某项标准上就能得出结论。{more}")


def _places(page: Page, figures: AssessmentFigures) -> None:
    page.keep_together(len(figures.subdistricts) + 6)
    page.heading("各街道（单位：家）")
    columns = (
        Column("所属街道", Kind.CODE),
        Column("评估企业", Kind.COUNT),
        Column("至少符合一项", Kind.COUNT),
        Column("有标准只差一步", Kind.COUNT),
        Column("因缺数据待定", Kind.COUNT),
    )
    rows: list[tuple[object, ...]] = [
        (place.name, len(place.firms), len(place.meeting), len(place.stepping), len(place.lacking))
        for place in figures.subdistricts.values()
    ]
    rows.append(("全区合计", len(figures.firms), len(figures.meeting), len(figures.stepping), len(figures.lacking)))
    page.table(columns, rows, total=True)
    page.prose(f"各街道按标准细分见“{SUBDISTRICTS}”表。")


def _subdistricts(book: Book, figures: AssessmentFigures) -> None:
    names = [standard.name for standard in figures.judged]
    page = book.page(SUBDISTRICTS, (20, 11, *(14 for _ in names)) if names else (20, 11, 60))
    page.title("各街道评估结果")
    if not names:
        page.prose("本次没有带结论的评估结果，无法按街道统计。")
        return
    page.worksheet.freeze_panes(0, 1)
    places = list(figures.subdistricts.values())
    matrices = (
        ("符合标准的企业（单位：家）", [place.met for place in places], {one.name: one.verdicts["met"] for one in figures.judged}),
        ("只差一步的企业（单位：家）", [place.one_step for place in places], {one.name: one.one_step for one in figures.judged}),
        (
            "因缺数据待定的企业（单位：家）",
            [place.unknown for place in places],
            {one.name: one.verdicts["unknown"] for one in figures.judged},
        ),
    )
    columns = (Column("所属街道", Kind.CODE), Column("评估企业", Kind.COUNT), *(Column(name, Kind.COUNT) for name in names))
    for heading, counts, totals in matrices:
        page.keep_together(len(places) + 5)
        page.heading(heading)
        rows: list[Sequence[object]] = [
            (place.name, len(place.firms), *(count[name] for name in names)) for place, count in zip(places, counts, strict=True)
        ]
        rows.append(("全区合计", len(figures.firms), *(totals[name] for name in names)))
        page.table(columns, rows, total=True)


def _guide(book: Book, document: Mapping[str, object]) -> None:
    page = book.page(GUIDE, (20, 96))
    page.title("怎样看这份报告")
    columns = (Column("词语"), Column("含义"))
    page.heading("结论")
    page.table(columns, _ANSWERS)
    page.heading("数据与依据")
    page.table(columns, _TERMS)
    sheets_and_packs(page, _SHEETS, document.get("packs"))
    page.prose("本报告是对数据的计算结果，供核对和决策参考，不代替主管部门的认定、公告和审批。")


_ANSWERS = [
    (VERDICTS["met"], "按现有数据，全部条件满足。即使还有空缺的数据，无论补什么也不会改变这个结论。"),
    (VERDICTS["unmet"], "至少一项必备条件不满足，补任何空缺的数据也不会改变这个结论。“不符合原因”逐项写明差距。"),
    (VERDICTS["unknown"], "缺少会改变结论的数据。空缺既不当作 0，也不当作“否”，因此不下结论；所缺数据见“缺数据”。"),
    (VERDICTS["manual"], "能由数据判断的条件都已满足，只剩须由专家或主管部门判断的事项。"),
]
_TERMS = [
    ("得分下限、上限", "有评分的标准，缺数据时得分是一个区间；数据齐全时两者相等。"),
    ("只差一步", "只有一项条件不满足且不缺数据，或只缺一项数据。"),
    ("口径", "政策原文没有写明、由主管部门选定的理解。结论依赖口径时，“所依口径”写明编号；改变口径可能改变结论。"),
    ("适用文本", "在法规日有效、用于评估的文件文号。同一标准在不同日期、首次申报与复核可能适用不同文本。"),
    ("依据可信度", "已核实：两个以上独立来源一致。单一来源、二手来源：使用前建议核对原文。未核实：须核对原文后方可据以办理。"),
    ("法规日、数据日", "法规日决定用哪一版文本；数据日决定用到哪一天为止的数据，并决定“上年度”是哪一年。两者可以不同。"),
    ("单位", "金额单位为万元，比例单位为 %；差距与该项指标同单位。表头注明单位的以表头为准。"),
]
_SHEETS = [
    (SUMMARY, "总体多少家、各标准多少家、先补什么数据、各街道多少家。"),
    (SUBDISTRICTS, "每个街道在每项标准上有多少家符合、差一步、缺数据。"),
    (MET, "谁达到了哪项标准。"),
    (ONE_STEP, "谁只差一步，差什么、差多少。"),
    (UNMET, "谁不符合，每一项不满足的条件差多少。"),
    (PERSON, "谁只等人来判断，判断什么。"),
    (PRIORITY, "先补哪一项数据能定下最多企业。"),
    (MISSING, "每家企业缺哪项数据，影响哪些标准。"),
    (DETAIL, "全部结论，供筛选和核对。"),
]
