"""Where the bytes of materials lie: below the installation's home, outside everything that is served as a file.

Every row has a file of its own, under its digest and a random part; so dropping one row never touches the file of another.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from tidu.apps.audit.digests import sm3
from tidu.kernel.errors import TiduError

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700


def store() -> Path:
    """The folder of all materials."""
    return Path(settings.MATERIALS["folder"])


def put(content: bytes, digest: str) -> str:
    """Write the bytes and return their place: temporary file, flushed to disk, renamed, the folder flushed. Raises ``cannot-keep``."""
    place = f"{digest[:2]}/{digest}-{secrets.token_hex(8)}"
    path = store() / place
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE), "wb") as stream:  # noqa: PTH123 - of a descriptor
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(path)
        _flush(path.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise TiduError("cannot-keep", "文件没有保存：服务器的存储空间不足或不可写。请稍后再试，并告诉系统管理员。") from error
    return place


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def get(place: str, digest: str) -> bytes:
    """The bytes, checked against their digest; raises ``material-lost`` or ``material-altered``."""
    try:
        content = (store() / place).read_bytes()
    except OSError as error:
        raise TiduError("material-lost", "这份材料的文件不在存储里了。请系统管理员从备份恢复。", place=place) from error
    if sm3(content) != digest:
        raise TiduError("material-altered", "这份材料的文件与上传时的摘要不符，可能被改动过，没有打开。请系统管理员核查。", place=place)
    return content


def remove(place: str) -> None:
    """Take the bytes away; what is gone already is no failure."""
    (store() / place).unlink(missing_ok=True)
