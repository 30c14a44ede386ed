"""``tidu template``: the empty workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidu.commands.pages import ChineseCommand, new_app
from tidu.commands.screen import written
from tidu.exchange.workbooks import write_template

app = new_app()


def read_workbook_name(text: str) -> Path:
    """A name that ends in ``.xlsx``."""
    path = Path(text)
    if path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"“{text}”的结尾不能识别。空白表是 Excel 文件，请以 .xlsx 结尾。")
    return path


@app.command(cls=ChineseCommand)
def template(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", parser=read_workbook_name, help="写到哪里，例如 企业.xlsx。")],
) -> None:
    """生成空白填报表：四张表（企业、年度数据、月度数据、事项），列名带单位，选项有下拉列表，另附填写说明。"""
    written(write_template(out), "。填写后可用 tidu assess 评估；不知道的空着，不要填 0。")
