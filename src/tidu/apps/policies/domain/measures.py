"""What a criterion measures: a fact as it is registered, or an indicator with its formula."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.events import FACTS_DAY
from tidu.apps.policies.domain.figures import expression, source_words, unit_words
from tidu.apps.policies.domain.prose import prose
from tidu.apps.policies.domain.remembered import remembered
from tidu.exchange.report_words import confidence_text
from tidu.kernel.expressions import ASSESSMENT_DAY, ASSESSMENT_YEAR, COMPOUND, Scope, quantity_named, split_key, tokens_of
from tidu.kernel.packs import PackSet
from tidu.kernel.rules import Quantity

CONTEXT = frozenset({ASSESSMENT_YEAR, ASSESSMENT_DAY})
"""Inputs that no source gives: the year and the day of the question itself."""
COMPUTED = "由系统计算"
_SHIFTED = re.compile(r"（前(\d)年）$")
_COMPOUND = re.compile(COMPOUND + r"\((.+),\s*(\d+)\)")


@dataclass(frozen=True, slots=True)
class Measure(Document):
    """A measured quantity: ``formula`` is empty where it is a fact as registered; ``parts`` are indicators the formula uses."""

    name: str
    unit: str
    formula: str
    source: str
    clause: str
    confidence: str
    note: str
    facts: tuple[str, ...]
    parts: tuple[Measure, ...] = ()


def formula_words(formula: str) -> str:
    """The formula of an indicator as people read it: ``研发费用 ÷ 营业收入``."""
    formula = formula.replace(ASSESSMENT_DAY, FACTS_DAY)
    match = _COMPOUND.fullmatch(formula.strip())
    if match:
        return f"（{expression(match[1])}）开 {match[2]} 次方，再减去 1"
    return expression(formula)


def facts_of(packs: PackSet, quantity: Quantity) -> tuple[str, ...]:
    """Names of the facts behind a quantity in the order of the catalogue, with 前n年 where they are of an earlier year."""
    places = packs.scope.catalogue.places
    found = sorted(map(split_key, quantity.keys - CONTEXT), key=lambda pair: (places.get(pair[0], len(places)), pair))
    return tuple(f"{name}（前{shift}年）" if shift else name for name, shift in found)


def measure_of(packs: PackSet, quantity: Quantity, scope: Scope) -> Measure:
    """The measure of one side of a comparison, read in ``scope`` (which knows an event's fields)."""
    name = _SHIFTED.sub("", quantity.text)
    if name in scope.indicators and name not in scope.fields:
        return replace(indicator_measure(packs, name), facts=facts_of(packs, quantity))
    fact = scope.fact(name)
    if fact is not None:
        return Measure(name, unit_words(fact), "", source_words(fact.source), "", "", fact.note, facts_of(packs, quantity))
    inner = tuple(
        indicator_measure(packs, text) for kind, text in tokens_of(_unshifted(quantity.text)) if kind == "name" and text in scope.indicators
    )
    return Measure(expression(quantity.text), quantity.unit, "", COMPUTED, "", "", "", facts_of(packs, quantity), inner)


def _unshifted(text: str) -> str:
    return re.sub(r"（前(\d)年）", r"(前\1年)", text)


@remembered
def indicator_measure(packs: PackSet, name: str) -> Measure:
    """An indicator with its formula and those it is built on."""
    section = next(one for one in packs.documents["indicator"] if one["indicator"] == name)
    formula = str(section["formula"])
    used = [text for kind, text in tokens_of(formula) if kind == "name"]
    confidence = section.get("confidence")
    return Measure(
        name,
        str(section["unit"]),
        formula_words(formula),
        COMPUTED,
        str(section.get("clause") or ""),
        confidence_text(confidence) if confidence else "",
        prose(section.get("note")),
        facts_of(packs, quantity_named(name, packs.scope, 0)),
        tuple(indicator_measure(packs, text) for text in dict.fromkeys(used) if text in packs.scope.indicators),
    )
