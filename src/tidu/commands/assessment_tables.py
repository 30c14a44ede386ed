"""An assessment on the screen: totals by standard, then the firms or, for many of them, the facts to ask for first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from tidu.commands.screen import Right, screen, table
from tidu.exchange.assessment_figures import AssessmentFigures, assessment_figures, verdict_of
from tidu.exchange.assessment_lists import gap_sentence
from tidu.exchange.report_words import VERDICTS, confidence_text, fact_source

MOST_FIRMS = 20
MOST_FACTS = 10
MARKS = {"met": ("✔", "green"), "unmet": ("✘", "red"), "unknown": ("？", "yellow"), "manual": ("◇", "blue")}


def print_assessment(document: Mapping[str, Any], register: Mapping[str, Mapping[str, object]], *, listed: bool) -> None:
    """Print the sums, and where ``listed`` the firms or how to get them."""
    figures = assessment_figures(document, register)
    where = screen()
    purpose = "复核" if document["application"] == "review" else "首次申报"
    where.print(f"政策日期 {document['law_date']}，数据截至 {document['facts_as_of']}，按{purpose}；共 {len(register):,} 家企业。\n")
    if not figures.firms:
        where.print("没有可列出的结果：表里没有企业，或这一天没有现行标准。")
        return
    where.print(_totals(figures))
    if figures.classifications:
        where.print(_classes(figures))
    if figures.missing and (len(figures.firms) > MOST_FIRMS or not listed):
        where.print(_facts(figures))
    if listed and len(figures.firms) <= MOST_FIRMS:
        where.print(_firms(document))
    elif listed:
        where.print("逐家结果请用 --out 评估.xlsx（报表）、评估.json 或 评估.parquet；看一家企业的理由用 tidu explain。")


def _totals(figures: AssessmentFigures) -> Any:
    columns = ["标准", *(Right(state.text) for state in VERDICTS.values()), Right("其中只差一步"), "适用文本", "依据"]
    rows = []
    for one in figures.judged:
        texts = list(dict.fromkeys(text for text, _ in one.texts))
        confidences = list(dict.fromkeys(confidence_text(confidence) for _, confidence in one.texts))
        counts = [one.verdicts[verdict] for verdict in VERDICTS]
        rows.append((one.name, *counts, one.one_step, "；".join(texts), "；".join(confidences)))
    return table("各项标准（家）", columns, rows)


def _classes(figures: AssessmentFigures) -> Any:
    rows = [(one.name, "，".join(f"{name} {count:,}" for name, count in one.classes.most_common())) for one in figures.classifications]
    return table("划型（家）", ["标准", "结果"], rows)


def _facts(figures: AssessmentFigures) -> Any:
    rows = [(fact.name, len(fact.decided_firms), len(fact.firms), fact_source(fact.name)) for fact in figures.missing[:MOST_FACTS]]
    columns = ["缺少的数据", Right("补上就能定下（家）"), Right("缺它（家）"), "向谁要"]
    return table("先补哪一项数据最有用", columns, rows)


def _firms(document: Mapping[str, Any]) -> Any:
    rows = []
    before = None
    for result in document["results"]:
        name = f"{result['name'] or ''}\n{result['firm']}".strip() if result["firm"] != before else ""
        before = result["firm"]
        rows.append((name, result["standard"], conclusion(result), score_text(result), reason_text(result)))
    return table("逐家结果", ["企业", "标准", "结论", Right("得分"), "差什么"], rows)


def conclusion(result: Mapping[str, Any]) -> Text:
    """The verdict, or the class, with its mark."""
    verdict = verdict_of(result)
    mark, colour = MARKS[verdict]
    words = result["value"] if result.get("value") else VERDICTS[verdict].text
    return Text(f"{mark} {words}", style=colour)


def score_text(result: Mapping[str, Any]) -> str:
    """``62``, ``55～70``, with the mark that passes."""
    score = result["score"]
    if score is None:
        return "—"
    points = str(score["low"]) if score["low"] == score["high"] else f"{score['low']}～{score['high']}"
    return f"{points} / {score['pass']}" if score["pass"] is not None else points


def _gap(entry: Mapping[str, Any]) -> str:
    return f"{entry['text']}：{gap_sentence(entry)}"


def reason_text(result: Mapping[str, Any]) -> str:
    """What keeps the result from being met, each on a line; of alternatives one is enough."""
    criteria = [entry for entry in result["unmet"] if entry["kind"] == "criterion"]
    lines = [_gap(entry) for entry in criteria if not entry["alternative"]]
    alternatives = [entry for entry in criteria if entry["alternative"]]
    if alternatives:
        lines += ["以下满足其一（同组的须都满足）：", *(f"· {_gap(entry)}" for entry in alternatives)]
    if result["missing"]:
        lines.append(f"待补充：{'、'.join(result['missing'])}")
    lines += [f"待判断：{text}" for text in result["manual"]]
    return "\n".join(lines)
