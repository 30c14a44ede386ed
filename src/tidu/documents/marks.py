"""The marks that open a clause: 第一章, 第一条, 一、, （一）, 1., （1）, 1）, ①."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tidu.documents.numerals import HAN_SMALL, from_han

PART, CHAPTER, SECTION, ARTICLE, HAN, HAN_BRACKET, ARABIC, ARABIC_BRACKET, CIRCLED = range(9)
"""The kinds, from the outermost in: a clause belongs to the last open one of a lower kind."""
CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_N = f"[{HAN_SMALL}]{{1,5}}"
_NAMED = re.compile(rf"第\s?({_N}|\d{{1,3}})\s?(编|部分|章|节|条)(?![款项例规。；）的至和])[\s:：、.．，]*")
_HAN = re.compile(rf"({_N})\s?([、.．,，:：]|(?=\s))\s*")
_HAN_BRACKET = re.compile(rf"（\s?({_N})\s?）(?![款项（]|[、和至]（)[、.．,，:：]?\s*")
_ARABIC = re.compile(r"(\d{1,2})\s?([、．]|\.(?!\d)|\.(?=(?:19|20)\d\d年)|[,，](?!\d))\s*")
_ARABIC_BRACKET = re.compile(r"（\s?(\d{1,2})\s?）(?![款项（]|[、和至]（)[、.．,，:：]?\s*")
_HALF_BRACKET = re.compile(r"(\d{1,2})\s?[)）][、.．,，]?\s*")
_CIRCLED = re.compile(rf"([{CIRCLES}])[、.．]?\s*")
_NAMED_KINDS = {"编": PART, "部分": PART, "章": CHAPTER, "节": SECTION, "条": ARTICLE}

_OPEN_HAN = re.compile(rf"（\s?({_N})(?=[\u4e00-\u9fff“])")
"""The closing bracket was forgotten: （一加快……"""
_CLOSED_HAN = re.compile(rf"({_N})\s?[)）][、.．,，]?\s*")
"""The opening bracket was forgotten: 一）加快……"""
_BARE_HAN = re.compile(rf"({_N})(?=[\u4e00-\u9fff“])")
_BARE_ARABIC = re.compile(r"(\d{1,2})(?=[\u4e00-\u9fff“])")
_COUNTED = "是要年月日时分秒个家项类户人名件次批种些条元级等号届期季线流般方旦致切边面点下样起同定共体直心手号站代码章节万亿千百十倍强大类块只支座处所天周位者站篇本款轮"
"""After a bare number these make it a count and no mark: 一是, 三年, 5家."""
_LISTED = re.compile(rf"(?:{_N}|\d+)(?:[、等级类]|和|及|至)")


@dataclass(frozen=True)
class Mark:
    """An ordinal at the start of a line: its kind, number, how a path writes it, and how long it is."""

    kind: int
    number: int
    name: str
    length: int


def mark_of(line: str) -> Mark | None:
    """The mark that a line starts with, if it is well written."""
    if found := _NAMED.match(line):
        number = from_han(found[1]) if not found[1].isdecimal() else int(found[1])
        return None if number is None else Mark(_NAMED_KINDS[found[2]], number, f"第{found[1]}{found[2]}", found.end())
    if (found := _HAN_BRACKET.match(line)) and (number := from_han(found[1])):
        return Mark(HAN_BRACKET, number, f"（{found[1]}）", found.end())
    if (found := _HAN.match(line)) and (number := from_han(found[1])) and not _LISTED.match(line[found.end() :]):
        return Mark(HAN, number, found[1], found.end())
    for pattern, kind, form in (
        (_ARABIC_BRACKET, ARABIC_BRACKET, "（{}）"),
        (_ARABIC, ARABIC, "{}"),
        (_HALF_BRACKET, ARABIC_BRACKET, "{}）"),
    ):
        if (found := pattern.match(line)) and int(found[1]):
            return Mark(kind, int(found[1]), form.format(int(found[1])), found.end())
    if found := _CIRCLED.match(line):
        return Mark(CIRCLED, CIRCLES.index(found[1]) + 1, found[1], found.end())
    return None


def careless_mark_of(line: str) -> Mark | None:
    """A mark with a part left out: （一加快, 一）加快, 一加快, 1激发. To be believed only where its number is the next one."""
    for pattern, kind, form in ((_OPEN_HAN, HAN_BRACKET, "（{}）"), (_CLOSED_HAN, HAN_BRACKET, "（{}）"), (_BARE_HAN, HAN, "{}")):
        if (found := pattern.match(line)) and (number := from_han(found[1])):
            if pattern is _BARE_HAN and line[found.end()] in _COUNTED:
                return None
            return Mark(kind, number, form.format(found[1]), found.end())
    found = _BARE_ARABIC.match(line)
    if found and int(found[1]) and line[found.end()] not in _COUNTED:
        return Mark(ARABIC, int(found[1]), str(int(found[1])), found.end())
    return None
