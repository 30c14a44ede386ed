"""The page of one dated text of a standard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.classes import ClassTable, class_table
from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.events import EventWords
from tidu.apps.policies.domain.facts_read import FactRead, facts_read, uses_of
from tidu.apps.policies.domain.heads import Period, Source, Trust, applications_text, digest_of, level_of, period_of, source_of, trust_of
from tidu.apps.policies.domain.lines import Line, LineReader
from tidu.apps.policies.domain.prose import prose
from tidu.apps.policies.domain.remembered import remembered
from tidu.apps.policies.domain.scores import ScoreTable, score_table
from tidu.kernel.criteria import INDUSTRY_CLASS
from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet, Standard


@dataclass(frozen=True, slots=True)
class VersionLink(Document):
    """Another dated text of the same standard."""

    version: str
    in_force: Period
    application: str


@dataclass(frozen=True, slots=True)
class EventQuestion(Document):
    """A question about events with the criterion that asks it."""

    id: str
    clause: str
    criterion: str
    event: EventWords


@dataclass(frozen=True, slots=True)
class Replacement(Document):
    """One criterion or item that an overlay puts in the place of another; ``before`` is empty where the base lacks it."""

    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Overlay(Document):
    """What this text changes of another version; the criteria of the page already are the changed ones."""

    base: str
    document: str
    text: str
    replaced: tuple[Replacement, ...]
    dropped: tuple[Replacement, ...]


@dataclass(frozen=True, slots=True)
class StandardPage(Document):
    """All that one dated text of a standard says; ``requires`` is None for a classification, ``classes`` for all others."""

    name: str
    version: str
    level: str
    tier: str
    reference: Source
    application: tuple[str, ...]
    application_text: str
    in_force: Period
    trust: Trust
    note: str
    requires: Line | None
    prerequisites: tuple[Line, ...]
    scores: ScoreTable | None
    classes: ClassTable | None
    events: tuple[EventQuestion, ...]
    judged: tuple[str, ...]
    facts: tuple[FactRead, ...]
    overlay: Overlay | None
    extended_by: tuple[VersionLink, ...]
    versions: tuple[VersionLink, ...]
    digest: str

    def lines(self) -> Iterator[Line]:
        """Every criterion, prerequisites first."""
        for line in (*self.prerequisites, *([self.requires] if self.requires else [])):
            yield from line.walk()


def standard_of(packs: PackSet, name: str, version: str) -> Standard:
    """The dated text; raises ``unknown-standard`` or ``unknown-version``."""
    versions = packs.versions(name)
    found = next((standard for standard in versions if standard.version == version), None)
    if found is None:
        known = "、".join(standard.version for standard in versions)
        raise TiduError(
            "unknown-version", f"“{name}”没有版本“{version}”。已登记的版本：{known}。请从中选一个。", name=name, version=version
        )
    return found


@remembered
def standard_page(packs: PackSet, name: str, version: str) -> StandardPage:
    """The page of a standard's version; raises ``unknown-standard`` or ``unknown-version``."""
    standard = standard_of(packs, name, version)
    source = standard.source
    reader = LineReader(packs)
    requires = reader.line(source["requires"]) if "requires" in source else None
    prerequisites = reader.lines(source.get("prerequisites"))
    scores = score_table(packs, standard, requires)
    classes = class_table(packs, standard)
    lines = (*prerequisites, *([requires] if requires else []))
    others = [other for other in packs.versions(name) if other is not standard]
    return StandardPage(
        name=standard.name,
        version=standard.version,
        level=level_of(standard.origin),
        tier=standard.tier,
        reference=source_of(standard.reference),
        application=tuple(key for key in ("new", "review") if key in standard.application),
        application_text=applications_text(standard.application),
        in_force=period_of(standard.in_force),
        trust=trust_of(standard.confidence, standard.checked_on),
        note=prose(standard.note),
        requires=requires,
        prerequisites=prerequisites,
        scores=scores,
        classes=classes,
        events=tuple(_questions(lines)),
        judged=tuple(_judged(lines, scores)),
        facts=facts_read(packs, _uses(packs, standard, lines, scores, classes)),
        overlay=_overlay(packs, standard),
        extended_by=tuple(_link(other) for other in others if (_extends(packs, other) or {}).get("version") == version),
        versions=tuple(_link(other) for other in others),
        digest=digest_of(packs, standard.origin),
    )


