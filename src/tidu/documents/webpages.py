"""The main text of a saved web page: without menus, footers, sharing buttons and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tidu.documents.lines import CELL

_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "canvas",
        "iframe",
        "object",
        "select",
        "option",
        "button",
        "textarea",
        "form",
        "nav",
        "footer",
        "aside",
        "head",
        "map",
        "audio",
        "video",
    ]
)
_KEPT_IN_FORM = "form"
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "tr",
        "tbody",
        "thead",
        "section",
        "article",
        "main",
        "header",
        "blockquote",
        "pre",
        "center",
        "fieldset",
        "body",
        "html",
        "hr",
    ]
)
_VOID = frozenset(["br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "param", "source", "track", "wbr"])
_CELLS = ("td", "th")
_STOPS = re.compile("[，。；：、]")
_CHROME = re.compile(
    r"^(?:打印(?:本页)?|关闭(?:窗口|本页)?|【.{0,12}(?:打印|关闭|字体|字号|大|中|小).{0,30}】|分享(?:到|至)?.{0,12}|(?:上|下)一篇.{0,80}|(?:扫一扫|返回顶部|收藏|纠错|浏览次数).{0,30}|字(?:体|号)[：:].{0,20}|责任编辑.{0,20}"
    r"|(?:来源|信息来源|发布时间|发布日期|发文日期|点击数|浏览量|阅读次数?|作者|编辑)[：:].{0,60})$"
)
_BESIDE = re.compile(
    r"(?<![a-z])(?:foot|footer|bottom|nav|menu|side-?bar|breadcrumb|crumb|share|copyright|toolbar|login|friend-?link|related|pagination)(?:er|s)?(?![a-z])|bdshare",
    re.IGNORECASE,
)
_DEEPEST = 200
"""Elements nested deeper than this are read as if they were not nested; no page needs more."""


@dataclass
class _Node:
    tag: str
    parent: _Node | None
    link: bool = False
    items: list[str | _Node] = field(default_factory=list)
    weight: int = 0
    beside: bool = False


class _Tree(HTMLParser):
    """A lenient tree: unclosed paragraphs and stray end tags are borne, silent elements never enter it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("html", None)
        self.at = self.root
        self.depth = 0
        self.silent: list[str] = []
        self.title = ""
        self.in_title = False
        self.named: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            found = {name: value or "" for name, value in attrs}
            if found.get("name") and found.get("content"):
                self.named[found["name"].lower()] = found["content"]
        if tag == "title":
            self.in_title = True
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.append(tag)
            return
        if tag in _SILENT and tag not in (_KEPT_IN_FORM, "head"):
            self.silent.append(tag)
            return
        if tag in _VOID:
            if tag in ("br", "hr"):
                self.at.items.append("\n")
            return
        if tag == "p" and self.at.tag == "p":
            self._up()
        if self.depth < _DEEPEST:
            named = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
            node = _Node(
                tag,
                self.at,
                self.at.link or tag == "a",
                beside=bool(_BESIDE.search(named)) and tag in ("div", "ul", "p", "td", "dl", "section", "table"),
            )
            self.at.items.append(node)
            self.at = node
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self.in_title = False
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        node: _Node | None = self.at
        for _ in range(12):
            if node is None or node.tag == tag:
                break
            node = node.parent
        if node is not None and node.tag == tag and node.parent is not None:
            while self.at is not node:
                self._up()
            self._up()

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title += data
        elif not self.silent:
            self.at.items.append(data)

    def _up(self) -> None:
        if self.at.parent is not None:
            self.at = self.at.parent
            self.depth -= 1


@dataclass(frozen=True)
class Page:
    """What a page holds: the main text as raw lines, its title, and what stands around it (date, source)."""

    lines: list[str]
    title: str
    around: str
    named: dict[str, str]


