"""The assessment of everyone: frozen ground, one pass of the bulk engine, one transaction.

Until the commit nothing in the database has changed but the note of progress; a killed run leaves files behind that the
next one removes. An assessment on the very ground of the last one writes nothing and points to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.domain.changes import Before, Now, changes_of
from tidu.apps.assessments.domain.counting import Counts, counts_of, require_reconciled, require_stored
from tidu.apps.assessments.domain.ground import Ground, ground_now, pack_digest, usual_moment
from tidu.apps.assessments.domain.outcomes import STATUS, Assessed, assessed
from tidu.apps.assessments.domain.snapshots import Snapshot, inputs_of, remove_orphans, write_inputs, write_results
from tidu.apps.assessments.domain.steps import Nearest, steps_away
from tidu.apps.assessments.domain.storing import AT_ONCE, Planned, plan, standard_keys, store
from tidu.apps.assessments.models import Change, Run
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.jobs.domain.asking import ask_for
from tidu.apps.jobs.domain.running import Work
from tidu.apps.jobs.models import Job
from tidu.apps.policies.loaded import packs
from tidu.kernel.bulk import BulkEngine
from tidu.kernel.effort import effort_of
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.inputs import Moment

KIND, TITLE = "assess-everyone", "全员评估"
OPEN_ONCE = "assess-everyone:now"
Page = Callable[[int], str]
Found = list[tuple[Assessed, list[Nearest]]]


@dataclass(frozen=True)
class Prepared:
    """All that a run is going to be, worked out before anything is written."""

    moment: Moment
    ground: Ground
    found: Found
    counts: list[Counts]
    inputs: pl.DataFrame
    planned: Planned
    standards: dict[str, int]


def may_assess(actor: Actor) -> Decision:
    """Whether the actor may have everyone assessed."""
    return actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD)


def ask_for_assessment(*, actor: Actor, at: datetime, law_date: date | None = None, facts_as_of: date | None = None) -> Job:
    """Queue an assessment of everyone; without dates on the usual ones. Raises ``job-open`` where one is under way."""
    may_assess(actor).require()
    dates = {"law_date": law_date, "facts_as_of": facts_as_of}
    parameters = {name: day.isoformat() for name, day in dates.items() if day is not None}
    return ask_for(actor=actor, at=at, kind=KIND, title=TITLE, key=OPEN_ONCE, parameters=parameters)


def assess_everyone(work: Work, page: Page) -> None:
    """Do the assessment that ``work`` asks for; ``page`` is the address of a run by its number. Raises ``run-overtaken`` where another one was committed meanwhile."""
    started = work.clock()
    work.tell("读取企业库")
    remove_orphans(work.job)
    moment = _moment(work, started)
    ground = ground_now()
    last = Run.objects.order_by("-number").first()
    if last is not None and _same_ground(last, moment, ground):
        with work.commit(href=page(last.number)) as result:
            result |= {"run": last.number, "written": 0}
        return
    prepared = _prepared(work, moment, ground)
    number = last.number + 1 if last is not None else 1
    work.tell("写结果文件")
    files = _files(number, work.job, prepared)
    _committed(work, prepared, last, _run(work, started, number, prepared, files), page)


def _moment(work: Work, started: datetime) -> Moment:
    usual = usual_moment(timezone.localdate(started))
    given = {name: date.fromisoformat(str(day)) for name, day in work.parameters.items() if name in {"law_date", "facts_as_of"}}
    return Moment(given.get("law_date", usual.law_date), given.get("facts_as_of", usual.facts_as_of))


def _same_ground(run: Run, moment: Moment, ground: Ground) -> bool:
    return (run.law_date, run.facts_as_of, run.pack_digest, run.population_digest) == (
        moment.law_date, moment.facts_as_of, pack_digest(packs()), ground.digest
    )  # fmt: skip


def _prepared(work: Work, moment: Moment, ground: Ground) -> Prepared:
    rules = packs()
    standards = rules.in_force(law_date=moment.law_date)
    if not standards:
        raise TiduError("no-rule-in-force", f"{moment.law_date.isoformat()} 没有任何现行标准，没有评估。请换一个政策日期。")
    engine = BulkEngine(rules, standards, moment)
    inputs = engine.frame(ground.population)
    costs = effort_of(rules)
    found: Found = []
    total = len(standards)
    for one in assessed(engine, inputs, ground.population, lambda done, whole: work.tell("对照各项标准", done, whole)):
        found.append((one, steps_away(one, inputs, costs)))
        work.tell("找差一步的企业", len(found), total)
    counts = counts_of(found)
    require_reconciled(len(ground.keys), counts)
    with transaction.atomic():
        keys = standard_keys([one for one, _ in found])
    work.tell("与现状比较")
    enterprises = pl.Series([ground.keys[code] for code in inputs[FIRM_CODE]], dtype=pl.Int64)
    frozen = inputs.with_columns(ground.population.firms[STATUS])
    return Prepared(moment, ground, found, counts, frozen, plan(found, enterprises, keys), keys)


def _files(number: int, job: Job, prepared: Prepared) -> tuple[Snapshot, Snapshot]:
    head = {
        "run": number,
        "law_date": prepared.moment.law_date.isoformat(),
        "facts_as_of": prepared.moment.facts_as_of.isoformat(),
        "packs": dict(packs().digests),
        "population": prepared.ground.digest,
    }
    return write_results(number, job, prepared.inputs[FIRM_CODE], prepared.found, head), write_inputs(number, job, prepared.inputs)


def _run(work: Work, started: datetime, number: int, prepared: Prepared, files: Sequence[Snapshot]) -> Run:
    results, inputs = files
    return Run(
        number=number, law_date=prepared.moment.law_date, facts_as_of=prepared.moment.facts_as_of, packs=dict(packs().digests),
        pack_digest=pack_digest(packs()), population_digest=prepared.ground.digest, firms=len(prepared.ground.keys),
        counts=prepared.counts, results_file=results.name, results_digest=results.digest, inputs_file=inputs.name,
        inputs_digest=inputs.digest, created_by_id=work.actor.user, actor_name=work.actor.name, started_at=started,
    )  # fmt: skip


def _committed(work: Work, prepared: Prepared, last: Run | None, run: Run, page: Page) -> None:
    """Everything that the run changes, in one transaction with the end of the job."""
    work.tell("保存结果")
    before = None if last is None else Before(last, _inputs_before(last, prepared))
    with work.commit(href=page(run.number)) as result:
        newest = Run.objects.order_by("-number").values_list("number", flat=True).first()
        if (newest or 0) != run.number - 1:
            raise TiduError("run-overtaken", f"评估进行时，第 {newest} 次全员评估已经完成。这次没有保存，请看那一次的结果。", run=newest)
        run.finished_at = work.clock()
        run.save(force_insert=True)
        written = store(prepared.planned)
        if before is not None:
            now = _now(prepared, run)
            run.changed = _store_changes(written, prepared.planned.gone, before, now)
            run.save(update_fields=["changed"])
        require_stored(run.firms, run.counts)
        detail: dict[str, Any] = {
            "law_date": run.law_date.isoformat(), "facts_as_of": run.facts_as_of.isoformat(), "firms": run.firms,
            "population": run.population_digest, "packs": run.pack_digest, "results": run.results_digest, "changed": run.changed,
        }  # fmt: skip
        record_event(
            actor=work.actor, at=run.finished_at, action="assessment.done", subject=Subject("run", str(run.number), str(run)), detail=detail
        )
        result |= {"run": run.number, "written": written.height + prepared.planned.gone.height, "changed": run.changed}


def _now(prepared: Prepared, run: Run) -> Now:
    by_name = {one.standard.name: one.standard for one, _ in prepared.found}
    standards = {key: by_name[name] for name, key in prepared.standards.items() if name in by_name}
    return Now(run, standards, prepared.inputs, {key: code for code, key in prepared.ground.keys.items()})


def _inputs_before(last: Run, prepared: Prepared) -> pl.DataFrame | None:
    codes = {key: code for code, key in prepared.ground.keys.items()}
    changed = prepared.planned.written["enterprise"].unique().to_list()
    return inputs_of(last, pl.Series([codes[key] for key in changed], dtype=pl.String))


def _store_changes(written: pl.DataFrame, gone: pl.DataFrame, before: Before, now: Now) -> int:
    turned, waiting = 0, []
    for change in changes_of(written, gone, before, now):
        turned += change.turned
        waiting.append(change)
        if len(waiting) == AT_ONCE:
            Change.objects.bulk_create(waiting)
            waiting.clear()
    Change.objects.bulk_create(waiting)
    return turned
