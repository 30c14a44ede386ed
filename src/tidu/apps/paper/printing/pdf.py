"""A paper as PDF."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tidu.apps.paper.blocks import Block, Column, Heading, Listed, NewPage, Pairs, Paper, Paragraph, Table, clean
from tidu.apps.paper.printing.press import NO_FONT
from tidu.kernel.errors import TiduError

LONGEST_SECONDS = 60
MOST_LETTERS = 4_000_000
"""Letters of one paper; a notice of ten thousand rows has about one million."""
MOST_TAGGED = 2_000
"""Rows up to which a PDF carries the structure that screen readers read; ten times the bytes are too many for longer lists."""
_LONG_WORD = re.compile(r"[^\s\u2e80-\uffef]{20,}")
_PART = 6
_MAY_BREAK = "\u200b"


def pdf_of(paper: Paper) -> bytes:
    """The PDF; the same paper gives the same bytes. Raises ``paper-too-long``, ``paper-too-slow``, ``no-chinese-font`` or
    ``paper-failed``.
    """
    given = json.dumps(_data(paper), ensure_ascii=False).encode()
    if len(given) > 3 * MOST_LETTERS:
        raise TiduError("paper-too-long", "内容太长，不能生成一份 PDF。请缩小范围，或者导出 Excel。")
    try:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("press.py"))],
            input=given, capture_output=True, timeout=LONGEST_SECONDS, check=False, env=_environment(),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise TiduError("paper-too-slow", f"生成 PDF 超过 {LONGEST_SECONDS} 秒，已停止。请缩小范围后重试。") from error
    if done.returncode == NO_FONT:
        raise TiduError("no-chinese-font", "服务器没有安装中文字体（fonts-noto-cjk），不能生成 PDF。请系统管理员安装后重试。")
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise TiduError(
            "paper-failed",
            "PDF 没有生成。请重试；仍不成功的，请把办件编号告诉系统管理员。",
            detail=done.stderr[-500:].decode("utf-8", "replace"),
        )
    return done.stdout


def _environment() -> dict[str, str]:
    """What the press may know: where programs and fonts are, no secret of the site."""
    kept = ("PATH", "HOME", "LANG", "SYSTEMROOT", "FONTCONFIG_PATH", "FONTCONFIG_FILE")
    return {name: value for name, value in os.environ.items() if name in kept}


def _data(paper: Paper) -> dict[str, Any]:
    return {
        "title": _text(paper.title), "subtitle": _text(paper.subtitle), "foot": _text(paper.foot), "wide": paper.wide,
        "day": [paper.day.year, paper.day.month, paper.day.day], "cover": [_row(row) for row in paper.cover],
        "tagged": sum(len(one.rows) for one in paper.blocks if isinstance(one, Table)) <= MOST_TAGGED,
        "blocks": [_block(one) for one in paper.blocks],
    }  # fmt: skip


def _block(one: Block) -> dict[str, Any]:
    match one:
        case Heading():
            return {"kind": "heading", "text": _text(one.text), "level": one.level}
        case Paragraph():
            return {"kind": "paragraph", "text": _text(one.text), "indent": one.indent, "right": one.right, "strong": one.strong}
        case Pairs():
            return {"kind": "pairs", "rows": [_row(row) for row in one.rows]}
        case Table():
            return {
                "kind": "table", "columns": [_column(column) for column in one.columns], "rows": [_row(row) for row in one.rows],
                "total": _row(one.total), "empty": _text(one.empty),
            }  # fmt: skip
        case Listed():
            return {"kind": "listed", "items": _row(one.items)}
        case NewPage():
            return {"kind": "newpage"}


def _column(column: Column) -> dict[str, Any]:
    return {"title": _text(column.title), "share": column.share, "figure": column.figure}


def _row(row: tuple[str, ...]) -> list[str]:
    return [_text(text) for text in row]


def _text(text: str) -> str:
    """Clean, and long words (digests, names of files) with places where a line may end, so that none leaves its cell."""
    return _LONG_WORD.sub(lambda found: _MAY_BREAK.join(re.findall(f".{{1,{_PART}}}", found[0])), clean(text))
