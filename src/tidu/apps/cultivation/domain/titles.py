"""The titles of the ladder as data (``rules/titles.yaml``): canonical names, aliases, rungs, years of validity, update days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tidu.kernel.inputs import years_before

RULES = Path(__file__).resolve().parent.parent / "rules"
NO_RUNG = "未上梯度"


@dataclass(frozen=True, slots=True)
class UpdateDay:
    """The last day of the yearly update on the platform, in force from ``start`` until before ``end``."""

    month: int
    day: int
    start: date
    end: date
    reference: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Title:
    """One title; ``rung`` is 0 beside the ladder, ``years`` None where nothing is assumed of its last day."""

    kind: str
    short: str
    rung: int
    years: int | None
    reference: str
    confidence: str
    note: str
    updates: tuple[UpdateDay, ...]

    def update_day(self, year: int) -> date | None:
        """The last day of the update in a year; None where none is known."""
        for update in self.updates:
            wanted = date(year, update.month, update.day)
            if update.start <= wanted < update.end:
                return wanted
        return None


@dataclass(frozen=True)
class Titles:
    """All titles by canonical name, and how registers may write them."""

    titles: Mapping[str, Title]
    aliases: Mapping[tuple[str, str], str]

    def kind_of(self, name: str, level: str) -> str:
        """The canonical name of what a register says; a name nobody knows stays itself, beside the ladder.

        >>> titles().kind_of("专精特新小巨人", "省级"), titles().kind_of("专精特新小巨人", "国家级")
        ('专精特新中小企业', '专精特新小巨人')
        """
        return self.aliases.get((name, level)) or self.aliases.get((name, "")) or name

    def rung_of(self, kind: str) -> int:
        """The rung of a canonical name; 0 beside the ladder."""
        return self.titles[kind].rung if kind in self.titles else 0

    @property
    def rungs(self) -> tuple[Title, ...]:
        """The rungs from the lowest up."""
        return tuple(sorted((title for title in self.titles.values() if title.rung), key=lambda title: title.rung))

    def rung_name(self, rung: int) -> str:
        """What a rung is called on screen."""
        return next((title.short for title in self.rungs if title.rung == rung), NO_RUNG)

    def last_day(self, kind: str, day: date, until: date | None) -> tuple[date | None, bool]:
        """The last day of a recognition, and whether it is assumed from the usual years of validity."""
        title = self.titles.get(kind)
        if until is not None or title is None or title.years is None:
            return until, False
        return years_before(day, -title.years) - timedelta(days=1), True


@cache
def titles() -> Titles:
    """The titles that come with the package."""
    rows = yaml.safe_load((RULES / "titles.yaml").read_text(encoding="utf-8"))
    found = {row["kind"]: _title(row) for row in rows}
    aliases = {(kind, ""): kind for kind in found}
    for row in rows:
        for alias in row.get("aliases", ()):
            key = (alias["name"], alias.get("level", ""))
            if aliases.get(key, row["kind"]) != row["kind"]:
                raise ValueError(f"titles.yaml: {key} names two titles")
            aliases[key] = row["kind"]
    return Titles(found, aliases)


def _title(row: Mapping[str, Any]) -> Title:
    updates = tuple(_update(row[key]) for key in ("update", "update_from") if key in row)
    return Title(
        row["kind"], row["short"], row["rung"], row["years"], row["reference"], row["confidence"], row.get("note", ""), updates
    )  # fmt: skip


def _update(row: Mapping[str, Any]) -> UpdateDay:
    return UpdateDay(
        row["month"], row["day"], row.get("from", date.min), row.get("until", date.max), row["reference"], row["confidence"]
    )  # fmt: skip
