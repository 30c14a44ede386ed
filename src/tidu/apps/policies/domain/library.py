"""All there is to read: standards with their dated texts, policies, awards, bases, rulings, indicators and mappings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tidu.apps.policies.domain.awards import award_page, policy_page
from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.figures import expression
from tidu.apps.policies.domain.heads import (
    COMMON,
    IN_FORCE,
    LEVELS,
    STATES,
    Period,
    Source,
    Trust,
    applications_text,
    level_of,
    period_of,
    source_of,
    state_on,
    trust_of,
)
from tidu.apps.policies.domain.measures import indicator_measure
from tidu.apps.policies.domain.remembered import remembered
from tidu.apps.policies.domain.rulings import ruling_page
from tidu.apps.policies.domain.scores import Item
from tidu.apps.policies.domain.standards import standard_page
from tidu.kernel.awards import AwardBook
from tidu.kernel.packs import PackSet

STANDARD, CLASSIFICATION, POLICY, AWARD, BASE, RULING, INDICATOR, MAPPING = (
    "standard", "classification", "policy", "award", "base", "ruling", "indicator", "mapping",
)  # fmt: skip
KINDS = {
    STANDARD: "标准", CLASSIFICATION: "划型", POLICY: "政策", AWARD: "奖补", BASE: "配套基数", RULING: "口径", INDICATOR: "指标", MAPPING: "对照表",
}  # fmt: skip
LADDER = ("科技型", "创新型", "市级培育", "专精特新", "小巨人", "单项冠军", "高新技术", "规上", "划型")
"""Tiers in the order in which a firm climbs them; what stands beside the ladder comes last."""
TEXT_FIELDS = frozenset(
    {"id", "title", "text", "rule", "note", "name", "formula", "condition", "question", "choice", "only_if", "rivals", "values", "facts"}
)
"""What a query looks at in a page."""
OF_THE_POLICY = frozenset({"scope", "exclusions", "obligations", "rulings", "policy"})
"""What all awards of a policy have in common and would be found in each of them."""
MOST_HITS = 3
"""Places shown of where a query was found in one entry."""


@dataclass(frozen=True, slots=True)
class Version(Document):
    """One dated text: ``state`` on the day asked about; ``in_force`` is None for what has no dates of its own."""

    version: str
    level: str
    in_force: Period | None
    state: str
    reference: Source
    application: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Entry(Document):
    """One thing to read: ``key`` opens its page; ``about`` says in a line what it is; ``hits`` are where a query was found."""

    kind: str
    kind_text: str
    key: str
    title: str
    tier: str
    policy: str
    about: str
    versions: tuple[Version, ...]
    hits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally(Document):
    """How many entries a filter value has, before that filter is applied."""

    value: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Library(Document):
    """The entries that pass the filters, with the values each filter could take."""

    day: date
    entries: tuple[Entry, ...]
    total: int
    kinds: tuple[Tally, ...]
    levels: tuple[Tally, ...]
    states: tuple[Tally, ...]

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        """Entries of one kind."""
        return tuple(entry for entry in self.entries if entry.kind == kind)


def library(packs: PackSet, day: date, *, level: str = "", kind: str = "", state: str = "", query: str = "") -> Library:
    """What there is to read on ``day``; an empty filter lets everything pass.

    ``level`` is 国家, 湖北, 武汉, 蔡甸 or 通用, ``kind`` a key of ``KINDS``, ``state`` 现行, 未生效 or 已失效. Every word of ``query``
    must occur in the name or in the criteria. Versions that a filter rules out are left out of their entry.
    """
    words = tuple(folded(query).split())
    everything = _dated(packs, day)
    searched = tuple(entry for entry in everything if all(word in _haystack(packs, entry.kind, entry.key) for word in words))
    found = _filtered(searched, level, kind, state)
    entries = tuple(replace(entry, hits=_hits(packs, entry, words)) for entry in found) if words else found
    return Library(
        day,
        entries,
        len(everything),
        tuple(Tally(one, KINDS[one], len(_filtered(searched, level, one, state))) for one in KINDS),
        tuple(Tally(one, one, len(_filtered(searched, one, kind, state))) for one in (*LEVELS.values(), COMMON)),
        tuple(Tally(one, one, len(_filtered(searched, level, kind, one))) for one in STATES),
    )


def _filtered(entries: tuple[Entry, ...], level: str, kind: str, state: str) -> tuple[Entry, ...]:
    found = []
    for entry in entries:
        kept = tuple(one for one in entry.versions if (not level or one.level == level) and (not state or one.state == state))
        if kept and (not kind or entry.kind == kind):
            found.append(entry if len(kept) == len(entry.versions) else replace(entry, versions=kept))
    return tuple(found)


def folded(text: str) -> str:
    """Text as it is compared: width and case do not matter, and Ⅰ is I."""
    return unicodedata.normalize("NFKC", text).casefold()


@remembered
def _dated(packs: PackSet, day: date) -> tuple[Entry, ...]:
    return tuple(
        replace(
            entry,
            versions=tuple(
                replace(version, state=state_on(version.in_force, day)) if version.in_force else version for version in entry.versions
            ),
        )
        for entry in _entries(packs)
    )


@remembered
def _entries(packs: PackSet) -> tuple[Entry, ...]:
    return (
        *_standards(packs),
        *_policies(packs),
        *_awards(packs),
        *_bases(packs),
        *_rulings(packs),
        *_indicators(packs),
        *_mappings(packs),
    )


def _entry(kind: str, key: str, title: str, versions: tuple[Version, ...], *, tier: str = "", policy: str = "", about: str = "") -> Entry:
    return Entry(kind, KINDS[kind], key, title, tier, policy, about, versions)


def _standards(packs: PackSet) -> Iterator[Entry]:
    for name in sorted(packs.names(), key=lambda one: _ladder_place(packs.versions(one)[-1].tier)):
        texts = packs.versions(name)
        versions = tuple(
            Version(
                one.version,
                level_of(one.origin),
                period_of(one.in_force),
                "",
                source_of(one.reference),
                applications_text(one.application),
                trust_of(one.confidence, one.checked_on),
            )
            for one in texts
        )
        kind = CLASSIFICATION if texts[0].classes else STANDARD
        scored = any(one.scores for one in texts)
        about = "按行业和规模指标划分大中小微" if kind == CLASSIFICATION else "有评分表" if scored else "各项条件同时满足"
        yield _entry(kind, name, name, versions, tier=texts[-1].tier, about=about)


def _ladder_place(tier: str) -> int:
    return LADDER.index(tier) if tier in LADDER else len(LADDER)


def _policy_versions(packs: PackSet, name: str = "") -> tuple[Version, ...]:
    book = packs.book or AwardBook()
    sections = {(one["policy"], str(one.get("version") or "")): one for one in packs.documents.get("policy", ())}
    return tuple(
        Version(
            one.version,
            level_of(one.origin),
            period_of(one.in_force),
            "",
            source_of(one.reference),
            "",
            trust_of(one.confidence, sections[one.name, one.version].get("checked_on")),
        )
        for one in book.policies
        if one.name == name
    )


def _policies(packs: PackSet) -> Iterator[Entry]:
    book = packs.book or AwardBook()
    for name in dict.fromkeys(one.name for one in book.policies):
        count = sum(award.policy == name for award in book.awards)
        yield _entry(POLICY, name, name, _policy_versions(packs, name), about=f"奖补 {count} 条")


def _awards(packs: PackSet) -> Iterator[Entry]:
    for award in (packs.book or AwardBook()).awards:
        about = f"{award.clause}，{award.payer}出资，因“{award.event}”而给"
        yield _entry(AWARD, award.id, award.title, _policy_versions(packs, award.policy), policy=award.policy, about=about)


def _bases(packs: PackSet) -> Iterator[Entry]:
    book = packs.book or AwardBook()
    sections = {one["base"]: one for one in packs.documents.get("base", ())}
    for base in book.bases.values():
        trust = trust_of(base.confidence, sections[base.name].get("checked_on"))
        version = Version("", level_of(base.origin), None, IN_FORCE, source_of(base.reference), "", trust)
        used = "、".join(award.id for award in book.awards if award.base is base)
        yield _entry(BASE, base.name, base.name, (version,), about=f"{base.payer}金额，按事项日期取当天一行；用于 {used or '（暂无奖补）'}")


def _rulings(packs: PackSet) -> Iterator[Entry]:
    for ruling in (packs.book or AwardBook()).rulings.values():
        state = "已由部门确定" if ruling.in_force else "系统默认，尚未确定"
        versions = _policy_versions(packs, ruling.policy)
        about = f"{ruling.clause}；现用“{ruling.choice}”（{state}）"
        yield _entry(RULING, ruling.id, ruling.question, versions, policy=ruling.policy, about=about)


def _undated(section: Any) -> Version:
    raw = section.get("reference")
    source = Source(str(raw["document"]), str(raw.get("part") or ""), " ".join(map(str, raw.values()))) if raw else None
    clause = str(section.get("clause") or "未注明依据")
    level = level_of_path(section.path)
    return Version(
        "", level, None, IN_FORCE, source or Source(clause, "", clause), "", trust_of(str(section.get("confidence") or ""), None)
    )


def level_of_path(path: str) -> str:
    """Whose text a file is, by its folder."""
    return LEVELS.get(path.partition("/")[0], COMMON)


def _indicators(packs: PackSet) -> Iterator[Entry]:
    for section in packs.documents.get("indicator", ()):
        measure = indicator_measure(packs, str(section["indicator"]))
        yield _entry(INDICATOR, measure.name, measure.name, (_undated(section),), about=f"{measure.formula}（{measure.unit}）")


def _mappings(packs: PackSet) -> Iterator[Entry]:
    for section in packs.documents.get("mapping", ()):
        name = str(section["mapping"])
        yield _entry(MAPPING, name, name, (_undated(section),), about=f"由{section.get('of')}按最长的匹配前缀得出")


@remembered
def _texts(packs: PackSet, kind: str, key: str) -> tuple[str, ...]:
    """What a query is looked for in: name, documents, and every criterion."""
    entry = next(one for one in _entries(packs) if one.kind == kind and one.key == key)
    found = [entry.title, entry.key, entry.tier, entry.policy, entry.about]
    found += [part for version in entry.versions for part in (version.version, version.reference.text)]
    if kind in {STANDARD, CLASSIFICATION}:
        for version in packs.versions(key):
            page = standard_page(packs, key, version.version)
            found += [page.note, *(part for line in page.lines() for part in (line.text, line.rule, line.note))]
            found += [part for item in page.scores.items() for part in _item_texts(item)] if page.scores else []
            found += [part for row in page.classes.rows for part in (row.industry, row.figure)] if page.classes else []
    elif kind == AWARD:
        award = award_page(packs, key).as_document()
        found += _words_of({name: part for name, part in award.items() if name not in OF_THE_POLICY})
    elif kind == POLICY:
        found += _words_of(policy_page(packs, key).as_document())
    elif kind == RULING:
        found += _words_of(ruling_page(packs, key).as_document())
    elif kind == INDICATOR:
        found += _words_of(indicator_measure(packs, key).as_document())
    else:
        found += [expression(text) for text in _raw_words(next(one for one in packs.documents[kind] if one[kind] == key))]
    return tuple(dict.fromkeys(part for part in found if part))


def _item_texts(item: Item) -> Iterator[str]:
    yield item.title
    for table in item.tables:
        yield from (row.range for row in table.brackets)


def _words_of(node: Any, name: str = "") -> list[str]:
    """The texts of a page that a reader sees."""
    if isinstance(node, dict):
        return [text for key, part in node.items() for text in _words_of(part, key)]
    if isinstance(node, list):
        return [text for part in node for text in _words_of(part, name)]
    return [node] if isinstance(node, str) and node and name in TEXT_FIELDS else []


def _raw_words(node: Any) -> list[str]:
    """Every text of a section of a pack."""
    if isinstance(node, dict):
        return [text for part in node.values() for text in _raw_words(part)]
    if isinstance(node, list):
        return [text for part in node for text in _raw_words(part)]
    return [node.strip()] if isinstance(node, str) else []


@remembered
def _haystack(packs: PackSet, kind: str, key: str) -> str:
    return folded("\n".join(_texts(packs, kind, key)))


def _hits(packs: PackSet, entry: Entry, words: tuple[str, ...]) -> tuple[str, ...]:
    """The texts in which a query was found, those of the title left out."""
    found = [text for text in _texts(packs, entry.kind, entry.key) if text != entry.title and any(word in folded(text) for word in words)]
    return tuple(found[:MOST_HITS])
