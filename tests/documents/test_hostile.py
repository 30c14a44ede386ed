"""What cannot be read is said in one sentence, quickly and in little memory."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.documents.made_files import portable_file, word_file, zipped
from tidu.documents import read_bytes, read_document, read_text
from tidu.kernel.errors import TiduError

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(400)
MEGABYTES = 2**20


def _bomb() -> bytes:
    """A Word document of some kilobytes that unpacks to two hundred megabytes."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w", force_zip64=True) as part:
        for _ in range(200):
            part.write(b" " * MEGABYTES)
    return stream.getvalue()


def _entities() -> bytes:
    text = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document xmlns:w="x">&b;</w:document>'
    return zipped({"word/document.xml": text.encode()})


CASES = {
    "empty": ("a.txt", b"", "document-empty"),
    "blank": ("a.txt", b" \r\n\t\n", "document-empty"),
    "empty-page": ("a.html", "<html><body><script>var 一 = 1;</script></body></html>".encode(), "document-empty"),
    "picture-as-pdf": ("a.pdf", PICTURE, "document-wrong-kind"),
    "picture-as-text": ("a.txt", PICTURE, "document-wrong-kind"),
    "old-word": ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(100), "unknown-kind"),
    "old-word-renamed": ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(100), "document-protected"),
    "text-as-word": ("a.docx", "一、总体要求".encode(), "document-wrong-kind"),
    "zip-as-word": ("a.docx", zipped({"a.txt": b"1"}), "document-wrong-kind"),
    "cut-off-word": ("a.docx", word_file(["一、总体要求"])[:300], "document-damaged"),
    "broken-xml": ("a.docx", zipped({"word/document.xml": b"<w:document"}), "document-damaged"),
    "entities": ("a.docx", _entities(), "document-too-large"),
    "scanned": ("a.pdf", portable_file([[], []]), "document-scanned"),
    "cut-off-pdf": ("a.pdf", b"%PDF-1.7\n1 0 obj\n<</Type", "document-damaged"),
    "wrong-encoding": ("a.txt", bytes(range(128, 256)) * 40 + b"\xff", "wrong-encoding"),
    "binary": ("a.txt", "正文".encode() + bytes(4000) + b"\x01\x02\xff\xfe\xfd" * 200, "wrong-encoding"),
    "foreign": ("a.txt", b"Nothing of this is Chinese.", "no-chinese"),
    "one-line": ("a.txt", ("推动产业高质量发展，" * 175_000).encode(), "document-too-large"),
    "other-kind": ("a.ofd", b"PK\x03\x04", "unknown-kind"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_a_sentence(name: str) -> None:
    file, data, code = CASES[name]
    with pytest.raises(TiduError) as caught:
        read_bytes(data, file)

    assert caught.value.code == code
    assert caught.value.message.endswith("。")
    assert len(caught.value.message) >= 15


def test_an_encrypted_pdf_is_told_apart() -> None:
    plain = portable_file([["一、总体要求"]])
    key = b"/Encrypt<</Filter/Standard/V 1/R 2/O<" + b"00" * 32 + b">/U<" + b"11" * 32 + b">/P -4>>/ID[<00><00>]"
    with pytest.raises(TiduError) as caught:
        read_bytes(plain.replace(b"trailer<<", b"trailer<<" + key), "a.pdf")

    assert caught.value.code == "document-protected"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = _bomb()
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(TiduError) as caught:
        read_bytes(data, "a.docx")
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert caught.value.code == "document-too-large"
    assert took < 2
    assert peak < 20 * MEGABYTES


def test_a_missing_file_is_named() -> None:
    with pytest.raises(TiduError, match="找不到文件“没有\\.txt”"):
        read_document(Path("没有.txt"))


@pytest.mark.parametrize(
    "line",
    [
        "（" * 6_000 + "责任单位",
        "一、" * 6_000,
        "对" + "获得奖励、" * 4_500 + "分别给予10万元奖励",
        "责任单位：" + "区科技局、" * 4_500,
        "1.2.3." * 10_000,
        "按照" + "10%、" * 6_000 + "给予奖励",
        "区" * 60_000,
        "到2025年" * 4_500 + "达到5家",
    ],
    ids=["brackets", "marks", "list", "units", "dots", "shares", "one-character", "years"],
)
def test_a_long_line_takes_bounded_time(line: str) -> None:
    began = time.perf_counter()
    read_text(f"某区行动计划\n一、总体要求\n{line}。")

    assert time.perf_counter() - began < 5


def test_scripts_of_a_page_are_never_text() -> None:
    page = (
        "<html><head><title>某区工作方案</title></head><body onload='x()'><h1>某区工作方案</h1>"
        "<div><p>一、总体要求</p><script>document.write('二、假条款')</script><p>稳中求进，推动发展。</p>"
        "<!-- 三、注释 --><style>四、样式</style><iframe src=x>五、框架</iframe></div></body></html>"
    )

    assert [one["path"] for one in read_bytes(page.encode(), "a.html").as_dict()["clauses"]] == ["一"]
