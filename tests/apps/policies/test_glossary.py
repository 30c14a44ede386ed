"""The glossary holds together and explains every word of the packs."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tidu.apps.policies.domain import glossary, term_of
from tidu.kernel.facts import catalogue
from tidu.kernel.packs import PackSet

CONCEPTS = Path(__file__).parents[3] / "docs" / "concepts.md"


def test_names_are_unique_and_related_terms_exist() -> None:
    terms = glossary().terms
    names = Counter(name for term in terms for name in (term.term, *term.also))
    assert [name for name, count in names.items() if count > 1] == []
    known = {term.term for term in terms}
    assert [(term.term, name) for term in terms for name in term.related if name not in known or name == term.term] == []


def test_every_meaning_is_one_to_three_sentences() -> None:
    assert [term.term for term in glossary().terms if not (term.meaning.endswith("。") and term.meaning.count("。") <= 3)] == []


def test_every_fact_event_indicator_and_standard_is_explained(packs: PackSet) -> None:
    names = [*catalogue().facts, *catalogue().events, *packs.scope.indicators, *packs.names()]
    assert [name for name in names if term_of(name) is None] == []


def test_the_terms_of_the_concepts_have_the_same_english_name() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", CONCEPTS.read_text(encoding="utf-8").partition("## Glossary")[2], re.MULTILINE)
    terms = {chinese: english for chinese, english in rows if chinese not in {"Chinese", "---"}}
    found = {name: term_of(name) for name in terms}
    assert [name for name, term in found.items() if term is None] == []
    assert {name: term.english for name, term in found.items() if term and term.term == name and term.english != terms[name]} == {}


def test_a_query_finds_names_first_and_ignores_width_and_case() -> None:
    assert [term.term for term in glossary("I类知识产权").terms][:1] == ["Ⅰ类知识产权"]
    assert glossary("LITTLE giant").terms[0].term == "专精特新小巨人"
    found = [term.term for term in glossary("公示").terms]
    assert found[0] == "公示"
    assert set(found) >= {"公示", "异议", "兑现"}
    assert glossary("没有这样的词").terms == ()
    assert glossary("公示").total == glossary().total >= 60
