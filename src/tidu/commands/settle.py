"""``tidu settle``: what each firm is owed."""

from __future__ import annotations

from typing import Annotated

import typer

from tidu.commands import options
from tidu.commands.pages import ChineseCommand, new_app
from tidu.commands.reading import firms_of, packs_of, register_of
from tidu.commands.screen import counted, progress, written
from tidu.commands.settlement_tables import print_settlement
from tidu.exchange.report_settlement import write_settlement_report
from tidu.exchange.settlement_files import write_settlement_json, write_settlement_parquet
from tidu.kernel.settle import settle as settled
from tidu.kernel.settle import settlement_document

app = new_app()


@app.command(cls=ChineseCommand)
def settle(
    workbook: options.Workbook,
    law_date: options.LawDate = None,
    as_of: options.AsOf = None,
    ruling: Annotated[
        list[str] | None,
        typer.Option(
            "--ruling", metavar="编号=选项", parser=options.read_ruling, help="本次按这个口径测算，可重复写多个，例如 R4=核定年。"
        ),
    ] = None,
    out: options.Report = None,
    remarks: options.Remarks = None,
    packs: options.Packs = None,
) -> None:
    """测算每家企业应得的奖补：配套、比例、上限、从高不重复、排除期、以往已发放的都计算在内。

    缺数据的不算、不当作 0；原文没有写明而口径定为“待定”的，列为待定口径。
    """
    rules = packs_of(packs)
    moment = options.moment_of(law_date, as_of)
    choices = options.choices_of(ruling)
    if rules.book is not None:
        rules.book.in_force(moment.law_date)
        rules.book.checked_choices(choices)
    population = firms_of(workbook, remarks)
    with progress("测算奖补") as share:
        found = settled(population, rules, law_date=moment.law_date, as_of=moment.facts_as_of, choices=choices)
        document = settlement_document(found)
        if out is not None:
            match out.suffix.lower():
                case options.JSON:
                    write_settlement_json(document, out)
                case options.PARQUET:
                    write_settlement_parquet(document, out)
                case _:
                    write_settlement_report(document, register_of(population), out, progress=counted(share, "写报表"))
    print_settlement(document, listed=out is None)
    if out is not None:
        written(out, f"：{len(document['results']):,} 个事项。")
