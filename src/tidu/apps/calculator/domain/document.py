"""Results, questions and the check-up as JSON-ready documents.

``as_document`` gives what ``schema.json`` describes: money in whole fen (integers), dates as ISO text, never a float where
something is decided. Consumers may rely on every key of the schema; new keys may be added, none are taken away.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tidu.apps.calculator.domain.asking import Asked
from tidu.apps.calculator.domain.ladder import Bar, Checkup, Rung, Way
from tidu.apps.calculator.domain.levers import WhatIf
from tidu.apps.calculator.domain.results import GROUPS, Result, Results
from tidu.kernel.interpret import Score
from tidu.kernel.wayup_document import way_up_document

SCHEMA = Path(__file__).with_name("schema.json")
FORMAT = "tidu-calculator-1"


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``as_document``."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


def as_document(results: Results) -> dict[str, Any]:
    """All results, by group in the order 可享, 差一点, 待补充, 不适用."""
    return {
        "format": FORMAT,
        "law_date": results.moment.law_date.isoformat(),
        "facts_as_of": results.moment.facts_as_of.isoformat(),
        "application": results.application,
        "size_class": results.size_class,
        "total": results.total,
        "totals": results.totals,
        "sentence": results.sentence,
        "notes": list(results.notes),
        "groups": {name: [result_document(result) for result in results.group(name)] for name in GROUPS},
    }


def result_document(result: Result) -> dict[str, Any]:
    """One standard or award."""
    return {
        "id": result.id,
        "name": result.name,
        "kind": result.kind,
        "group": result.group,
        "verdict": result.verdict,
        "tier": result.tier,
        "version": result.version,
        "document": result.document,
        "clause": result.clause,
        "confidence": result.confidence,
        "unconfirmed": result.unconfirmed,
        "why": list(result.why),
        "score": _score(result.score),
        "amount": result.amount,
        "most": result.most,
        "payer": result.payer,
        "items": [
            {"name": one.name, "state": one.state, "amount": one.amount, "most": one.most, "why": one.why, "how": list(one.how)}
            for one in result.items
        ],
        "gaps": [
            {"id": one.id, "clause": one.clause, "text": one.text, "actual": one.actual, "needed": one.needed, "gap": one.gap, "unit": one.unit}
            for one in result.gaps
        ],
        "missing": [{"question": one.question, "field": one.field, "label": one.label, "told": one.told} for one in result.missing],
        "manual": list(result.manual),
        "rulings": [{"id": one.id, "question": one.question, "choice": one.choice, "default": one.default} for one in result.rulings],
        "valid_until": _day(result.valid_until),
        "deadline": result.deadline,
    }  # fmt: skip


def asked_document(asked: Asked | None) -> dict[str, Any] | None:
    """The next question with its blanks; None where nothing is left to ask."""
    if asked is None:
        return None
    question = asked.question
    return {
        "id": question.id,
        "section": question.section,
        "label": question.label,
        "help": question.help,
        "event": question.event,
        "rows": question.rows,
        "why": asked.why,
        "decides": [{"kind": one.kind, "id": one.id, "name": one.name} for one in asked.decides],
        "answered": asked.answered,
        "left": asked.left,
        "fields": [
            {
                "name": one.field.name,
                "label": one.label,
                "kind": str(one.field.kind),
                "unit": one.field.unit,
                "help": one.field.help,
                "value": one.value,
                "wanted": one.wanted,
                "options": [{"id": option.id, "label": option.label} for option in one.field.options],
            }
            for one in asked.blanks
        ],
    }


def checkup_document(found: Checkup) -> dict[str, Any]:
    """The ladder."""
    return {
        "format": FORMAT,
        "sentence": found.sentence,
        "next": found.next,
        "chosen": found.chosen,
        "rungs": [_rung(rung) for rung in found.rungs],
        "levers": [
            {
                "field": lever.field.name, "label": lever.label, "unit": lever.unit, "current": lever.text(lever.current),
                "least": lever.text(lever.least), "most": lever.text(lever.most), "step": lever.text(lever.step),
            }
            for lever in found.levers
        ],
    }  # fmt: skip


def what_if_document(found: WhatIf) -> dict[str, Any]:
    """The difference that some changes make."""
    return {
        "standard": found.standard.name,
        "verdict": {"before": found.verdict_before, "after": found.verdict_after},
        "score": {"before": _score(found.score_before), "after": _score(found.score_after)},
        "changes": [
            {"field": one.field, "label": one.label, "before": one.before, "after": one.after, "along": one.along} for one in found.changes
        ],
        "quantities": [{"text": one.text, "before": one.before, "after": one.after} for one in found.quantities],
        "points": [{"text": one.text, "before": one.before, "after": one.after} for one in found.points],
        "criteria": [{"text": one.text, "before": one.before, "after": one.after} for one in found.criteria],
        "sentence": found.sentence,
    }


def way_document(way: Way) -> dict[str, Any]:
    """The way up as ``tidu way-up`` writes it, with what was taken as absent."""
    return {**way_up_document(way.found, way.moment), "assumed": list(way.assumed)}


def _rung(rung: Rung) -> dict[str, Any]:
    return {
        "id": rung.id,
        "label": rung.name.label,
        "standard": rung.name.standard,
        "held": rung.held,
        "verdict": rung.verdict,
        "sentence": rung.sentence,
        "result": result_document(rung.result) if rung.result is not None else None,
        "total": _bar(rung.total) if rung.total is not None else None,
        "groups": [_bar(bar) for bar in rung.groups],
        "items": [_bar(bar) for bar in rung.items],
        "criteria": [{"id": one.id, "clause": one.clause, "text": one.text, "met": one.met} for one in rung.criteria],
    }


def _bar(bar: Bar) -> dict[str, Any]:
    return {
        "id": bar.id, "title": bar.title, "group": bar.group, "low": bar.low, "high": bar.high, "most": bar.most, "passing": bar.passing,
    }  # fmt: skip


def _score(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    groups = {name: {"low": low, "high": high} for name, (low, high) in score.groups.items()}
    return {"low": score.low, "high": score.high, "pass": score.passing, "groups": groups}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
