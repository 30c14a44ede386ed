"""Assessments as documents: the JSON of ``tidu assess``, in batches of firms so that any population fits in memory.

A result is the same whichever engine decided it: ``result_of`` takes the interpreter's assessment, ``Assessing``
the bulk engine's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from tidu.kernel.bulk import BulkEngine, BulkResult
from tidu.kernel.collecting import without_collections
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME
from tidu.kernel.gap_frames import GapFrames, prerequisite_answers
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import MET, Assessment, passing_mark
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.population import Population

Result = dict[str, Any]
Progress = Callable[[int, int], None]

BATCH = 4096
LOW, HIGH = "组低:", "组高:"


def result_of(found: Assessment, name: str) -> Result:
    """One assessment of the interpreter as an entry of ``results``."""
    score = None
    if found.score is not None:
        groups = {group: {"low": low, "high": high} for group, (low, high) in found.score.groups.items()}
        score = {"low": found.score.low, "high": found.score.high, "pass": found.score.passing, "groups": groups}
    answers = [answer for _, answer in found.prerequisites]
    return _entry(
        found.firm, name, found.standard, found.verdict, found.value, score, list(found.unmet), found.missing, found.manual, answers
    )


def _entry(
    firm: str, name: str | None, standard: Standard, verdict: str, value: str | None, score: Result | None, unmet: list[Result],
    missing: Sequence[str], manual: Sequence[str], prerequisites: Sequence[bool | None],
) -> Result:  # fmt: skip
    return {
        "firm": firm,
        "name": name or None,
        "standard": standard.name,
        "version": standard.version,
        "rule_set": standard.reference.text(),
        "confidence": standard.confidence,
        **({"value": value} if standard.classes else {"verdict": verdict}),
        "score": score,
        "unmet": unmet,
        "missing": list(missing),
        "manual": list(manual),
        "rulings": [],
        "prerequisites": [
            {"id": rule.label.id, "clause": rule.label.clause, "text": rule.label.text, "met": met}
            for rule, met in zip(standard.prerequisites, prerequisites, strict=True)
        ],
    }


@dataclass(frozen=True)
class Assessing:
    """A population assessed against some standards: verdicts for all at once, documents batch by batch."""

    population: Population
    packs: PackSet
    moment: Moment
    standards: Sequence[Standard]
    application: str = "new"

    @property
    def head(self) -> Result:
        """What stands before the results."""
        return {
            "law_date": self.moment.law_date.isoformat(),
            "facts_as_of": self.moment.facts_as_of.isoformat(),
            "application": self.application,
            "packs": dict(self.packs.digests),
        }

    @without_collections()
    def document(self, progress: Progress | None = None) -> Result:
        """The whole document in memory."""
        return {**self.head, "results": [result for batch in self.batches(progress) for result in batch]}

    def batches(self, progress: Progress | None = None) -> Iterator[list[Result]]:
        """The results firm by firm in the order of the input, and within a firm by standard; ``BATCH`` firms at a time."""
        engine = BulkEngine(self.packs, self.standards, self.moment)
        inputs = engine.frame(self.population)
        step = progress or (lambda _done, _whole: None)
        # one half of the way for the verdicts of all, standard by standard, the other for the documents, firm by firm
        found = engine.assess(inputs, self.population, lambda done, whole: step(done, 2 * whole))
        names = self.population.firms.select(FIRM_CODE, FIRM_NAME).rows()
        gaps = [GapFrames(one.standard, self.moment, self.packs) for one in found]
        for start in range(0, len(names), BATCH):
            part = inputs.slice(start, BATCH)
            columns = [_column(one, gap, part, names[start : start + BATCH], start) for one, gap in zip(found, gaps, strict=True)]
            yield [result for row in zip(*columns, strict=True) for result in row]
            step(len(names) + min(start + BATCH, len(names)), 2 * len(names))


def _column(found: BulkResult, gap: GapFrames, inputs: pl.DataFrame, names: Sequence[tuple[str, str]], start: int) -> list[Result]:
    """The results of one standard for one batch."""
    standard = found.standard
    rows = found.rows.slice(start, inputs.height)
    unmet = gap.entries(inputs, (rows["verdict"] != MET).to_list())
    before = prerequisite_answers(standard, inputs)
    missing, manual = rows["missing"].to_list(), rows["manual"].to_list()
    lists = zip(names, rows["verdict"], rows["value"], _scores(standard, rows), unmet, missing, manual, before, strict=True)
    return [_entry(code, name, standard, *rest) for (code, name), *rest in lists]


def _scores(standard: Standard, rows: pl.DataFrame) -> list[Result | None]:
    """The score of every row, null where the text has none."""
    if not standard.scores:
        return [None] * rows.height
    mark, groups = passing_mark(standard), list(standard.groups)
    listed = rows.select("low", "high", *(f"{side}{group}" for group in groups for side in (LOW, HIGH))).rows()
    return [
        {
            "low": low,
            "high": high,
            "pass": mark,
            "groups": {group: {"low": rest[2 * place], "high": rest[2 * place + 1]} for place, group in enumerate(groups)},
        }
        for low, high, *rest in listed
    ]


def standards_named(packs: PackSet, names: Sequence[str] | None, moment: Moment, application: str) -> list[Standard]:
    """The standards named, each once, which must be in force; all in force where none is named."""
    if not names:
        return packs.in_force(law_date=moment.law_date, application=application)
    return [packs.select(name, law_date=moment.law_date, application=application) for name in dict.fromkeys(names)]


def firm_results(document: Mapping[str, Any], code: str) -> list[Result]:
    """The results of one firm."""
    return [result for result in document["results"] if result["firm"] == code]
