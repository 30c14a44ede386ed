"""Open questions with the choice in force, and what a rehearsal moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.queries import firms
from tidu.apps.fulfilment.models import AdoptedRuling, RulingEffect, RulingMove
from tidu.kernel.awards import PENDING, Option, Ruling
from tidu.kernel.packs import PackSet

WAITS = Option(PENDING, "pending", "先不定：依据它的结果不计算金额，列为“待定口径”")


@dataclass(frozen=True, slots=True)
class Standing:
    """One question as it stands: ``adopted`` is the adoption in this installation, if any; ``history`` all of them."""

    ruling: Ruling
    choice: str
    adopted: AdoptedRuling | None
    history: tuple[AdoptedRuling, ...]

    @property
    def options(self) -> tuple[Option, ...]:
        """All that may be chosen, leaving it open included."""
        return (*self.ruling.options, WAITS)

    @property
    def text(self) -> str:
        """The choice in force in words."""
        return next((one.text for one in self.options if one.choice == self.choice), "")

    @property
    def own(self) -> str:
        """What holds without an adoption: decided in the rules themselves, or their default."""
        return self.ruling.choice

    @property
    def by(self) -> str:
        """Who chose: nobody where the default holds."""
        if self.adopted is not None:
            return self.adopted.adopted_by
        return self.ruling.in_force.by if self.ruling.in_force is not None else ""


def standings(packs: PackSet) -> list[Standing]:
    """Every open question of the rules; one query."""
    history: dict[str, list[AdoptedRuling]] = {}
    for one in AdoptedRuling.objects.order_by("-adopted_at", "-pk"):
        history.setdefault(one.ruling, []).append(one)
    rulings = packs.book.rulings.values() if packs.book is not None else ()
    return [_standing(one, history.get(one.id, [])) for one in rulings]


def _standing(ruling: Ruling, history: Sequence[AdoptedRuling]) -> Standing:
    adopted = next((one for one in history if one.ended_at is None), None)
    return Standing(ruling, adopted.choice if adopted is not None else ruling.choice, adopted, tuple(history))


def awards_resting(packs: PackSet, ruling: str) -> list[str]:
    """Titles of the awards that name a question among their terms."""
    book = packs.book
    if book is None:
        return []
    found = [
        award.title
        for award in book.awards
        if ruling in {award.zero_base, award.upgrade, award.cap.year if award.cap else "", award.rivals.ruling if award.rivals else ""}
        or any(demand.ruling == ruling for demand in award.demands)
    ]
    return list(dict.fromkeys(found))


def effects(actor: Actor, ruling: str) -> QuerySet[RulingEffect]:
    """Rehearsals of a question, newest first, with how many items and firms each moves."""
    counted = RulingEffect.objects.visible_to(actor).filter(ruling=ruling)
    return counted.annotate(items=Count("moves"), firms=Count("moves__enterprise", distinct=True)).order_by("-made_at", "-pk")


def moves(actor: Actor, effect: RulingEffect, *, payer: str = "", way: str = "", words: str = "", street: str = "") -> QuerySet[RulingMove]:
    """What a rehearsal moves; ``way`` is up, down or same (only the outcome changes)."""
    found = RulingMove.objects.visible_to(actor).filter(effect=effect)
    if payer:
        found = found.filter(payer=payer)
    ways = {"up": Q(after__gt=F("before")), "down": Q(after__lt=F("before")), "same": Q(after=F("before"))}
    if way in ways:
        found = found.filter(ways[way])
    if words or street:
        found = found.filter(enterprise__in=firms(actor, words=words, subdistrict=street).order_by().values("pk"))
    return found.select_related("enterprise__subdistrict").order_by("award", "enterprise__code", "item", "pk")


def effect_sums(actor: Actor, effect: RulingEffect) -> list[dict[str, Any]]:
    """By payer: items and firms moved, fen before, after and the difference."""
    rows = RulingMove.objects.visible_to(actor).filter(effect=effect).order_by("payer").values("payer")
    counted = rows.annotate(items=Count("pk"), firms=Count("enterprise", distinct=True), before_fen=Sum("before"), after_fen=Sum("after"))
    return [{**row, "difference": row["after_fen"] - row["before_fen"]} for row in counted]
