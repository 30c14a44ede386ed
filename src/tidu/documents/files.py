"""A file of one of the five kinds as raw lines; what it is not is said in one sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tidu.documents.encodings import decode
from tidu.documents.portable import read_portable
from tidu.documents.webpages import read_page
from tidu.documents.word import read_word
from tidu.kernel.errors import TiduError

SUFFIXES = (".txt", ".md", ".html", ".htm", ".docx", ".pdf")
LARGEST_FILE = 30 * 2**20
LARGEST_TEXT = 600_000
"""Characters; fifty pages are some forty thousand."""
LONGEST_LINE = 60_000
_KINDS = (
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"II*\x00", "TIFF 图片"),
    (b"MM\x00*", "TIFF 图片"),
    (b"%PDF-", "PDF 文件"),
    (b"PK\x03\x04", "压缩包或 Office 文件"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件（.doc、.wps、.xls）"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"{\\rtf", "RTF 文件"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"\x7fELF", "程序文件"),
    (b"MZ", "程序文件"),
)


@dataclass(frozen=True)
class Source:
    """Raw lines of a document; of a web page also its headline and what stands around the text."""

    lines: list[str]
    title: str = ""
    around: str = ""
    named: dict[str, str] = field(default_factory=dict)


def open_document(path: Path) -> Source:
    """Read a file. Raises ``no-such-file``, ``unknown-kind``, ``document-too-large`` and what the kinds raise."""
    if not path.is_file():
        raise TiduError("no-such-file", f"找不到文件“{path}”。请核对路径。", path=str(path))
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise TiduError(
            "document-too-large", f"文件有 {size / 2**20:.0f} MB，超过 {LARGEST_FILE // 2**20} MB。请删去图片后另存再试。", size=size
        )
    return source_of(path.read_bytes(), path.name)


def source_of(data: bytes, name: str) -> Source:
    """The same for a file that was uploaded: its bytes and its name, of which the ending says the kind."""
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise TiduError("unknown-kind", f"不能读取“{name}”：{_advice(suffix)}", name=name)
    if len(data) > LARGEST_FILE:
        raise TiduError(
            "document-too-large",
            f"文件有 {len(data) / 2**20:.0f} MB，超过 {LARGEST_FILE // 2**20} MB。请删去图片后另存再试。",
            size=len(data),
        )
    if not data.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise _empty()
    _check_kind(data, suffix, name)
    source = _read(data, suffix)
    length = sum(map(len, source.lines))
    longest = max(map(len, source.lines), default=0)
    if length > LARGEST_TEXT or longest > LONGEST_LINE:
        what = f"正文有 {length / 10_000:.0f} 万字" if length > LARGEST_TEXT else f"有一行长达 {longest / 10_000:.0f} 万字"
        raise TiduError("document-too-large", f"{what}，不像一份公文，没有读取。请只保留要读取的文件本身，分段保存后重试。", length=length)
    if not any(line.strip() for line in source.lines):
        raise _empty()
    if not re.search(r"[\u4e00-\u9fff]", "".join(source.lines[:2000])):
        raise TiduError("no-chinese", "文件里没有中文，不像一份公文。请核对是否选错了文件。")
    return source


def _read(data: bytes, suffix: str) -> Source:
    if suffix == ".docx":
        return Source(read_word(data))
    if suffix == ".pdf":
        return Source(read_portable(data))
    if suffix in (".html", ".htm"):
        page = read_page(decode(data, declared=True))
        return Source(page.lines, page.title, page.around, page.named)
    text = decode(data)
    if "\x00" in text:
        raise TiduError("wrong-encoding", "文件不是文本：里面有不可见的二进制内容。请用 WPS 或 Word 打开后另存为 .docx 或 .txt。")
    lines = re.split(r"\r\n|[\n\r\x0b\x0c\x85]", text)
    return Source([_plain(line) for line in lines] if suffix == ".md" else lines)


def _plain(line: str) -> str:
    """A line of Markdown as plain text."""
    line = re.sub(r"^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+)", "", line)
    line = re.sub(r"\*\*|__|`|~~|\\(?=[.\-()*_#])", "", line)
    line = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
    if line.strip().startswith("|"):
        line = "" if re.fullmatch(r"[\s|:\-]+", line) else "｜".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    return line


def _check_kind(data: bytes, suffix: str, name: str) -> None:
    """Whether the bytes are what the ending says."""
    found = next((word for start, word in _KINDS if data.startswith(start)), None)
    fits = {".docx": data[:4] == b"PK\x03\x04", ".pdf": b"%PDF-" in data[:1024]}.get(
        suffix, found is None or (found in ("程序文件", "BMP 图片") and data[:64].isascii())
    )
    if fits:
        return
    if suffix == ".docx" and found and found.startswith("旧版"):
        raise TiduError(
            "document-protected", f"“{name}”设了密码，或是旧版 .doc 改了扩展名，无法读取。请用 WPS 或 Word 打开，取消密码后另存为 .docx。"
        )
    what = f"其实是{found}" if found else "的内容和扩展名不符"
    raise TiduError("document-wrong-kind", f"“{name}”{what}，不能按 {suffix} 读取。{_advice_for(found)}", name=name)


def _advice_for(found: str | None) -> str:
    if found and "图片" in found:
        return "请先用文字识别（OCR）转成文字，另存为 .docx 或 .txt。"
    return "请用能打开它的软件另存为 .docx、.pdf 或 .txt 后重试。"


def _advice(suffix: str) -> str:
    if suffix in (".doc", ".wps", ".rtf", ".odt", ".ofd", ".uot"):
        return f"暂不支持 {suffix}。请用 WPS 或 Word 打开后另存为 .docx 或 .pdf。"
    if suffix in (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"):
        return "这是图片。请先用文字识别（OCR）转成文字，另存为 .docx 或 .txt。"
    return f"能读取的文件有 {'、'.join(SUFFIXES)}。请另存为其中一种。"


def _empty() -> TiduError:
    return TiduError("document-empty", "文件是空的，没有可读的内容。请核对是否选错了文件。")
