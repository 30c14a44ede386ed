"""``tidu simulate``: what a changed policy would cost, who wins and who loses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tidu.commands import options
from tidu.commands.pages import ChineseCommand, new_app
from tidu.commands.reading import firms_of, packs_of
from tidu.commands.screen import counted, print_json, progress, written
from tidu.commands.simulation_tables import print_simulation
from tidu.exchange.report_simulation import write_simulation_report
from tidu.exchange.whole_files import write_whole
from tidu.kernel.errors import TiduError
from tidu.kernel.reading import read_packs
from tidu.kernel.simulate import simulate as simulated
from tidu.kernel.simulation_document import simulation_document

app = new_app()


def read_target(text: str) -> Path:
    """Where the comparison goes."""
    path = Path(text)
    if path.suffix.lower() not in {options.JSON, options.EXCEL}:
        raise typer.BadParameter(f"“{text}”的结尾不能识别。请以 .json 或 .xlsx 结尾。")
    return path


@app.command(cls=ChineseCommand)
def simulate(
    workbook: options.Workbook,
    change: Annotated[
        list[Path] | None,
        typer.Option(
            "--change", metavar="PACK.yaml", help="修改后的规则：与现行同名（同版本、同编号）的条目被替换，其余为新增。可重复写多个。"
        ),
    ] = None,
    ruling: Annotated[
        list[str] | None,
        typer.Option(
            "--ruling", metavar="编号=选项", parser=options.read_ruling, help="修改后改按这个口径，可重复写多个，例如 R4=核定年。"
        ),
    ] = None,
    law_date: options.LawDate = None,
    facts_as_of: options.FactsAsOf = None,
    application: options.Application = "new",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件", parser=read_target, help="写成文件：.xlsx 报表或 .json。不写时在屏幕上列表。")
    ] = None,
    as_json: options.AsJson = False,
    packs: options.Packs = None,
) -> None:
    """比较政策修改前后：哪些企业新符合、不再符合，奖补多花或少花多少，谁增谁减，按街道和行业汇总。"""
    if not change and not ruling:
        raise typer.BadParameter("没有说明改什么。请用 --change 给出修改后的规则文件，或用 --ruling 给出改用的口径。")
    for file in change or []:
        if not file.exists():
            raise TiduError("no-such-file", f"找不到规则文件“{file}”。请核对路径。", path=str(file))
    moment = options.moment_of(law_date, facts_as_of)
    before = packs_of(packs)
    after = read_packs([packs] if packs else [], changes=change) if change else before
    choices = options.choices_of(ruling)
    if after.book is not None:
        after.book.checked_choices(choices)
    population = firms_of(workbook)
    with progress("比较") as share:
        found = simulated(population, before, after, moment, application=application, choices=choices, progress=share)
        document = simulation_document(found)
        if out is not None and out.suffix.lower() == options.EXCEL:
            write_simulation_report(document, out, progress=counted(share, "写报表"))
    if out is not None and out.suffix.lower() == options.JSON:
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        write_whole(out, lambda draft: draft.write_text(text, encoding="utf-8", newline="\n"))
    if as_json:
        print_json(document)
    else:
        print_simulation(document)
    if out is not None:
        written(out)
