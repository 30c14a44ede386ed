"""Which unit decides on what a firm says, and as whose word a decision enters the registry."""

from __future__ import annotations

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.corrections.models import OF_UNIT, Correction
from tidu.apps.enterprises.models import Source
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue

SELF = "自报"


def self_reported() -> Source:
    """The source of what firms say; raises ``no-source`` where the district has not set it up."""
    found = Source.objects.filter(name=SELF).select_related("unit").first()
    if found is None:
        raise TiduError("no-source", f"没有登记“{SELF}”这一数据来源，不能受理。请系统管理员在数据来源里添加。")
    return found


def lead_unit() -> Unit:
    """The unit in charge of what firms report: that of the source 自报, else the bureau. Raises ``no-unit``."""
    found = self_reported().unit or Unit.objects.filter(kind=UnitKind.BUREAU, active=True).order_by("path").first()
    if found is None:
        raise TiduError("no-unit", "没有登记牵头局，不能受理。请系统管理员先登记单位。")
    return found


def owner_of(fact: str, said_source: str) -> Unit:
    """The unit that owns what is said of a fact: that of the source in force, else of the first source of the catalogue."""
    names = [said_source, *catalogue().fact(fact).source.split("|")]
    known = {source.name: source.unit for source in Source.objects.filter(name__in=names, unit__isnull=False).select_related("unit")}
    return next((unit for name in names if (unit := known.get(name)) is not None), None) or lead_unit()


def source_of_acceptance(correction: Correction, actor: Actor) -> Source:
    """As whose word an accepted correction enters the registry.

    A department that accepts a correction of its own fact speaks again, and its new sheet replaces what it said; whoever
    else accepts lets the firm speak for itself, and the department's word stays first until the department changes it.
    """
    names = [correction.said_source] if correction.said_source else catalogue().fact(correction.fact).source.split("|")
    for source in Source.objects.filter(name__in=names, unit__isnull=False).select_related("unit"):
        if any(_speaks_for(post.role, post.unit_path, source) for post in actor.posts):
            return source
    return self_reported()


def _speaks_for(role: Role, path: str, source: Source) -> bool:
    # the bureau may decide on everything, and speaks as a source only where that source is its own
    return bool(path) and role in {*OF_UNIT, Role.BUREAU_CLERK} and source.unit is not None and source.unit.path.startswith(path)
