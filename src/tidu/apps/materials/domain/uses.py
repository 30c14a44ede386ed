"""Who says that a material is in use. Apps that refer to materials register a question here; materials know none of them."""

from __future__ import annotations

from collections.abc import Callable

from tidu.apps.materials.models import StoredFile

Use = Callable[[StoredFile], str]
"""The sentence that says where a material is used, empty where it is not."""

USES: dict[str, Use] = {}


def register_use(name: str, use: Use) -> None:
    """Ask ``use`` before a material is dropped."""
    USES[name] = use


def use_of(file: StoredFile) -> str:
    """Where a material is used, in one sentence; empty where nowhere."""
    return "".join(sentence for name in sorted(USES) if (sentence := USES[name](file)))
