"""The whole population against all standards at once, in Polars: verdicts, score intervals, exact missing sets.

Leaves are computed once each and shared by all standards; firms a standard cannot decide are grouped by signature and
one of each group is solved exactly (see ``signatures`` and ``decisive``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tidu.kernel.collecting import without_collections
from tidu.kernel.columns import Columns, Integers, first_rows_of
from tidu.kernel.compile_polars import Compiler, leaf_identity
from tidu.kernel.criteria import INDUSTRY_CLASS, NOT_COVERED
from tidu.kernel.decisive import Outlook
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.frames import SHARED_ALREADY, inputs_frame, without_floats
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import MANUAL, MET, UNKNOWN, UNMET, manual_texts, missing_names, standard_keys
from tidu.kernel.lone_gaps import with_lone_gaps
from tidu.kernel.outlooks import Outlooks
from tidu.kernel.packs import EventTest, PackSet, Standard
from tidu.kernel.population import Firm, Population
from tidu.kernel.rules import Compare, Flag, Judged, OneOf, Rule, walk
from tidu.kernel.signatures import Signer

Progress = Callable[[int, int], None]
Solved = tuple[npt.NDArray[np.integer], Integers, list[Outlook]]
"""Rows that stay open, the class of each, and the outlook of each class."""


@dataclass(frozen=True)
class BulkResult:
    """One standard over the population: a row per firm in the order of the input.

    Columns: 统一社会信用代码, verdict, value (classifications), low, high, one ``组:名`` pair per group
    (``组低:…``, ``组高:…``), missing (list), manual (list).
    """

    standard: Standard
    rows: pl.DataFrame


@dataclass
class BulkEngine:
    """Compiled standards over one frame of inputs."""

    packs: PackSet
    standards: Sequence[Standard]
    moment: Moment

    def __post_init__(self) -> None:
        self.keys = sorted(frozenset().union(*(standard_keys(standard) for standard in self.standards)))
        self.tests: dict[str, EventTest] = {}
        for standard in self.standards:
            self.tests.update(standard.tests)

    def frame(self, population: Population) -> pl.DataFrame:
        """The inputs of the population."""
        return inputs_frame(population, self.packs, self.moment, self.keys, self.tests)

    def run(self, population: Population, progress: Progress | None = None) -> list[BulkResult]:
        """Every standard over the population."""
        return self.assess(self.frame(population), population, progress)

    @without_collections()
    def assess(self, inputs: pl.DataFrame, population: Population, progress: Progress | None = None) -> list[BulkResult]:
        """Every standard over a frame of inputs; ``population`` is only asked for names of open event fields."""
        without_floats(inputs)
        compiler = Compiler(complete=_complete(inputs), positive=_positive(inputs), share=True, largest=_largest(inputs), put_off=True)
        answers = {index: [compiler.answer(rule) for rule in _questions(standard)] for index, standard in enumerate(self.standards)}
        for standard in self.standards:
            for item in standard.scores:
                compiler.item(item)
        columns = [expression.alias(f"答{index}.{number}") for index, listed in answers.items() for number, expression in enumerate(listed)]
        leaves = [expression.alias(name) for name, expression in compiler.leaves.values()]
        items = [
            expr for low_name, low, high_name, high in compiler.items.values() for expr in (low.alias(low_name), high.alias(high_name))
        ]
        answered = with_lone_gaps(inputs.lazy().with_columns(leaves).collect(optimizations=SHARED_ALREADY), compiler)
        whole = answered.lazy().with_columns(items).with_columns(columns).collect(optimizations=SHARED_ALREADY)
        found: list[BulkResult] = []
        for index, standard in enumerate(self.standards):
            found.append(Resolver(self, standard, index, whole, compiler, population).result())
            if progress is not None:
                progress(index + 1, len(self.standards))
        return found


def _questions(standard: Standard) -> list[Rule]:
    return [rule for _, rule in standard.classes] if standard.classes else [standard.requires]


def _complete(inputs: pl.DataFrame) -> frozenset[str]:
    counts = inputs.null_count().row(0)
    return frozenset(name for name, count in zip(inputs.columns, counts, strict=True) if count == 0)


def _integers(inputs: pl.DataFrame) -> list[str]:
    return [name for name, kind in inputs.schema.items() if kind == pl.Int64]


def _positive(inputs: pl.DataFrame) -> frozenset[str]:
    names = _integers(inputs)
    least = inputs.select(pl.col(names).min()).row(0) if names else ()
    return frozenset(name for name, value in zip(names, least, strict=True) if value is not None and value > 0)


def _largest(inputs: pl.DataFrame) -> int:
    names = _integers(inputs)
    if not names or not inputs.height:
        return 1
    return max(
        (
            abs(value)
            for pair in (inputs.select(pl.col(names).max()).row(0), inputs.select(pl.col(names).min()).row(0))
            for value in pair
            if value is not None
        ),
        default=1,
    )


@dataclass
class Resolver:
    """Turns the columns of one standard into verdicts; solves what Kleene logic leaves open."""

    engine: BulkEngine
    standard: Standard
    index: int
    whole: pl.DataFrame
    compiler: Compiler
    population: Population
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def result(self) -> BulkResult:
        """The rows of the standard."""
        if self.standard.classes:
            return BulkResult(self.standard, self._classified())
        answer = self.whole[f"答{self.index}.0"]
        solved = self._solved(self.standard.requires, answer)
        verdicts = pl.select(pl.when(answer).then(pl.lit(MET)).when(~answer).then(pl.lit(UNMET)).otherwise(pl.lit(UNKNOWN))).to_series()
        verdict_list, missing, manual = self._words(verdicts, solved)
        rows = pl.DataFrame(
            {
                FIRM_CODE: self.whole[FIRM_CODE],
                "verdict": verdict_list,
                "value": pl.Series("value", [None] * self.whole.height, pl.String)
                if self.whole.height
                else pl.Series("value", [], pl.String),
                **self._scores(),
                "missing": missing,
                "manual": manual,
            }
        )
        return BulkResult(self.standard, rows)

    def _scores(self) -> dict[str, pl.Series]:
        if not self.standard.scores:
            empty = pl.repeat(None, self.whole.height, dtype=pl.Int64, eager=True)
            return {"low": empty, "high": empty}
        pairs = {item.id: self.compiler.items[id(item)] for item in self.standard.scores}
        found: dict[str, pl.Expr] = {
            "low": pl.sum_horizontal(pair[0] for pair in pairs.values()),
            "high": pl.sum_horizontal(pair[2] for pair in pairs.values()),
        }
        for group, members in self.standard.groups.items():
            found[f"组低:{group}"] = pl.sum_horizontal(pairs[item.id][0] for item in members)
            found[f"组高:{group}"] = pl.sum_horizontal(pairs[item.id][2] for item in members)
        sums = self.whole.select(**found)
        return {name: sums[name] for name in sums.columns}

    def _solved(self, rule: Rule, answer: pl.Series) -> Solved:
        """Rows that stay open, and the outlook of each: signatures are solved once, and those of one outlook are one class."""
        left_open = answer.is_null()
        rows = left_open.arg_true().to_numpy()
        if not len(rows):
            return rows, np.zeros(0, np.int64), []
        leaf_column = {id(node): self.compiler.leaves[leaf_identity(node)][0] for node in _leaves(self.standard)}
        item_columns = {id(item): (self.compiler.items[id(item)][0], self.compiler.items[id(item)][2]) for item in self.standard.scores}
        names = list(standard_keys(self.standard))
        wanted = dict.fromkeys([*names, *leaf_column.values(), *(name for pair in item_columns.values() for name in pair)])
        part = self.whole.select(list(wanted)).filter(left_open)
        signer = Signer(rule, Columns(part, leaf_column, item_columns))
        firsts, classes = signer.classes()
        distinct: dict[Outlook, int] = {}
        outlooks = Outlooks(rule, signer, part.select(names), firsts).found()
        # the same object stands for many rows
        by_object = {id(found): distinct.setdefault(found, len(distinct)) for found in {id(found): found for found in outlooks}.values()}
        numbers = [by_object[id(found)] for found in outlooks]
        return rows, np.array(numbers)[classes], list(distinct)

    def _words(self, verdicts: pl.Series, solved: Solved) -> tuple[pl.Series, pl.Series, pl.Series]:
        """Verdict, missing names and manual texts of every row."""
        rows, classes, outlooks = solved
        answers: list[str] = []
        names: list[tuple[str, ...] | None] = []
        texts: list[tuple[str, ...]] = []
        for found in outlooks:
            manual = manual_texts(self.standard.requires, found)
            missing = self._names(found)
            texts.append(manual)
            names.append(missing)
            open_words = UNKNOWN if missing is None or missing or not manual else MANUAL
            answers.append(MET if found.answer else UNMET if found.answer is False else open_words)
        numbers = np.full(self.whole.height, len(outlooks), np.int64)
        numbers[rows] = classes
        picked = pl.Series("class", numbers)
        verdict_words = pl.Series("v", [*answers, None], pl.String)[picked]
        combined = pl.select(pl.coalesce(verdict_words, verdicts)).to_series()
        missing_lists = _lists([found or () for found in names])[picked]
        manual_lists = _lists(texts)[picked]
        return self._with_event_fields(rows, classes, names, outlooks, missing_lists, combined, manual_lists)

    def _names(self, found: Outlook) -> tuple[str, ...] | None:
        """Missing facts by name; None where the firm's own events must be asked which field is open."""
        if found.answer is not None:
            return ()
        if not found.decisive.isdisjoint(self.standard.tests):
            return None
        names = {name for key in found.decisive for name in self._names_of(key)}
        places = self.engine.packs.scope.catalogue.places
        return tuple(sorted(names, key=lambda name: (places.get(name, len(places)), name)))

    def _names_of(self, key: str) -> tuple[str, ...]:
        """The facts behind one input that is no question about events."""
        named = self.names.get(key)
        if named is None:
            inputs = FirmInputs(Firm(""), self.engine.moment, self.engine.packs)
            named = self.names[key] = missing_names([key], inputs, self.standard.tests)
        return named

    def _with_event_fields(
        self, rows: npt.NDArray[np.integer], classes: Integers, names: list[tuple[str, ...] | None], outlooks: list[Outlook],
        missing: pl.Series, verdicts: pl.Series, manual: pl.Series,
    ) -> tuple[pl.Series, pl.Series, pl.Series]:  # fmt: skip
        if None not in names:
            return verdicts, missing, manual
        asked = [(row, number) for row, number in zip(rows.tolist(), classes.tolist(), strict=True) if names[number] is None]
        lists = missing.to_list()
        codes = self.whole[FIRM_CODE]
        firms = {firm.code: firm for firm in self.population.each_firm([codes[row] for row, _ in asked])}
        for row, number in asked:
            inputs = FirmInputs(firms[codes[row]], self.engine.moment, self.engine.packs)
            lists[row] = list(missing_names(outlooks[number].decisive, inputs, self.standard.tests))
        return verdicts, pl.Series("m", lists, pl.List(pl.String)), manual

    def _classified(self) -> pl.DataFrame:
        """The size class: classes tried top down; open where a class above is open."""
        height = self.whole.height
        columns: list[Integers] = []
        solutions: list[list[Outlook]] = []
        for number, (_, rule) in enumerate(self.standard.classes):
            column = self.whole[f"答{self.index}.{number}"]
            rows, classes, outlooks = self._solved(rule, column)
            picked = column.cast(pl.Int64).fill_null(0).to_numpy().copy()
            picked[rows] = classes + 2
            columns.append(picked)
            solutions.append(outlooks)
        industry = self.whole["划型行业"]
        covered = pl.select(pl.when(industry.is_null()).then(0).when(industry == NOT_COVERED).then(1).otherwise(2)).to_series().to_numpy()
        firsts, groups = first_rows_of([covered.astype(np.int64), *columns], height)
        values: list[str | None] = []
        missing: list[list[str]] = []
        for first in firsts:
            value, keys = self._class_at(int(covered[first]), [int(column[first]) for column in columns], solutions)
            values.append(value)
            inputs = FirmInputs(Firm(""), self.engine.moment, self.engine.packs)
            missing.append(list(missing_names(keys, inputs, self.standard.tests)))
        number_of = pl.Series("group", groups)
        value_column = pl.Series("value", values, pl.String)[number_of] if height else pl.Series("value", [], pl.String)
        empty = pl.repeat(None, height, dtype=pl.Int64, eager=True)
        return pl.DataFrame(
            {
                FIRM_CODE: self.whole[FIRM_CODE],
                "verdict": pl.select(pl.when(value_column.is_null()).then(pl.lit(UNKNOWN)).otherwise(pl.lit(MET))).to_series(),
                "value": value_column,
                "low": empty,
                "high": empty,
                "missing": pl.Series("missing", missing, pl.List(pl.String))[number_of]
                if height
                else pl.Series("missing", [], pl.List(pl.String)),
                "manual": pl.Series("manual", [[]], pl.List(pl.String)).new_from_index(0, height),
            }
        )

    def _class_at(self, covered: int, answers: list[int], solutions: list[list[Outlook]]) -> tuple[str | None, frozenset[str]]:
        """The class of one kind of row, or the inputs that decide it."""
        if covered == 1:
            return NOT_COVERED, frozenset()
        found: list[bool | None] = []
        keys: list[frozenset[str]] = []
        for number, outlooks in zip(answers, solutions, strict=True):
            solved = outlooks[number - 2] if number > 1 else None
            found.append(bool(number) if solved is None else solved.answer)
            keys.append(solved.decisive if solved is not None and solved.answer is None else frozenset())
        value, open_keys = _class_of(found, keys, [name for name, _ in self.standard.classes], self.standard.rest)
        return (value, open_keys) if covered else (None, open_keys | {INDUSTRY_CLASS})


