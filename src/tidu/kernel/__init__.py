"""The kernel: policies as data, evaluated exactly, with "unknown" as a third answer, explained down to the clause.

It knows no Django and no network and never asks for today's date. What engineers embed is named here; each name is
loaded when it is first used, so that a small program pays only for what it touches. Examples: ``docs/library.md``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidu.kernel.bulk import BulkEngine, BulkResult, assess_population
    from tidu.kernel.calculations import calculate, calculate_frame
    from tidu.kernel.errors import Problems, TiduError
    from tidu.kernel.facts import catalogue
    from tidu.kernel.inputs import FirmInputs, Moment
    from tidu.kernel.interpret import Assessment, assess, assess_firm, explain
    from tidu.kernel.packs import PackSet, Standard
    from tidu.kernel.population import Firm, Population, population_of
    from tidu.kernel.reading import load_packs, read_packs
    from tidu.kernel.settle import Settlement, settle, settlement_document
    from tidu.kernel.wayup import WayUp, way_up, what_if

_HOMES = {
    "Assessment": "interpret",
    "BulkEngine": "bulk",
    "BulkResult": "bulk",
    "Firm": "population",
    "FirmInputs": "inputs",
    "Moment": "inputs",
    "PackSet": "packs",
    "Population": "population",
    "Problems": "errors",
    "Settlement": "settle",
    "Standard": "packs",
    "TiduError": "errors",
    "WayUp": "wayup",
    "assess": "interpret",
    "assess_firm": "interpret",
    "assess_population": "bulk",
    "calculate": "calculations",
    "calculate_frame": "calculations",
    "catalogue": "facts",
    "explain": "interpret",
    "load_packs": "reading",
    "population_of": "population",
    "read_packs": "reading",
    "settle": "settle",
    "settlement_document": "settle",
    "way_up": "wayup",
    "what_if": "wayup",
}

__all__ = [
    "Assessment",
    "BulkEngine",
    "BulkResult",
    "Firm",
    "FirmInputs",
    "Moment",
    "PackSet",
    "Population",
    "Problems",
    "Settlement",
    "Standard",
    "TiduError",
    "WayUp",
    "assess",
    "assess_firm",
    "assess_population",
    "calculate",
    "calculate_frame",
    "catalogue",
    "explain",
    "load_packs",
    "population_of",
    "read_packs",
    "settle",
    "settlement_document",
    "way_up",
    "what_if",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
