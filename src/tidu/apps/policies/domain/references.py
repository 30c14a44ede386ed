"""The pages of what rules refer to: indicators with where they are used, dated bases, mappings of codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.amounts import BaseText, base_text
from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.measures import Measure, indicator_measure
from tidu.apps.policies.domain.prose import prose
from tidu.apps.policies.domain.remembered import remembered
from tidu.apps.policies.domain.standards import standard_page
from tidu.exchange.report_words import confidence_text
from tidu.kernel.awards import AwardBook
from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet


@dataclass(frozen=True, slots=True)
class Use(Document):
    """One place that measures an indicator: a criterion or a score item of a standard's version; ``rule`` is what it asks."""

    standard: str
    version: str
    id: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class IndicatorPage(Document):
    """An indicator and where it is used, itself or within another (``within``: indicators whose formula uses it)."""

    measure: Measure
    uses: tuple[Use, ...]
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BasePage(Document):
    """Dated amounts of a higher level and the awards that match them."""

    base: BaseText
    awards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MappingRow(Document):
    """One value with the code prefixes that lead to it."""

    value: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MappingPage(Document):
    """A mapping: the longest matching prefix of ``of`` decides."""

    name: str
    of: str
    source: str
    confidence: str
    note: str
    rows: tuple[MappingRow, ...]


def _missing(kind: str, name: str, known: list[str]) -> TiduError:
    listed = "、".join(known) or "（没有）"
    return TiduError("unknown-page", f"没有名为“{name}”的{kind}。可用：{listed}。请核对名称。", name=name)


@remembered
def indicator_page(packs: PackSet, name: str) -> IndicatorPage:
    """An indicator; raises ``unknown-page``."""
    if name not in packs.scope.indicators:
        raise _missing("指标", name, list(packs.scope.indicators))
    within = [other for other in packs.scope.indicators if name in {part.name for part in indicator_measure(packs, other).parts}]
    return IndicatorPage(indicator_measure(packs, name), tuple(_uses(packs, name)), tuple(within))


def _uses(packs: PackSet, name: str) -> Iterator[Use]:
    for standard in packs.standards:
        page = standard_page(packs, standard.name, standard.version)
        for top in (*page.prerequisites, *([page.requires] if page.requires else [])):
            for owner, line in top.owned():
                if line.measure is not None and name in {line.measure.name, *(part.name for part in line.measure.parts)}:
                    yield Use(page.name, page.version, owner.id, owner.text, line.rule)
        for item in page.scores.items() if page.scores else ():
            for table in item.tables:
                if table.measure is not None and name in {table.measure.name, *(part.name for part in table.measure.parts)}:
                    yield Use(page.name, page.version, item.id, item.title, table.text)


@remembered
def base_page(packs: PackSet, name: str) -> BasePage:
    """A matching base; raises ``unknown-page``."""
    book = packs.book or AwardBook()
    if name not in book.bases:
        raise _missing("配套基数", name, list(book.bases))
    awards = [award for award in book.awards if award.base is not None and award.base.name == name]
    return BasePage(base_text(packs, book.bases[name], awards[0] if awards else None, ()), tuple(award.id for award in awards))


@remembered
def mapping_page(packs: PackSet, name: str) -> MappingPage:
    """A mapping of codes; raises ``unknown-page``."""
    section: Any = next((one for one in packs.documents.get("mapping", ()) if str(one["mapping"]) == name), None)
    if section is None:
        raise _missing("对照表", name, list(packs.mappings))
    rows = tuple(MappingRow(str(row["value"]), tuple(map(str, row["prefixes"]))) for row in section["rows"])
    source = " ".join(map(str, (section.get("reference") or {}).values())) or str(section.get("clause") or "")
    return MappingPage(name, str(section.get("of")), source, confidence_text(section.get("confidence")), prose(section.get("note")), rows)
