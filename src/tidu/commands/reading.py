"""Reading firms and packs for a command, with progress and remarks."""

from __future__ import annotations

from pathlib import Path

from tidu.commands.screen import progress, say_notices, written
from tidu.exchange.annotate import annotate_workbook
from tidu.exchange.intake import read_population
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Population
from tidu.kernel.reading import load_packs, read_packs

REGISTER = (FIRM_NAME, "所属街道", "主导产业", "国民经济行业代码")


def firms_of(workbook: Path, remarks: Path | None = None) -> Population:
    """The firms of an input; remarks go to standard error and, where asked for, onto a copy of the workbook."""
    if remarks is not None and remarks.resolve() == workbook.resolve():
        raise TiduError("same-file", f"--remarks 不能写到数据文件“{workbook}”本身。请换一个文件名。", path=str(workbook))
    try:
        with progress("读取数据") as share:
            intake = read_population(workbook, progress=share)
    except Problems as problems:
        if remarks is not None:
            written(annotate_workbook(workbook, problems, remarks), "：问题已逐格标出。")
        raise
    say_notices(intake.notices)
    if remarks is not None:
        written(annotate_workbook(workbook, intake.notices, remarks), "：提醒已逐格标出。")
    return intake.population


def packs_of(more: Path | None = None) -> PackSet:
    """The packs of the project, with those of a file or folder of the user's own."""
    if more is None:
        return load_packs()
    if not more.exists():
        raise TiduError("no-such-file", f"找不到规则“{more}”。请核对路径。", path=str(more))
    return read_packs([more])


def register_of(population: Population) -> dict[str, dict[str, object]]:
    """What reports say of each firm, by code."""
    rows = population.firms.select(FIRM_CODE, *REGISTER)
    return {code: dict(zip(REGISTER, values, strict=True)) for code, *values in rows.iter_rows()}
