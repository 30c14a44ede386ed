"""The navigation of the public pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

PAGES = (
    ("calculator", "政策计算器"),
    ("checkup", "梯度体检"),
    ("policies", "政策与标准"),
    ("public-notices", "公示公告"),
    ("glossary", "名词解释"),
    ("method", "测算口径"),
)
FOOT = (("#privacy", "隐私说明"), ("#access", "无障碍说明"), ("#map", "网站地图"))


@dataclass(frozen=True)
class Entry:
    """One entry; ``here`` where the reader is below it."""

    href: str
    text: str
    here: bool


def navigation(request: HttpRequest) -> dict[str, list[Entry]]:
    """``nav`` and ``foot`` for templates."""
    entries = [(reverse(name), text) for name, text in PAGES]
    about = reverse("about")
    return {
        "nav": [Entry(href, text, request.path.startswith(href)) for href, text in entries],
        "foot": [Entry(about + anchor, text, False) for anchor, text in FOOT],
    }
