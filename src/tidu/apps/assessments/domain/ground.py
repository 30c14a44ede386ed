"""What an assessment rests on: two dates, the digests of the packs, and the population as it was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import polars as pl
from django.db.models import Count, Max, Q

from tidu.apps.audit.digests import sm3
from tidu.apps.enterprises.domain.populations import population_of_registry
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise, Event, FactsInForce
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, YEAR
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Population

MOST_READINGS = 3
ENOUGH = 10
"""A year counts as delivered where it has at least one tenth of the rows of the fullest year."""


@dataclass(frozen=True)
class Ground:
    """The population with the registry's key of each firm (by code), and the digest of all that was read."""

    population: Population
    keys: Mapping[str, int]
    digest: str


def usual_moment(today: date) -> Moment:
    """The law of today on the facts of today; where the figures of last year have not come in yet, on the last day
    of the newest year for which they have: else every firm would miss everything from New Year to the audits of May.
    """
    years = FactsInForce.objects.filter(level=Level.YEAR, period__lt=today.year).order_by().values_list("period")
    counts = dict(years.annotate(count=Count("pk")))
    most = max(counts.values(), default=0)
    newest = max((year for year, count in counts.items() if count * ENOUGH >= most), default=today.year - 1)
    return Moment(today, today if newest == today.year - 1 else date(newest + 1, 12, 31))


def pack_digest(packs: PackSet) -> str:
    """One digest of all packs."""
    return sm3(json.dumps(dict(packs.digests), ensure_ascii=False, sort_keys=True).encode())


def ground_now() -> Ground:
    """The registry as it stands, whole: read again where somebody wrote while it was read.

    Raises ``registry-busy`` where every reading was disturbed.
    """
    for _ in range(MOST_READINGS):
        before = _mark()
        population = population_of_registry(Enterprise.objects.all(), months=False)
        keys = dict(Enterprise.objects.in_registry().order_by().values_list("code", "pk"))
        if before == _mark():
            return Ground(population, keys, population_digest(population))
    raise TiduError("registry-busy", "读取企业库时一直有数据在写入，评估没有进行。请等导入完成后再试。")


def _mark() -> tuple[object, ...]:
    """What is no longer the same once anything that an assessment reads was written; keys are never given twice."""
    facts = FactsInForce.objects.aggregate(Max("pk"), Count("pk"))
    events = Event.objects.aggregate(Max("pk"), Count("pk"), gone=Count("pk", filter=Q(withdrawn_at__isnull=False)))
    firms = Enterprise.objects.aggregate(Max("pk"), Count("pk"), merged=Count("pk", filter=Q(merged_into__isnull=False)), v=Max("version"))
    return (*facts.values(), *events.values(), *firms.values())


def population_digest(population: Population) -> str:
    """The SM3 digest of the tables as text, rows and columns in an order of their own: the same on every machine."""
    parts = [("firms", population.firms.sort(FIRM_CODE)), ("years", population.years.sort(FIRM_CODE, YEAR))]
    parts += [(name, frame.sort(pl.all())) for name, frame in sorted(population.events.items())]
    digests = []
    for name, frame in parts:
        stream = BytesIO()
        frame.select(sorted(frame.columns)).write_csv(stream)
        digests.append(f"{name} {sm3(stream.getvalue())}")
    return sm3("\n".join(digests).encode())
