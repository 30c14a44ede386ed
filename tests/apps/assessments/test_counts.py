"""What the assessment of everyone says of each firm is what the kernel says of it alone."""

from __future__ import annotations

import pytest

from tests.apps.assessments.districts import DAY, assess_all, last_run, seeded
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.domain.outcomes import addresses, criteria
from tidu.apps.assessments.domain.standing import firm_of_registry
from tidu.apps.assessments.enums import Verdict
from tidu.apps.assessments.models import Outcome, Standing
from tidu.apps.assessments.queries import DecidingFact, deciding_facts, firms_lacking, source_of
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.policies.loaded import packs
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import Assessment, assess_firm, standard_keys
from tidu.kernel.population import Firm
from tidu.kernel.truth import answer

pytestmark = pytest.mark.django_db
MOMENT = Moment(DAY, DAY)
Said = tuple[str, str, int | None, int | None, tuple[str, ...], tuple[str, ...]]


def expected(firm: Firm, found: Assessment) -> Said:
    """Verdict, value, score, missing and manual, as the kernel judges one firm; and whether the standard speaks of it at all."""
    status = firm.facts.get("登记状态")
    if status not in {None, "存续"}:
        return Verdict.OUT.value, str(status), None, None, (), ()
    if found.value == "不适用":
        return Verdict.OUT.value, "不适用", None, None, (), ()
    inputs = FirmInputs(firm, MOMENT, packs())
    known = inputs.fill(standard_keys(found.standard), found.standard.tests)
    if any(addresses(rule) and answer(rule, known) is False for rule in criteria(found.standard)):
        return Verdict.OUT.value, "不在适用范围", None, None, (), ()
    low, high = (found.score.low, found.score.high) if found.score else (None, None)
    return found.verdict, found.value or "", low, high, found.missing, found.manual


def said(outcome: Outcome) -> Said:
    return outcome.verdict, outcome.value, outcome.low, outcome.high, tuple(outcome.missing), tuple(outcome.manual)


def test_everyone_together_is_everyone_alone() -> None:
    seeded(300)
    assess_all()
    rows = Standing.objects.select_related("outcome", "standard")
    found = {(row.enterprise_id, row.standard.name): said(row.outcome) for row in rows}
    alone = {}
    for enterprise in Enterprise.objects.all():
        firm = firm_of_registry(enterprise)
        for one in assess_firm(firm, packs(), MOMENT):
            alone[enterprise.pk, one.standard.name] = expected(firm, one)
    assert found == alone

    lone = [key for key, (verdict, _, _, _, missing, manual) in alone.items() if verdict == "unknown" and len(missing) == 1 and not manual]
    counted: dict[str, list[int]] = {}
    for firm_key, name in lone:
        counted.setdefault(alone[firm_key, name][4][0], []).append(firm_key)
    wanted = [DecidingFact(fact, source_of(fact), len(set(firms)), len(firms)) for fact, firms in counted.items()]
    assert deciding_facts(SYSTEM) == sorted(wanted, key=lambda one: (-one.firms, -one.standards, one.fact))
    for fact, firms in counted.items():
        assert set(firms_lacking(SYSTEM, fact).values_list("pk", flat=True)) == set(firms)
    lacking = {key for (key, _), one in alone.items() if "营业收入" in one[4]}
    assert set(firms_lacking(SYSTEM, "营业收入", alone=False).values_list("pk", flat=True)) == lacking

    run = last_run()
    for one in run.counts:
        verdicts = [what[0] for (_, name), what in alone.items() if name == one["standard"]]
        assert {verdict.value: one[verdict.value] for verdict in Verdict} == {verdict.value: verdicts.count(verdict) for verdict in Verdict}
        assert len(verdicts) == run.firms


def test_facts_that_decide_are_asked_for_a_single_standard_and_for_own_firms_only() -> None:
    district, _ = seeded(120)
    assess_all()
    clerk = district.actor(Role.SUBDISTRICT_CLERK)
    own = set(Enterprise.objects.visible_to(clerk).values_list("pk", flat=True))
    everything, mine = deciding_facts(SYSTEM), deciding_facts(clerk)
    assert 0 < sum(one.standards for one in mine) < sum(one.standards for one in everything)
    for fact in {one.fact for one in everything}:
        all_firms = set(firms_lacking(SYSTEM, fact).values_list("pk", flat=True))
        assert set(firms_lacking(clerk, fact).values_list("pk", flat=True)) == all_firms & own
    names = set(Standing.objects.values_list("standard__name", flat=True))
    each = [deciding_facts(SYSTEM, name) for name in names]
    assert sum(one.standards for listed in each for one in listed) == sum(one.standards for one in everything)
    stranger = district.actor(Role.BANK_CLERK)
    assert (deciding_facts(stranger), firms_lacking(stranger, "营业收入").count()) == ([], 0)


@pytest.mark.parametrize(("fact", "source"), [("营业收入", "税务"), ("认定.级别", "科技经信"), ("没有这一项", "")])
def test_a_missing_fact_names_its_source(fact: str, source: str) -> None:
    assert source_of(fact) == source
