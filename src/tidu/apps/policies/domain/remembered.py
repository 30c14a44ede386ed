"""Pages remembered for as long as the packs they come from are in use."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from tidu.kernel.packs import PackSet

P = ParamSpec("P")
T = TypeVar("T")

MOST_REMEMBERED = 2048
"""Results kept per set of packs and function: far more than a district has pages, and a bound on what strange queries can fill."""

_REMEMBERED: dict[int, tuple[weakref.ref[PackSet], dict[Any, Any]]] = {}


def _drawer(packs: PackSet) -> dict[Any, Any]:
    """What is remembered of one set of packs; by identity, since a set holds mappings and has no hash."""
    key = id(packs)
    found = _REMEMBERED.get(key)
    if found is None or found[0]() is not packs:
        found = (weakref.ref(packs, lambda _: _REMEMBERED.pop(key, None)), {})
        _REMEMBERED[key] = found
    return found[1]


def remembered(function: Callable[Concatenate[PackSet, P], T]) -> Callable[Concatenate[PackSet, P], T]:
    """Remember what a function of packs and hashable arguments returned; errors are not remembered."""

    @wraps(function)
    def looked_up(packs: PackSet, /, *args: P.args, **kwargs: P.kwargs) -> T:
        drawer = _drawer(packs)
        mine: dict[Any, T] = drawer.setdefault(function, {})
        key = (args, tuple(sorted(kwargs.items())))
        if key not in mine:
            if len(mine) >= MOST_REMEMBERED:
                mine.clear()
            mine[key] = function(packs, *args, **kwargs)
        return mine[key]

    return looked_up