def _link(standard: Standard) -> VersionLink:
    return VersionLink(standard.version, period_of(standard.in_force), applications_text(standard.application))


def _questions(lines: tuple[Line, ...]) -> Iterator[EventQuestion]:
    for top in lines:
        for line in top.walk():
            if line.event is not None:
                yield EventQuestion(line.id, line.clause, line.text, line.event)


def _judged(lines: tuple[Line, ...], scores: ScoreTable | None) -> Iterator[str]:
    """What only a person can judge, each once in order."""
    for top in lines:
        yield from (line.text for line in top.walk() if line.kind == "manual")
    for item in scores.items() if scores else ():
        for table in item.tables:
            if table.form != "value":
                yield from (f"{item.title}：{row.range}，{row.points}" for row in table.brackets if row.least != row.most)


def _uses(
    packs: PackSet, standard: Standard, lines: tuple[Line, ...], scores: ScoreTable | None, classes: ClassTable | None
) -> Iterator[tuple[str, str]]:
    yield from uses_of(lines)
    for item in scores.items() if scores else ():
        yield from ((name, item.id) for name in item.facts)
    for row in classes.rows if classes else ():
        yield INDUSTRY_CLASS, row.id
        yield row.figure, row.id
    for top in lines:
        for line in top.walk():
            if line.kind == "class":
                yield from ((name, line.id) for name in _class_facts(packs, line.link, standard))


def _class_facts(packs: PackSet, name: str, standard: Standard) -> Iterator[str]:
    """Facts of the classification that a criterion refers to."""
    day = standard.in_force.start
    for other in packs.versions(name):
        table = class_table(packs, other) if other.in_force.overlaps(standard.in_force) or other.in_force.holds(day) else None
        if table is not None:
            yield INDUSTRY_CLASS
            yield from (row.figure for row in table.rows)


def _written(packs: PackSet, standard: Standard) -> Any:
    """The text as it stands in its file, before an overlay is laid over its base."""
    return next(
        section
        for section in packs.documents["standard"]
        if section["standard"] == standard.name and str(section.get("version") or "") == standard.version
    )


def _extends(packs: PackSet, standard: Standard) -> Any:
    return _written(packs, standard).get("extends")


def _overlay(packs: PackSet, standard: Standard) -> Overlay | None:
    written = _written(packs, standard)
    extends = written.get("extends")
    if not extends:
        return None
    base = standard_of(packs, standard.name, str(extends.get("version") or ""))
    before, after = _texts(base.source), _texts(standard.source)
    replaced = tuple(Replacement(name, before.get(name, ""), after.get(name, "")) for name in written.get("replace") or {})
    dropped = tuple(Replacement(str(name), before.get(str(name), ""), "") for name in written.get("drop") or ())
    said = [f"替换 {len(replaced)} 条"] * bool(replaced) + [f"去掉 {len(dropped)} 条"] * bool(dropped)
    text = f"在“{base.version}”的基础上{'，'.join(said) or '沿用全文'}。本页列出的已是改后的条款。"
    return Overlay(base.version, str(extends.get("document") or ""), text, replaced, dropped)


def _texts(node: Any) -> dict[str, str]:
    """Criteria and items of a source by id, with what each says."""
    found: dict[str, str] = {}
    if isinstance(node, dict):
        if node.get("id"):
            found[str(node["id"])] = str(node.get("text") or node.get("title") or node["id"])
        for part in node.values():
            found |= _texts(part)
    elif isinstance(node, list):
        for part in node:
            found |= _texts(part)
    return found
