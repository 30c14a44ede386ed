"""The ``tidu`` command: a table of commands, each loaded only when it is called, and what becomes of errors.

Exit status: 0 success, 1 faulty input (one Chinese sentence per problem on standard error), 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module, metadata
from typing import Any

import typer
from typer.core import TyperCommand

from tidu.commands.pages import ChineseGroup, wrong_usage
from tidu.kernel.errors import Problems, TiduError

FAULTY_INPUT, WRONG_USAGE, INTERRUPTED = 1, 2, 130

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "生成虚构的示范区数据，并给出概况"),
    "template": ("template", "生成空白填报表（含选项、单位和填写说明）"),
    "assess": ("assess", "按现行标准评估全部企业：符合、不符合、待补充数据、需人工判断"),
    "explain": ("explain", "逐条说明一家企业的评估结论"),
    "way-up": ("way_up", "算出一家企业达到某项标准最省力的改进办法"),
    "settle": ("settle", "测算每家企业应得的奖补"),
    "simulate": ("simulate", "比较政策修改前后：谁增谁减、花多少钱"),
    "read": ("read", "读取公文：条款、责任单位、目标、奖补"),
    "packs": ("packs", "查看和检查政策规则"),
    "audit": ("audit", "校验操作日志"),
    "administrators": ("administrators", "为新安装的系统开立三个管理员账号"),
    "serve": ("serve", "启动网站：政策计算器、梯度体检、政策与标准"),
    "work": ("work", "执行后台任务：数据导入、全员评估、每日任务"),
    "nightly": ("nightly", "立即进行全员评估（每天凌晨也会自动进行）"),
    "bench": ("bench", "测量各引擎的速度（在源码目录中使用）"),
}
"""Command → (module in ``tidu.commands``, what it does). A module is imported only to run its command."""


class LazyGroup(ChineseGroup):
    """Lists commands without importing them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All commands in the order of their use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in that only has a name and a sentence, which is all that help and completion ask for."""
        del ctx
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name][1]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself."""
        self.commands = {one: self.get_command(ctx, one) for one in COMMANDS}  # for suggestions after a typing slip
        name, found, rest = super().resolve_command(ctx, args)
        if found is None or name is None:
            return name, found, rest
        module = import_module(f"tidu.commands.{COMMANDS[name][0]}")
        return name, typer.main.get_command(module.app), rest


app = typer.Typer(
    cls=LazyGroup,
    help="Tidu 梯度：政策即数据，精确评估每家企业，逐条说明理由。",
    epilog="每个命令都可加 --help 查看用法。例：tidu assess 企业.xlsx --law-date 2024-06-01 --facts-as-of 2024-06-01 --out 评估.xlsx",
    no_args_is_help=False,
    invoke_without_command=True,
    add_completion=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def root(context: typer.Context, version: bool = typer.Option(False, "--version", help="显示版本。")) -> None:
    """What happens before any command."""
    if version:
        typer.echo(f"tidu {_version()}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _version() -> str:
    try:
        return metadata.version("tidu")
    except metadata.PackageNotFoundError:
        return "（未安装，直接从源码运行）"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status; nothing but a defect of the program raises."""
    _speak_utf8()
    try:
        found = typer.main.get_command(app).main(
            list(sys.argv[1:] if arguments is None else arguments), prog_name="tidu", standalone_mode=False
        )
    except TiduError as error:
        typer.echo(_sentences(error), err=True)
        return FAULTY_INPUT
    except typer.TyperException as error:
        typer.echo(wrong_usage(error), err=True)
        return WRONG_USAGE
    except (typer.Abort, KeyboardInterrupt):
        found = INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None  # whoever read us has gone; the interpreter must not flush at exit
        return 0
    if found == INTERRUPTED:
        typer.echo("已中止，没有写出任何文件。", err=True)
    return found if isinstance(found, int) else 0


def _sentences(error: TiduError) -> str:
    """One line per problem."""
    return "\n".join(problem.message for problem in error.problems) if isinstance(error, Problems) else error.message


def _speak_utf8() -> None:
    """A pipe under a C locale would otherwise refuse Chinese."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
