"""Where one firm stands on the ladder, what keeps it from each standard with source and date of every fact, and its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import no
from tidu.apps.assessments.domain.standing import firm_of_registry
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.calculator.domain.ladder import ABOVE_SCALE, LADDER, RungName
from tidu.apps.calculator.domain.shortfalls import Failing, Shortfall, effort, failing_criteria
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, FactsInForce
from tidu.apps.enterprises.queries import fact_text
from tidu.apps.registry.domain.merging import firm_subject
from tidu.apps.registry.models import GrowthPlan
from tidu.exchange.report_words import with_unit
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import Kind
from tidu.kernel.inputs import EVENT_PREFIX, FirmInputs, Moment
from tidu.kernel.interpret import UNKNOWN, UNMET, Assessment, assess, standard_keys
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.population import Firm
from tidu.kernel.traces import Tracer
from tidu.kernel.wayup import WayUp, way_up
from tidu.kernel.wayup_document import way_up_document

GIANT, SPECIALISED, OF_PROVINCE = "专精特新小巨人", "专精特新中小企业", "省级"
SOON = timedelta(days=180)
RECOGNITIONS = ("认定", "荣誉")


@dataclass(frozen=True, slots=True)
class Title:
    """A recognition or honour: ``state`` is held, expiring (within half a year), expired, or upcoming."""

    kind: str
    name: str
    shown: str
    level: str
    since: date | None
    until: date | None
    number: str
    state: str


@dataclass(frozen=True)
class Rung:
    """One rung for one firm: the title held for it, if any, and what the standard in force says (None: no standard)."""

    name: RungName
    title: Title | None
    found: Assessment | None

    @property
    def held(self) -> bool:
        """Whether the rung is held today."""
        return self.title is not None

    @property
    def state(self) -> str:
        """The state that a page shows."""
        if self.title is not None:
            return "near" if self.title.state == "expiring" else "held"
        return "expired" if self.found is None else self.found.verdict

    @property
    def most(self) -> int:
        """The most points that the score table gives."""
        return sum(item.highest for item in self.found.standard.scores) if self.found is not None else 0


@dataclass(frozen=True)
class Position:
    """A firm on the ladder; ``next`` is the first rung above the highest that is held, ``verdicts`` what every standard says."""

    rungs: tuple[Rung, ...]
    titles: tuple[Title, ...]
    verdicts: tuple[Assessment, ...]
    size_class: str | None
    next: Rung | None
    sentence: str


def titles_of(firm: Firm, day: date) -> tuple[Title, ...]:
    """Recognitions and honours, those in force first, the newest first."""
    found = [_title(kind, row, day) for kind in RECOGNITIONS for row in firm.events.get(kind, ())]
    order = {"held": 0, "expiring": 0, "upcoming": 1, "expired": 2}
    return tuple(sorted(found, key=lambda one: (order[one.state], -(one.since or date.min).toordinal(), one.name)))


def _title(kind: str, row: Mapping[str, Any], day: date) -> Title:
    since, until = row.get("日期"), row.get("有效期至")
    name, level = str(row.get("名称") or ""), str(row.get("级别") or "")
    if until is not None and until < day:
        state = "expired"
    elif since is not None and since > day:
        state = "upcoming"
    else:
        state = "expiring" if until is not None and until <= day + SOON else "held"
    # until 2022 the register wrote 小巨人 of the province for what is 专精特新中小企业 now (facts.csv, 认定)
    now = SPECIALISED if name == GIANT and level == OF_PROVINCE else name
    return Title(kind, now, name, level, since, until, str(row.get("文号") or ""), state)


def position_of(enterprise: Enterprise, packs: PackSet, moment: Moment) -> Position:
    """The whole ladder of a firm of the registry; two queries."""
    firm = firm_of_registry(enterprise)
    return position_in(firm, packs, moment)


def position_in(firm: Firm, packs: PackSet, moment: Moment) -> Position:
    """See ``position_of``."""
    inputs = FirmInputs(firm, moment, packs)
    found = {standard.name: assess(inputs, standard) for standard in packs.in_force(law_date=moment.law_date)}
    titles = titles_of(firm, moment.facts_as_of)
    rungs = tuple(_rung(name, titles, found, firm) for name in (*LADDER, ABOVE_SCALE))
    highest = max((place for place, rung in enumerate(rungs[: len(LADDER)]) if rung.held), default=-1)
    following = rungs[highest + 1] if highest + 1 < len(LADDER) else None
    sizes = [one.value for one in found.values() if one.standard.classes]
    held = [f"“{rung.name.label}”" for rung in rungs if rung.held]
    start = f"现有{'、'.join(held)}" if held else "还没有有效的认定"
    ahead = f"；往上一级是“{following.name.label}”。" if following is not None else "，已在梯度的最高一级。"
    verdicts = tuple(one for one in found.values() if not one.standard.classes)
    return Position(rungs, titles, verdicts, sizes[0] if sizes else None, following, start + ahead)


def _rung(name: RungName, titles: Sequence[Title], found: Mapping[str, Assessment], firm: Firm) -> Rung:
    if not name.title:
        risen = firm.events.get("首次进规")
        first = _title("首次进规", {**risen[0], "名称": "首次进规"}, date.max) if risen else None
        return Rung(name, first, found.get(name.standard))
    held = next((one for one in titles if one.name == name.title and one.state in {"held", "expiring"}), None)
    return Rung(name, held, found.get(name.standard))


@dataclass(frozen=True, slots=True)
class Told:
    """A fact behind a gap: its value, source and the day it was received; ``period`` 0 for the firm itself."""

    name: str
    period: int
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class GapLine:
    """One thing that fails: what is asked, what is there, how far it is, and the facts it rests on."""

    text: str
    clause: str
    value: str
    bound: str
    distance: str
    facts: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """One unmet criterion, with the lines of the nearest way to meet it; ``ways`` says that there are others."""

    text: str
    clause: str
    ways: bool
    lines: tuple[GapLine, ...]


@dataclass(frozen=True)
class Gaps:
    """All that keeps a firm from a standard: criteria that fail, facts that are missing, what a person must judge, points to gain."""

    found: Assessment
    criteria: tuple[Gap, ...]
    missing: tuple[str, ...]
    points: tuple[dict[str, Any], ...]


def gaps_of(enterprise: Enterprise, standard: Standard, packs: PackSet, moment: Moment) -> Gaps:
    """The list of gaps for one standard, every fact with source and date; five queries."""
    inputs = FirmInputs(firm_of_registry(enterprise), moment, packs)
    found = assess(inputs, standard)
    known = inputs.fill(standard_keys(standard), standard.tests)
    tracer = Tracer(known, moment, packs.scope.catalogue, standard.tests)
    failing = failing_criteria(standard, tracer, effort(packs)) if found.verdict in {UNMET, UNKNOWN} else ()
    origins = _Origins(enterprise, packs, moment)
    points = tuple(entry for entry in found.unmet if entry.get("kind") == "item")
    return Gaps(found, tuple(_gap(one, origins) for one in failing), found.missing, points)


def _gap(one: Failing, origins: _Origins) -> Gap:
    return Gap(one.label.text, one.label.clause, one.ways, tuple(_line(short, origins) for short in one.short))


def _line(short: Shortfall, origins: _Origins) -> GapLine:
    counted = isinstance(short.gap, int | float) and not isinstance(short.gap, bool)
    return GapLine(
        short.text,
        short.clause,
        _shown(short.value, short.unit),
        _shown(short.bound, short.unit),
        f"差 {with_unit(abs(short.gap), short.unit)}" if counted else "",
        tuple(told for key in short.keys if (told := origins.told(key)) is not None),
    )


def _shown(value: Any, unit: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return f"{value[0]} 至 {with_unit(value[1], unit)}"
    return with_unit(value, unit) if isinstance(value, int | float) else str(value)


class _Origins:
    """Value, source and date of the inputs of one firm."""

    def __init__(self, enterprise: Enterprise, packs: PackSet, moment: Moment) -> None:
        self.packs, self.moment = packs, moment
        self.rows = {(row.level, row.period): row for row in FactsInForce.objects.filter(enterprise=enterprise)}
        wanted = {sheet for row in self.rows.values() for sheet in row.origins.values()}
        self.sheets = {sheet.pk: sheet for sheet in DataSheet.objects.filter(pk__in=wanted).select_related("source")}

    def told(self, key: str) -> Told | None:
        """The fact behind an input; None for events and for what a person judges."""
        if key.startswith(EVENT_PREFIX):
            return None
        name, shift = split_key(key)
        name = self.packs.mappings[name][0] if name in self.packs.mappings else name
        fact = self.packs.scope.catalogue.facts.get(name)
        if fact is None or fact.kind is Kind.MONTH:
            return None
        place = (Level.FIRM, 0) if fact.kind is Kind.FIRM else (Level.YEAR, self.moment.year - shift)
        row = self.rows.get(place)
        if row is None or name not in row.values:
            return Told(name, place[1], "还没有数据", "")
        sheet = self.sheets.get(row.origins.get(name, 0))
        source = f"{sheet.source.name}，{timezone.localtime(sheet.received_at):%Y-%m-%d} 收到" if sheet is not None else ""
        return Told(name, place[1], fact_text(fact, row.values[name]), source)


def way_of(enterprise: Enterprise, standard: Standard, packs: PackSet, moment: Moment) -> WayUp:
    """The cheapest way up to a standard (about 50 ms)."""
    return way_up(FirmInputs(firm_of_registry(enterprise), moment, packs), standard)


def save_plan(*, actor: Actor, at: datetime, enterprise: Enterprise, found: WayUp, moment: Moment, note: str = "") -> GrowthPlan:
    """Keep a way up as the firm's plan; an earlier plan for the same standard is put aside, not lost."""
    if enterprise.pk not in actor.firms:
        no("只有本企业的人员可以保存提升计划。", "not-own-firm").require()
    if found.status == "met":
        raise TiduError("already-met", f"已经达到“{found.standard.name}”，不需要提升计划。")
    with transaction.atomic():
        GrowthPlan.objects.filter(enterprise=enterprise, standard=found.standard.name, put_aside_at=None).update(put_aside_at=at)
        plan = GrowthPlan.objects.create(
            enterprise=enterprise, standard=found.standard.name, version=found.standard.version, document=way_up_document(found, moment),
            note=note.strip()[:500], made_by_name=actor.name, made_at=at,
        )  # fmt: skip
        detail = {"standard": plan.standard, "steps": len(found.steps), "status": found.status}
        record_event(actor=actor, at=at, action="firm.plan-saved", subject=firm_subject(enterprise), detail=detail)
    return plan
