"""Hypothesis strategies for small rule trees of every node type over a catalogue of their own, and rows of inputs for them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import assume
from hypothesis import strategies as st

from tests.kernel.generated_firms import code_of
from tidu.kernel.conditions import parse_condition
from tidu.kernel.expressions import Scope, parse_quantity
from tidu.kernel.facts import FIRM_CODE, Catalogue, Fact, Kind, Store
from tidu.kernel.inputs import Moment
from tidu.kernel.located import Section
from tidu.kernel.packs import Origin, PackSet, Reference, Standard, Validity
from tidu.kernel.population import Firm, Population, population_of
from tidu.kernel.quantities import UNITS
from tidu.kernel.rules import (
    All,
    Amount,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Constant,
    Expert,
    Flag,
    Judged,
    Largest,
    Measure,
    Not,
    Number,
    OneOf,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Share,
    Smallest,
    Sum,
    Times,
    parts_of,
    walk,
)
from tidu.kernel.wording import compare_text

MOMENT = Moment(date(2026, 6, 1), date(2026, 6, 1))
WORDS = ("一", "二'", "三\\")
JUDGED = "人工:甲"
EXPERT = "专家甲"
DOMAINS: dict[str, tuple[int | None, int | None]] = {
    "数甲": (0, None),
    "数乙": (0, None),
    "数丙": (None, None),
    "数丁": (0, 12),
    "数戊": (None, 7),
    "数己": (1, None),
}


def _fact(name: str, store: Store, **more: Any) -> Fact:
    return Fact(name, name, Kind.FIRM, store, UNITS[""], **more)


FACTS = {
    **{name: _fact(name, Store.INTEGER, lowest=low, highest=high) for name, (low, high) in DOMAINS.items()},
    **{name: _fact(name, Store.BOOLEAN, lowest=0, highest=1) for name in ("是甲", "是乙")},
    "词甲": _fact("词甲", Store.TEXT, values=WORDS),
    "词乙": _fact("词乙", Store.TEXT),
}
SCOPE = Scope(Catalogue(FACTS, {}, tuple(FACTS)))
KINDS: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(DOMAINS, pl.Int64),
    **dict.fromkeys(("是甲", "是乙", JUDGED), pl.Boolean),
    **dict.fromkeys(("词甲", "词乙"), pl.String),
    EXPERT: pl.Int64,
}

_names = st.sampled_from(list(DOMAINS))
_small = st.integers(-6, 9)


@st.composite
def quantities(draw: st.DrawFn) -> str:
    """Expressions of the shapes that packs use: sums, shares, growth over one and two years, products."""
    shape = draw(st.integers(0, 8))
    a, b, c = draw(_names), draw(_names), draw(_names)
    size = draw(st.integers(1, 4))
    return [
        a, a, f"{a} + {b}", f"{size} * {a} - {b}", f"{a} / {b}", f"({a} - {b}) / {c}", f"{a} / {b} - 1 + {b} / {c} - 1", f"{a} * {b} - {c}",
        f"({a} + {b} + {c}) / {size}",
    ][shape]  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> Rule:
    """``数甲 / 数乙 >= 3``."""
    op = draw(st.sampled_from([">=", ">", "<=", "<", "=", "!="]))
    bound = draw(
        st.one_of(_small.map(lambda value: f"(0 - {-value})" if value < 0 else str(value)), st.sampled_from(["0.5", "1.25", "数甲"]))
    )
    found = parse_condition(f"{draw(quantities())} {op} {bound}", SCOPE)
    # products of three inputs are beyond the exact integers of DuckDB and Polars, which refuse them
    assume(all(len(monomial) <= 2 for node in walk(found) if isinstance(node, Compare) for _, monomial in node.form.terms))
    return found


def _words() -> st.SearchStrategy[Rule]:
    listed = st.lists(st.sampled_from(["一", "三\\"]), min_size=1, max_size=2, unique=True)
    return st.one_of(
        st.sampled_from(["是甲 = 是", "是甲 = 否", "是乙 = 是", "词甲 = 一", "词甲 != 一", "词乙 = 别处"]).map(
            lambda text: parse_condition(text, SCOPE)
        ),
        listed.map(lambda words: _one_of(tuple(words))),
    )


def _one_of(words: tuple[str, ...]) -> Rule:
    return OneOf("词甲", words, WORDS)


_leaves = st.one_of(
    comparisons(), comparisons(), comparisons(), _words(), st.booleans().map(Constant), st.just(Judged(JUDGED, "由人判断")),
)  # fmt: skip


def _composed(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(parts.map(All), parts.map(AnyOf), inner.map(Not), st.builds(AtLeast, st.integers(0, 3), parts))


rules = st.recursive(_leaves, _composed, max_leaves=5)
_points = st.integers(-2, 9).map(lambda value: Number(Fraction(value)))


def _tables(inner: st.SearchStrategy[Amount]) -> st.SearchStrategy[Amount]:
    cases = st.lists(st.tuples(st.one_of(comparisons(), rules), inner), max_size=3).map(tuple)
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(Choose, cases, inner), parts.map(Sum), parts.map(Largest), parts.map(Smallest))


def _measured(text: str, most: int) -> Amount:
    quantity = parse_quantity(text, SCOPE)
    return Measure(quantity, dict.fromkeys(quantity.keys, (0, most)))


points = st.recursive(
    st.one_of(
        _points,
        st.just(Expert(EXPERT, "专家给分", 0, 5)),
        st.sampled_from(["数甲", "数丁", "数丙 / 3", "数丁 + 数丙"]).map(lambda text: _measured(text, 6)),
    ),
    _tables,
    max_leaves=5,
)


@st.composite
def items(draw: st.DrawFn) -> tuple[ScoreItem, ...]:
    """A score table in two groups."""
    found = draw(st.lists(points, min_size=1, max_size=4))
    return tuple(ScoreItem(f"S{index}", f"组{index % 2}", f"第{index}项", "一", node, -9, 99) for index, node in enumerate(found))


@st.composite
def standards(draw: st.DrawFn) -> Standard:
    """A standard with or without a score table that its criteria ask for."""
    scores = draw(st.one_of(st.just(()), items()))
    rule = draw(rules)
    if scores:
        asked = ScoreAtLeast("总分", scores, draw(st.integers(0, 12)))
        group = ScoreAtLeast("组0", tuple(item for item in scores if item.group == "组0"), draw(st.integers(0, 8)))
        rule = draw(st.sampled_from([asked, All((rule, asked)), AnyOf((rule, group)), AtLeast(2, (rule, asked, group)), Not(asked)]))
    return standard_of(rule, scores)


def standard_of(rule: Rule, scores: tuple[ScoreItem, ...] = ()) -> Standard:
    """A standard with nothing but its criteria and score table."""
    return Standard(
        "随机标准", "一版", "", Reference("无"), frozenset({"new"}), Validity(date(2020, 1, 1)), "unconfirmed", None, rule, scores,
        (), "", (), {}, "", Origin("无", 0), Section(),
    )  # fmt: skip


def packs_of(standard: Standard) -> PackSet:
    """A pack set with nothing else."""
    return PackSet(SCOPE, (standard,), {})


_integers = {
    name: st.one_of(st.none(), st.integers(low if low is not None else -6, high if high is not None else 14), _small, st.sampled_from([0, 0, -1, 10**9]))
    for name, (low, high) in DOMAINS.items()
}  # fmt: skip
_columns: dict[str, st.SearchStrategy[Any]] = {
    **_integers,
    **dict.fromkeys(("是甲", "是乙"), st.sampled_from([None, True, False])),
    JUDGED: st.none(),
    "词甲": st.sampled_from([None, *WORDS]),
    "词乙": st.sampled_from([None, "", "别处", "NULL"]),
    EXPERT: st.sampled_from([None, 0, 3, 5]),
}


@st.composite
def rows(draw: st.DrawFn, least: int = 4, most: int = 12) -> list[dict[str, Any]]:
    """Rows of inputs; some columns are complete, so that what an engine saves on them is tried too."""
    complete = draw(st.sets(st.sampled_from(list(_columns)), max_size=6)) - {JUDGED}
    columns = {name: (values.filter(lambda value: value is not None) if name in complete else values) for name, values in _columns.items()}
    listed = draw(st.lists(st.fixed_dictionaries(columns), min_size=least, max_size=most))
    return [{name: value for name, value in row.items() if value is not None} for row in listed]


def frame_of(listed: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as the frame of inputs of the bulk engines."""
    codes = pl.Series(FIRM_CODE, [code_of(number) for number in range(len(listed))], pl.String)
    return pl.DataFrame(listed, schema=KINDS).insert_column(0, codes)


