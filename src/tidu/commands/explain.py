"""``tidu explain``: one firm, clause by clause."""

from __future__ import annotations

from typing import Any

from tidu.commands import options
from tidu.commands.explanation_tree import print_explanation
from tidu.commands.pages import ChineseCommand, new_app
from tidu.commands.reading import firms_of, packs_of
from tidu.commands.screen import print_json
from tidu.exchange.results import result_of, standards_named
from tidu.kernel.inputs import FirmInputs
from tidu.kernel.interpret import Assessment, assess

app = new_app()


@app.command(cls=ChineseCommand)
def explain(
    workbook: options.Workbook,
    firm: options.FirmCode,
    standard: options.Standards = None,
    law_date: options.LawDate = None,
    facts_as_of: options.FactsAsOf = None,
    application: options.Application = "new",
    as_json: options.AsJson = False,
    packs: options.Packs = None,
) -> None:
    """逐条说明一家企业的评估结论：用了哪项数据、数值、年度、来源，要求多少，答案是什么，依据哪一条。"""
    rules = packs_of(packs)
    moment = options.moment_of(law_date, facts_as_of)
    standards = standards_named(rules, standard, moment, application)
    found = firms_of(workbook).firm(firm.strip())
    inputs = FirmInputs(found, moment, rules)
    results = []
    for one in standards:
        assessment = assess(inputs, one, with_trace=True)
        results.append({**result_of(assessment, found.name), "trace": trace_of(assessment)})
    document = {
        "law_date": moment.law_date.isoformat(),
        "facts_as_of": moment.facts_as_of.isoformat(),
        "application": application,
        "packs": dict(rules.digests),
        "firm": found.code,
        "name": found.name or None,
        "results": results,
    }
    if as_json:
        print_json(document)
    else:
        print_explanation(document)


def trace_of(assessment: Assessment) -> dict[str, Any] | None:
    """The trace as JSON; the parts of a classification say which class each is the floor of."""
    if assessment.trace is None:
        return None
    trace = assessment.trace.as_dict()
    for part, (name, _) in zip(trace.get("parts", ()), assessment.standard.classes, strict=False):
        part["text"] = f"{name}：达到所属行业的各项下限"
    return trace
