"""``tidu read``: an official document as clauses, responsible units, targets and awards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidu.commands import options
from tidu.commands.document_tables import print_reading
from tidu.commands.pages import ChineseCommand, new_app
from tidu.commands.screen import print_json
from tidu.documents import read_document

app = new_app()


@app.command(cls=ChineseCommand)
def read(
    document: Annotated[Path, typer.Argument(metavar="DOCUMENT", help="公文：.txt、.md、.html、.docx 或 .pdf（扫描件须先识别文字）。")],
    as_json: options.AsJson = False,
) -> None:
    """读取一份公文：标题、文号、有效期，逐条的层级、责任单位、量化目标和奖补。

    结果由规则得出，供人核对；每一项都带有在正文中的位置（--json 的 start、end）。
    """
    reading = read_document(document).as_dict()
    if as_json:
        print_json(reading)
    else:
        print_reading(reading)
