"""Options that several commands share, and how their texts become dates, endings and choices."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import Moment

JSON, EXCEL, PARQUET = ".json", ".xlsx", ".parquet"
REPORTS = (JSON, EXCEL, PARQUET)


def read_day(text: str) -> date:
    """``2024-06-01``; wrong usage where it is no date."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是日期。请写成 2024-06-01 的形式。") from None


def read_report(text: str) -> Path:
    """Where a report goes; the ending says which kind it is."""
    path = Path(text)
    if path.suffix.lower() not in REPORTS:
        raise typer.BadParameter(f"“{text}”的结尾不能识别。请以 .json、.xlsx 或 .parquet 结尾。")
    return path


def read_application(text: str) -> str:
    """``new`` or ``review``."""
    word = {"new": "new", "review": "review", "首次申报": "new", "复核": "review"}.get(text.strip())
    if word is None:
        raise typer.BadParameter(f"“{text}”不能识别。首次申报写 new，复核写 review。")
    return word


def read_ruling(text: str) -> str:
    """``R4=核定年``, with either equals sign."""
    name, mark, choice = text.replace("＝", "=").partition("=")
    if not mark or not name.strip() or not choice.strip():
        raise typer.BadParameter(f"“{text}”不能识别。请写成 编号=选项，例如 R4=核定年；选项见 tidu packs show R4。")
    return f"{name.strip()}={choice.strip()}"


Workbook = Annotated[
    Path,
    typer.Argument(metavar="WORKBOOK", help="企业数据：Excel 文件、CSV 或 Parquet 文件夹、或一个 JSON 文件。空白表用 tidu template 生成。"),
]
LawDate = Annotated[
    date | None, typer.Option("--law-date", metavar="日期", parser=read_day, help="按哪一天有效的政策文本，例如 2024-06-01。默认今天。")
]
FactsAsOf = Annotated[
    date | None,
    typer.Option("--facts-as-of", metavar="日期", parser=read_day, help="使用截至哪一天的数据；它的前一年就是“上年度”。默认今天。"),
]
AsOf = Annotated[
    date | None, typer.Option("--as-of", metavar="日期", parser=read_day, help="核定日：使用截至这一天的事项和数据。默认今天。")
]
Application = Annotated[
    str, typer.Option("--application", metavar="new|review", parser=read_application, help="首次申报 new（默认），或复核 review。")
]
Standards = Annotated[
    list[str] | None,
    typer.Option("--standard", metavar="名称", help="只看这项标准，可重复写多个；默认全部现行标准。名称见 tidu packs list。"),
]
FirmCode = Annotated[str, typer.Option("--firm", metavar="代码", help="企业的统一社会信用代码。")]
Report = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="文件", parser=read_report, help="写成文件：.xlsx 报表、.json 或 .parquet 全部结果。不写时在屏幕上列表。"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="在标准输出上给出 JSON。")]
Remarks = Annotated[
    Path | None, typer.Option("--remarks", metavar="文件.xlsx", help="把读取数据时的问题和提醒标在表格的副本上，写到这个文件。")
]
Packs = Annotated[Path | None, typer.Option("--packs", metavar="路径", help="在系统自带的规则之外，再读入这个文件或文件夹里的规则。")]


def moment_of(law_date: date | None, facts_as_of: date | None) -> Moment:
    """The two dates; each is today unless given. Nothing below the command line asks what day it is."""
    today = date.today()  # noqa: DTZ011 - the day on the user's own calendar is meant
    return Moment(law_date or today, facts_as_of or today)


def choices_of(rulings: list[str] | None) -> dict[str, str]:
    """``R4=核定年`` … as a mapping; naming one ruling twice with different choices is wrong usage."""
    found: dict[str, str] = {}
    for text in rulings or []:
        name, _, choice = text.partition("=")
        if found.get(name, choice) != choice:
            raise TiduError("ruling-twice", f"口径 {name} 给了两个选项：{found[name]}、{choice}。请只留一个。", id=name)
        found[name] = choice
    return found
