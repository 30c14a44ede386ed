"""What a file is, from its bytes; never from its name or from what the browser says."""

from __future__ import annotations

import re

from tidu.apps.materials.checking.office_files import check_office
from tidu.apps.materials.checking.pictures import JPEG_START, PNG_START, check_jpeg, check_png
from tidu.apps.materials.checking.refusals import refusal
from tidu.apps.materials.enums import FileType

_PDF_START, _PDF_END = b"%PDF-", b"%%EOF"
_HEAD, _TAIL = 4096, 2048
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PACKED = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
_PROGRAM = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_WEB = re.compile(rb"<(?:html|head|body|script|iframe|svg|meta|table|!doctype\s+html)[\s>/]", re.IGNORECASE)
_END_OF_ZIP = re.compile(rb"PK\x05\x06")
_SVG = re.compile(rb"<(?:\w+:)?svg[\s>]", re.IGNORECASE)


def detect(content: bytes, name: str, *, most: int) -> FileType:
    """The type of a file; raises the refusal of whatever is not taken. ``most`` is the bound in bytes, ``name`` is for sentences."""
    if not content:
        raise refusal("file-empty", name)
    if len(content) > most:
        raise refusal("file-too-large", name, size=_megabytes(len(content)), most=_megabytes(most))
    if content.startswith(_PDF_START):
        _check_pdf(content, name)
        return FileType.PDF
    if content.startswith(PNG_START):
        check_png(content, name)
        return FileType.PNG
    if content.startswith(JPEG_START):
        check_jpeg(content, name)
        _refuse_mixed(content, name)
        return FileType.JPEG
    if content.startswith(b"PK\x03\x04"):
        return check_office(content, name)
    raise _refused(content, name)


def _refused(content: bytes, name: str) -> Exception:
    """Why something that begins like nothing we take is not taken."""
    if content.startswith(_OLE):
        return refusal("file-encrypted" if _ENCRYPTED in content else "file-old-office", name)
    head = _as_bytes_of_text(content[:_HEAD])
    if _PDF_START in head:
        return refusal("file-mixed", name, why="PDF 之前还有别的内容")
    if _SVG.search(head):
        return refusal("file-svg", name)
    if _WEB.search(head):
        return refusal("file-html", name)
    if content.startswith((*_PACKED, b"PK")) or content[257:262] == b"ustar":
        return refusal("file-zip", name)
    if content.startswith(_PROGRAM):
        return refusal("file-program", name)
    return refusal("file-unknown", name)


def _as_bytes_of_text(head: bytes) -> bytes:
    """The beginning of a text in UTF-16 without its zeros, so that a page is known in any encoding."""
    return head.replace(b"\0", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")) else head


def _check_pdf(content: bytes, name: str) -> None:
    if _PDF_END not in content[-_TAIL:]:
        raise refusal("file-broken", name, type=" PDF", why="没有结尾")
    if b"startxref" not in content or b"obj" not in content:
        raise refusal("file-broken", name, type=" PDF", why="没有目录")
    if _WEB.search(content[:_HEAD]):
        raise refusal("file-mixed", name, why="PDF 开头有网页内容")
    _refuse_mixed(content, name)


def _refuse_mixed(content: bytes, name: str) -> None:
    """A zip or a page behind the end: one program would show a picture, another run what is behind it."""
    tail = content[-(1 << 16) :]
    if any(_ends_a_zip(content, len(content) - len(tail) + found.start()) for found in _END_OF_ZIP.finditer(tail)):
        raise refusal("file-mixed", name, why="末尾附有压缩包")
    if _WEB.search(tail[-_TAIL:]):
        raise refusal("file-mixed", name, why="末尾附有网页内容")


def _ends_a_zip(content: bytes, place: int) -> bool:
    """Whether what looks like the end of a zip speaks of a directory that lies before it; four bytes alone may be chance."""
    fields = content[place + 4 : place + 20]
    numbers = [int.from_bytes(fields[start : start + 2], "little") for start in (0, 2, 4, 6)]
    size = int.from_bytes(fields[8:12], "little")
    return len(fields) == 16 and numbers[0] == numbers[1] == 0 and numbers[2] == numbers[3] > 0 and 46 <= size <= place


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB" if size >= 1024 * 1024 else f"{size / 1024:.0f} KB"
