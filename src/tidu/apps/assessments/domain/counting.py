"""Counts of a run, and the proof that nobody is left out or counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.db.models import Count

from tidu.apps.assessments.domain.outcomes import Assessed
from tidu.apps.assessments.domain.steps import Nearest
from tidu.apps.assessments.enums import Verdict
from tidu.apps.assessments.models import Standing
from tidu.kernel.errors import TiduError

Counts = dict[str, Any]


def counts_of(found: Iterable[tuple[Assessed, Sequence[Nearest]]]) -> list[Counts]:
    """For each standard how many firms have which verdict, lack one fact, are one step away, qualify and hold a title."""
    listed = []
    for one, near in found:
        frame = pl.DataFrame(
            [(pattern["verdict"], pattern["lone_fact"] != "", pattern["held"] != "", pattern["value"]) for pattern in one.patterns],
            schema={"verdict": pl.String, "lone": pl.Boolean, "held": pl.Boolean, "value": pl.String},
            orient="row",
        )[one.picked]
        verdicts = dict(frame["verdict"].value_counts().rows())
        held = dict(frame.filter("held")["verdict"].value_counts().rows())
        classes = frame.filter(pl.col("verdict") == Verdict.MET)["value"].value_counts().sort("value").rows()
        listed.append(
            {
                "standard": one.standard.name,
                "version": one.standard.version,
                **{verdict.value: verdicts.get(verdict.value, 0) for verdict in Verdict},
                "lone": int(frame["lone"].sum()),
                "steps": len(near),
                "held": held.get(Verdict.MET.value, 0),
                "held_manual": held.get(Verdict.MANUAL.value, 0),
                "classes": {value: number for value, number in classes if value} if one.standard.classes else {},
            }
        )
    return listed


def require_reconciled(firms: int, counts: Sequence[Counts]) -> None:
    """population = met + unmet + unknown + manual + out of scope, for every standard; raises ``does-not-reconcile``."""
    for one in counts:
        total = sum(one[verdict.value] for verdict in Verdict)
        if total != firms:
            raise TiduError(
                "does-not-reconcile",
                f"“{one['standard']}”各类结果合计 {total} 家，企业库有 {firms} 家，对不上。评估没有保存，请联系系统管理员。",
                standard=one["standard"],
                total=total,
                firms=firms,
            )


def require_stored(firms: int, counts: Sequence[Counts]) -> None:
    """What stands in the database is what was counted, verdict by verdict; raises ``does-not-reconcile``."""
    stored: dict[str, Counter[str]] = {}
    rows = Standing.objects.order_by().values_list("standard__name", "outcome__verdict").annotate(count=Count("pk"))
    for name, verdict, count in rows:
        stored.setdefault(name, Counter())[verdict] = count
    found = [{"standard": name, **{verdict.value: verdicts[verdict.value] for verdict in Verdict}} for name, verdicts in stored.items()]
    require_reconciled(firms, found)
    expected = {one["standard"]: {verdict.value: one[verdict.value] for verdict in Verdict} for one in counts if firms}
    if {one["standard"]: {verdict.value: one[verdict.value] for verdict in Verdict} for one in found} != expected:
        raise TiduError("does-not-reconcile", "存入的结果与计算的结果不一致。评估没有保存，请联系系统管理员。")


def equation(firms: int, one: Mapping[str, Any]) -> str:
    """The counts of a standard as an equation to be read."""
    parts = " ＋ ".join(f"{verdict.label} {one[verdict.value]:,}" for verdict in Verdict)
    return f"{parts} ＝ {firms:,}"
