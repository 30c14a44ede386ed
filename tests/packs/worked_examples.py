"""Worked examples of standards (``tidu/worked_examples/standards``): what an official writes, as firms and expected results.

One document is one example, or one firm with several ``cases`` that change it. Scalars are read as the text that
stands in the file, so that 249.999999 stays exact; ``未知`` is a value that is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tidu.kernel.facts import EVENT_TYPE, PACKS, Catalogue, Fact, Store, catalogue
from tidu.kernel.population import Firm, Value
from tidu.kernel.quantities import LEVELS, parse_decimal, to_stored

FOLDER = PACKS.parent / "worked_examples" / "standards"
YEARS = "年度数据"
EVENTS = "事项"
UNKNOWN = "未知"
DOCUMENT_KEYS = {"example", "standard", "law_date", "facts_as_of", "application", "firm", "expect", "cases"}
CASE_KEYS = {"say", "set", "expect", "law_date", "facts_as_of", "application"}
EXPECT_KEYS = {"verdict", "score", "groups", "items", "unmet", "missing", "manual", "value", "error", "rule_set", "prerequisites"}


@dataclass(frozen=True)
class Example:
    """One firm at one moment, and what a standard is expected to say of it (only the keys given)."""

    title: str
    standard: str
    law_date: date
    facts_as_of: date
    application: str
    firm: Firm
    expect: Mapping[str, Any]


def merged(base: Any, change: Any) -> Any:
    """``change`` laid over ``base``: mappings deeply, everything else as a whole."""
    if isinstance(base, dict) and isinstance(change, dict):
        return base | {key: merged(base.get(key), value) for key, value in change.items()}
    return change


def stored(fact: Fact, text: str) -> Value:
    """A value as the file writes it, in the stored encoding of its fact."""
    if text in {UNKNOWN, ""}:
        return None
    if fact.store is Store.BOOLEAN:
        return {"是": True, "否": False}[text]
    if fact.store is Store.DATE:
        return date.fromisoformat(text)
    if fact.store is Store.TEXT:
        if fact.values and text not in fact.values:
            raise ValueError(f"{fact.name}: {text}")
        return text
    return LEVELS.index(text) + 1 if text in LEVELS else to_stored(parse_decimal(text), fact.unit)


def firm_of(raw: Mapping[str, Any], known: Catalogue) -> Firm:
    """The firm of an example; a name that the catalogue does not know is an error."""
    facts = {name: stored(known.fact(name), text) for name, text in raw.items() if name not in {YEARS, EVENTS}}
    years = {int(year): {name: stored(known.fact(name), text) for name, text in row.items()} for year, row in raw.get(YEARS, {}).items()}
    events: dict[str, list[dict[str, Value]]] = {}
    for row in raw.get(EVENTS, []):
        fields = known.event(row[EVENT_TYPE]).fields
        events.setdefault(row[EVENT_TYPE], []).append(
            {name: stored(fields[name], text) for name, text in row.items() if name != EVENT_TYPE}
        )
    return Firm("91420114MA4KXXXX0X", facts=facts, years=years, events=events)


def _checked(keys: Mapping[str, Any], allowed: set[str], title: str) -> None:
    extra = set(keys) - allowed
    if extra:
        raise ValueError(f"{title}: {'、'.join(sorted(extra))}")


def read_examples(folder: Path = FOLDER) -> Iterator[Example]:
    """Every case of every file."""
    for file in sorted(folder.glob("*.yaml")):
        for document in yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader):
            _checked(document, DOCUMENT_KEYS, document["example"])
            cases = document.get("cases") or [{"expect": document["expect"]}]
            for number, case in enumerate(cases, 1):
                title = f"{file.stem}: {document['example']} [{number}]"
                _checked(case, CASE_KEYS, title)
                _checked(case["expect"], EXPECT_KEYS, title)
                moment = document | case
                law_date = date.fromisoformat(moment["law_date"])
                facts_as_of = date.fromisoformat(moment["facts_as_of"]) if "facts_as_of" in moment else law_date
                firm = firm_of(merged(document["firm"], case.get("set") or {}), catalogue())
                yield Example(title, document["standard"], law_date, facts_as_of, moment.get("application", "new"), firm, case["expect"])
