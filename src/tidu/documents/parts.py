"""A document in parts: the notice or plan itself, and what is attached to it.

A notice that only hands on a plan has no clauses of its own: the plan is then the body. What else is attached is an annex,
and an annex that is a form to fill in is not read for clauses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tidu.documents.dates import DATE_LINE
from tidu.documents.lines import CELL
from tidu.documents.marks import ARABIC, mark_of

_ALONE = re.compile(r"附\s?件\s?[\d一二三四五六七八九十]{0,3}[：:]?")
_ANNEX = re.compile(r"附\s?件\s?(?:[\d一二三四五六七八九十]{1,3}[：:.．、]?|[：:])|附[：:]")
_TAIL = re.compile(r"（此件|（此文|抄送|主送|（联系|联系人|.{2,30}\d{4}年\d{1,2}月\d{1,2}日印发|公开(?:方式|属性)|（盖章|信息公开")
_FORM = re.compile(
    r"表$|表（|承诺书|模板|目录|封面|授权书|委托书|格式|样式|样表|流程图|名单|回执|申报书|申请书|证明$|意见书|报告（|清单$|台账"
)
_BLANKS = re.compile(r"_{3,}|[：:]$|（(?:盖章|签字|签名|签章|公章)）|年月日|□")
_LIST_REACH = 14
"""How many lines below the list of annexes a signature is looked for."""


@dataclass
class Part:
    """Lines that belong together: ``label`` is what stands above an annex (附件1, or nothing), None for the document itself."""

    label: str | None
    lines: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)

    @property
    def is_form(self) -> bool:
        """Whether it is something to fill in or a bare list, by its title and its blanks."""
        head = "".join(self.lines[:3])
        if self.label is not None and any(_FORM.search(line) for line in self.lines[:2]) and len(head) < 160:
            return True
        if self.label is not None and sum(line.endswith(("。", "；", "：")) for line in self.lines) < 0.2 * len(self.lines):
            return True
        blanks = sum(bool(_BLANKS.search(line)) or CELL in line for line in self.lines)
        return blanks > 0.3 * len(self.lines)

    @property
    def has_clauses(self) -> bool:
        """Whether at least two lines open with an ordinal."""
        return sum(mark_of(line) is not None for line in self.lines) >= 2


def divide(lines: Sequence[str]) -> list[Part]:
    """The parts in their order; the first is the document itself."""
    parts: list[Part] = []
    at = 0
    while at < len(lines):
        part, at = _next_part(lines, at, first=not parts)
        if part.lines or part.signature:
            parts.append(part)
    return parts or [Part(None)]


def _next_part(lines: Sequence[str], at: int, *, first: bool) -> tuple[Part, int]:
    part = Part(None if first else "")
    if not first and _is_annex(lines[at]):
        part.label = _ANNEX.match(lines[at])[0].strip("：:.．、") if _ANNEX.match(lines[at]) else lines[at].strip("：:")  # type: ignore[index]
        rest = lines[at][len(found[0]) :] if (found := _ANNEX.match(lines[at])) and not _ALONE.fullmatch(lines[at]) else ""
        part.lines += [rest] if rest else []
        at += 1
    elif first:
        while at < len(lines) and _ALONE.fullmatch(lines[at]):  # an annex saved on its own
            at += 1
    begun = not first
    while at < len(lines):
        line = lines[at]
        if begun and _is_annex(line):
            return part, (_past_list(lines, at, part) if not part.label else at)
        if begun and DATE_LINE.fullmatch(line):
            part.signature += [*_signer(part), line]
            return part, _past_tail(lines, at + 1)
        begun = begun or mark_of(line) is not None or line.endswith(("。", "："))
        part.lines.append(line)
        at += 1
    return part, at


def _is_annex(line: str) -> bool:
    return bool(_ALONE.fullmatch(line) or _ANNEX.match(line))


def _signer(part: Part) -> list[str]:
    """Short lines without a stop above the date are who signed."""
    found: list[str] = []
    while part.lines and len(found) < 6 and _may_sign(part.lines[-1]):
        found.insert(0, part.lines.pop())
    return found


def _may_sign(line: str) -> bool:
    return len(line) <= 40 and line[-1] not in "。；：，！？" and mark_of(line) is None and CELL not in line


def _past_list(lines: Sequence[str], at: int, part: Part) -> int:
    """Behind the list of annexes of a document and the signature that may follow it."""
    if _ALONE.fullmatch(lines[at]) and not (at + 1 < len(lines) and (mark := mark_of(lines[at + 1])) and mark.kind == ARABIC):
        return at
    end = at + 1
    for index in range(at + 1, min(at + _LIST_REACH, len(lines))):
        if DATE_LINE.fullmatch(lines[index]):
            signer = [one for one in lines[max(end, index - 4) : index] if _may_sign(one) and not _is_annex(one)]
            part.signature += [*signer, lines[index]]
            return _past_tail(lines, index + 1)
        if _ALONE.fullmatch(lines[index]):
            return index
        mark = mark_of(lines[index])
        if _is_annex(lines[index]) or (mark is not None and mark.kind == ARABIC and len(lines[index]) < 60 and index == end):
            end = index + 1
    return end


def _past_tail(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and (_TAIL.match(lines[at]) or (len(lines[at]) < 12 and mark_of(lines[at]) is None and at + 1 == len(lines))):
        at += 1
    return at
