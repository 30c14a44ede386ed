"""``tidu demo``: the fictional district as departments deliver it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tidu.commands.pages import ChineseCommand, new_app
from tidu.commands.screen import Right, progress, screen, table, written
from tidu.demo import DEFAULT_SEED, DEFAULT_YEARS, DistrictSummary, assessment_day, district_summary, make_district
from tidu.demo.delivered import TITLE_UNITS, wrong_units_workbook
from tidu.kernel.errors import TiduError

app = new_app()
NAME = "district.xlsx"


@dataclass(frozen=True)
class Years:
    """The years of a district, rising."""

    listed: tuple[int, ...]


def read_years(text: str) -> Years:
    """``2021-2023`` or ``2021,2022``."""
    span = re.fullmatch(r"\s*(\d{4})\s*[-–~～至]\s*(\d{4})\s*", text)
    if span and int(span[1]) <= int(span[2]):
        return Years(tuple(range(int(span[1]), int(span[2]) + 1)))
    listed = re.split(r"[,，]\s*", text.strip())
    if all(re.fullmatch(r"\d{4}", one) for one in listed):
        return Years(tuple(sorted({int(one) for one in listed})))
    raise typer.BadParameter(f"“{text}”不能识别。请写成 2021-2023 或 2021,2022。")


@app.command(cls=ChineseCommand)
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="文件夹", help="写到哪个文件夹，没有就建立。默认 tidu-demo。")] = Path("tidu-demo"),
    firms: Annotated[int, typer.Option("--firms", metavar="数目", min=0, help="企业数。默认 3000。")] = 3000,
    years: Annotated[
        Years | None, typer.Option("--years", metavar="年度", parser=read_years, help="哪几年的数据。默认 2021-2023。")
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="数", help=f"随机种子，同一种子得到同一个区。默认 {DEFAULT_SEED}。")
    ] = DEFAULT_SEED,
) -> None:
    """生成虚构的示范区：企业、财务、月度和事项数据，含缺项、刚好卡线的企业、写错单位的列。所有企业都是虚构的。"""
    wanted = years.listed if years else DEFAULT_YEARS
    with progress("生成示范区") as share:
        population = make_district(firms, wanted, seed)
        share("写工作簿", 0.4)
        _make_folder(out)
        path = wrong_units_workbook(population, out / NAME)
    day = assessment_day(wanted)
    _print(district_summary(population, day), wanted)
    written(path)
    columns = "、".join(f"{name}（{unit}）" for name, unit in TITLE_UNITS.items())
    typer.echo(f"\n与各部门实际交来的表一样，有几列不以万元为单位，列名里写明：{columns}。", err=True)
    typer.echo(f"下一步：tidu assess {path} --law-date {day} --facts-as-of {day} --out {out / '评估.xlsx'}", err=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TiduError("cannot-write", f"无法建立文件夹“{folder}”（{error.strerror}）。请换一个位置。", path=str(folder)) from error


def _print(summary: DistrictSummary, years: tuple[int, ...]) -> None:
    where = screen()
    where.print("虚构示范区", style="bold")
    where.print(
        f"{summary.firms:,} 家企业，{min(years)} 至 {max(years)} 年共 {summary.firm_years:,} 条年度数据，"
        f"{summary.firm_months:,} 条月度数据，{sum(summary.events.values()):,} 个事项。\n"
    )
    where.print(table("各街道（家）", ["街道", Right("企业")], summary.subdistricts.items()))
    held = [(name, count) for name, count in summary.ladder.items() if count]
    where.print(table("已有资格（有效期内，家）", ["资格", Right("企业")], held))
    where.print(table("事项（个）", ["类型", Right("个数")], [(name, count) for name, count in summary.events.items() if count]))
    empty = sorted(
        ((name, gap, whole) for name, (gap, whole) in summary.missing.items() if 0 < gap < whole), key=lambda one: -one[1] / one[2]
    )
    rows = [(name, f"{gap:,} / {whole:,}", f"{100 * gap / whole:.1f}%") for name, gap, whole in empty[:10]]
    where.print(table("空缺较多的数据", ["数据", Right("空缺"), Right("比例")], rows))
