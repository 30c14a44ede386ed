"""Kinds of long work. An app names its own in a module ``background``; each kind is one function of ``Work``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from tidu.apps.jobs.domain.running import Work


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its name, what people call it, what does it, and the hour at which it is done every day (or None).

    ``due`` says whether there is something to do at a moment; such work is queued by itself, once at a time.
    """

    name: str
    label: str
    run: Callable[[Work], None]
    daily_at: time | None = None
    due: Callable[[datetime], bool] | None = None


_KINDS: dict[str, Kind] = {}


def job_kind(
    name: str, label: str, *, daily_at: time | None = None, due: Callable[[datetime], bool] | None = None
) -> Callable[[Callable[[Work], None]], Callable[[Work], None]]:
    """Registers the function below it as a kind of work."""

    def register(run: Callable[[Work], None]) -> Callable[[Work], None]:
        if name in _KINDS and _KINDS[name].run is not run:
            raise RuntimeError(f"two kinds of work are named {name}")
        _KINDS[name] = Kind(name, label, run, daily_at, due)
        return run

    return register


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    autodiscover_modules("background")
    return _KINDS
