"""What is not as it was in the run before, and why: told from the frozen inputs of both runs, not from what was imported.

Comparing inputs says exactly what differed for the rules, whoever delivered it and whenever; where each value comes from
is asked of the registry when a change is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from tidu.apps.assessments.domain.outcomes import STATUS
from tidu.apps.assessments.enums import Why
from tidu.apps.assessments.models import Change, Outcome, Run
from tidu.kernel.expressions import ASSESSMENT_DAY, ASSESSMENT_YEAR
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.interpret import standard_keys
from tidu.kernel.packs import Standard

MOST_FACTS = 12
"""Differing inputs told of one change; more of them are a new set of figures and told as such on the firm's page."""
CLOCK = frozenset({ASSESSMENT_DAY, ASSESSMENT_YEAR})


@dataclass(frozen=True)
class Before:
    """The run before: its row, and the inputs of the firms concerned (None: the file is gone)."""

    run: Run
    inputs: pl.DataFrame | None


@dataclass(frozen=True)
class Now:
    """This run, as far as changes are told from it."""

    run: Run
    standards: Mapping[int, Standard]
    inputs: pl.DataFrame
    codes: Mapping[int, str]


def changes_of(written: pl.DataFrame, gone: pl.DataFrame, before: Before, now: Now) -> Iterator[Change]:
    """A change for every standing written or gone. ``written`` and ``gone`` as ``storing.store`` has them."""
    outcomes = _outcomes(written, gone)
    differing = _differing(written, before, now)
    known = None if before.inputs is None else set(before.inputs[FIRM_CODE].to_list())
    for enterprise, standard, new, old in written.select("enterprise", "standard", "outcome", "outcome_before").iter_rows():
        then, told = outcomes.get(old), outcomes[new]
        code = now.codes[enterprise]
        facts = differing.get((code, standard), [])
        if then is None:
            why = Why.ENTERED if known is not None and code not in known else Why.NEW_STANDARD
        else:
            why = _why(then, told, facts, before, now)
        yield Change(
            run=now.run, enterprise_id=enterprise, standard_id=standard, before_id=old, after_id=new,
            turned=why == Why.ENTERED or (then is not None and then["verdict"] != told["verdict"]), why=why, facts=facts if why == Why.FACTS else [],
        )  # fmt: skip
    for enterprise, standard, old in gone.select("enterprise", "standard", "outcome").iter_rows():
        why = Why.GONE_STANDARD if enterprise in now.codes else Why.LEFT
        yield Change(run=now.run, enterprise_id=enterprise, standard_id=standard, before_id=old, turned=why == Why.LEFT, why=why)


def _why(then: Mapping[str, Any], told: Mapping[str, Any], facts: list[Any], before: Before, now: Now) -> Why:
    if then["version"] != told["version"]:
        return Why.LAW
    if facts:
        return Why.FACTS
    # a title is only told of those who qualify: where the verdict turned, its absence says nothing
    if then["verdict"] == told["verdict"] and then["held"] != told["held"]:
        return Why.TITLE
    if before.run.pack_digest != now.run.pack_digest:
        return Why.RULES
    return Why.DATE if before.inputs is not None else Why.UNTOLD


def _outcomes(written: pl.DataFrame, gone: pl.DataFrame) -> dict[int, dict[str, Any]]:
    keys = pl.concat([written["outcome"], written["outcome_before"], gone["outcome"]]).drop_nulls().unique().to_list()
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(keys), 500):
        rows = Outcome.objects.filter(pk__in=keys[start : start + 500]).values("pk", "version", "verdict", "held")
        found.update((row["pk"], row) for row in rows)
    return found


def _differing(written: pl.DataFrame, before: Before, now: Now) -> dict[tuple[str, int], list[Any]]:
    """For each firm (by code) and standard with an older outcome, the inputs that differ: name, before, after, as stored."""
    if before.inputs is None:
        return {}
    found: dict[tuple[str, int], list[Any]] = {}
    codes = pl.DataFrame(
        {"enterprise": list(now.codes), FIRM_CODE: list(now.codes.values())}, schema={"enterprise": pl.Int64, FIRM_CODE: pl.String}
    )
    old = written.filter(pl.col("outcome_before").is_not_null()).join(codes, on="enterprise")
    for (standard,), rows in old.group_by("standard"):
        text = now.standards[int(str(standard))]
        keys = [
            key for key in (STATUS, *standard_keys(text)) if key not in CLOCK and key in before.inputs.columns and key in now.inputs.columns
        ]
        for code, listed in _rows(rows.select(FIRM_CODE), before.inputs, now.inputs, keys):
            found[code, int(str(standard))] = listed
    return found


def _rows(codes: pl.DataFrame, then: pl.DataFrame, now: pl.DataFrame, keys: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    both = codes.join(then.select(FIRM_CODE, *keys), on=FIRM_CODE).join(now.select(FIRM_CODE, *keys), on=FIRM_CODE, suffix="后")
    if not both.height or not keys:
        return
    differs = [pl.col(key).ne_missing(pl.col(f"{key}后")).alias(f"异{place}") for place, key in enumerate(keys)]
    marked = both.with_columns(differs)
    changed = [key for place, key in enumerate(keys) if marked[f"异{place}"].any()]
    if not changed:
        return
    rows = marked.filter(pl.any_horizontal(pl.col(key).ne_missing(pl.col(f"{key}后")) for key in changed))
    for row in rows.select(FIRM_CODE, *changed, *(f"{key}后" for key in changed)).iter_rows():
        code, olds, news = row[0], row[1 : 1 + len(changed)], row[1 + len(changed) :]
        listed = [[key, old, new] for key, old, new in zip(changed, olds, news, strict=True) if old != new]
        yield code, listed[:MOST_FACTS]
