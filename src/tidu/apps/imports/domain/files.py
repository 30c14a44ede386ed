"""Files that were uploaded, kept by their digest outside of what the web serves; a file is written once and never changed."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from tidu.apps.audit.digests import sm3
from tidu.exchange.whole_files import write_whole
from tidu.kernel.errors import TiduError

PRIVATE = 0o700


def place_of(digest: str) -> Path:
    """Where a file of this digest lies."""
    return Path(settings.HOME) / "files" / "imports" / digest[:2] / digest


def keep_file(content: bytes) -> str:
    """Keep a file and return its digest; the same content is kept once."""
    digest = sm3(content)
    place = place_of(digest)
    if not place.exists():
        place.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        write_whole(place, lambda draft: draft.write_bytes(content))
    return digest


def kept_file(digest: str, name: str) -> bytes:
    """The content of a kept file; raises ``file-lost`` or ``file-changed`` where it is not what was uploaded."""
    place = place_of(digest)
    if not place.is_file():
        raise TiduError("file-lost", f"“{name}”的原文件已不在服务器上。请重新上传，并告知系统管理员。", name=name)
    content = place.read_bytes()
    if sm3(content) != digest:
        raise TiduError("file-changed", f"“{name}”的原文件与上传时不同，没有读取。请告知系统管理员。", name=name)
    return content
