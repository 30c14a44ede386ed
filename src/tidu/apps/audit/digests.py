"""Digests of audit events (SM3, GB/T 32905) over a text that is the same on every machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes

FIRST = "0" * 64
"""What the first event follows."""


def sm3(content: bytes) -> str:
    """The SM3 digest in hexadecimal.

    >>> sm3(b"abc")
    '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'
    """
    found = hashes.Hash(hashes.SM3())
    found.update(content)
    return found.finalize().hex()


def chained(before: str, event: Mapping[str, Any]) -> str:
    """The digest of an event that follows ``before``: keys sorted, no spaces, Chinese as it is."""
    text = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sm3(f"{before}\n{text}".encode())
