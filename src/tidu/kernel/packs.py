"""What a set of packs holds once read: standards, awards, rulings, dated bases; and how one is selected by date.

Reading lives in ``reading``; checks that look across documents in ``lint``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import Scope
from tidu.kernel.located import Section
from tidu.kernel.rules import Amount, Rule, ScoreItem

if TYPE_CHECKING:
    from tidu.kernel.awards import AwardBook

OPEN = date.max
SINCE_LAST_YEAR = 0


@dataclass(frozen=True, slots=True)
class Validity:
    """``[start, end)`` in legal days; an open end is ``None``."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day is inside."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Validity) -> bool:
        """Whether some day is inside both."""
        return self.start < (other.end or OPEN) and other.start < (self.end or OPEN)

    def text(self) -> str:
        """As people read it."""
        return f"{self.start.isoformat()} 起" + (f"，至 {self.end.isoformat()} 前" if self.end else "，长期")


@dataclass(frozen=True, slots=True)
class Reference:
    """The document a rule restates, with its part."""

    document: str
    part: str = ""

    def text(self) -> str:
        """Document and part in one line."""
        return f"{self.document} {self.part}".strip()


@dataclass(frozen=True, slots=True)
class Origin:
    """File and line of a document, for messages."""

    path: str
    line: int


@dataclass(frozen=True, eq=False)
class EventTest:
    """A question about a firm's events, whose answer is one input of the rule tree.

    ``where`` reads the event's fields; ``within`` counts years back from the day of the facts, both ends inside, and is
    ``SINCE_LAST_YEAR`` for the span from 1 January of 上年度;
    ``valid`` wants the event unexpired on that day; the answer is yes where at least ``at_least`` events pass.
    """

    key: str
    event: str
    where: Rule | None
    within: int | None
    valid: bool
    at_least: int
    date_field: str
    text: str


@dataclass(frozen=True, eq=False)
class Standard:
    """One dated text of a standard: what it requires, its score table, and how sure we are of it."""

    name: str
    version: str
    tier: str
    reference: Reference
    application: frozenset[str]
    in_force: Validity
    confidence: str
    checked_on: date | None
    requires: Rule
    scores: tuple[ScoreItem, ...]
    classes: tuple[tuple[str, Rule], ...]
    rest: str
    prerequisites: tuple[Rule, ...]
    tests: Mapping[str, EventTest]
    note: str
    origin: Origin
    source: Section

    @property
    def gap_allowed(self) -> bool:
        """Whether no text need be in force behind this one."""
        return self.source.get("gap") == "allowed"

    @property
    def groups(self) -> dict[str, tuple[ScoreItem, ...]]:
        """Score items by group, in order."""
        found: dict[str, list[ScoreItem]] = {}
        for item in self.scores:
            found.setdefault(item.group, []).append(item)
        return {name: tuple(items) for name, items in found.items()}


@dataclass(frozen=True, eq=False)
class Calculation:
    """A set of named outputs over own inputs: what an engineer embeds, and the benchmark."""

    name: str
    facts: Mapping[str, tuple[int | None, int | None]]
    outputs: tuple[tuple[str, Amount | Rule], ...]
    origin: Origin


@dataclass(frozen=True)
class PackSet:
    """All packs read together."""

    scope: Scope
    standards: tuple[Standard, ...]
    calculations: Mapping[str, Calculation]
    documents: Mapping[str, tuple[Section, ...]] = field(default_factory=dict)
    mappings: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    book: AwardBook | None = None

    def names(self) -> list[str]:
        """Names of the standards, each once, in order of reading."""
        return list(dict.fromkeys(standard.name for standard in self.standards))

    def versions(self, name: str) -> list[Standard]:
        """All dated texts of one standard, oldest first; raises ``unknown-standard``."""
        found = [standard for standard in self.standards if standard.name == name]
        if not found:
            raise TiduError("unknown-standard", f"没有名为“{name}”的标准。可用：{'、'.join(self.names())}。", name=name)
        return sorted(found, key=lambda standard: standard.in_force.start)

    def select(self, name: str, *, law_date: date, application: str = "new") -> Standard:
        """The text of ``name`` in force on ``law_date`` for a new application or a review.

        Raises ``no-rule-in-force`` rather than falling back to another date.
        """
        versions = self.versions(name)
        for standard in versions:
            if application in standard.application and standard.in_force.holds(law_date):
                return standard
        known = "；".join(f"{standard.version}（{standard.in_force.text()}）" for standard in versions)
        purpose = "复核" if application == "review" else "新申报"
        raise TiduError(
            "no-rule-in-force",
            f"{law_date.isoformat()} 没有现行的“{name}”标准（{purpose}）。已登记的文本：{known}。请换一个政策日期（--law-date）。",
            name=name,
            law_date=law_date.isoformat(),
            application=application,
        )

    def in_force(self, *, law_date: date, application: str = "new") -> list[Standard]:
        """Every standard with a text in force on the day."""
        return [standard for standard in self.standards if application in standard.application and standard.in_force.holds(law_date)]


def digest_of(parts: Iterable[tuple[str, bytes]]) -> str:
    """The digest of a set of files by name, as ``sha256:…``."""
    sha = hashlib.sha256()
    for name, content in sorted(parts):
        sha.update(name.encode())
        sha.update(b"\0")
        sha.update(hashlib.sha256(content).digest())
    return f"sha256:{sha.hexdigest()}"
