"""Word documents (.docx): paragraphs with the numbers Word itself would show, and table rows.

Read without a library: the format is a zip of XML, and what is wanted of it is text and numbering. Sizes are checked before
anything is unpacked, and entities are refused, so that a small file cannot become a large one in memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

from tidu.documents.lines import CELL
from tidu.documents.numerals import to_han
from tidu.kernel.errors import TiduError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_LARGEST_PART = 40 * 2**20
_LARGEST_RATIO = 200
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_HAN_FORMATS = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCountingThousand",
        "chineseLegalSimplified",
    ]
)
_ANY_PREFIX = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_word(data: bytes) -> list[str]:
    """The paragraphs of the body. Raises ``document-damaged``, ``document-too-large``, ``document-protected``."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _damaged() from None
    if "word/document.xml" not in names:
        raise TiduError(
            "document-wrong-kind", "这个 .docx 文件里没有 Word 正文，可能是别的文件改了扩展名。请用 WPS 或 Word 打开后另存为 .docx。"
        )
    body = _part(archive, "word/document.xml")
    numbering = _Numbering(_part(archive, "word/numbering.xml"), _part(archive, "word/styles.xml"))
    root = body.find(f"{_W}body") if body is not None else None
    if root is None:
        raise _damaged()
    return list(_paragraphs(root, numbering))


def _part(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    try:
        about = archive.getinfo(name)
    except KeyError:
        return None
    if about.file_size > _LARGEST_PART or (about.file_size > 2**20 and about.file_size > _LARGEST_RATIO * max(1, about.compress_size)):
        raise TiduError(
            "document-too-large",
            f"文件解压后过大（{about.file_size / 2**20:.0f} MB），不像正常的公文，没有读取。请删去图片和嵌入对象后另存，或另存为 .txt。",
            size=about.file_size,
        )
    if about.flag_bits & 1:
        raise TiduError("document-protected", "文件设了密码，无法读取。请取消密码后另存再试。")
    try:
        with archive.open(name) as stream:
            text = stream.read(_LARGEST_PART + 1)  # the size in the directory may lie
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        raise _damaged() from None
    except Exception as error:  # zlib.error has no common base
        if type(error).__name__ != "error":
            raise
        raise _damaged() from None
    if len(text) > _LARGEST_PART or _ANY_PREFIX.search(text[:4096]) or b"<!ENTITY" in text:
        raise TiduError("document-too-large", "文件内容异常（含有实体定义或解压后过大），没有读取。请用 WPS 或 Word 打开后另存为 .docx。")
    try:
        return ET.fromstring(text.replace(_STRICT, _W[1:-1].encode()))  # noqa: S314 - no entities, bounded size
    except ET.ParseError:
        raise _damaged() from None


def _damaged() -> TiduError:
    return TiduError("document-damaged", "文件已损坏，打不开。请用 WPS 或 Word 打开后另存为 .docx，或重新下载。")


def _paragraphs(root: ET.Element, numbering: _Numbering) -> Iterator[str]:
    for element in root:
        if element.tag == f"{_W}p":
            yield from _paragraph(element, numbering).split("\n")
        elif element.tag == f"{_W}tbl":
            for row in element.iter(f"{_W}tr"):
                cells = [" ".join(_paragraph(one, numbering) for one in cell.iter(f"{_W}p")).strip() for cell in row.iter(f"{_W}tc")]
                yield CELL.join(cells) if len(cells) > 1 else "".join(cells)
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag"):
            yield from _paragraphs(element, numbering)


def _paragraph(element: ET.Element, numbering: _Numbering) -> str:
    text = "".join(_runs(element))
    return numbering.mark_of(element) + text if text.strip() else ""


def _runs(element: ET.Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag not in (f"{_W}del", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", f"{_W}moveFrom") and not child.tag.endswith(
            ("}Fallback", "}pict", "}drawing")
        ):
            yield from _runs(child)


class _Numbering:
    """Word's automatic numbers: which paragraph shows which, counted as Word counts."""

    def __init__(self, numbering: ET.Element | None, styles: ET.Element | None) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.lists: dict[str, str] = {}
        self.styles: dict[str, tuple[str, int]] = {}
        self.counts: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._read_lists(numbering)
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            if (found := _numbered(style)) is not None:
                self.styles[style.get(f"{_W}styleId", "")] = found

    def _read_lists(self, numbering: ET.Element) -> None:
        for one in numbering.iter(f"{_W}abstractNum"):
            levels = {}
            for level in one.iter(f"{_W}lvl"):
                start = _value(level, "start") or "1"
                levels[int(level.get(f"{_W}ilvl", "0"))] = (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    int(start) if start.isdecimal() else 1,
                )
            self.levels[one.get(f"{_W}abstractNumId", "")] = levels
        for one in numbering.iter(f"{_W}num"):
            self.lists[one.get(f"{_W}numId", "")] = _value(one, "abstractNumId") or ""

    def mark_of(self, paragraph: ET.Element) -> str:
        """The number in front of a paragraph, counted on; nothing where it has none."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return ""
        found = _numbered(paragraph) or self.styles.get(_value(properties, "pStyle") or "")
        if found is None or found[0] == "0":
            return ""
        abstract = self.lists.get(found[0], "")
        levels = self.levels.get(abstract, {})
        if found[1] not in levels:
            return ""
        counts = self.counts.setdefault(abstract, {})
        counts[found[1]] = counts.get(found[1], levels[found[1]][2] - 1) + 1
        for deeper in [one for one in counts if one > found[1]]:
            del counts[deeper]
        shown = levels[found[1]][1]
        for level, (form, _, start) in levels.items():
            shown = shown.replace(f"%{level + 1}", _written(counts.get(level, start), form))
        return shown if any(character.isalnum() or character in _CIRCLES for character in shown) else ""


def _numbered(element: ET.Element) -> tuple[str, int] | None:
    found = element.find(f"{_W}pPr/{_W}numPr")
    if found is None:
        return None
    level = _value(found, "ilvl") or "0"
    number = _value(found, "numId")
    return None if number is None else (number, int(level) if level.isdecimal() else 0)


def _value(element: ET.Element, name: str) -> str | None:
    found = element.find(f"{_W}{name}")
    return None if found is None else found.get(f"{_W}val")


def _written(number: int, form: str) -> str:
    if form in _HAN_FORMATS:
        return to_han(number)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"):
        return _CIRCLES[number - 1] if 0 < number <= len(_CIRCLES) else str(number)
    return "" if form in ("bullet", "none") else str(number)
