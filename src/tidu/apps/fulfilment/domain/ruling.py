"""Rulings: before one is adopted, whom it moves and by how much; then who adopted it, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.domain.populations import population_of_registry
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.entitled import choices_in_force
from tidu.apps.fulfilment.models import AdoptedRuling
from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet
from tidu.kernel.settle import Entitlement, settle


@dataclass(frozen=True, slots=True)
class Moved:
    """One item that a ruling changes: what it gives now and would give, in fen, with both reasons."""

    firm: str
    name: str
    award: str
    item: str
    before: int
    after: int
    why_before: str
    why_after: str


def effect_of(packs: PackSet, *, ruling: str, choice: str, law_date: date, as_of: date) -> list[Moved]:
    """Every item of the registry that another choice changes; reads only."""
    population, now = population_of_registry(Enterprise.objects.all()), choices_in_force()
    before = settle(population, packs, law_date=law_date, as_of=as_of, choices=now).results
    after = settle(population, packs, law_date=law_date, as_of=as_of, choices={**now, ruling: choice}).results

    def key(one: Entitlement) -> tuple[str, str, str, str]:
        return one.firm, one.award.policy, one.award.id, one.item

    others = {key(one): one for one in after}
    return [
        Moved(one.firm, one.name, one.award.id, one.item, one.amount, other.amount, one.why, other.why)
        for one in before
        if (other := others[key(one)]) and (one.amount, one.state) != (other.amount, other.state)
    ]


def adopt_ruling(*, actor: Actor, at: datetime, packs: PackSet, ruling: str, choice: str, reason: str) -> AdoptedRuling:
    """Adopt a choice from now on; what was decided before keeps its ground. Raises ``unknown-ruling`` or ``unknown-choice``."""
    actor.may_write(Role.BUREAU_HEAD).require()
    if packs.book is None:
        raise TiduError("no-awards", "读入的政策里没有奖补，没有可以采用的口径。")
    packs.book.checked_choices({ruling: choice})
    if not reason.strip():
        raise TiduError("reason-missing", "请写明采用这个口径的理由和依据。")
    with transaction.atomic():
        AdoptedRuling.objects.filter(ruling=ruling, ended_at=None).update(ended_at=at)
        adopted = AdoptedRuling.objects.create(ruling=ruling, choice=choice, reason=reason.strip(), adopted_by=actor.name, adopted_at=at)
        record_event(
            actor=actor, at=at, action="ruling.adopted", subject=Subject("ruling", ruling, packs.book.rulings[ruling].question),
            detail={"choice": choice, "reason": reason.strip()},
        )  # fmt: skip
    return adopted
