"""PDF files: the text of their pages. A scanned page has none, which is said."""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from tidu.kernel.errors import TiduError

_MOST_PAGES = 300
_LONGEST = 20.0
"""Seconds after which a file is given up; a page of text takes a few milliseconds."""
_LEAST_ON_A_PAGE = 8


def read_portable(data: bytes) -> list[str]:
    """The lines of all pages without running heads.

    Raises ``document-protected``, ``document-scanned``, ``document-damaged``, ``document-too-large``.
    """
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    began = time.monotonic()
    pages: list[list[str]] = []
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise TiduError("document-protected", "PDF 文件设了打开密码，无法读取。请取消密码后另存再试。")
        count = len(reader.pages)
        if count > _MOST_PAGES:
            raise TiduError("document-too-large", f"PDF 有 {count} 页，超过 {_MOST_PAGES} 页。请只保留要读取的文件本身。", pages=count)
        for page in reader.pages:
            pages.append(page.extract_text().splitlines())
            if time.monotonic() - began > _LONGEST:
                raise TiduError("document-too-large", "PDF 结构过于复杂，20 秒内没有读完。请用 WPS 打开后另存为 .docx 或 .txt。")
    except TiduError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        RecursionError,
        OSError,
        NotImplementedError,
        ImportError,
    ) as error:
        if "cryptography" in str(error):
            raise TiduError("document-protected", "PDF 文件加了密，无法读取。请取消加密后另存再试。") from None
        raise TiduError("document-damaged", "PDF 文件已损坏或不完整，读不出内容。请重新下载，或用 WPS 打开后另存。") from None
    if sum(len("".join(page).strip()) >= _LEAST_ON_A_PAGE for page in pages) == 0:
        raise TiduError(
            "document-scanned", "PDF 里没有文字，应是扫描件或图片。请先用文字识别（OCR）转成文字，另存为 .docx 或 .txt 后再读。"
        )
    return _without_heads(pages)


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
