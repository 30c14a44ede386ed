"""Every page of the shipped packs: shape, words, and the schema they keep to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.apps.policies.schema_check import faults
from tidu.apps.policies.domain import (
    ExamplePage,
    Glossary,
    award_page,
    base_page,
    compare,
    examples_of,
    glossary,
    indicator_page,
    library,
    mapping_page,
    method,
    policy_page,
    rulings,
    schema,
    standard_page,
    warm,
)
from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.pages import PAGES, SCHEMA_FILE
from tidu.kernel.packs import PackSet
from tidu.kernel.reading import load_packs

DAY = date(2026, 11, 23)
MAY_BE_EMPTY = {
    # what a pack need not say
    "note", "confidence", "tier", "policy", "application", "part", "version", "once", "rivals", "only_if", "by", "remark", "under", "source",
    # what only some kinds of lines, measures and cases have
    "id", "link", "formula", "period", "query", "matched",
    # the outermost group of criteria, and facts as registered
    "clause",
    # a text that is gone or new on one side
    "after", "before",
}  # fmt: skip


def pages(packs: PackSet) -> Iterator[Document]:
    yield library(packs, DAY)
    yield library(packs, DAY, query="研发")
    for standard in packs.standards:
        yield standard_page(packs, standard.name, standard.version)
        yield examples_of(packs, standard.name, standard.version, size=500)
        for other in packs.versions(standard.name):
            yield compare(packs, standard.name, standard.version, other.version)
    assert packs.book is not None
    for award in packs.book.awards:
        yield award_page(packs, award.id)
        yield examples_of(packs, award.id)
    for policy in packs.book.policies:
        yield policy_page(packs, policy.name, policy.version)
    yield from rulings(packs)
    yield from (indicator_page(packs, name) for name in packs.scope.indicators)
    yield from (base_page(packs, name) for name in packs.book.bases)
    yield from (mapping_page(packs, name) for name in packs.mappings)
    yield glossary()
    yield method()


ALL = list(pages(load_packs()))


def empty_texts(node: Any, name: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for key, part in node.items():
            yield from empty_texts(part, key)
    elif isinstance(node, list):
        for part in node:
            yield from empty_texts(part, name)
    elif isinstance(node, str) and not node.strip():
        yield name


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
def test_no_page_has_an_empty_text_where_one_belongs(kind: type[Document]) -> None:
    found = [page for page in ALL if isinstance(page, kind)]
    assert found != []
    assert {name for page in found for name in empty_texts(page.as_document())} - MAY_BE_EMPTY == set()


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
def test_every_document_keeps_to_the_schema_and_survives_json(kind: type[Document]) -> None:
    whole = schema()
    for page in ALL:
        if isinstance(page, kind):
            document = json.loads(json.dumps(page.as_document(), ensure_ascii=False))
            assert document == page.as_document()
            assert faults(document, whole["$defs"][kind.__name__], whole) == []


def test_a_document_that_departs_from_the_schema_is_noticed() -> None:
    whole = schema()
    document = glossary().as_document()
    document["total"] = "many"
    del document["terms"][0]["meaning"]
    document["terms"][1]["more"] = ""
    assert faults(document, whole["$defs"]["Glossary"], whole) == [
        "$.total: 'many' is no integer",
        "$.terms[0]: lacks meaning",
        "$.terms[1]: has more",
    ]


def test_the_schema_file_is_the_schema_of_the_records() -> None:
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == schema()


def test_no_page_shows_words_of_the_rule_language() -> None:
    # a remark of an example and the glossary may say 评估日, which is what the rule language calls 数据日期
    shown = "\n".join(json.dumps(page.as_document(), ensure_ascii=False) for page in ALL if not isinstance(page, Glossary | ExamplePage))
    assert [sign for sign in (">=", "<=", "!=", "前1年)", "--as-of", " in [", "评估日", "None") if sign in shown] == []


def test_pages_are_computed_once_per_set_of_packs(packs: PackSet) -> None:
    warm(packs, DAY)
    assert standard_page(packs, "创新型中小企业", "2022版") is standard_page(packs, "创新型中小企业", "2022版")
    assert award_page(packs, "C5") is award_page(packs, "C5", {})
