"""The method links only to what exists and covers what a result rests on."""

from __future__ import annotations

from tidu.apps.policies.domain import KINDS, glossary, method
from tidu.apps.policies.domain.method import LINKS
from tidu.exchange.report_words import CONFIDENCES
from tidu.kernel.packs import PackSet


def test_every_link_leads_somewhere(packs: PackSet) -> None:
    assert packs.book is not None
    known = {
        "term": {term.term for term in glossary().terms},
        "ruling": set(packs.book.rulings),
        "standard": set(packs.names()),
        "award": {award.id for award in packs.book.awards},
        "library": set(KINDS),
    }
    links = [link for section in method().sections for paragraph in section.paragraphs for link in paragraph.links]
    assert set(LINKS) == set(known)
    assert [link for link in links if link.key not in known[link.kind]] == []


def test_every_ruling_and_every_confidence_is_spoken_of(packs: PackSet) -> None:
    assert packs.book is not None
    linked = {
        link.key for section in method().sections for paragraph in section.paragraphs for link in paragraph.links if link.kind == "ruling"
    }
    assert linked == set(packs.book.rulings)
    confidence = method().section("confidence")
    assert confidence is not None
    text = "".join(paragraph.text for paragraph in confidence.paragraphs)
    assert [word for word in CONFIDENCES.values() if f"{word}：" not in text] == []


def test_anchors_are_unique() -> None:
    keys = [section.key for section in method().sections]
    assert len(keys) == len(set(keys))
    assert method().section("没有") is None
