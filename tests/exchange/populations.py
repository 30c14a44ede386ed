"""Hypothesis strategies for whole populations with stored values anywhere in their domains."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.exchange.files import credit_code
from tidu.exchange.cells import is_placeholder
from tidu.exchange.wordings import EXCEL_ERRORS, UNCALCULATED, subdistrict_names
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, Fact, Kind, Store, catalogue
from tidu.kernel.population import Firm, Population, population_of
from tidu.kernel.quantities import LARGEST_STORED

_LETTERS = st.characters(categories=("L", "N", "P", "S", "Zs"), include_characters="\n")


def _writable(text: str) -> bool:
    """Texts that stand for themselves: not trimmed, no dash for “nothing”, no error value, no escape of the xlsx format."""
    kept = text == text.strip() and bool(text) and "_x" not in text and text not in subdistrict_names()
    return kept and not is_placeholder(text) and text.upper() not in EXCEL_ERRORS | {UNCALCULATED}


texts = st.one_of(
    st.sampled_from(["甲（武汉）公司", "ＡＢＣ", "=1+1", "00123", "是", "a\nb", 'a"b,c', "奓山街道"]), st.text(_LETTERS, max_size=12)
).filter(_writable)
_industries = st.one_of(st.sampled_from(["C", "06", "3011", "0111"]), st.from_regex(r"[0-9]{2,4}", fullmatch=True))


def stored_values(fact: Fact) -> st.SearchStrategy[Any]:
    """Stored values of a fact, with the ends of its domain."""
    if fact.store is Store.BOOLEAN:
        return st.booleans()
    if fact.store is Store.DATE:
        return st.dates(date(1901, 1, 1), date(2100, 12, 31))
    if fact.store is Store.TEXT:
        if fact.values:
            return st.sampled_from(fact.values)
        return _industries if fact.identifier == "industry_code" else texts
    low = -LARGEST_STORED if fact.lowest is None else fact.lowest
    high = LARGEST_STORED if fact.highest is None else fact.highest
    return st.one_of(st.integers(low, high), st.integers(low, min(high, max(low, 0) + 10**7)), st.sampled_from([low, high]))


def _some(facts: list[Fact]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={fact.name: stored_values(fact) for fact in facts})


@st.composite
def populations(draw: st.DrawFn) -> Population:
    """Up to three firms with any facts known and any events."""
    facts = catalogue()
    firm_facts = [fact for fact in facts.of_kind(Kind.FIRM) if fact.name not in {FIRM_CODE, FIRM_NAME}]
    firms = []
    for number in range(draw(st.integers(0, 3))):
        events = {}
        for name in draw(st.lists(st.sampled_from(list(facts.events)), max_size=3, unique=True)):
            events[name] = draw(st.lists(_some(list(facts.events[name].fields.values())), min_size=1, max_size=2))
        firms.append(
            Firm(
                credit_code(number),
                draw(texts),
                draw(_some(firm_facts)),
                draw(st.dictionaries(st.integers(1900, 2100), _some(facts.of_kind(Kind.YEAR)), max_size=2)),
                draw(
                    st.dictionaries(
                        st.dates(date(1901, 1, 1), date(2100, 12, 1)).map(lambda day: day.replace(day=1)),
                        _some(facts.of_kind(Kind.MONTH)),
                        max_size=2,
                    )
                ),
                events,
            )
        )
    return population_of(firms)


def tables_of(population: Population) -> dict[str, list[dict[str, Any]]]:
    """All rows of a population as plain values, for comparison by equality."""
    tables = {"firms": population.firms, "years": population.years, "months": population.months, **population.events}
    return {name: frame.to_dicts() for name, frame in tables.items()}
