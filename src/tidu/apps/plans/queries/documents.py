"""What holds of a document, and what its units may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tidu.apps.accounts.actors import Actor
from tidu.apps.plans.domain.making import Measure
from tidu.apps.plans.domain.matching import Known, Proposal, propose
from tidu.apps.plans.enums import CorrectionAct, ExtractionKind
from tidu.apps.plans.models import Correction, Extraction, NameMeaning, PlanDocument
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit


@dataclass(frozen=True, slots=True)
class Held:
    """An extraction with what holds of it: the newest correction, or what was read. ``seen`` counts the corrections."""

    extraction: Extraction
    content: dict[str, Any]
    act: str
    seen: int
    by: str

    @property
    def refused(self) -> bool:
        """Whether a person said that it does not count."""
        return self.act == CorrectionAct.REFUSED

    @property
    def confirmed(self) -> bool:
        """Whether a person vouches for it as it stands."""
        return self.act in {CorrectionAct.CONFIRMED, CorrectionAct.CORRECTED, CorrectionAct.ADDED}


def held_of(actor: Actor, document: PlanDocument) -> list[Held]:
    """Everything found in a document, in the order of the text; two queries."""
    newest: dict[int, Correction] = {}
    for one in Correction.objects.visible_to(actor).filter(extraction__document=document).order_by("extraction", "number"):
        newest[one.extraction_id] = one
    found = [_held(one, newest.get(one.pk)) for one in Extraction.objects.visible_to(actor).filter(document=document)]
    return sorted(found, key=lambda one: (one.extraction.start, one.extraction.number))


def _held(extraction: Extraction, last: Correction | None) -> Held:
    if last is None:
        return Held(extraction, extraction.content, "", 0, "")
    return Held(extraction, last.content, last.act, last.number, last.by_name)


def known_units() -> list[Known]:
    """The units in use, as matching knows them; one query."""
    rows = Unit.objects.filter(active=True).exclude(kind=UnitKind.DISTRICT).values_list("pk", "name", "short_name", "kind")
    return [Known(*row) for row in rows]


def remembered(actor: Actor) -> dict[str, tuple[int, ...]]:
    """What names were confirmed to mean, by folded name; an empty tuple is an outsider. Units switched off since are left
    out, and a name whose units are all gone is not remembered. Two queries.
    """
    newest: dict[str, NameMeaning] = {}
    for one in NameMeaning.objects.visible_to(actor).order_by("folded", "number").prefetch_related("units"):
        newest[one.folded] = one
    units = {name: tuple(unit.pk for unit in one.units.all() if unit.active) for name, one in newest.items()}
    return {name: found for name, found in units.items() if found or newest[name].outside}


def proposals(actor: Actor, names: Iterable[str]) -> dict[str, Proposal]:
    """What each name may mean; four queries, whatever the number of names."""
    district = Unit.objects.filter(kind=UnitKind.DISTRICT).values_list("name", flat=True).first() or ""
    units, known = known_units(), remembered(actor)
    return {name: propose(name, units, district, known) for name in dict.fromkeys(names)}


@dataclass(frozen=True, slots=True)
class TaskProposal:
    """What a task of a clause would be: ``leads`` and ``helps`` hold confirmed units only, ``open_names`` wait for a person."""

    clause: Held
    title: str
    leads: tuple[int, ...]
    helps: tuple[int, ...]
    open_names: tuple[str, ...]
    measures: tuple[Measure, ...]


def task_proposals(actor: Actor, document: PlanDocument) -> list[TaskProposal]:
    """A task for each clause that names units, without what was refused; a clause without confirmed units lists the open names."""
    held = [one for one in held_of(actor, document) if not one.refused]
    clauses = {one.content["path"]: one for one in held if one.extraction.kind == ExtractionKind.CLAUSE}
    listed = [one for one in held if one.extraction.kind == ExtractionKind.UNITS and one.content["path"] in clauses]
    named = proposals(actor, [name for one in listed for name in one.content["units"]])
    targets = [one for one in held if one.extraction.kind == ExtractionKind.TARGET]
    return [_task(clauses[one.content["path"]], one, named, targets) for one in listed]


def _task(clause: Held, units: Held, named: dict[str, Proposal], targets: Sequence[Held]) -> TaskProposal:
    path, lead = units.content["path"], set(units.content["lead"])
    sure = [(name, named[name].units) for name in units.content["units"] if named[name].confirmed]
    leads = tuple(dict.fromkeys(number for name, numbers in sure if name in lead for number in numbers))
    helps = tuple(dict.fromkeys(number for name, numbers in sure if name not in lead for number in numbers if number not in leads))
    return TaskProposal(
        clause=clause,
        title=clause.content.get("heading") or clause.content.get("text", "")[:40] or path,
        leads=leads,
        helps=helps,
        open_names=tuple(name for name in units.content["units"] if not named[name].confirmed),
        measures=tuple(
            Measure(f"m{place}", one.content["metric"], one.content.get("unit") or "")
            for place, one in enumerate((one for one in targets if one.content["path"] == path), start=1)
        ),
    )
