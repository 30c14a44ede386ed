"""The sections of a yearly filing and the facts in them: those that the catalogue lets a firm tell itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tidu.apps.enterprises.enums import Level
from tidu.kernel.facts import Catalogue, Fact, Kind, catalogue
from tidu.kernel.quantities import MONEY

FIRM_SOURCES = frozenset({"自报", "审计报告"})
"""Sources of the catalogue that speak through the firm."""
LEVELS = {Kind.FIRM: Level.FIRM, Kind.YEAR: Level.YEAR, Kind.MONTH: Level.MONTH}


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its address, title, and facts in the order of the catalogue."""

    id: str
    title: str
    line: str
    facts: tuple[Fact, ...]


def told_by_firms(fact: Fact) -> bool:
    """Whether the catalogue names a source that speaks through the firm."""
    return bool(FIRM_SOURCES & set(fact.source.split("|")))


@cache
def sections() -> tuple[Section, ...]:
    """The sections of a filing, worked out from the catalogue, so that a new fact finds its place."""
    return sections_of(catalogue())


def sections_of(facts: Catalogue) -> tuple[Section, ...]:
    """See ``sections``."""
    own = [fact for fact in facts.facts.values() if told_by_firms(fact)]
    firm = tuple(fact for fact in own if fact.kind is Kind.FIRM)
    money = tuple(fact for fact in own if fact.kind is Kind.YEAR and fact.unit.dimension == MONEY)
    rest = tuple(fact for fact in own if fact.kind is Kind.YEAR and fact.unit.dimension != MONEY)
    found = (
        Section("finance", "经营与财务", "按审计报告或年度报表填写本年度的数", money),
        Section("people", "人员", "年末在册的人数", rest),
        Section("product", "产品与管理", "沿用系统里已有的情况，有变化的请改", firm),
    )
    return tuple(section for section in found if section.facts)


def section_of(name: str) -> Section | None:
    """A section by its address."""
    return next((one for one in sections() if one.id == name), None)


def level_of(fact: Fact) -> Level:
    """At which level of the registry a fact stands."""
    return LEVELS[fact.kind]


def by_fact() -> Mapping[str, Section]:
    """The section of each fact."""
    return {fact.name: section for section in sections() for fact in section.facts}
