"""``tidu assess``: every firm against every standard in force."""

from __future__ import annotations

from tidu.commands import options
from tidu.commands.assessment_tables import print_assessment
from tidu.commands.pages import ChineseCommand, new_app
from tidu.commands.reading import firms_of, packs_of, register_of
from tidu.commands.screen import counted, progress, written
from tidu.exchange.report_assessment import write_assessment_report
from tidu.exchange.result_files import write_results_json, write_results_parquet
from tidu.exchange.results import Assessing, standards_named

app = new_app()


@app.command(cls=ChineseCommand)
def assess(
    workbook: options.Workbook,
    standard: options.Standards = None,
    law_date: options.LawDate = None,
    facts_as_of: options.FactsAsOf = None,
    application: options.Application = "new",
    out: options.Report = None,
    remarks: options.Remarks = None,
    packs: options.Packs = None,
) -> None:
    """按现行标准评估全部企业：符合、不符合、待补充数据、需人工判断。

    不知道的数据既不当作 0，也不当作“否”：只有它会改变结论时才列为“待补充数据”，并指明缺哪一项。
    """
    rules = packs_of(packs)
    moment = options.moment_of(law_date, facts_as_of)
    standards = standards_named(rules, standard, moment, application)
    population = firms_of(workbook, remarks)
    assessing = Assessing(population, rules, moment, standards, application)
    register, document = register_of(population), None
    with progress("评估") as share:
        step = counted(share, "评估")
        if out is not None and out.suffix.lower() == options.JSON:
            write_results_json(assessing, out, step)
        elif out is not None and out.suffix.lower() == options.PARQUET:
            write_results_parquet(assessing, out, step)
        else:
            document = assessing.document(step)
            if out is not None:
                write_assessment_report(document, register, out, progress=counted(share, "写报表"))
    if document is not None:
        print_assessment(document, register, listed=out is None)
    if out is not None:
        written(out, f"：{population.firms.height:,} 家企业，{len(standards)} 项标准。")
