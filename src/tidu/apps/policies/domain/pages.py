"""All kinds of pages together: their JSON schema, and reading every page once so that visitors never wait."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tidu.apps.policies.domain.awards import AwardPage, PolicyPage, award_page, policy_page
from tidu.apps.policies.domain.comparing import Comparison
from tidu.apps.policies.domain.documents import Document, schema_of
from tidu.apps.policies.domain.examples import ExamplePage, examples_of
from tidu.apps.policies.domain.glossary import Glossary, glossary
from tidu.apps.policies.domain.library import Library, library
from tidu.apps.policies.domain.method import Method, method
from tidu.apps.policies.domain.references import BasePage, IndicatorPage, MappingPage, base_page, indicator_page, mapping_page
from tidu.apps.policies.domain.rulings import RulingPage, rulings
from tidu.apps.policies.domain.standards import StandardPage, standard_page
from tidu.kernel.awards import AwardBook
from tidu.kernel.packs import PackSet

PAGES: tuple[type[Document], ...] = (
    Library,
    StandardPage,
    Comparison,
    AwardPage,
    PolicyPage,
    RulingPage,
    IndicatorPage,
    BasePage,
    MappingPage,
    ExamplePage,
    Glossary,
    Method,
)
SCHEMA_FILE = Path(__file__).resolve().parent.parent / "schema.json"


def schema() -> dict[str, Any]:
    """The JSON schema of all pages, as ``schema.json`` holds it."""
    return schema_of(PAGES)


def warm(packs: PackSet, day: date) -> None:
    """Compute every page of the packs once, a search of the library on ``day`` included; to be called when a process starts."""
    book = packs.book or AwardBook()
    for standard in packs.standards:
        standard_page(packs, standard.name, standard.version)
        examples_of(packs, standard.name, standard.version)
    for award in book.awards:
        award_page(packs, award.id)
        examples_of(packs, award.id)
    for policy in book.policies:
        policy_page(packs, policy.name, policy.version)
    for name in packs.scope.indicators:
        indicator_page(packs, name)
    for name in book.bases:
        base_page(packs, name)
    for name in packs.mappings:
        mapping_page(packs, name)
    library(packs, day, query="企业")
    rulings(packs)
    glossary()
    method()
