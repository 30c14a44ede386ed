"""A paper as Word, for staff to edit: real headings and tables, titles repeated on every page, page numbers."""

from __future__ import annotations

import zipfile
from datetime import datetime, time
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from tidu.apps.paper.blocks import Block, Heading, Listed, NewPage, Pairs, Paper, Paragraph, Table, clean

BODY, TITLE = "仿宋", "黑体"
_A4 = (Cm(21), Cm(29.7))
_MARGIN = Cm(2.4)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILLED = "EEF2F6"
_TWENTIETHS = 635
"""English Metric Units in a twentieth of a point, in which Word counts the widths of tables."""


def word_of(paper: Paper) -> bytes:
    """The Word file; the same paper gives the same bytes."""
    document = Document()
    _set_page(document, paper)
    _set_styles(document)
    _set_properties(document, paper)
    _head(document, paper)
    for block in paper.blocks:
        _add(document, block)
    stream = BytesIO()
    document.save(stream)
    return _dated_alike(stream.getvalue())


def _set_page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    wide, high = reversed(_A4) if paper.wide else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if paper.wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = wide, high
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(foot, f"{paper.foot}　第 " if paper.foot else "第 ", size=9)
    _field(foot, "PAGE")
    _run(foot, " 页", size=9)


def _set_styles(document: Any) -> None:
    for name, font, size in (("Normal", BODY, 12), ("Heading 1", TITLE, 14), ("Heading 2", TITLE, 12)):
        style = document.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.line_spacing = 1.35


def _set_properties(document: Any, paper: Paper) -> None:
    kept = document.core_properties
    moment = datetime.combine(paper.day, time())  # the file format keeps a bare day
    kept.title, kept.author, kept.last_modified_by, kept.comments = clean(paper.title)[:255], "", "", ""
    kept.created = kept.modified = kept.last_printed = moment
    kept.revision = 1


def _head(document: Any, paper: Paper) -> None:
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, paper.title, size=18, font=TITLE, strong=True)
    if paper.subtitle:
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(line, paper.subtitle, size=11)
    if paper.cover:
        _pairs(document, paper.cover)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading():
            document.add_heading(clean(block.text), level=block.level)
        case Paragraph():
            _paragraph(document, block)
        case Pairs():
            _pairs(document, block.rows)
        case Table():
            _table(document, block)
        case Listed():
            for number, item in enumerate(block.items, start=1):
                line = document.add_paragraph()
                line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Pt(24), Pt(-24)
                _run(line, f"{number}. {item}", size=11)
        case NewPage():
            document.add_page_break()


def _paragraph(document: Any, block: Paragraph) -> None:
    line = document.add_paragraph()
    if block.right:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif block.indent:
        line.paragraph_format.first_line_indent = Pt(24)
    _run(line, block.text, strong=block.strong)


def _pairs(document: Any, rows: tuple[tuple[str, str], ...]) -> None:
    _place(document, (1.0, 3.2), [_row([_cell(name, filled=True), _cell(text)]) for name, text in rows])


def _table(document: Any, block: Table) -> None:
    figures = [column.figure for column in block.columns]
    lines = [_row([_cell(column.title, strong=True, filled=True, side="center") for column in block.columns], head=True)]
    lines += [
        _row([_cell(text, side="right" if figure else "left") for text, figure in zip(row, figures, strict=True)]) for row in block.rows
    ]
    if not block.rows:
        lines.append(_row([_cell(block.empty, across=len(block.columns))]))
    if block.total:
        cells = zip(block.total, figures, strict=True)
        lines.append(_row([_cell(text, strong=True, side="right" if figure else "left") for text, figure in cells]))
    _place(document, tuple(column.share for column in block.columns), lines)


def _place(document: Any, shares: tuple[float, ...], lines: list[str]) -> None:
    """A table from its XML, and an empty line behind it. Cell by cell through python-docx, ten thousand rows take minutes."""
    section = document.sections[0]
    room = (section.page_width - section.left_margin - section.right_margin) / _TWENTIETHS
    widths = "".join(f'<w:gridCol w:w="{int(room * share / sum(shares))}"/>' for share in shares)
    look = '<w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
    xml = f"<w:tbl {nsdecls('w')}><w:tblPr>{look}</w:tblPr><w:tblGrid>{widths}</w:tblGrid>{''.join(lines)}</w:tbl>"
    document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")
    document.add_paragraph()


def _row(cells: list[str], *, head: bool = False) -> str:
    """A row that stays on one page; the head is repeated on each."""
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(text: str, *, strong: bool = False, filled: bool = False, side: str = "left", across: int = 1) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{_FILLED}"/>' if filled else ""
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    line = '<w:spacing w:before="20" w:after="20" w:line="264" w:lineRule="auto"/>'
    look = f'<w:rFonts w:ascii="{BODY}" w:hAnsi="{BODY}" w:eastAsia="{BODY}"/>{"<w:b/>" if strong else ""}<w:sz w:val="19"/>'
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in clean(text).split("\n"))
    return (
        f'<w:tc><w:tcPr>{span}{shade}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>{line}<w:jc w:val="{side}"/></w:pPr>'
        f"<w:r><w:rPr>{look}</w:rPr>{words}</w:r></w:p></w:tc>"
    )


def _run(line: Any, text: str, *, size: float = 12, font: str = BODY, strong: bool = False) -> None:
    run = line.add_run(clean(text))
    run.font.name, run.font.size, run.font.bold = font, Pt(size), strong
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _field(line: Any, name: str) -> None:
    for kind in ("begin", "", "end"):
        run = line.add_run()
        run.font.size = Pt(9)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        run._element.append(part)


def _dated_alike(content: bytes) -> bytes:
    """The same file with one fixed moment on all its parts."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(zipfile.ZipInfo(part.filename, _EPOCH), old.read(part), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
