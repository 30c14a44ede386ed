"""Stylesheets taken apart, as far as the tests of the look need it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import tidu

PACKAGE = Path(tidu.__file__).resolve().parent
STYLES = PACKAGE / "look/static/tidu/css"
TOKENS = STYLES / "tokens.css"


@dataclass(frozen=True)
class Block:
    """What stands between braces: what is before them, the declarations, and the blocks inside."""

    head: str
    declarations: tuple[tuple[str, str], ...]
    inside: tuple[Block, ...]


def stylesheets() -> list[Path]:
    """All of them; there are no others in the package."""
    return sorted(PACKAGE.rglob("*.css"))


def source(path: Path) -> str:
    """A stylesheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def blocks(css: str) -> tuple[Block, ...]:
    """The blocks of a stylesheet without comments."""
    found, _ = _read(css, 0)
    return found.inside


def _read(css: str, start: int) -> tuple[Block, int]:
    declarations: list[tuple[str, str]] = []
    inside: list[Block] = []
    text = ""
    while start < len(css):
        sign = css[start]
        start += 1
        if sign == "{":
            block, start = _read(css, start)
            inside.append(Block(text.strip(), block.declarations, block.inside))
            text = ""
        elif sign in ";}":
            name, colon, value = text.partition(":")
            if colon:
                declarations.append((name.strip(), value.strip()))
            text = ""
            if sign == "}":
                break
        else:
            text += sign
    return Block("", tuple(declarations), tuple(inside)), start
