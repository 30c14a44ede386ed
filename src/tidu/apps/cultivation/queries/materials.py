"""Which materials the system already holds: for how many firms, and for one firm."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.cultivation.domain.materials import Material, materials
from tidu.apps.cultivation.models import Computation, Glance
from tidu.apps.enterprises.models import Enterprise


def material_counts(actor: Actor, computation: Computation | None) -> Counter[str]:
    """For how many firms that the actor sees each kind is held, as of the computation."""
    by_street: dict[str, dict[str, int]] = computation.counts.get("materials", {}) if computation else {}
    seen = set(by_street)
    if not actor.sees_all_firms:
        streets = Enterprise.objects.visible_to(actor).in_registry().order_by()
        seen = {code or "" for code in streets.values_list("subdistrict__code", flat=True).distinct()}
    found: Counter[str] = Counter()
    for street in seen:
        found.update(by_street.get(street, {}))
    return found


def material_firms(actor: Actor, key: str, *, held: bool, words: str = "") -> Any:
    """The firms for which one kind is held, or is not."""
    firms = Enterprise.objects.visible_to(actor).in_registry()
    has = Q(glance__held__contains=f",{key},")
    firms = firms.filter(has) if held else firms.exclude(pk__in=Glance.objects.filter(held__contains=f",{key},").values("enterprise"))
    if words:
        firms = firms.filter(Q(name__contains=words) | Q(code=words.upper()))
    return firms.select_related("subdistrict").order_by("code")


def firm_materials(enterprise: Enterprise) -> tuple[list[Material], list[Material]]:
    """What is held for one firm (免提交) and what is not."""
    glance = Glance.objects.filter(enterprise=enterprise).first()
    keys = set(glance.held.split(",")) if glance else set()
    return [one for one in materials() if one.key in keys], [one for one in materials() if one.key not in keys]
