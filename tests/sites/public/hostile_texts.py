"""What nobody types by accident: texts that try to break a reader, and workbooks that try to break a machine."""

from __future__ import annotations

import zipfile
from io import BytesIO

TEXTS = (
    "\0",
    "a\0b",
    "\x1b[31m红",
    "\r\n\r\nSet-Cookie: x=1",
    "\ud800",
    "\udfff\ud800",
    "\u202e反",
    "\u2028\u2029\ufeff",
    "长" * 10_000,
    "<xinjected>",
    '"><xinjected xinjected=1>',
    "' xinjected='1' onfocus='alert(1)",
    "</textarea></script><script>xinjected()</script>",
    "{{ visit.xinjected }}{% debug %}",
    "%s%n%(x)s{0}",
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "'; DROP TABLE x; --",
    "../../../../etc/passwd",
    "😀👨‍👩‍👧",
    "１２３",
    "１２，３４５．６万元",
    "٣٤",
    "½",
    "NaN",
    "inf",
    "1e999",
    "9" * 190,
    "-" + "9" * 40,
    "-0",
    "0x10",
    "1_000",
    "0." + "0" * 150 + "1",
    "999999999亿",
    ",,,",
    "?",
    "none,none",
    "true",
    "null",
    "[]",
    "2024-02-30",
    "0000-00-00",
    "9999-12-31",
    "edit:" * 30,
)

SHARP = TEXTS[:16]
"""Those that aim at pages, addresses and files rather than at numbers."""


def spelled(text: str) -> str:
    """A text as the name of a test."""
    return ascii(text)[1:25]


_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
_ROOT = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"""
_PARTS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
 Target="https://elsewhere.example/book.xlsx" TargetMode="External"/></Relationships>"""
_BOOK = """<?xml version="1.0"?>{doctype}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{sheets}</sheets></workbook>"""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def archive(**parts: str | bytes) -> bytes:
    """An archive; ``/`` and ``.`` in names are written as they are through ``**{...}``."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


def book(rows: str, *, strings: str = "", sheets: int = 1, doctype: str = "", **more: str | bytes) -> bytes:
    """A workbook whose only part with cells is written by hand; ``sheets`` beyond one all show that part."""
    names = ["企业", *(f"s{number}" for number in range(2, sheets + 1))]
    listed = "".join(f'<sheet name="{name}" sheetId="{number}" r:id="r1"/>' for number, name in enumerate(names, 1))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _ROOT,
        "xl/_rels/workbook.xml.rels": _PARTS,
        "xl/workbook.xml": _BOOK.format(sheets=listed, doctype=doctype),
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{doctype}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<?xml version="1.0"?>{doctype}<sst xmlns="{_MAIN}">{strings}</sst>',
    }
    return archive(**parts, **more)


def cell(place: str, text: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


CODE = "91420114MA4K000015"
HEAD = f'<row r="1">{cell("A1", "统一社会信用代码")}{cell("B1", "企业名称")}</row>'


def firm(name: str, formula: str = "") -> str:
    """A row with one firm."""
    if formula:
        return f'<row r="2">{cell("A2", CODE)}<c r="B2" t="str"><f>{formula}</f><v>{name}</v></c></row>'
    return f'<row r="2">{cell("A2", CODE)}{cell("B2", name)}</row>'
