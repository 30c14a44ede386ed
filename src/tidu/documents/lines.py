"""From raw text to clean lines: one writing of marks, digits and spaces, one paragraph a line.

Everything that is read later, and every offset that is given out, refers to the text made here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tidu.documents.marks import ARTICLE, mark_of

HAN_RANGE = "\u3400-\u9fff\uf900-\ufaff"
_WIDE = f"{HAN_RANGE}“”‘’《》〈〉〔〕【】（），。；：！？、…—·"
_NOTHING = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0e-\x1f\x7f\ufffc]")
_SPACE_BESIDE = re.compile(f"(?<=[{_WIDE}])[ \\t]+|[ \\t]+(?=[{_WIDE}])")
_HALF = {",": "，", ";": "；", "(": "（", ")": "）", "?": "？", "!": "！"}
_NEAR_HAN = re.compile(f"(?<=[{_WIDE}%])[,;?!]|[,;?!](?=[{_WIDE}])")
_COLON = re.compile(f"(?<=[{_WIDE}]):(?!//)|(?<!\\d):(?=[{_WIDE}])")
_BRACKET = re.compile(r"\([^()\n]{0,400}\)")
_HAN = re.compile(f"[{HAN_RANGE}]")
_STOP = re.compile(f"(?<=[{HAN_RANGE}”）%])\\.(?=\\s|$|[{HAN_RANGE}“])")
_RADICALS = dict(
    zip(
        "⻅⻆⻉⻋⻓⻔⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⻘⻄⺠⺟⼾⺼⻫⻪",
        "见角贝车长门韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟青西民母户月齐黾",
        strict=True,
    )
)
_PAGE = re.compile(r"[-—–－·\s]*第?\s*\d{1,4}\s*页?(?:\s*[/／共]\s*\d{1,4}\s*页?)?[-—–－·\s]*")
_CONTENTS = re.compile(r"(?:[.…·．]\s*){3,}[\dxX]*\s*$")
ENDS = "。；：！？…"
"""What closes a paragraph; anything else may be a line that was broken by width."""
_WIDEST = 110
"""No page is wider than so many characters."""
CELL = "｜"
"""Between the cells of a table row."""


@dataclass(frozen=True)
class Line:
    """A paragraph and where it starts in the normalised text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the normalised text."""
        return self.start + len(self.text)


def clean_line(raw: str) -> str:
    """One line in one writing: half-width digits and letters, full-width marks beside Chinese, no stray spaces."""
    text = "".join(_narrow(character) for character in _NOTHING.sub("", raw))
    text = _SPACE_BESIDE.sub("", re.sub(r"[ \t\u00a0\u3000]+", " ", text)).strip()
    text = _NEAR_HAN.sub(lambda found: _HALF[found[0]], text)
    text = _COLON.sub("：", text)
    text = _wide_brackets(text)
    text = _STOP.sub("。", text)
    text = _curly(text)
    text = re.sub(r"(?<=\d) +(?=[\d%])|(?<=\d) +(?=[.．]\d)", "", text) if re.search(r"\d [\d%.．]", text) else text
    return _SPACE_BESIDE.sub("", text)


def _narrow(character: str) -> str:
    """Full-width letters, digits, per cent and dot become half-width; ideographs of compatibility their own."""
    if character in "％＋＝＆＠＃＄＊／＜＞｀～＿＾｛｝＂＇－" or "０" <= character <= "９" or "Ａ" <= character <= "ｚ":
        return unicodedata.normalize("NFKC", character)
    if character in "〇○◯":
        return "〇"
    if "⺀" <= character <= "⿕":  # radicals that some PDF fonts give in place of characters
        return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return {
        "﹣": "-",
        "﹪": "%",
        "﹒": ".",
        "｡": "。",
        "､": "、",
        "﹐": "，",
        "﹑": "、",
        "﹔": "；",
        "﹕": "：",
        "﹙": "（",
        "﹚": "）",
    }.get(character, character)


def _wide_brackets(text: str) -> str:
    """Brackets are full-width where Chinese stands in or beside them, or where they hold an ordinal."""

    def wide(found: re.Match[str]) -> str:
        inner = found[0][1:-1]
        beside = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
        chinese = _HAN.search(inner) or _HAN.search(beside) or inner.strip().isdecimal()
        return f"（{inner.strip()}）" if chinese else found[0]

    for _ in range(3):  # brackets within brackets, from the inside out
        text, before = _BRACKET.sub(wide, text), text
        if text == before:
            break
    return re.sub(f"\\((?=[{_WIDE}\\d])|(?<=[{_WIDE}])\\(", "（", re.sub(f"(?<=[{_WIDE}])\\)|\\)(?=[{_WIDE}])", "）", text))


def _curly(text: str) -> str:
    """Straight double quotes in turn become “ and ”, where they come in pairs."""
    if text.count('"') % 2 or '"' not in text:
        return text
    parts = text.split('"')
    return "".join(part + ("" if index == len(parts) - 1 else "“" if index % 2 == 0 else "”") for index, part in enumerate(parts))


def clean_lines(raw: str) -> list[str]:
    """All lines that say something; page numbers and lines of a table of contents are left out."""
    found = []
    for one in re.split(r"\r\n|[\n\r\x0b\x0c\x85]", raw):
        line = clean_line(one)
        if line and not _PAGE.fullmatch(line) and not _CONTENTS.search(line) and line.strip(CELL + " -_—–=*·?"):
            found.append(line)
    return _without_contents(found)


def _without_contents(lines: list[str]) -> list[str]:
    """A table of contents without page numbers ends where its first entry comes again."""
    for index, line in enumerate(lines[:80]):
        if re.fullmatch(r"目录|目次", line) and index + 1 < len(lines):
            first = lines[index + 1]
            again = next((at for at in range(index + 2, len(lines)) if lines[at].startswith(first)), None)
            return lines[:index] + (lines[again:] if again is not None else lines[index + 1 :])
    return lines


def paragraphs(lines: list[str]) -> list[str]:
    """Lines that were broken by width joined again."""
    width = wrap_width(lines)
    joined: list[str] = []
    last = ""
    for line in lines:
        if joined and _continues(joined[-1], last, line, width):
            gap = " " if re.search(r"[A-Za-z]$", joined[-1]) and re.match(r"[A-Za-z]", line) else ""
            joined[-1] = clean_line(f"{joined[-1]}{gap}{line}")
        else:
            joined.append(line)
        last = line
    return joined


def wrap_width(lines: list[str]) -> int | None:
    """The width at which a text was broken, or None where every line is a paragraph.

    In a broken text several lines reach the longest length and do not end a sentence; where lines are paragraphs the longest stands alone.
    """
    longest = max(map(len, lines), default=0)
    if not 16 <= longest <= _WIDEST:
        return None
    full = sum(len(line) >= longest - 3 and line[-1] not in ENDS for line in lines)
    return longest if full >= max(3, len(lines) // 25) else None


_STANDS_ALONE = re.compile(
    r"附\s?件|附[：:]|抄送|（此件|（联系人|责任(?:单位|部门)|牵头(?:单位|部门)|配合(?:单位|部门)|负责(?:单位|部门)"
    r"|[（(]?(?:\d{4}|二[〇零]\S{2})年\d{0,2}\S{0,3}月|[^，。；]{2,12}[〔\[]\d{4}[〕\]]|目录$|—"
)


def _continues(paragraph: str, last: str, line: str, width: int | None) -> bool:
    """Whether ``line`` goes on with ``paragraph``, whose last line as written is ``last``."""
    if CELL in line or CELL in last:
        return False
    if (mark := mark_of(line)) is not None:  # a reference that came to stand at the front: ……依照本办法／第三条
        return mark.kind == ARTICLE and width is not None and len(last) >= width - 1 and last[-1] not in f"{ENDS}）"
    if last[-1] in "（“《〔" or (_open_brackets(paragraph) and last[-1] != "。"):
        return True
    if paragraph[-1] in ENDS:
        return width is not None and len(last) >= width - 2 and paragraph[-1] != "：" and not _STANDS_ALONE.match(line)
    if _STANDS_ALONE.match(line):
        return False
    if last[-1] in "，、（“《〔—" or line[0] in "，。；：！？、）”》〕】%":
        return True
    if _open_brackets(paragraph):
        return True
    if width is not None:
        return len(last) >= width - 4
    if paragraph[-1] in "）】」":
        return False
    if mark_of(paragraph) is not None and "。" not in paragraph and len(paragraph) <= 45:
        return False
    return len(paragraph) >= 20 and len(last) >= 4 and any(one in paragraph for one in "，。；")


def _open_brackets(paragraph: str) -> bool:
    """Whether the paragraph ends within brackets that it opened."""
    opened = paragraph.rfind("（")
    return 0 < opened > paragraph.rfind("）") and len(paragraph) - opened < 120


def place_lines(texts: list[str]) -> list[Line]:
    """Lines with their offsets in the text that is all of them joined by line feeds."""
    found, at = [], 0
    for text in texts:
        found.append(Line(text, at))
        at += len(text) + 1
    return found
