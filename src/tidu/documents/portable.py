"""PDF files: the text of their pages. A scanned page has none, which is said."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter

import pypdfium2

from tidu.kernel.errors import TiduError

_MOST_PAGES = 300
_MOST_ON_A_PAGE = 60_000
_LONGEST = 20.0
"""Seconds after which a file is given up; a page of text takes some ten milliseconds."""
_LEAST_ON_A_PAGE = 8
_ONE_AT_A_TIME = threading.Lock()
"""The library keeps state of its own and must not be entered by two threads."""


def read_portable(data: bytes) -> list[str]:
    """The lines of all pages without running heads.

    Raises ``document-protected``, ``document-scanned``, ``document-damaged``, ``document-too-large``.
    """
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _refusal(str(error)) from None
        try:
            pages = _pages(document)
        except pypdfium2.PdfiumError as error:
            raise _refusal(str(error)) from None
        finally:
            document.close()
    if not any(len("".join(page).strip()) >= _LEAST_ON_A_PAGE for page in pages):
        raise TiduError(
            "document-scanned", "PDF 里没有文字，应是扫描件或图片。请先用文字识别（OCR）转成文字，另存为 .docx 或 .txt 后再读。"
        )
    return _without_heads(pages)


def _pages(document: pypdfium2.PdfDocument) -> list[list[str]]:
    count = len(document)
    if count > _MOST_PAGES:
        raise TiduError("document-too-large", f"PDF 有 {count} 页，超过 {_MOST_PAGES} 页。请只保留要读取的文件本身。", pages=count)
    began, found = time.monotonic(), []
    for number in range(count):
        page = document[number]
        text = page.get_textpage()
        found.append(text.get_text_range(count=min(text.count_chars(), _MOST_ON_A_PAGE)).splitlines())
        text.close()
        page.close()
        if time.monotonic() - began > _LONGEST:
            raise TiduError("document-too-large", "PDF 结构过于复杂，20 秒内没有读完。请用 WPS 打开后另存为 .docx 或 .txt。")
    return found


def _refusal(reason: str) -> TiduError:
    if "assword" in reason or "ecurity" in reason:
        return TiduError("document-protected", "PDF 文件设了打开密码，无法读取。请取消密码后另存再试。")
    return TiduError("document-damaged", "PDF 文件已损坏或不完整，读不出内容。请重新下载，或用 WPS 打开后另存。")


def _without_heads(pages: list[list[str]]) -> list[str]:
    """Without lines that stand at the head or foot of most pages."""
    edges = Counter(re.sub(r"\d+", "#", line.strip()) for page in pages for line in {*page[:2], *page[-2:]} if line.strip())
    often = {line for line, count in edges.items() if len(pages) >= 3 and count > 0.6 * len(pages)}
    found = []
    for page in pages:
        for index, line in enumerate(page):
            if not (re.sub(r"\d+", "#", line.strip()) in often and (index < 2 or index >= len(page) - 2)):
                found.append(line)
    return found
