"""A district with firms in the registry, small enough for a test, and an assessment of everyone in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.assessments.domain.assessing import ask_for_assessment
from tidu.apps.assessments.models import Run
from tidu.apps.enterprises.domain.registering import Delivery, register_population
from tidu.apps.enterprises.models import Enterprise, Source
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.jobs.models import Job
from tidu.demo import make_district
from tidu.kernel.facts import catalogue
from tidu.kernel.population import Population

DAY = date(2024, 6, 1)
NOW = datetime(2024, 6, 1, 4, 0, tzinfo=UTC)


def sources() -> None:
    """Every source that the catalogue names."""
    facts = catalogue()
    named = {source for fact in facts.facts.values() for source in fact.source.split("|") if source}
    named |= {source for event in facts.events.values() for source in event.source.split("|") if source}
    Source.objects.bulk_create(Source(name=name) for name in sorted(named))


def with_firms(people: District, firms: int = 60, seed: int = 3) -> Population:
    """The firms of a fictional district: the first half in the first subdistrict, the others in the second."""
    sources()
    population = make_district(firms, seed=seed)
    register_population(population=population, delivery=Delivery(AT))
    keys = list(Enterprise.objects.filter(code__in=population.codes).order_by("code").values_list("pk", flat=True))
    Enterprise.objects.filter(pk__in=keys[: firms // 2]).update(subdistrict=people.units["one"])
    Enterprise.objects.filter(pk__in=keys[firms // 2 :]).update(subdistrict=people.units["two"])
    return population


def seeded(firms: int = 60, seed: int = 3) -> tuple[District, Population]:
    """People of every role, and firms."""
    people = small_district()
    return people, with_firms(people, firms, seed)


def assess_all(law_date: date = DAY, facts_as_of: date = DAY, at: datetime = NOW) -> Job:
    """The assessment, done at once; the job."""
    job = ask_for_assessment(actor=SYSTEM, at=at, law_date=law_date, facts_as_of=facts_as_of)
    run_pending(lambda: at)
    job.refresh_from_db()
    return job


def last_run() -> Run:
    return Run.objects.order_by("-number")[0]