def firms_of(listed: list[dict[str, Any]]) -> list[Firm]:
    """Rows as firms for the interpreter."""
    return [
        Firm(code_of(number), facts={name: value for name, value in row.items() if value is not None}) for number, row in enumerate(listed)
    ]


def no_population() -> Population:
    """The bulk engines ask a population only for names of open event fields, which these rules have not."""
    return population_of([])


_money = st.one_of(st.integers(-30, 30), st.integers(-(10**12), 10**12)).map(Fraction)
_fractions = st.builds(Fraction, st.integers(-300, 300), st.sampled_from([1, 2, 3, 7, 8, 100]))


def _larger(inner: st.SearchStrategy[Amount]) -> st.SearchStrategy[Amount]:
    return st.one_of(_tables(inner), st.builds(Times, inner, _fractions), st.builds(Share, inner, st.sampled_from(_SHARES)))


_SHARES = tuple(parse_quantity(text, SCOPE) for text in ("数乙", "数丁 / 100", "数丙 + 数己"))
amounts = st.recursive(
    st.one_of(
        st.one_of(_money, _fractions).map(Number),
        st.sampled_from(["数甲", "数丙", "数甲 + 数丙", "2 * 数乙 - 数丁", "数甲 / 3"]).map(lambda text: _measured(text, 6)),
    ),
    _larger,
    max_leaves=5,
)


def shown(node: Rule | Amount) -> str:
    """A tree on one line, for the report of a failing case."""
    match node:
        case Compare():
            return compare_text(node)
        case Choose(cases, otherwise):
            return f"首个({'；'.join(f'{shown(rule)} → {shown(part)}' for rule, part in cases)}；否则 {shown(otherwise)})"
        case ScoreAtLeast(_, items, threshold):
            return f"得分({'，'.join(shown(item.points) for item in items)}) ≥ {threshold}"
        case Number(value):
            return str(value)
        case Measure(quantity) | Share(_, quantity):
            return f"{type(node).__name__}{quantity.text}({'，'.join(map(shown, parts_of(node)))})"
        case Flag(key, wanted) | OneOf(key, wanted):
            return f"{key} = {wanted}"
    return f"{type(node).__name__}{getattr(node, 'count', '')}{getattr(node, 'rate', '')}({'，'.join(map(shown, parts_of(node)))})"
