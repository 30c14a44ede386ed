"""The tree of clauses: which lines open one, below which other, with which heading and which text of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from tidu.documents.lines import CELL, Line
from tidu.documents.marks import ARABIC, ARTICLE, CIRCLED, HAN, Mark, careless_mark_of, mark_of

_MOST_SKIPPED = 3
"""So many numbers may be missing in a row before an ordinal is taken for something else."""
_LOOK_AHEAD = 60
_MARK_REACH = 40
"""No mark is longer, with what follows it."""
_INLINE = re.compile(
    r"(?<=[。；：）！])(?=[（(第\d一二三四五六七八九十①-⑳])|(?<=[\u4e00-\u9fff”》%】])(?=（[\d一二三四五六七八九十]{1,3}）|\d{1,2}[.．、]\D|[①-⑳])"
)
_JOINED = "、和或及至与的款项条类所等"
"""After an ordinal within a line these make it a reference: 符合（1）、（2）."""
_TITLED = re.compile(r"[【〔［\[]([^】〕］\]]{1,40})[】〕］\]]\s*")
_BRACKETED = re.compile(r"（([^（）。；]{2,24})）(?![，。；：的])")
_UNITS_BRACKET = re.compile(r"责任|负责|牵头|配合")
_HEADING_WITH_COMMA, _HEADING = 32, 42
_CLOSING = re.compile(
    r"(?:本|上述|以上|此)[\u4e00-\u9fff“”]{0,8}?(?:办法|措施|政策|意见|通知|计划|方案|规定|细则|指南|规划|条款|文件|条例)[^。]{0,40}?"
    r"(?:自|由|有效|解释|施行|实施|执行|规定|不一致)|(?:行动计划|政策|办法|措施)?(?:实施|执行)过程中|自本(?:通知|意见|办法|措施)|此前|各地区?、?各|(?:特此|此复)"
)


@dataclass
class Clause:
    """One clause: its path (``二.（一）.2``), its depth from 1, its heading, and its own text without its children."""

    path: str
    level: int
    parent: str | None
    mark: Mark
    heading: str | None = None
    lines: list[Line] = field(default_factory=list)
    """Its own paragraphs, the first without mark and heading."""
    start: int = 0
    end: int = 0
    children: list[Clause] = field(default_factory=list)

    first: Line | None = None
    titled: bool = False
    """Whether its heading stood in brackets of its own."""

    def give_back(self) -> None:
        """Make the heading part of the text again."""
        assert self.first is not None  # noqa: S101 - set with the heading
        rest = self.lines[1:] if self.lines and self.lines[0].end == self.first.end else self.lines
        self.heading, self.lines = None, [self.first, *rest]

    @property
    def text(self) -> str:
        """Its own paragraphs, a line each."""
        return "\n".join(line.text for line in self.lines)


@dataclass
class Outline:
    """The lines before the first clause, the clauses in their order, and the closing lines after the last."""

    opening: list[Line]
    clauses: list[Clause]
    closing: list[Line]


class _Numbers:
    """Which ordinals are open, to tell the next number of a list from a number that only looks like one."""

    def __init__(self, ranks: dict[int, int]) -> None:
        self.ranks = ranks
        self.open: list[Mark] = []
        self.last: dict[int, int] = {}

    def sibling(self, mark: Mark) -> int | None:
        """The number of the open clause of the same kind."""
        return next((one.number for one in reversed(self.open) if one.kind == mark.kind), None)

    def is_next(self, mark: Mark, *, skipped: int = 0) -> bool:
        """Whether it goes on with its own list, or with a numbering that runs on from the last list."""
        sibling = self.sibling(mark)
        expected = [one for one in (sibling, self.last.get(mark.kind)) if one is not None]
        return any(one < mark.number <= one + 1 + skipped for one in expected)

    def take(self, mark: Mark) -> None:
        """Open it and close all that is not above it."""
        rank = self.ranks[mark.kind]
        while self.open and self.ranks[self.open[-1].kind] >= rank:
            self.open.pop()
        self.open.append(mark)
        self.last[mark.kind] = mark.number


def ranks_of(lines: Sequence[str]) -> dict[int, int]:
    """Which kind stands above which. 一、 stands above 第一条 where a document of few 一、 has articles below them."""
    ranks = {kind: kind for kind in range(CIRCLED + 1)}
    kinds = [mark.kind for mark in map(mark_of, lines) if mark is not None and mark.kind in (ARTICLE, HAN)]
    if kinds and kinds[0] == HAN and 2 * kinds.count(HAN) <= kinds.count(ARTICLE) + 1 and ARTICLE in kinds:
        ranks[HAN], ranks[ARTICLE] = ARTICLE, HAN
    return ranks


def separate(lines: Sequence[str]) -> list[tuple[str, Mark | None]]:
    """Lines with the mark each opens with; clauses that run on within a line get lines of their own."""
    numbers = _Numbers(ranks_of(lines))
    found: list[tuple[str, Mark | None]] = []
    for index, line in enumerate(lines):
        rest: str | None = line
        begins = True
        while rest is not None:
            mark = _opening(rest, lines, index, numbers) if begins else mark_of(rest)
            if mark is not None:
                numbers.take(mark)
            cut = _run_on(rest, mark, lines, index, numbers)
            found.append((rest if cut is None else rest[:cut].rstrip(), mark))
            rest, begins = (None if cut is None else rest[cut:]), False
    return found


def _opening(line: str, lines: Sequence[str], index: int, numbers: _Numbers) -> Mark | None:
    """The mark a line opens with, if it may open a clause here."""
    if CELL in line:
        return None
    mark = mark_of(line)
    if mark is not None:
        if mark.kind < ARABIC or mark.number == 1 or numbers.is_next(mark, skipped=_MOST_SKIPPED) or mark.kind not in numbers.last:
            return mark
        return None
    mark = careless_mark_of(line)
    if mark is None or len(line) <= mark.length:
        return None
    if mark.number == 1:
        return mark if _is_followed(mark, lines[index + 1 : index + 1 + _LOOK_AHEAD], numbers) else None
    return mark if numbers.sibling(mark) == mark.number - 1 else None


def _is_followed(mark: Mark, lines: Sequence[str], numbers: _Numbers) -> bool:
    """Whether the second of the list comes before anything of a higher kind."""
    for line in lines[:_LOOK_AHEAD]:
        other = mark_of(line) or careless_mark_of(line)
        if other is not None and other.kind == mark.kind:
            return other.number == 2
        if other is not None and numbers.ranks[other.kind] < numbers.ranks[mark.kind]:
            return False
    return False


def _run_on(line: str, mark: Mark | None, lines: Sequence[str], index: int, numbers: _Numbers) -> int | None:
    """Where within a line the next clause opens."""
    if CELL in line or (mark is None and not numbers.open):
        return None
    begin = 0 if mark is None else mark.length
    for found in _INLINE.finditer(line, begin):
        at = found.start()
        if at <= begin or (inner := mark_of(line[at : at + _MARK_REACH])) is None or line[at + inner.length :][:1] in _JOINED:
            continue
        before = line[at - 1]
        if before not in "。；：）！" and not (mark is not None and _is_bare_heading(line[begin:at])):
            continue
        if (
            before == "）"
            and inner.kind != ARTICLE
            and not (_UNITS_BRACKET.search(line[max(0, at - 60) : at]) or _is_bare_heading(line[begin:at]))
        ):
            continue
        if inner.number == 1 and inner.kind >= HAN:
            if before != "；" and _is_followed(
                inner, [*_tails(line, at + inner.length), *lines[index + 1 : index + 1 + _LOOK_AHEAD]], numbers
            ):
                return at
        elif before != "：" and numbers.is_next(inner):
            return at
    return None


def _tails(line: str, begin: int) -> list[str]:
    """The rest of a line from every place on where a mark may open, as far as a mark reaches."""
    return [line[found.start() : found.start() + _MARK_REACH] for found in islice(_INLINE.finditer(line, begin), _LOOK_AHEAD)]


def _is_bare_heading(text: str) -> bool:
    return 2 <= len(text) <= 30 and not re.search(r"[，。；：！]", text)


def outline(lines: Sequence[Line], marks: Sequence[Mark | None]) -> Outline:
    """The tree over placed lines."""
    ranks = ranks_of([line.text for line in lines])
    opening: list[Line] = []
    clauses: list[Clause] = []
    above: list[Clause] = []
    for line, mark in zip(lines, marks, strict=True):
        if mark is None:
            (above[-1].lines if above else opening).append(line)
            continue
        while above and ranks[above[-1].mark.kind] >= ranks[mark.kind]:
            above.pop()
        parent = above[-1] if above else None
        path = mark.name if parent is None else f"{parent.path}.{mark.name}"
        clause = Clause(path, len(above) + 1, parent.path if parent else None, mark, start=line.start)
        clause.lines.append(Line(line.text[mark.length :], line.start + mark.length))
        if parent is not None:
            parent.children.append(clause)
        clauses.append(clause)
        above.append(clause)
    closing = _closing(clauses)
    for clause in clauses:
        _take_heading(clause)
    for clause in clauses:
        _agree(clause.children)
    _agree([clause for clause in clauses if clause.parent is None])
    for clause in clauses:
        clause.end = clause.lines[-1].end if clause.lines else clause.end
    return Outline(opening, clauses, closing)


def _closing(clauses: list[Clause]) -> list[Line]:
    """The paragraphs after the last clause that speak of the whole document."""
    if not clauses or len(clauses[-1].lines) < 2 or clauses[-1].mark.kind == ARTICLE:
        return []
    last = clauses[-1]
    alike = [one for one in clauses[:-1] if one.mark.kind == last.mark.kind and not one.children]
    single = [one for one in alike if len(one.lines) == 1 and len(one.lines[0].text) > _HEADING]
    one_paragraph = len(alike) >= 2 and len(single) == len(alike) and len(last.lines[0].text) > _HEADING
    at = next((index for index, line in enumerate(last.lines) if index and (one_paragraph or _CLOSING.match(line.text))), None)
    if at is None or (at == 1 and not re.search(r"[。；]", last.lines[0].text)) or re.match(r"责任|牵头|配合|（", last.lines[at].text):
        return []
    closing, last.lines = last.lines[at:], last.lines[:at]
    return closing


def _take_heading(clause: Clause) -> None:
    """Split heading from text: a title in brackets, a short first sentence that more text follows, or a line without a stop."""
    first = clause.first = clause.lines[0]
    found = _TITLED.match(first.text) or (_BRACKETED.match(first.text) if clause.mark.kind == ARTICLE else None)
    if found and not _UNITS_BRACKET.search(found[1]):
        clause.heading, rest, clause.titled = found[1].strip(), found.end(), True
    else:
        clause.heading, rest = _heading_of(first.text, clause)
    if clause.heading is not None:
        tail = first.text[rest:]
        skipped = len(tail) - len(tail.lstrip())
        clause.lines[0] = Line(tail.strip(), first.start + rest + skipped)
        clause.lines = [line for line in clause.lines if line.text] or []
    clause.end = first.end


def _agree(siblings: Sequence[Clause]) -> None:
    """Items of one list have headings or have none: one that only looks like it (the last, without its stop) gets its words back."""
    leaves = [one for one in siblings if not one.children]
    bare = [one for one in leaves if one.heading is None]
    titled = any(one.titled for one in siblings)
    for one in leaves:
        if one.heading is None or one.titled:
            continue
        if len(bare) > len(leaves) / 2 or (titled and one.mark.kind == ARTICLE):
            one.give_back()


def _heading_of(text: str, clause: Clause) -> tuple[str | None, int]:
    stop = re.search(r"[。；：！？]", _masked(text))
    if stop is None:
        bracket = _trailing_units(text)
        words = text[:bracket] if bracket is not None else text
        short = len(words) <= _HEADING + 18 and not words.endswith("，") and _is_heading(words[:_HEADING_WITH_COMMA], "")
        return (words, len(words)) if short and words else (None, 0)
    words, end = text[: stop.start()], stop.end()
    rest = text[end:].strip()
    if not _is_heading(words, stop[0]):
        return None, 0
    if stop[0] == "：" and re.search(r"下列|以下|如下|应当", words):
        return None, 0
    if stop[0] == "：":
        return (words, end) if (not rest and len(words) <= 24) or (rest and len(words) <= 16 and "，" not in words) else (None, 0)
    if stop[0] != "。":
        return None, 0
    only_units = bool(rest) and _trailing_units(rest) == 0
    brief = only_units and len(words) <= 14 and "，" not in words
    more = brief or (rest and not only_units) or len(clause.lines) > 1 or clause.children
    return (words, end) if more and not (clause.children and len(words) > 30 and not rest) else (None, 0)


def _is_heading(words: str, stop: str) -> bool:
    limit = _HEADING_WITH_COMMA if "，" in words else _HEADING
    if re.match(r"本(?:办法|措施|政策|意见|通知|计划|方案|规定|细则|指南)|对[^，]*的$", words) or re.search(
        r"\d(?:万|亿)?(?:元|[家个项户件场名]|人次?)|\d%", words
    ):
        return False
    return bool(words) and len(words) <= limit and not (stop == "。" and re.search(r"(?:如下|下列|以下)[^。]*$", words))


def _masked(text: str) -> str:
    """The text with what stands in quotes or brackets blanked, so that stops within are none."""
    return re.sub(r"“[^“”]*”|《[^《》]*》|（[^（）]*）", lambda found: "＿" * len(found[0]), text)


def _trailing_units(text: str) -> int | None:
    """Where a bracket of responsible units that ends a text opens."""
    found = re.search(r"（[^（）]*(?:（[^（）]*）[^（）]*)*）$", text)
    return found.start() if found and _UNITS_BRACKET.search(found[0]) else None
