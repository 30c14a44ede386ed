"""The assessment as work: frozen ground, nothing written twice, changes with their reasons, files that can be trusted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings

from tests.apps.assessments.districts import DAY, NOW, assess_all, last_run, seeded
from tests.apps.people import AT, firm
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.comparing import changes, moves_between
from tidu.apps.assessments.domain import assessing
from tidu.apps.assessments.domain.assessing import ask_for_assessment
from tidu.apps.assessments.domain.counting import equation, require_reconciled, require_stored
from tidu.apps.assessments.domain.ground import ground_now, pack_digest, usual_moment
from tidu.apps.assessments.domain.snapshots import folder, inputs_of, results_of
from tidu.apps.assessments.enums import Why
from tidu.apps.assessments.models import Change, Outcome, Run, Standing, Step
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.models import AuditEvent
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, FactsInForce, Source
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.models import Job
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.inputs import Moment

pytestmark = pytest.mark.django_db
LATER = datetime(2024, 6, 2, 4, 0, tzinfo=UTC)


def counted() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Run, Standing, Step, Outcome, Change)}


def deliver(enterprise: Enterprise, level: Level, period: int, source: str, **values: Any) -> None:
    """One more sheet, and what holds now."""
    DataSheet.objects.create(
        enterprise=enterprise, source=Source.objects.get(name=source), level=level, period=period, values=values, received_at=LATER
    )
    refresh_facts([enterprise.pk])


def spender() -> tuple[FactsInForce, int]:
    """The figures of a firm that meets 创新型中小企业, and what it spent on research."""
    meeting = Standing.objects.filter(standard__name="创新型中小企业", outcome__verdict="met").values("enterprise")
    row = FactsInForce.objects.filter(level=Level.YEAR, period=2023, values__研发费用__gt=100, enterprise__in=meeting).order_by("pk")[0]
    return row, row.values["研发费用"]


def test_a_run_freezes_what_it_rests_on() -> None:
    seeded()
    job = assess_all()
    run = last_run()
    assert (job.state, job.href, job.result["run"]) == (JobState.DONE, "/office/assessments/1/", 1)
    assert (run.law_date, run.facts_as_of, run.firms, run.pack_digest) == (DAY, DAY, 62, pack_digest(packs()))
    assert run.population_digest == ground_now().digest
    assert run.packs == dict(packs().digests)
    assert sm3((folder() / run.results_file).read_bytes()) == run.results_digest
    assert sm3((folder() / run.inputs_file).read_bytes()) == run.inputs_digest
    event = AuditEvent.objects.get(action="assessment.done")
    assert (event.subject_id, event.detail["population"], event.detail["results"]) == ("1", run.population_digest, run.results_digest)


def test_the_files_hold_what_the_database_holds() -> None:
    seeded()
    assess_all()
    rows = results_of(last_run())
    assert rows is not None
    told = set(rows.select(FIRM_CODE, "standard", "verdict", "low", "high", "held").rows())
    stored = Standing.objects.values_list(
        "enterprise__code", "standard__name", "outcome__verdict", "outcome__low", "outcome__high", "outcome__held"
    )
    assert told == set(stored)
    steps = rows.filter(rows["fact"].is_not_null()).select(FIRM_CODE, "standard", "fact", "by", "to").rows()
    assert set(steps) == set(Step.objects.values_list("enterprise__code", "standard__name", "fact", "by", "to"))


def test_the_same_ground_again_writes_nothing_and_points_to_the_run() -> None:
    seeded()
    assess_all()
    before, files = counted(), sorted(path.name for path in folder().iterdir())
    job = assess_all()
    assert (job.state, job.result, job.href) == (JobState.DONE, {"run": 1, "written": 0}, "/office/assessments/1/")
    assert (counted(), sorted(path.name for path in folder().iterdir())) == (before, files)


def test_a_changed_fact_is_told_with_both_values_and_its_source() -> None:
    seeded()
    assess_all()
    row, old = spender()
    deliver(row.enterprise, Level.YEAR, 2023, "审计报告", 研发费用=1)
    assess_all()
    concerned = Change.objects.filter(run=last_run())
    assert {change.enterprise_id for change in concerned} == {row.enterprise_id}
    assert {change.why for change in concerned} == {Why.FACTS}
    assert all(change.facts == [["研发费用", old, 1]] for change in concerned)
    told = changes(SYSTEM, last_run(), turned=False)[:50]
    assert told
    assert all(one.reason.startswith("研发费用（2023年度） ") and one.reason.endswith("（审计报告，2024-06-02 收到）") for one in told)


def test_a_firm_that_was_closed_is_out_of_scope_and_told_why() -> None:
    seeded()
    assess_all()
    row, _ = spender()
    deliver(row.enterprise, Level.FIRM, 0, "市场监管", 登记状态="注销")
    assess_all()
    found = Change.objects.filter(run=last_run()).select_related("after")
    assert len(found) == len(last_run().counts)
    assert {(one.enterprise_id, one.after.verdict, one.after.value, one.why) for one in found} == {
        (row.enterprise_id, "out", "注销", "facts")
    }
    assert all(one.facts == [["登记状态", "存续", "注销"]] for one in found)


def test_another_text_of_the_law_is_told_as_that() -> None:
    seeded(120)
    assess_all()
    assess_all(law_date=date(2026, 11, 23), at=LATER)
    whys = dict.fromkeys(Change.objects.values_list("why", flat=True))
    assert set(whys) == {Why.LAW, Why.GONE_STANDARD}
    told = changes(SYSTEM, last_run(), standard="专精特新中小企业", why=Why.LAW)[:1]
    assert told[0].reason == "标准文本由2022版改为2026版"
    gone = Change.objects.filter(why=Why.GONE_STANDARD)
    assert (gone.count(), gone.filter(turned=True).count()) == (122, 0)


def test_a_firm_that_comes_and_a_firm_that_goes() -> None:
    district, _ = seeded()
    assess_all()
    new = firm("91420114MA4KCCCC09", "武汉新登记有限公司", district.units["one"])
    district.jia.merged_into = district.yi
    district.jia.save()
    assess_all()
    found = set(Change.objects.values_list("enterprise", "why", "turned"))
    assert found == {(new.pk, Why.ENTERED, True), (district.jia.pk, Why.LEFT, True)}
    assert not Standing.objects.filter(enterprise=district.jia).exists()
    assert last_run().firms == 62


def test_what_only_the_day_changes_is_told_as_that() -> None:
    seeded(150)
    assess_all()
    assess_all(facts_as_of=date(2024, 12, 31), law_date=DAY)
    whys = set(Change.objects.values_list("why", flat=True))
    assert whys <= {Why.FACTS, Why.TITLE, Why.DATE}
    assert Why.TITLE in whys or Why.FACTS in whys


def test_without_the_file_of_the_run_before_the_reason_is_not_made_up() -> None:
    seeded()
    assess_all()
    (folder() / last_run().inputs_file).unlink()
    assert inputs_of(last_run(), ground_now().population.firms[FIRM_CODE]) is None
    row, _ = spender()
    deliver(row.enterprise, Level.YEAR, 2023, "审计报告", 研发费用=1)
    assess_all()
    assert set(Change.objects.values_list("why", flat=True)) == {Why.UNTOLD}


def test_moves_between_two_runs_add_up_to_their_counts() -> None:
    seeded(120)
    assess_all()
    assess_all(law_date=date(2026, 11, 23), at=LATER)
    first, second = Run.objects.order_by("number")
    moves = moves_between(SYSTEM, first, second)
    assert moves is not None
    for run, side in ((first, "before"), (second, "after")):
        for one in run.counts:
            mine = [move for move in moves if move.standard == one["standard"]]
            found = {verdict: sum(move.count for move in mine if getattr(move, side) == verdict) for verdict in ("met", "unmet", "unknown")}
            assert found == {verdict: one[verdict] for verdict in found}


def test_what_a_dead_attempt_left_is_removed_and_strangers_files_stay() -> None:
    seeded()
    folder().mkdir(parents=True, exist_ok=True)
    stranger, orphan, draft = folder() / "说明.txt", folder() / "000001-results-99-1.parquet", folder() / ".000001-inputs-99-1.0af.parquet"
    running = Job.objects.create(
        kind="test",
        title="另一项",
        key="other",
        actor_name="系统",
        created_at=AT,
        state=JobState.RUNNING,
        attempt=2,
        lease_until=NOW.replace(year=2030),
    )
    alive = folder() / f"000001-results-{running.pk}-2.parquet"
    for path in (stranger, orphan, draft, alive):
        path.write_bytes(b"x")
    Job.objects.filter(pk=running.pk).update(worker="elsewhere/1/1")
    assess_all()
    assert [path.exists() for path in (stranger, orphan, draft, alive)] == [True, False, False, True]
    for path in (stranger, alive):
        path.unlink()


def test_a_run_that_was_overtaken_saves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two assessments at once: the one that commits second is refused, whole."""
    seeded()
    assess_all()
    row, _ = spender()
    deliver(row.enterprise, Level.YEAR, 2023, "审计报告", 研发费用=1)
    files = assessing._files

    def meanwhile(number: int, job: Job, prepared: Any) -> Any:
        found = files(number, job, prepared)
        run = last_run()
        run.pk, run.number = None, number
        run.save(force_insert=True)
        return found

    monkeypatch.setattr(assessing, "_files", meanwhile)
    before = set(Standing.objects.values_list("pk", "outcome"))
    job = assess_all()
    assert (job.state, job.error_code) == (JobState.FAILED, "run-overtaken")
    assert (set(Standing.objects.values_list("pk", "outcome")), Change.objects.count()) == (before, 0)


