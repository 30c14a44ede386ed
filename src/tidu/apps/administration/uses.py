"""Who uses the words of a dictionary: an app registers a count in its module ``dictionary_uses``.

A word that is used is never deleted, only switched off.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.utils.module_loading import autodiscover_modules

Counter = Callable[[str], int]
_USES: dict[str, list[tuple[str, Counter]]] = {}


def used_by(key: str, what: str) -> Callable[[Counter], Counter]:
    """Registers the function below: how many records of ``what`` carry a code of the dictionary ``key``."""

    def register(count: Counter) -> Counter:
        _USES.setdefault(key, []).append((what, count))
        return count

    return register


@cache
def _uses() -> dict[str, list[tuple[str, Counter]]]:
    autodiscover_modules("dictionary_uses")
    return _USES


def uses_of(key: str, code: str) -> list[tuple[str, int]]:
    """What carries the code, and how often; empty where nothing does."""
    return [(what, number) for what, count in _uses().get(key, ()) if (number := count(code))]
