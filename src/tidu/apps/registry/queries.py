"""Questions to the upkeep of the registry."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.registry.enums import PairState
from tidu.apps.registry.models import DuplicatePair, FirmTag, FormerCode, SavedView


def firm_behind(code: str) -> Enterprise | None:
    """The firm to which a code leads today: its own, that of the firm it was merged into, or that of the firm it was corrected for.

    Whoever reads a code from outside (imports, links) asks here, so that an old code never makes a new firm.
    """
    found = Enterprise.objects.filter(code=code).select_related("merged_into").first()
    if found is None:
        former = FormerCode.objects.filter(code=code).select_related("enterprise__merged_into").first()
        found = former.enterprise if former is not None else None
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def codes_behind() -> dict[str, int]:
    """Every code that leads to another firm than the one it names: merged and corrected ones. For imports, in two queries."""
    merged = dict(Enterprise.objects.exclude(merged_into=None).values_list("pk", "merged_into_id"))

    def last(firm: int) -> int:
        while firm in merged:
            firm = merged[firm]
        return firm

    gone = {code: last(pk) for code, pk in Enterprise.objects.exclude(merged_into=None).values_list("code", "pk")}
    return gone | {code: last(pk) for code, pk in FormerCode.objects.values_list("code", "enterprise_id")}


def open_pairs(actor: Actor) -> Any:
    """Pairs to be looked at, the surest first; a pair of which one was merged meanwhile is none any more."""
    found = DuplicatePair.objects.visible_to(actor).filter(state=PairState.OPEN, first__merged_into=None, second__merged_into=None)
    return found.select_related("first", "second", "first__subdistrict", "second__subdistrict")


def views_of(actor: Actor, page: str) -> list[SavedView]:
    """The saved views of a person for a list."""
    return list(SavedView.objects.filter(user=actor.user, page=page))


def tags_in_use(actor: Actor) -> list[tuple[str, int]]:
    """Tags on firms the actor sees, with how many."""
    found = FirmTag.objects.filter(enterprise__merged_into=None)
    if not actor.sees_all_firms:
        found = found.filter(enterprise__in=Enterprise.objects.visible_to(actor).order_by().values("pk"))
    return list(found.order_by("text").values_list("text").annotate(count=Count("pk")))
