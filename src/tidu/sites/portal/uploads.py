"""A file of a form."""

from __future__ import annotations

from django.http import HttpRequest

from tidu.kernel.errors import TiduError


def uploaded(request: HttpRequest, field: str) -> tuple[str, bytes]:
    """Name and content of a file; raises ``no-file`` where none was chosen."""
    found = maybe_uploaded(request, field)
    if found is None:
        raise TiduError("no-file", "没有选择文件。请选择后再上传。")
    return found


def maybe_uploaded(request: HttpRequest, field: str) -> tuple[str, bytes] | None:
    """Name and content of a file, or None where none was chosen."""
    found = request.FILES.get(field)
    return (found.name or "材料", found.read()) if found is not None else None
