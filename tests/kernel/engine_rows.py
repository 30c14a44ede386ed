"""What each engine says of one firm and one standard, in one shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tidu.kernel.bulk import BulkResult
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.interpret import Assessment


def said_by_interpreter(found: Assessment) -> dict[str, Any]:
    """Verdict, class, score interval, groups, missing facts and manual questions."""
    score = found.score
    groups: dict[str, int] = {}
    for name, (low, high) in score.groups.items() if score is not None else ():
        groups |= {f"组低:{name}": low, f"组高:{name}": high}
    return {
        "verdict": found.verdict,
        "value": found.value,
        "low": None if score is None else score.low,
        "high": None if score is None else score.high,
        **groups,
        "missing": list(found.missing),
        "manual": list(found.manual),
    }


def said_by_engine(results: Iterable[BulkResult]) -> list[list[dict[str, Any]]]:
    """The same from a bulk engine, by firm and then by standard."""
    return [list(row) for row in zip(*(result.rows.drop(FIRM_CODE).to_dicts() for result in results), strict=True)]
