"""Bytes to text: UTF-8 with or without a mark, UTF-16, GB18030; anything else is refused with advice."""

from __future__ import annotations

import codecs
import re

from tidu.kernel.errors import TiduError

_META = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_SAMPLE = 20_000
_LEAST_COMMON = 0.85
"""So many of the Chinese characters of any text of today are in the first level of GB 2312; of a text decoded wrongly far fewer are."""


def decode(data: bytes, *, declared: bool = False) -> str:
    """The text of a file; where ``declared``, a charset named in its head (HTML) is tried before the others.

    Raises ``wrong-encoding`` where no encoding gives Chinese text.
    """
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return _decoded(data[len(mark) :], name) or _refuse()
    tried = [*_declared(data if declared else b""), *_utf16(data), "utf-8", "gb18030", "big5"]
    for name in tried:
        text = _decoded(data, name)
        if text is not None and _is_chinese(text):
            return text
    text = _decoded(data, "utf-8")
    if text is not None and "\x00" not in text:
        return text  # short or foreign: whoever reads it finds out
    return _mostly_utf8(data) or _refuse()


def _declared(data: bytes) -> list[str]:
    found = _META.search(data[:4096])
    if not found:
        return []
    name = found[1].decode("ascii").lower()
    name = "gb18030" if name in ("gb2312", "gbk", "gb_2312-80") else name
    try:
        codecs.lookup(name)
    except LookupError:
        return []
    return [name]


def _utf16(data: bytes) -> list[str]:
    """Without a mark: line feeds and spaces leave zero bytes on one side."""
    sample = data[:_SAMPLE]
    if len(data) % 2 or sample.count(0) < len(sample) // 200 + 1:
        return []
    return ["utf-16-le"] if sample[1::2].count(0) >= sample[0::2].count(0) else ["utf-16-be"]


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, ValueError):
        return None


def _mostly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few damaged bytes, as a cut-off download has them."""
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    return text.replace("\ufffd", "") if damaged <= max(3, len(text) // 2000) and _is_chinese(text) else None


def _is_chinese(text: str) -> bool:
    sample = text[:_SAMPLE] if len(text) <= _SAMPLE else text[: _SAMPLE // 2] + text[len(text) // 2 : len(text) // 2 + _SAMPLE // 2]
    han = [one for one in sample if "\u3400" <= one <= "\u9fff"]
    strange = sum("\ue000" <= one <= "\uf8ff" or one == "\x00" for one in sample)
    return len(han) >= 4 and strange * 20 <= len(han) and sum(_is_common(one) for one in han) >= _LEAST_COMMON * len(han)


def _is_common(character: str) -> bool:
    """Whether it is one of the 3,755 characters of the first level of GB 2312."""
    code = character.encode("gb2312", errors="ignore")
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


def _refuse() -> str:
    raise TiduError(
        "wrong-encoding",
        "文件的文字编码无法识别，读出来不是中文。请用 WPS 或记事本打开，另存为 UTF-8 编码的文本后重试。",
    )
