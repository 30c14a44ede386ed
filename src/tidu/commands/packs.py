"""``tidu packs``: the policies that are loaded, whether they are well formed, and what each says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidu.commands import options
from tidu.commands.pack_pages import listing, pages_of
from tidu.commands.pages import ChineseCommand, new_app
from tidu.commands.reading import packs_of
from tidu.commands.screen import print_json, screen, table
from tidu.exchange.report_words import confidence_text

app = new_app(help="查看和检查政策规则。规则是 YAML 文件，写法见 docs/how-to-write-a-pack.md。")


@app.command("list", cls=ChineseCommand)
def list_packs(packs: options.Packs = None, as_json: options.AsJson = False) -> None:
    """列出全部标准、奖补和口径：版本、有效期、可信度、依据文件。"""
    found = listing(packs_of(packs))
    if as_json:
        print_json(found)
        return
    where = screen()
    columns = ["名称", "版本", "有效期", "可信度", "依据文件"]
    for title, rows in (("标准", found["standards"]), ("政策", found["policies"])):
        listed = [(one["name"], one["version"], one["in_force"], confidence_text(one["confidence"]), one["document"]) for one in rows]
        where.print(table(title, columns, listed))
    awards = [(one["id"], one["title"], one["clause"], one["payer"], one["policy"]) for one in found["awards"]]
    where.print(table("奖补", ["编号", "名称", "条款", "出资", "政策"], awards))
    rulings = [(one["id"], one["question"], f"{one['choice']}{'（默认，尚未确定）' if one['default'] else ''}") for one in found["rulings"]]
    where.print(table("口径", ["编号", "问题", "现用选项"], rulings))


@app.command(cls=ChineseCommand)
def check(
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]", help="要检查的规则文件或文件夹；不写时检查系统自带的规则。")] = None,
) -> None:
    """检查规则写得对不对：每处错误一行，写明文件、行号和改法；全部正确时给出份数。"""
    found = packs_of(path)
    counts = {kind: len(found.documents.get(kind, ())) for kind in ("standard", "policy", "award", "ruling", "base")}
    words = {"standard": "标准", "policy": "政策", "award": "奖补", "ruling": "口径", "base": "市级基数"}
    typer.echo("规则没有错误：" + "，".join(f"{words[kind]} {count} 份" for kind, count in counts.items()) + "。")


@app.command(cls=ChineseCommand)
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="标准的名称，或奖补、口径的编号，例如 专精特新中小企业、C5、R4。")],
    law_date: options.LawDate = None,
    application: options.Application = "new",
    packs: options.Packs = None,
) -> None:
    """用文字写出一项标准、奖补或口径：条件、评分表、依据、可信度。"""
    rules = packs_of(packs)
    where = screen()
    for part in pages_of(rules, name.strip(), options.moment_of(law_date, None).law_date, application):
        where.print(part)
