"""The sections of the page of a firm, in the order in which an official reads them.

Another area adds a section of its own by one line in ``SECTIONS``: an id for the address, a title, a template that is
given ``data``, and a function of the actor, the firm and the day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.members import members
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import fact_blocks
from tidu.apps.policies.loaded import packs
from tidu.apps.registry.domain.position import position_of
from tidu.apps.registry.domain.tags import TAGGERS
from tidu.apps.registry.domain.upkeep import may_keep
from tidu.apps.registry.models import FormerCode, Place
from tidu.kernel.inputs import Moment
from tidu.sites.office.cultivation_section import cultivation_of

MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Section:
    """One section; ``load`` makes what its template shows as ``data``."""

    id: str
    title: str
    template: str
    load: Callable[[Actor, Enterprise, date], Any]


def _facts(actor: Actor, firm: Enterprise, day: date) -> Any:  # noqa: ARG001 - every section is asked alike
    return fact_blocks(firm)


def _registers(actor: Actor, firm: Enterprise, day: date) -> Any:  # noqa: ARG001
    """Events by type; of each the newest, and how many there are."""
    grouped: dict[str, list[Any]] = {}
    for event in firm.events.filter(withdrawn_at=None).select_related("source")[:MOST_EVENTS]:
        grouped.setdefault(event.type, []).append(event)
    return sorted(grouped.items())


def _names(actor: Actor, firm: Enterprise, day: date) -> Any:  # noqa: ARG001
    return {
        "names": list(firm.names.order_by("kind", "name")),
        "codes": list(FormerCode.objects.filter(enterprise=firm)),
        "places": list(Place.objects.filter(enterprise=firm).select_related("unit")),
        "merged": list(firm.merged.order_by("code")),
        "may_keep": may_keep(actor),
    }


def _tags(actor: Actor, firm: Enterprise, day: date) -> Any:  # noqa: ARG001
    return {"tags": list(firm.tags.all()), "may_tag": actor.may_write(*TAGGERS)}


def _members(actor: Actor, firm: Enterprise, day: date) -> Any:  # noqa: ARG001
    return list(members(firm, day))


SECTIONS: tuple[Section, ...] = (
    Section("cultivation", "培育与预警", "office/firm_cultivation.html", cultivation_of),
    Section("facts", "企业数据", "office/firm_facts.html", _facts),
    Section("registers", "登记事项", "office/firm_registers.html", _registers),
    Section("names", "名称、代码、街道", "office/firm_names.html", _names),
    Section("tags", "标签", "office/firm_tags.html", _tags),
    Section("members", "企业人员", "office/firm_members.html", _members),
)


def position_on(firm: Enterprise, day: date) -> Any:
    """Ladder, titles and verdicts on a day."""
    return position_of(firm, packs(), Moment(day, day))
