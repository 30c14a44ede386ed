"""The words of departments' files as data: titles of facts and keys (titles.csv), and registers (registers.yaml)."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from tidu.apps.imports.reading.headings import read_heading
from tidu.exchange.wordings import title_key
from tidu.kernel.facts import EVENT_TYPE, FIRM_CODE, FIRM_NAME, catalogue

HERE = Path(__file__).resolve().parent
EVERY_EVENT = "事项"
"""A register of several kinds of events, each row telling its kind (the template's own sheet)."""


@dataclass(frozen=True)
class Register:
    """A register as departments hand it over."""

    name: str
    event: str
    words: Sequence[str] = ()
    marks: frozenset[str] = frozenset()
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


@cache
def titles() -> Mapping[str, str]:
    """Title key → target (``key:code``, ``fact:营业收入``, … or empty: known, but nothing the catalogue keeps)."""
    kept = [fact for fact in catalogue().facts.values() if fact.name not in {FIRM_CODE, FIRM_NAME}]
    found = {title_key(fact.name): f"fact:{fact.name}" for fact in kept} | {fact.identifier: f"fact:{fact.name}" for fact in kept}
    with (HERE / "titles.csv").open(encoding="utf-8", newline="") as stream:
        found |= {title_key(row["title"]): row["target"] for row in csv.DictReader(stream)}
    return found | {FIRM_CODE: "key:code", FIRM_NAME: "key:name", EVENT_TYPE: "event:type"}


@cache
def registers() -> Mapping[str, Register]:
    """All registers by name: those of the file, then every event of the catalogue under its own name."""
    told = yaml.safe_load((HERE / "registers.yaml").read_text(encoding="utf-8"))
    found = {
        name: Register(
            name, one["event"], tuple(one.get("words", ())), frozenset(map(title_key, one.get("marks", ()))),
            {field: tuple(map(title_key, listed)) for field, listed in one.get("fields", {}).items()},
            {role: tuple(map(title_key, listed)) for role, listed in one.get("others", {}).items()},
            one.get("constants", {}),
        )
        for name, one in told.items()
    }  # fmt: skip
    for event in catalogue().events:
        if event not in found:
            found[event] = Register(event, event, (event,))
    return found


@cache
def _every_title() -> frozenset[str]:
    listed = {title for register in registers().values() for titled in register.fields.values() for title in titled}
    listed |= {title for register in registers().values() for titled in register.others.values() for title in titled}
    listed |= {title_key(name) for event in catalogue().events.values() for name in event.fields}
    return frozenset(listed | set(titles()) | {mark for register in registers().values() for mark in register.marks})


@cache
def is_known_title(text: str) -> bool:
    """Whether a cell reads like a column title that departments use."""
    if len(text) > 80:
        return False
    heading = read_heading(text)
    return heading.full in _every_title() or heading.name in _every_title()