def read_page(html: str) -> Page:
    """The main text: the deepest element that holds nearly all running text, and the headline above it."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    whole = _weigh(tree.root)
    main = tree.root
    while True:
        inner = next((one for one in main.items if isinstance(one, _Node) and one.weight >= 0.75 * whole and one.weight), None)
        if inner is None or inner.tag in ("p", "td", "span", "font", "table", "tr", "tbody"):
            break
        main = inner
    lines = [line for line in _lines(main) if not _CHROME.match(line.strip())]
    everything = list(_lines(tree.root))
    return Page(
        lines,
        _headline(tree, main) or _site_free(tree.title),
        "\n".join(everything[: max(0, len(everything) - len(lines))][:400]),
        tree.named,
    )


def _weigh(node: _Node) -> int:
    """Running text outside links, counted where there are stops in it."""
    own = 0
    stack: list[tuple[_Node, bool]] = [(node, False)]
    while stack:
        at, done = stack.pop()
        if not done:
            stack.append((at, True))
            stack.extend((one, False) for one in at.items if isinstance(one, _Node))
            continue
        text = "" if at.link else "".join(one for one in at.items if isinstance(one, str))
        if at.beside:
            at.weight = 0
            continue
        at.weight = (len(text.strip()) if _STOPS.search(text) or len(text.strip()) > 30 else 0) + sum(
            one.weight for one in at.items if isinstance(one, _Node)
        )
        own = at.weight
    return own


def _lines(node: _Node) -> Iterator[str]:
    """The text by blocks; a table row is one line; a block of nothing but links is left out."""
    for line in _text(node).split("\n"):
        if line.strip():
            yield line


def _text(node: _Node) -> str:
    parts: list[str] = []
    stack: list[str | _Node] = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            parts.append(one)
            continue
        if _is_menu(one):
            continue
        inner: list[str | _Node] = [
            re.sub(r"[\r\n\t ]+", " ", item) if isinstance(item, str) and item != "\n" and one.tag != "pre" else item for item in one.items
        ]
        if one.tag == "tr":
            inner = [_row(one)]
        if one.tag in _BLOCKS:
            inner = ["\n", *inner, "\n"]
        stack.extend(reversed(inner))
    return "".join(parts)


def _row(row: _Node) -> str:
    """The cells of a table row on one line; a row of one cell is a paragraph of its own lines."""
    cells = [one for one in row.items if isinstance(one, _Node) and one.tag in _CELLS]
    if len(cells) <= 1:
        return _text(cells[0]) if cells else ""
    return CELL.join(re.sub(r"\s+", " ", _text(cell)).strip() for cell in cells)


def _is_menu(node: _Node) -> bool:
    """A list or block in which links hold nearly all words."""
    if node.beside:
        return True
    if node.tag not in ("ul", "ol", "dl", "div", "p", "li") or node.weight:
        return False
    linked, plain, stack = 0, 0, [node]
    while stack:
        at = stack.pop()
        for one in at.items:
            if isinstance(one, _Node):
                stack.append(one)
            elif at.link:
                linked += len(one.strip())
            else:
                plain += len(one.strip())
    return linked > 3 * plain and linked > 0


def _headline(tree: _Tree, main: _Node) -> str:
    """The first headline that the page's own title begins with or holds; else the last one above the main text."""
    heads: list[str] = []
    stack: list[_Node] = [tree.root]
    while stack:
        at = stack.pop()
        if at.tag in ("h1", "h2", "h3") and (text := re.sub(r"\s+", "", _text(at))):
            heads.append(text)
        stack.extend(reversed([one for one in at.items if isinstance(one, _Node)]))
    del main
    page = re.sub(r"\s+", "", tree.title)
    return next(
        (one for one in heads if len(one) >= 6 and (page.startswith(one) or one in page)),
        next((one for one in heads if len(one) >= 10), ""),
    )


def _site_free(title: str) -> str:
    """The page's title without the name of the site behind a bar or dash."""
    found = re.split(r"\s*[｜|_—–]+\s*|\s+-\s*|\s*-\s+", title.strip())
    return max(found, key=len) if found else ""
