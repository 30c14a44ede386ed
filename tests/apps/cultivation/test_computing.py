"""The daily computation on a seeded district: the same answers as firm by firm, counts that reconcile, no second warning."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import polars as pl
import pytest
from django.db.models import Model

from tests.apps.cultivation.districts import DAY, computed, seeded
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.cultivation.background import COMPUTE
from tidu.apps.cultivation.domain.computing import Outcome
from tidu.apps.cultivation.domain.materials import holders, materials
from tidu.apps.cultivation.domain.membership import Act, act_on_membership
from tidu.apps.cultivation.domain.nightly import ask_for_computation
from tidu.apps.cultivation.domain.revenue import LINE
from tidu.apps.cultivation.domain.rulebook import rulebook
from tidu.apps.cultivation.enums import MemberState, WarningState
from tidu.apps.cultivation.models import Computation, Finding, FirmWarning, Glance, Holding, Membership, RevenueLine
from tidu.apps.cultivation.queries.materials import material_counts, material_firms
from tidu.apps.cultivation.queries.pools import PoolFilter, candidates, exits, members, pool_counts, unknowns
from tidu.apps.enterprises.models import Enterprise, FactsInForce
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.jobs.models import Job
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import assess

pytestmark = pytest.mark.django_db
WRITTEN: tuple[type[Model], ...] = (Holding, Glance, Finding, RevenueLine, FirmWarning)


@pytest.fixture
def district() -> District:
    found = small_district()
    seeded()
    return found


@pytest.fixture
def outcome(district: District) -> Outcome:
    return computed()


def rows_of(model: type[Model]) -> list[tuple[object, ...]]:
    """All rows but for their numbers, in an order that does not depend on them."""
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return sorted(model._default_manager.values_list(*names), key=repr)


def test_the_bulk_engine_and_the_interpreter_say_the_same_of_every_firm_and_rule(outcome: Outcome) -> None:
    book, moment = outcome.book, Moment(DAY, DAY)
    said = {name: dict(rows.select(FIRM_CODE, "verdict").iter_rows()) for name, rows in outcome.rules.items()}
    for firm in outcome.population.each_firm(outcome.population.codes[::7]):
        inputs = FirmInputs(firm, moment, book.packs)
        assert {one.name: said[one.name][firm.code] for one in book.standards} == {
            one.name: assess(inputs, one).verdict for one in book.standards
        }


def test_what_is_missing_is_never_taken_for_nothing(outcome: Outcome) -> None:
    without = outcome.population.firms.filter(pl.col("登记状态").is_null())[FIRM_CODE].to_list()
    said = dict(outcome.rules["新建新投产项目监测库 出库"].select(FIRM_CODE, "verdict").iter_rows())
    assert {said[code] for code in without} <= {"unknown", "met"}
    silent = {code for code, line in outcome.revenue.lines.items() if line.to_date is None} if outcome.revenue else set()
    told = dict(outcome.population.firms.select(FIRM_CODE, "本年累计应税收入").iter_rows())
    assert silent
    assert {told[code] for code in silent} == {None}


def test_computing_twice_gives_the_same_rows_and_no_second_warning(outcome: Outcome) -> None:
    before = {model: rows_of(model) for model in WRITTEN}
    computed(at=AT)
    assert {model: rows_of(model) for model in WRITTEN} == before
    counts = Computation.objects.latest("pk").counts
    assert [counts[key] for key in ("warnings", "vanished", "back")] == [0, 0, 0]


def test_the_sales_table_is_what_adding_up_the_facts_gives(outcome: Outcome) -> None:
    through = Computation.objects.get().through
    months: dict[int, dict[int, int]] = {}
    for firm, period, values in FactsInForce.objects.filter(level=2).values_list("enterprise", "period", "values"):
        if values.get("应税收入") is not None:
            months.setdefault(firm, {})[period] = values["应税收入"]
    assert through == 202404
    wanted = list(range(202401, 202405))
    found = {line.enterprise_id: (line.to_date, line.before, line.gaps) for line in RevenueLine.objects.all()}
    brute = {}
    for firm, known in months.items():
        now = [known.get(period) for period in wanted]
        then = [known.get(period - 100) for period in wanted]
        brute[firm] = (
            None if None in now else sum(value or 0 for value in now),
            None if None in then else sum(value or 0 for value in then),
            now.count(None),
        )
    assert found == brute


def test_no_forecast_without_a_reason_and_no_reason_with_one(outcome: Outcome) -> None:
    lines = list(RevenueLine.objects.all())
    assert {(line.middle is None, line.why != "", line.crossing == "none") for line in lines} <= {(True, True, True), (False, False, False)}
    assert all(line.low <= line.middle <= line.high for line in lines if line.middle is not None)
    assert all((line.crossing in {"up", "above"}) == (line.low >= LINE) for line in lines if line.middle is not None)


@pytest.mark.parametrize("role", [Role.BUREAU_CLERK, Role.SUBDISTRICT_CLERK])
def test_who_should_be_in_is_in_or_refused_or_waits(district: District, outcome: Outcome, role: Role) -> None:
    clerk = district.actor(Role.BUREAU_CLERK)
    for pool in rulebook().pools:
        due = list(Finding.objects.filter(pool=pool.key, entry="met").select_related("enterprise").order_by("enterprise__code"))
        for number, one in enumerate(due[:9]):
            key = ("enter", "refuse", "propose")[number % 3]
            act_on_membership(actor=clerk, at=AT, enterprise=one.enterprise, pool=pool.key, act=Act(key, reason="走访"))
    actor = district.actor(role)
    seen = {firm.code for firm in Enterprise.objects.visible_to(actor)}
    for pool in rulebook().pools:
        counts = pool_counts(actor, pool)
        met = {code for code, verdict in outcome.rules[pool.entry].select(FIRM_CODE, "verdict").iter_rows() if verdict == "met"} & seen
        live = dict(Membership.objects.filter(pool=pool.key).values_list("enterprise__code", "state"))
        by_state = Counter(live.get(code, "") for code in met)
        waiting = by_state[""] + by_state[MemberState.PROPOSED]
        assert (counts.due, counts.due_inside, counts.due_refused, counts.waiting) == (
            len(met), by_state[MemberState.MEMBER], by_state[MemberState.REFUSED], waiting,
        )  # fmt: skip
        assert counts.due == counts.due_inside + counts.due_refused + counts.waiting
        assert {one.enterprise.code for one in candidates(actor, pool.key, PoolFilter())} == {
            code for code in met if live.get(code, "") in {"", MemberState.PROPOSED}
        }
        assert members(actor, pool.key, PoolFilter()).count() == counts.members
        assert unknowns(actor, pool.key).count() == counts.unknown


def test_who_meets_the_exit_rule_stays_until_a_person_says_so(district: District, outcome: Outcome) -> None:
    clerk = district.actor(Role.BUREAU_CLERK)
    one = Finding.objects.filter(pool="zjtx", entry="met", exit="unmet").select_related("enterprise").order_by("enterprise__code")[0]
    act_on_membership(actor=clerk, at=AT, enterprise=one.enterprise, pool="zjtx", act=Act("enter"))
    FactsInForce.objects.filter(enterprise=one.enterprise, level=0).update(values={"登记状态": "注销", "市场主体类型": "企业"})
    computed(DAY + timedelta(days=1))
    assert [row.enterprise_id for row in exits(clerk, "zjtx")] == [one.enterprise_id]
    assert Membership.objects.get(enterprise=one.enterprise).state == MemberState.MEMBER


def test_a_warning_names_its_ground_and_learns_that_it_vanished_and_came_back(district: District, outcome: Outcome) -> None:
    holder = (
        Holding.objects.valid_on(DAY)
        .filter(rung__gt=0)
        .exclude(enterprise__warnings__rule="listed")
        .order_by("enterprise__code")[0]
        .enterprise
    )
    row = FactsInForce.objects.get(enterprise=holder, level=0)

    def say(listed: bool, day: date) -> FirmWarning | None:
        row.values = {**row.values, "列入经营异常名录": listed, "列入严重失信主体名单": False}
        row.save()
        computed(day)
        return FirmWarning.objects.filter(enterprise=holder, rule="listed").first()

    first = say(True, DAY + timedelta(days=1))
    assert first is not None
    assert (first.raised_on, first.vanished_on, first.state) == (DAY + timedelta(days=1), None, WarningState.OPEN)
    assert ("列入经营异常名录", "是") in [(one["name"], one["text"]) for one in first.evidence]
    gone = say(False, DAY + timedelta(days=2))
    back = say(True, DAY + timedelta(days=3))
    assert gone is not None
    assert back is not None
    assert (gone.pk, gone.vanished_on, back.pk, back.vanished_on) == (first.pk, DAY + timedelta(days=2), first.pk, None)


def test_recognitions_that_run_out_warn_once_and_not_where_they_were_renewed(district: District, outcome: Outcome) -> None:
    last = DAY + timedelta(days=90)
    wanted = {
        (one.enterprise_id, f"{one.kind} {one.until}")
        for one in Holding.objects.all()
        if one.day <= DAY and one.until and DAY - timedelta(days=90) <= one.until <= last and not one.renewed
    }
    assert set(FirmWarning.objects.filter(rule="expiry").values_list("enterprise_id", "period")) == wanted
    assert wanted


def test_the_materials_held_are_counted_as_the_facts_say(district: District, outcome: Outcome) -> None:
    found = holders(outcome.population, DAY)
    for role in (Role.BUREAU_CLERK, Role.SUBDISTRICT_CLERK):
        actor = district.actor(role)
        seen = {firm.code for firm in Enterprise.objects.visible_to(actor)}
        counts = material_counts(actor, Computation.objects.get())
        assert {key: counts[key] for key in found} == {key: len(codes & seen) for key, codes in found.items()}
        for key in ("license", "high-tech", "invention", "vat"):
            assert {firm.code for firm in material_firms(actor, key, held=True)} == found[key] & seen
            assert {firm.code for firm in material_firms(actor, key, held=False)} == seen - found[key]


def test_every_kind_of_material_is_named_once_and_about_eighty_there_are() -> None:
    listed = materials()
    assert len({one.key for one in listed}) == len(listed) == len({one.name for one in listed})
    assert 80 <= len(listed) <= 90


def test_the_work_is_asked_for_by_the_bureau_done_by_the_worker_and_in_the_audit(district: District) -> None:
    ask_for_computation(actor=district.actor(Role.BUREAU_CLERK), at=AT)
    done = run_pending(lambda: AT)
    assert (done, Job.objects.get().state, Job.objects.get().kind) == (1, "done", COMPUTE)
    event = AuditEvent.objects.get(action="cultivation.computed")
    assert (event.actor_name, event.detail["firms"]) == ("牵头局经办某", Enterprise.objects.count())


def test_an_empty_registry_computes_to_nothing(db: None) -> None:
    small_district()
    outcome = computed()
    assert (outcome.revenue, Finding.objects.filter(entry="met").count(), FirmWarning.objects.count()) == (None, 0, 0)
    assert Computation.objects.get().through is None