def test_counts_that_do_not_add_up_are_refused() -> None:
    one = {"standard": "某标准", "met": 1, "unmet": 2, "unknown": 3, "manual": 4, "out": 5}
    require_reconciled(15, [one])
    assert equation(15, one) == "符合 1 ＋ 不符合 2 ＋ 待补充 3 ＋ 需人工判断 4 ＋ 不适用 5 ＝ 15"
    with pytest.raises(TiduError) as refused:
        require_reconciled(16, [one])
    assert (refused.value.code, "合计 15 家，企业库有 16 家" in refused.value.message) == ("does-not-reconcile", True)


def test_what_is_stored_is_counted_again_in_the_database() -> None:
    seeded()
    assess_all()
    run = last_run()
    require_stored(run.firms, run.counts)
    row = Standing.objects.order_by("pk")[0]
    other = Outcome.objects.filter(standard=row.standard).exclude(verdict=row.outcome.verdict).order_by("pk")[0]
    Standing.objects.filter(pk=row.pk).update(outcome=other)
    with pytest.raises(TiduError, match="不一致"):
        require_stored(run.firms, run.counts)
    Standing.objects.filter(pk=row.pk).delete()
    with pytest.raises(TiduError, match="对不上"):
        require_stored(run.firms, run.counts)


@pytest.mark.parametrize("role", [Role.SUBDISTRICT_CLERK, Role.DEPARTMENT_CLERK, Role.DISTRICT_LEADER, Role.AUDITOR, Role.FIRM_CLERK])
def test_who_may_not_have_everyone_assessed_reads_why(role: Role) -> None:
    district, _ = seeded(1)
    with pytest.raises(NotAllowed):
        ask_for_assessment(actor=district.actor(role), at=NOW)
    assert Job.objects.count() == 0


