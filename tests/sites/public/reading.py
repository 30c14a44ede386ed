"""What every page that is read owes its readers, seen in its HTML alone."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

from tests.site.markup import markup_of

HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")


class _Heads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        if tag in HEADS:
            self.levels.append(int(tag[1]))


def faults(html: str) -> list[str]:
    """Whatever is inline, a heading out of order, an id twice, a link to a place on the page that is not there."""
    found = markup_of(html)
    heads = _Heads()
    heads.feed(html)
    places = {unquote(link[1:]) for link in found.links if link.startswith("#") and link != "#"}
    return [
        *found.inline,
        *([] if heads.levels.count(1) == 1 else [f"{heads.levels.count(1)} headings of the first level"]),
        *[f"heading {below} under {above}" for above, below in pairwise(heads.levels) if below > above + 1],
        *[f"id {one} twice" for one in set(found.ids) if found.ids.count(one) > 1],
        *[f"no place #{place}" for place in sorted(places - set(found.ids))],
    ]


def is_sentence(html: str) -> bool:
    """Whether a page says what is wrong in Chinese, with its code, and repeats no sign that cannot be printed."""
    return "错误代码：" in html and "。" in html and "\x00" not in html
