"""Unmet entries for many firms at once: the same as ``gap.unmet_entries`` says of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from tidu.kernel.compile_polars import Compiler
from tidu.kernel.gap import unmet_entries
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import standard_keys
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.traces import Tracer


def unmet_lists(
    standard: Standard, inputs: pl.DataFrame, moment: Moment, packs: PackSet, wanted: Sequence[bool]
) -> list[list[dict[str, Any]]]:
    """For each row of ``inputs`` the entries of ``gap.unmet_entries``; empty where not ``wanted``."""
    if standard.classes:
        return [[] for _ in wanted]
    found: list[list[dict[str, Any]]] = []
    for row, asked in zip(inputs.select(standard_keys(standard)).iter_rows(named=True), wanted, strict=True):
        tracer = Tracer(row, moment, packs.scope.catalogue, standard.tests)
        found.append(list(unmet_entries(standard, tracer)) if asked else [])
    return found


def prerequisite_answers(standard: Standard, inputs: pl.DataFrame) -> list[tuple[bool | None, ...]]:
    """For each row the answers of the standard's prerequisites."""
    if not standard.prerequisites:
        return [()] * inputs.height
    compiler = Compiler()
    return inputs.select(compiler.answer(rule).alias(str(place)) for place, rule in enumerate(standard.prerequisites)).rows()