def _lists(words: Sequence[Sequence[str]]) -> pl.Series:
    """A column of lists, an empty one at the end; put together from the words in one column, much faster than list by list."""
    counts = np.array([*map(len, words), 0])
    flat = pl.Series([word for listed in words for word in listed], dtype=pl.String)
    gathered = pl.DataFrame({"of": np.repeat(np.arange(len(counts)), counts), "word": flat}).group_by("of", maintain_order=True).agg("word")
    kinds = gathered["word"].append(pl.Series("word", [[]], pl.List(pl.String)))
    return kinds[np.where(counts > 0, np.cumsum(counts > 0) - 1, gathered.height)]


def _class_of(answers: list[bool | None], keys: list[frozenset[str]], words: list[str], rest: str) -> tuple[str | None, frozenset[str]]:
    value: str | None = rest
    open_keys: frozenset[str] = frozenset()
    for found, own, word in zip(answers, keys, words, strict=True):
        if found is None:
            open_keys |= own
            value = None
        elif found and value is not None:
            return word, frozenset()
        elif found:
            break
    return value, open_keys


def _leaves(standard: Standard) -> Iterable[Compare | Flag | OneOf | Judged]:
    roots: list[Any] = [*_questions(standard), *(item.points for item in standard.scores)]
    for root in roots:
        for node in walk(root):
            if isinstance(node, Compare | Flag | OneOf | Judged):
                yield node


def assess_population(
    population: Population, packs: PackSet, moment: Moment, standards: Sequence[Standard], progress: Progress | None = None
) -> list[BulkResult]:
    """Every firm of a population against the given standards."""
    return BulkEngine(packs, standards, moment).run(population, progress)