def test_a_second_press_names_who_pressed_first() -> None:
    district, _ = seeded(1)
    ask_for_assessment(actor=district.actor(Role.BUREAU_HEAD), at=NOW)
    with pytest.raises(TiduError) as refused:
        ask_for_assessment(actor=district.actor(Role.BUREAU_CLERK), at=NOW)
    assert refused.value.message == "“全员评估”已由牵头局负责人某提出，正在进行。请等它完成。"


def test_no_firm_and_no_law_are_said() -> None:
    job = assess_all()
    assert (job.state, last_run().firms, Standing.objects.count()) == (JobState.DONE, 0, 0)
    job = assess_all(law_date=date(1990, 1, 1))
    assert (job.state, job.error_code) == (JobState.FAILED, "no-rule-in-force")


@pytest.mark.parametrize(
    ("today", "as_of"),
    [(date(2024, 6, 1), date(2024, 6, 1)), (date(2025, 2, 1), date(2024, 12, 31)), (date(2023, 6, 1), date(2023, 6, 1))],
)
def test_the_usual_moment_waits_for_the_figures_of_last_year(today: date, as_of: date) -> None:
    seeded()
    assert usual_moment(today) == Moment(today, as_of)


def test_the_home_of_the_files_is_the_installations_own() -> None:
    assert folder() == settings.HOME / "files" / "runs"
