"""``tidu way-up``: the cheapest set of improvements after which a firm meets a standard."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tidu.commands import options
from tidu.commands.pages import ChineseCommand, new_app
from tidu.commands.reading import firms_of, packs_of
from tidu.commands.screen import Right, print_json, screen, table
from tidu.exchange.report_words import with_unit
from tidu.kernel.inputs import FirmInputs
from tidu.kernel.wayup import way_up as find_way_up
from tidu.kernel.wayup_document import way_up_document

app = new_app()


@app.command("way-up", cls=ChineseCommand)
def way_up(
    workbook: options.Workbook,
    firm: options.FirmCode,
    standard: Annotated[str, typer.Option("--standard", metavar="名称", help="要达到的标准，名称见 tidu packs list。")],
    law_date: options.LawDate = None,
    facts_as_of: options.FactsAsOf = None,
    application: options.Application = "new",
    as_json: options.AsJson = False,
    packs: options.Packs = None,
) -> None:
    """算出一家企业达到某项标准最省力的改进办法：每一步改哪项指标、从多少到多少、为了哪一条。

    工作量的权重在 effort.yaml 里，可以修改后用 --packs 读入；以前年度的数据不变。
    """
    rules = packs_of(packs)
    moment = options.moment_of(law_date, facts_as_of)
    wanted = rules.select(standard, law_date=moment.law_date, application=application)
    inputs = FirmInputs(firms_of(workbook).firm(firm.strip()), moment, rules)
    document = way_up_document(find_way_up(inputs, wanted), moment)
    if as_json:
        print_json(document)
    else:
        _print(document)


def _print(document: dict[str, Any]) -> None:
    where = screen()
    headline, *rest = document["sentences"]
    where.print(headline, style="bold", markup=False)
    if document["steps"]:
        rows = [
            (
                place,
                f"{step['fact']}（{step['period']}）" if step["period"] else step["fact"],
                with_unit(step["from"], step["unit"]),
                with_unit(step["to"], step["unit"]),
                step["effort"],
                "\n".join(_purpose(service) for service in step["serves"]),
            )
            for place, step in enumerate(document["steps"], 1)
        ]
        columns = [Right("步"), "改进什么", Right("现在"), Right("目标"), Right("工作量"), "为了哪一条"]
        where.print(table("", columns, rows))
    for sentence in rest[len(document["steps"]) :]:
        where.print(sentence, markup=False)


def _purpose(service: dict[str, Any]) -> str:
    points = service.get("points")
    gained = (
        f"（{'～'.join(map(str, dict.fromkeys(points['before'])))} → {'～'.join(map(str, dict.fromkeys(points['after'])))} 分）"
        if points
        else ""
    )
    return f"[{service['id']}] {service['text']}{gained}" if service["id"] else f"{service['text']}{gained}"
