"""Small files of every kind: good ones, and hostile ones each with the code that refuses it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1"
    b"/BaseFont/Helvetica>>>>>>>>endobj\n4 0 obj<</Length 44>>stream\nBT /F 18 Tf 20 40 Td (A contract) Tj ET      \nendstream endobj\n"
    b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 5>>\nstartxref\n9\n%%EOF\n"
)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(wide: int = 2, high: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\xc0\x20\x20" * 2 for _ in range(2))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(wide: int = 4, high: int = 4) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, high, wide, 3) + b"\x01\x11\x00\x02\x11\x01\x03\x11\x01"
    scan = b"\xff\xda" + struct.pack(">H", 12) + b"\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00" + b"\x12\x34"
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + frame + scan + b"\xff\xd9"


MAIN = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
}


def office(kind: str = "docx", *, more: Mapping[str, bytes] | None = None, main_type: str = "") -> bytes:
    part, content_type = MAIN[kind]
    types = f'<?xml version="1.0"?><Types><Override PartName="/{part}" ContentType="{main_type or content_type}"/></Types>'
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, b"<document/>")
        for name, body in (more or {}).items():
            archive.writestr(name, body)
    return stream.getvalue()


def plain_zip() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.pdf", PDF)
    return stream.getvalue()


def encrypted_zip() -> bytes:
    """An office file whose parts are marked as encrypted."""
    raw = bytearray(office())
    raw[6] |= 1
    place = raw.find(b"PK\x01\x02")
    while place >= 0:
        raw[place + 8] |= 1
        place = raw.find(b"PK\x01\x02", place + 4)
    return bytes(raw)


def lying_bomb() -> bytes:
    """A part that says it is small and unfolds to 300 MB: the declared sizes are changed afterwards."""
    raw = bytearray(office(more={"word/media/a.xml": b"a" * (300 << 20)}))
    true = struct.pack("<I", 300 << 20)
    while (place := raw.find(true)) >= 0:
        raw[place : place + 4] = struct.pack("<I", 1000)
    return bytes(raw)


def shared_bytes_bomb() -> bytes:
    """Two directory entries that unfold the same bytes."""
    raw = office(more={"word/a.xml": b"x" * 500, "word/b.xml": b"x" * 500})
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        first, second = archive.getinfo("word/a.xml"), archive.getinfo("word/b.xml")
    changed = bytearray(raw)
    place = raw.find(b"word/b.xml", raw.find(b"PK\x01\x02"))
    changed[place - 4 : place] = struct.pack("<I", first.header_offset)
    assert first.header_offset != second.header_offset
    return bytes(changed)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"\xef\xbb\xbf <!DOCTYPE html><html><script>alert(1)</script></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
REMOTE = (
    b'<Relationships><Relationship Id="a" Type="http://x/attachedTemplate" Target="http://x/t.dotm" TargetMode="External"/></Relationships>'
)
MB = 1 << 20

HOSTILE: dict[str, tuple[bytes, str]] = {
    "0 bytes": (b"", "file-empty"),
    "21 MB": (b"%PDF-" + b"0" * (21 * MB), "file-too-large"),
    "SVG with script": (SVG, "file-svg"),
    "SVG in UTF-16": (SVG.decode().encode("utf-16"), "file-svg"),
    "page": (HTML, "file-html"),
    "page in UTF-16": ("<html><script>".encode("utf-16"), "file-html"),
    "zip": (plain_zip(), "file-zip"),
    "empty zip": (b"PK\x05\x06" + b"\0" * 18, "file-zip"),
    "rar": (b"Rar!\x1a\x07\x00" + b"\0" * 50, "file-zip"),
    "gzip": (b"\x1f\x8b\x08" + b"\0" * 50, "file-zip"),
    "zip bomb": (office(more={"word/media/a.xml": b"\0" * (60 * MB)}), "file-bomb"),
    "zip bomb of many parts": (office(more={f"word/{n}.xml": b"\0" * (7 * MB) for n in range(30)}), "file-bomb"),
    "zip bomb that lies": (lying_bomb(), "file-broken"),
    "zip bomb of shared bytes": (shared_bytes_bomb(), "file-bomb"),
    "macro document": (office(more={"word/vbaProject.bin": OLE}), "file-macro"),
    "macro workbook": (office("xlsx", more={"xl/vbaProject.bin": OLE}), "file-macro"),
    "macro workbook of the fourth edition": (office("xlsx", more={"xl/macrosheets/sheet1.xml": b"<a/>"}), "file-macro"),
    "macro workbook by type": (office("xlsx", main_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "file-macro"),
    "encrypted office file": (OLE + "EncryptedPackage".encode("utf-16-le"), "file-encrypted"),
    "encrypted parts": (encrypted_zip(), "file-encrypted"),
    "old office file": (OLE, "file-old-office"),
    "remote template": (office(more={"word/_rels/settings.xml.rels": REMOTE}), "file-remote"),
    "entities": (office(more={"word/styles.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "file-broken"),
    "parts that lead elsewhere": (office(more={"../../etc/cron.d/a": b"a"}), "file-mixed"),
    "page before PDF": (b"<html><script>alert(1)</script>" + PDF, "file-mixed"),
    "page within PDF": (PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n%<html><script>alert(1)</script>\n"), "file-mixed"),
    "page after PDF": (PDF + b"<script>alert(1)</script>", "file-mixed"),
    "zip after PDF": (PDF + plain_zip(), "file-mixed"),
    "zip between PDF and its end": (PDF + plain_zip() + b"%%EOF", "file-mixed"),
    "zip after picture": (png() + plain_zip(), "file-mixed"),
    "zip after photo": (jpeg() + plain_zip(), "file-mixed"),
    "something before the zip": (b"PK\x03\x04" + office(), "file-mixed"),
    "something after the zip": (office() + b"<script>", "file-mixed"),
    "picture bomb": (png(60_000, 60_000), "picture-too-large"),
    "narrow picture bomb": (png(1, 2_000_000_000), "picture-too-large"),
    "photo bomb": (jpeg(65_000, 65_000), "picture-too-large"),
    "half a picture": (png()[:-8], "file-broken"),
    "half a photo": (jpeg()[:30], "file-broken"),
    "picture of no size": (png(0, 5), "file-broken"),
    "profile bomb": (png()[:33] + chunk(b"iCCP", b"\0" * (5 * MB)) + png()[33:], "file-bomb"),
    "half a PDF": (PDF[:200], "file-broken"),
    "program": (b"MZ" + b"\0" * 100, "file-program"),
    "script": (b"#!/bin/sh\nrm -rf /", "file-program"),
    "text": ("合同".encode(), "file-unknown"),
}
GOOD: dict[str, tuple[bytes, str]] = {
    "pdf": (PDF, "pdf"), "png": (png(), "png"), "jpg": (jpeg(), "jpeg"), "docx": (office(), "docx"), "xlsx": (office("xlsx"), "xlsx"),
}  # fmt: skip
