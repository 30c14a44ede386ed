"""Sentences of packs made fit for a page: no hints at the command line, no English marks, no spaces from folded lines."""

from __future__ import annotations

import re
from typing import Any

from tidu.exchange.report_words import CONFIDENCES

_SWITCH = re.compile(r"（--[a-z-]+）")
_CONFIDENCE = re.compile(r"\b(" + "|".join(map(re.escape, CONFIDENCES)) + r")\b")
_FOLD = re.compile(r"(?<=[，。；：、）”]) +|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


def prose(text: Any) -> str:
    """A note or an option's text as it is shown; empty for what is absent."""
    found = _SWITCH.sub("", str(text or "").strip())
    return _FOLD.sub("", _CONFIDENCE.sub(lambda match: CONFIDENCES[match[1]], found))
