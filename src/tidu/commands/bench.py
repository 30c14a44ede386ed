"""``tidu bench``: the benchmarks of a checkout."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

import tidu
from tidu.commands.pages import ChineseCommand, new_app
from tidu.kernel.errors import TiduError

app = new_app()


@app.command(cls=ChineseCommand)
def bench(
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出上给出 JSON。")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="用小数据跑一遍，只看能否运行。")] = False,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="部分", help="只测这一部分，可重复写多个。")] = None,
) -> None:
    """测量各引擎的速度和内存，并与手写代码和同类引擎并排比较。只能在源码目录中使用；装好同类引擎请用 script/bench。"""
    root = Path(tidu.__file__).resolve().parents[2]
    if not (root / "benchmarks" / "run.py").is_file():
        raise TiduError("no-benchmarks", "这里没有测速程序：它只随源码提供。请在 tidu 的源码目录中运行 script/bench。")
    sys.path.insert(0, str(root))
    given = [*(["--json"] if as_json else []), *(["--quick"] if quick else []), *(word for name in only or [] for word in ("--only", name))]
    raise typer.Exit(import_module("benchmarks.run").main(given))
