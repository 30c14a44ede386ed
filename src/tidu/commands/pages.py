"""Help pages and usage errors in Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from typer.core import TyperCommand, TyperGroup

HELP = "显示本页。"


def _is_option(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "option")


def _shown_name(parameter: Any) -> str:
    if not _is_option(parameter):
        return str(parameter.metavar or parameter.name.upper())
    names = ", ".join(parameter.opts)
    return names if parameter.is_flag or not parameter.metavar else f"{names} {parameter.metavar}"


def _usage(command: Any, context: Any) -> str:
    arguments = [parameter for parameter in command.get_params(context) if not _is_option(parameter)]
    names = [_shown_name(one) if one.required else f"[{_shown_name(one)}]" for one in arguments]
    group = ["命令"] if isinstance(command, TyperGroup) else []
    return " ".join([context.command_path, *names, *group, "[选项]"])


def _rows(console: Console, heading: str, rows: Iterable[tuple[str, str]]) -> None:
    listed = list(rows)
    if not listed:
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in listed:
        table.add_row(name, text)
    console.print(f"\n{heading}")
    console.print(Padding(table, (0, 0, 0, 2)))


def _page(command: Any, context: Any) -> str:
    console = Console(force_terminal=False, no_color=True, highlight=False, markup=False, width=min(Console().width, 110))
    with console.capture() as capture:
        console.print(f"用法：{_usage(command, context)}\n")
        console.print((command.help or "").strip())
        parameters = command.get_params(context)
        help_names = set(command.get_help_option_names(context))
        _rows(console, "参数", [(_shown_name(one), one.help or "") for one in parameters if not _is_option(one)])
        if isinstance(command, TyperGroup):
            found = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
            _rows(console, "命令", [(name, _first_sentence(one.help)) for name, one in found if one is not None])
        options = [one for one in parameters if _is_option(one)]
        _rows(console, "选项", [(_shown_name(one), HELP if set(one.opts) & help_names else one.help or "") for one in options])
        if command.epilog:
            console.print(f"\n{command.epilog}")
    return capture.get().rstrip("\n")


def _first_sentence(text: str | None) -> str:
    return (text or "").strip().split("\n", 1)[0]


class ChineseCommand(TyperCommand):
    """A command whose help page is in Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The page as plain text."""
        return _page(self, ctx)


class ChineseGroup(TyperGroup):
    """A group whose help page is in Chinese."""

    def get_help(self, ctx: Any) -> str:
        """The page as plain text."""
        return _page(self, ctx)


def new_app(**settings: Any) -> typer.Typer:
    """The app of one command or group of commands."""
    return typer.Typer(cls=ChineseGroup, add_completion=False, context_settings={"help_option_names": ["--help", "-h"]}, **settings)


def wrong_usage(error: typer.TyperException) -> str:
    """What was wrong with the call, which command it was, and where to look."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "tidu"
    return f"{_what(error)}\n用法见：{path} --help"


def _what(error: typer.TyperException) -> str:
    parameter = getattr(error, "param", None)
    name = _shown_name(parameter) if parameter is not None else ""
    option = getattr(error, "option_name", "")
    match type(error).__name__:
        case "MissingParameter":
            return f"缺少{'选项' if parameter is not None and _is_option(parameter) else '参数'} {name}。请补上。"
        case "NoSuchOption":
            alike = "、".join(sorted(getattr(error, "possibilities", None) or ()))
            return f"没有选项 {option}。" + (f"是否想写 {alike}？" if alike else "")
        case "BadOptionUsage":
            return f"选项 {option} 的写法不对：它后面应有一个值；只是开关的，后面不带值。"
        case "BadParameter":
            return f"{name} 的值不对：{error.message}" if name else error.message
        case _:
            return _translated(error.message)


_PHRASES = (
    ("No such command ", "没有命令 "),
    ("Did you mean ", "是否想写 "),
    ("Missing command", "缺少命令"),
    ("Got unexpected extra arguments ", "多出了参数 "),
    ("Got unexpected extra argument ", "多出了参数 "),
    ("Got unexpected extra argument(s) ", "多出了参数 "),
)


def _translated(message: str) -> str:
    for english, chinese in _PHRASES:
        message = message.replace(english, chinese)
    return message.replace("'", "").replace(". ", "。").removesuffix(".").removesuffix("?") + "。"
