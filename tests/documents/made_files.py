"""Files of the kinds that are read, made in memory: Word documents and PDF files with given lines."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))


def word_file(paragraphs: Sequence[str | tuple[str, int]], *, more: dict[str, bytes] | None = None) -> bytes:
    """A .docx; a pair (text, level) is a paragraph that Word numbers itself: 一、 （一） 1. （1）."""
    body = "".join(_paragraph(*((one, None) if isinstance(one, str) else one)) for one in paragraphs)
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": f"<w:document {_SPACE}><w:body>{body}</w:body></w:document>".encode(),
            "word/numbering.xml": _numbering().encode(),
            **(more or {}),
        }
    )


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _paragraph(text: str, level: int | None) -> str:
    numbered = "" if level is None else f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    half = len(text) // 2  # Word splits a paragraph into runs as it pleases
    runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in (text[:half], text[half:]) if part)
    return f"<w:p>{numbered}{runs}</w:p>"


def _numbering() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for index, (form, text) in enumerate(_LEVELS)
    )
    return (
        f'<w:numbering {_SPACE}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )


def portable_file(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF of these pages, a line of text below the other, in a font that names its characters."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    last = 4 + 2 * len(pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        f"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[{last} 0 R]/ToUnicode {last + 1} 0 R>>".encode(),
    ]
    for index, lines in enumerate(pages):
        drawn = "".join(f"1 0 0 1 70 {780 - 20 * row} Tm <{line.encode('utf-16-be').hex()}> Tj\n" for row, line in enumerate(lines))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * index} 0 R/Resources<</Font<</F 3 0 R>>>>>>".encode()
        )
        objects.append(_stream(f"BT /F 12 Tf\n{drawn}ET".encode()))
    objects.append(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>"
    )
    objects.append(
        _stream(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
            b"1 begincodespacerange <0000> <ffff> endcodespacerange\n1 beginbfrange <0000> <ffff> <0000> endbfrange\nendcmap end end"
        )
    )
    return _assembled(objects)


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode() + packed + b"\nendstream"


def _assembled(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF".encode()
    return bytes(out)
