"""Word and Excel files: a zip with known parts. Unpacked piece by piece up to a bound; no XML is read as XML."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

from tidu.apps.materials.checking.refusals import refusal
from tidu.apps.materials.enums import FileType

MOST_PARTS = 3_000
LARGEST_UNPACKED = 200 * 1024 * 1024
STEEPEST = 250
"""How many times larger than packed a part may be, once it is large at all; a sheet of equal rows reaches about 100."""
STEEP_FROM = 8 * 1024 * 1024
PIECE = 1 << 20
CONTENT_TYPES = "[Content_Types].xml"
_END_OF_ZIP, _END_LENGTH = b"PK\x05\x06", 22
_MAIN = {
    FileType.DOCX: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    FileType.XLSX: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
_MACRO_PARTS = ("vbaproject", "vbadata", "/macrosheets/", "/activex/", "/dialogsheets/")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_FETCHED = re.compile(rb"/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath|afChunk)[\"']")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UTF16 = re.compile(rb"^(?:\xff\xfe|\xfe\xff|<\0|\0<)")
_SEEN = 1 << 20
"""How much of each XML part is looked at for declarations; they stand at its beginning."""


def check_office(content: bytes, name: str) -> FileType:
    """Which of the two it is; raises ``file-zip`` where it is neither, and a refusal of its own for all that is wrong with it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _checked(archive, content, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, UnicodeError, OSError, ValueError) as error:
        raise refusal("file-broken", name, type="文档", why="压缩结构损坏") from error


def _checked(archive: zipfile.ZipFile, content: bytes, name: str) -> FileType:
    parts = archive.infolist()
    found = _kind(parts, name)
    _refuse_odd_parts(parts, content, name)
    types = b""
    for part, head in _unpacked(archive, parts, name):
        lower = part.lower()
        if lower.endswith((".xml", ".rels", ".vml")) and (_ENTITY.search(head) or _UTF16.match(head)):
            raise refusal("file-broken", name, type=found.label, why="含有实体声明或不认识的编码")
        if lower.endswith(".rels"):
            _refuse_fetched(head, name)
        if part == CONTENT_TYPES:
            types = head
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise refusal("file-macro", name)
    if _MAIN[found][1] not in types:
        raise refusal("file-broken", name, type=found.label, why="内容类型不符")
    return found


def _kind(parts: list[zipfile.ZipInfo], name: str) -> FileType:
    names = {part.filename for part in parts}
    if CONTENT_TYPES not in names:
        raise refusal("file-zip", name)
    if any(mark in f"/{part.lower()}" for part in names for mark in _MACRO_PARTS):
        raise refusal("file-macro", name)
    for kind, (main, _) in _MAIN.items():
        if main in names:
            return kind
    raise refusal("file-zip", name)


def _refuse_odd_parts(parts: list[zipfile.ZipInfo], content: bytes, name: str) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise refusal("file-encrypted", name)
    names = [part.filename for part in parts]
    if any(one.startswith("/") or "\\" in one or ".." in one.split("/") or ":" in one for one in names):
        raise refusal("file-mixed", name, why="内部文件名指向别处")
    if len(set(names)) != len(names) or len(names) > MOST_PARTS:
        raise refusal("file-mixed", name, why="内部文件重复或太多")
    end = content.rfind(_END_OF_ZIP)
    length = int.from_bytes(content[end + 20 : end + _END_LENGTH], "little")
    if end + _END_LENGTH + length != len(content) or length or min(part.header_offset for part in parts):
        raise refusal("file-mixed", name, why="压缩结构前后还有内容")
    places = sorted((part.header_offset, part.compress_size) for part in parts)
    if any(start + size > following for (start, size), (following, _) in pairwise(places)):
        raise refusal("file-bomb", name)  # parts that share bytes unfold to far more than the file


def _unpacked(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> Iterator[tuple[str, bytes]]:
    """Each part's name and beginning; every byte is unpacked once, so that no declared size is believed."""
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise refusal("file-bomb", name)
    total = 0
    for part in parts:
        head, size = b"", 0
        with archive.open(part) as stream:
            while piece := stream.read(PIECE):
                head = head or piece[:_SEEN]
                size += len(piece)
                total += len(piece)
                if total > LARGEST_UNPACKED or (size > STEEP_FROM and size > STEEPEST * max(part.compress_size, 1)):
                    raise refusal("file-bomb", name)
        yield part.filename, head


def _refuse_fetched(rels: bytes, name: str) -> None:
    for relation in _RELATION.findall(rels):
        if b"External" in relation and (found := _FETCHED.search(relation)):
            raise refusal("file-remote", name, why=found[1].decode())
