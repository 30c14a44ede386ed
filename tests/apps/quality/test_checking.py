"""What a check of the data finds: missing, stale, deciding, conflicting; and what of it each person sees."""

from __future__ import annotations

import pytest

from tests.apps import cases
from tests.apps.assessments.districts import DAY, assess_all, seeded
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.domain.standing import firm_of_registry
from tidu.apps.assessments.queries import deciding_facts as of_assessment
from tidu.apps.enterprises.domain.populations import population_of_registry
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.policies.loaded import packs
from tidu.apps.quality.domain.checking import found_in_registry, keep_findings, stale_in
from tidu.apps.quality.enums import FindingKind
from tidu.apps.quality.models import Finding, QualityCheck
from tidu.apps.quality.queries import FirmsOfFinding, deciding_facts, findings
from tidu.kernel.facts import catalogue
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import UNKNOWN, assess

pytestmark = pytest.mark.django_db
MOMENT = Moment(AT.date(), AT.date())


@pytest.fixture
def district() -> District:
    made = small_district()
    source = cases.sources(made)
    cases.told(made.jia, source["税务"], {cases.REVENUE: 100_000_000})
    cases.told(made.jia, source["自报"], {cases.REVENUE: 90_000_000})
    cases.told(made.yi, source["税务"], {cases.REVENUE: 100_000_000}, period=cases.YEAR - 1)
    cases.told(made.yi, source["自报"], {"市场主体类型": "企业", "产品属禁止限制淘汰类": False}, period=0, level=Level.FIRM)
    return made


def looked(district: District) -> None:
    keep_findings(found_in_registry(packs(), MOMENT), at=AT)


def codes(kind: FindingKind, fact: str, period: int | None = None) -> list[str]:
    rows = Finding.objects.filter(kind=kind, fact=fact)
    found = rows.get(period=period) if period is not None else rows.get()
    return [Enterprise.objects.get(pk=firm).code for firm, _ in found.rows]


def test_a_fact_that_standards_read_and_nobody_told_is_missing(district: District) -> None:
    looked(district)
    assert codes(FindingKind.MISSING, cases.REVENUE, 2023) == [district.yi.code]
    assert codes(FindingKind.MISSING, cases.REVENUE, 2022) == [district.jia.code]


def test_a_figure_whose_newest_year_is_past_is_stale(district: District) -> None:
    found = {one.fact: one.rows for one in stale_in(population_of_registry(Enterprise.objects.all()), MOMENT)}
    assert found == {cases.REVENUE: [(district.yi.code, 2023)]}


def test_two_sources_that_disagree_are_a_conflict(district: District) -> None:
    looked(district)
    assert codes(FindingKind.CONFLICT, cases.REVENUE, 2023) == [district.jia.code]


def test_a_deciding_fact_is_just_the_one_that_an_open_standard_waits_for_alone(district: District) -> None:
    looked(district)
    kept = {(one.fact, firm) for one in Finding.objects.filter(kind=FindingKind.DECIDING) for firm, _ in one.rows}
    wanted = set()
    for firm in (district.jia, district.yi):
        inputs = FirmInputs(firm_of_registry(firm), MOMENT, packs())
        for standard in packs().in_force(law_date=MOMENT.law_date):
            found = assess(inputs, standard)
            if found.verdict == UNKNOWN and len(found.missing) == 1:
                wanted.add((found.missing[0], firm.pk))
    assert kept == wanted


def test_everybody_counts_only_the_firms_they_see(district: District) -> None:
    looked(district)
    finding = Finding.objects.get(kind=FindingKind.MISSING, fact=cases.REVENUE, period=2023)
    for role, seen in ((Role.BUREAU_CLERK, 1), (Role.SUBDISTRICT_CLERK, 0)):
        actor = district.actor(role)
        listed = [one.firms for one in findings(actor, FindingKind.MISSING) if one.pk == finding.pk]
        assert (sum(listed), FirmsOfFinding(finding, actor).count()) == (seen, seen)


def test_a_count_is_the_length_of_its_list_for_everybody(district: District) -> None:
    looked(district)
    for role in (Role.BUREAU_CLERK, Role.SUBDISTRICT_CLERK, Role.DEPARTMENT_CLERK):
        actor = district.actor(role)
        for kind in FindingKind:
            for line in findings(actor, kind):
                assert FirmsOfFinding(Finding.objects.get(pk=line.pk), actor).count() == line.firms


def test_a_new_check_takes_the_place_of_the_old_one(district: District) -> None:
    looked(district)
    looked(district)
    assert (QualityCheck.objects.count(), QualityCheck.objects.get().firms) == (1, 2)


def test_deciding_facts_of_one_standard_name_it(district: District) -> None:
    looked(district)
    actor = district.actor(Role.BUREAU_CLERK)
    for line in deciding_facts(actor):
        for standard in line.standards:
            assert line in deciding_facts(actor, standard)


def test_an_empty_registry_is_checked_without_a_finding() -> None:
    looked_at = found_in_registry(packs(), MOMENT)
    assert (looked_at.firms, looked_at.found) == (0, [])


def test_after_an_assessment_the_deciding_facts_are_those_of_its_lists() -> None:
    people, _ = seeded()
    assess_all()
    keep_findings(found_in_registry(packs(), Moment(DAY, DAY)), at=AT)
    for role in (Role.BUREAU_CLERK, Role.SUBDISTRICT_CLERK):
        actor = people.actor(role)
        ours = {line.fact: line.firms for line in deciding_facts(actor) if line.fact in catalogue().facts}
        theirs = {one.fact: one.firms for one in of_assessment(actor) if one.fact in catalogue().facts}
        assert (ours, bool(theirs)) == (theirs, True)
