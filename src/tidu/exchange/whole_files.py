"""Writing all or nothing: a file or folder appears whole under its name, or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from tidu.kernel.errors import TiduError


def write_whole(path: Path, writer: Callable[[Path], object]) -> Path:
    """Let ``writer`` write a temporary file beside ``path``, then put it in place in one step.

    An existing file stays as it was until then, and for good if the writer fails.
    Raises ``cannot-write`` where the folder is missing or the place is not writable.
    """
    _require_folder(path)
    if path.is_dir():
        raise TiduError("cannot-write", f"“{path}”是文件夹，不能写成文件。请换一个文件名。", path=str(path))
    draft = _draft_of(path)
    try:
        writer(draft)
        _to_disk(draft)
        os.replace(draft, path)  # noqa: PTH105 - the one call that replaces in a single step on every system
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        draft.unlink(missing_ok=True)
    return path


def write_whole_folder(folder: Path, writer: Callable[[Path], object], *, names: frozenset[str]) -> Path:
    """The same for a folder of files called ``names``; a folder that holds anything else is never replaced.

    Raises ``folder-in-use`` for such a folder, ``cannot-write`` as ``write_whole`` does.
    """
    _require_folder(folder)
    if folder.exists():
        foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in names) if folder.is_dir() else [folder.name]
        if foreign:
            listed = "、".join(foreign[:5])
            raise TiduError("folder-in-use", f"“{folder}”里已有其他文件（{listed}），没有写入。请换一个新文件夹。", path=str(folder))
    draft, old = _draft_of(folder), _draft_of(folder)
    try:
        draft.mkdir()
        writer(draft)
        for written in draft.iterdir():
            _to_disk(written)
        if folder.exists():
            folder.rename(old)
        draft.rename(folder)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise _cannot_write(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
    return folder


def _draft_of(path: Path) -> Path:
    # The suffix is kept: writers of spreadsheets choose the format by it.
    return path.with_name(f".{path.stem}.{uuid.uuid4().hex[:12]}{path.suffix}")


def _require_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise TiduError("cannot-write", f"文件夹“{path.parent}”不存在，无法写入“{path.name}”。请先建立该文件夹。", path=str(path))


def _to_disk(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _cannot_write(path: Path, error: OSError) -> TiduError:
    reason = error.strerror or str(error)
    return TiduError(
        "cannot-write", f"无法写入“{path}”（{reason}）。请检查权限和磁盘空间；文件若正在 Excel 中打开，请先关闭。", path=str(path)
    )
