"""The head and the foot of a document: title, number, issuer, date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tidu.documents.dates import DATE_LINE, read_day
from tidu.documents.marks import mark_of
from tidu.documents.parts import Part

NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,20}[〔\[（【]\s?\d{4}\s?[〕\]）】]\s?(?:第\s?)?[0-9A-Z一二三四五六七八九十]{1,6}\s?号")
_KINDS = "意见|通知|办法|措施|计划|方案|规定|细则|指南|决定|公告|通告|条例|规则|规划|政策|十条|标准|清单|要点|批复|纲要|指引|若干条|实施意见|说明|解读|工作安排|\\d+条|函"
_TITLE_END = re.compile(rf"(?:{_KINDS})[”》]?(?:（[^（）]{{1,20}}）)*$")
_NOTE = re.compile(r"（[^（）]{1,40}）$")
_STAMP = re.compile(
    r"(?:机密|秘密|内部|特急|加急|急件|紧急程度|密级|主动公开|依申请公开|索引号|信息分类|主题词|发文机[关构]|成文日期|发文日期|发布日期|文号|发文字号|有效性|标题|签发人|来源|字号|公开方式|统一编号|ZFWJ|GZ\d)[：:]?"
)
_HEADER = re.compile(r"^(.{2,40}(?:政府|办公室|委员会|局|厅|部|院|会))(?:文件|公文|办公室文件)?$")
_ORGAN = re.compile(r"(?:政府|办公室|办公厅|委员会|管委会|局|厅|部|院|委|办|中心|领导小组|指挥部|银行|署|工委|党委|区委|市委|县委)$")
_FROM_TITLE = re.compile(r"^(.{2,40}?(?:政府|办公室|办公厅|委员会|管委会|局|厅|部|国务院|委|工委))(?:办公室|办公厅)?(?:关于|印发|转发)")
_LONGEST_TITLE_LINE = 46
_PAGE_NUMBER = re.compile(
    r"(?:发文字号|文号|文件编号|文\s*号)[：:】\]]?\s*([^\s，。；]{2,16}[〔\[（【]\d{4}[〕\]）】]\s*(?:第\s*)?\d+\s*号)"
)
_PAGE_DATE = re.compile(r"(?:成文日期|发文日期|印发日期)[：:】\]]?\s*(\d{4}[-年./]\d{1,2}[-月./]\d{1,2})")
_PAGE_ISSUER = re.compile(r"(?:发文机关|发布机构|发文单位|发文机构)[：:】\]]?\s*([\u4e00-\u9fff]{3,30})")


@dataclass(frozen=True)
class Head:
    """What a document says of itself before its first clause and below its last."""

    title: str | None
    number: str | None
    issuer: str | None
    issued: date | None


def head_of(part: Part, *, hint: str = "", around: str = "") -> Head:
    """Title, number, issuer and date. ``hint`` is the headline of a web page, ``around`` the text beside it."""
    title_lines, number, noted, header = _top(part.lines)
    title = "".join(title_lines) or hint or None
    if hint and title_lines and (hint in "".join(title_lines) or not _TITLE_END.search(title or "")):
        title = hint
    issuer = _signer(part.signature)
    issued = next((day for line in reversed(part.signature) if (day := read_day(line))), None) or noted
    if issuer is None and title and (found := _FROM_TITLE.match(title)):
        issuer = title[: found.end() - 2]
    issuer = issuer or header
    if around:
        number = number or _first(_PAGE_NUMBER, around)
        issuer = issuer or _first(_PAGE_ISSUER, around)
        issued = issued or (read_day(found_date) if (found_date := _first(_PAGE_DATE, around)) else None)
    return Head(title, number, issuer, issued)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1].replace(" ", "") if found else None


def _top(lines: Sequence[str]) -> tuple[list[str], str | None, date | None, str | None]:
    """Title lines, document number, a date noted below the title, and the organ in the red head."""
    title: list[str] = []
    number = header = None
    noted: date | None = None
    for line in lines[:24]:
        found = NUMBER.search(line)
        if found and len(line) <= len(found[0]) + 12 and "《" not in line and not (title and not _closed(title)):
            number = number or found[0].replace(" ", "")
            if title:
                break
            continue
        if _STAMP.match(line):
            continue
        if title and _closed(title) and not _NOTE.fullmatch(line):
            break
        if title and (day := read_day(line)) and len(line) <= 40:
            noted = day
            break
        if mark_of(line) is not None or line.endswith(("。", "：", "；", "，")) or len(line) > _LONGEST_TITLE_LINE:
            break
        if not title and (red := _HEADER.match(line)) and line.endswith("文件"):
            header = red[1]
            continue
        title.append(line)
    if noted is None:
        noted = next((read_day(line) for line in lines[1:6] if line.startswith("（") and DATE_LINE.match(line[1:])), None)
    number = number or next((found[0].replace(" ", "") for line in lines[:12] if (found := NUMBER.fullmatch(line))), None)
    return title, number, noted, header


def _closed(title: Sequence[str]) -> bool:
    """Whether the title is whole: it ends with the kind of document, and its brackets are closed."""
    text = "".join(title)
    return bool(_TITLE_END.search(text)) and text.count("《") == text.count("》")


def _signer(signature: Sequence[str]) -> str | None:
    """The organs that signed, joined where there are several."""
    found = []
    for line in signature:
        text = re.sub(DATE_LINE.pattern[DATE_LINE.pattern.index("}?") + 2 :], "", line).strip(" 　")
        if (text and _ORGAN.search(text) and len(text) <= 40) or text in ("国务院", "中共中央"):
            found.append(text)
    return "、".join(found) or None
