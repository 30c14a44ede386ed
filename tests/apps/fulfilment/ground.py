"""A district with money to give: firms with achievements, sources owned by units, budgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tests.apps.people import District, firm, small_district
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.domain.registering import event_mark, stored_json
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, Event, Source
from tidu.apps.fulfilment.models import AdoptedRuling, Case
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit

LAW = date(2024, 6, 3)
NOON = datetime(2024, 6, 3, 4, 0, tzinfo=UTC)
ACCOUNT = "6222020200012345678"
WAN = 1_000_000
"""Fen in 万元."""


@dataclass(frozen=True)
class Ground:
    """The district with its people, a second head and a clerk in each reviewing department."""

    district: District
    second: User
    clerks: dict[str, User]

    def actor(self, role: Role) -> Actor:
        """The person who holds a role."""
        return actor_of(self.district.people[role], LAW)

    @property
    def clerk(self) -> Actor:
        """The bureau's clerk."""
        return self.actor(Role.BUREAU_CLERK)

    @property
    def head(self) -> Actor:
        """The bureau's head."""
        return self.actor(Role.BUREAU_HEAD)

    @property
    def firm(self) -> Actor:
        """The clerk of firm 甲."""
        return self.actor(Role.FIRM_CLERK)

    def department(self, code: str) -> Actor:
        """The clerk of a department."""
        return actor_of(self.clerks[code], LAW)

    def member_of(self, enterprise: Enterprise) -> Actor:
        """A clerk of another firm."""
        user, fresh = User.objects.get_or_create(username=f"member-{enterprise.pk}", defaults={"name": f"{enterprise.name}经办"})
        if fresh:
            Post.objects.create(user=user, role=Role.FIRM_CLERK, enterprise=enterprise)
        return actor_of(user, LAW)


SOURCES = {"税务": "tax", "财政": "finance", "市场监管": "market", "科技经信": "bureau", "统计": "bureau"}


def money_district() -> Ground:
    """The small district, with sources, departments and rulings adopted."""
    district = small_district()
    clerks: dict[str, User] = {"tax": district.people[Role.DEPARTMENT_CLERK]}
    for code, name in (("finance", "财政局"), ("market", "市监局")):
        unit = Unit.objects.create(
            code=code, name=name, short_name=name, kind=UnitKind.DEPARTMENT, parent=district.units["district"], path=f"/district/{code}/"
        )
        district.units[code] = unit
        clerks[code] = User.objects.create(username=code, name=f"{name}某")
        Post.objects.create(user=clerks[code], role=Role.DEPARTMENT_CLERK, unit=unit)
    for name, code in SOURCES.items():
        Source.objects.create(name=name, unit=district.units[code])
    second = User.objects.create(username="second", name="副科长某")
    Post.objects.create(user=second, role=Role.BUREAU_HEAD, unit=district.units["bureau"])
    for enterprise in (district.jia, district.yi):
        alive(enterprise)
    return Ground(district, second, clerks)


def alive(enterprise: Enterprise) -> None:
    """The firm pays its taxes in the district and is in business."""
    values = {"纳税关系所在区": "420114", "登记状态": "存续"}
    DataSheet.objects.create(
        enterprise=enterprise, source=Source.objects.get(name="市场监管"), level=Level.FIRM, values=values, received_at=NOON
    )
    refresh_facts([enterprise.pk])


def achieve(enterprise: Enterprise, kind: str, fields: Mapping[str, Any], day: str = "日期") -> Event:
    """Something happened to the firm."""
    stored = {name: stored_json(value) for name, value in fields.items()}
    return Event.objects.create(
        enterprise=enterprise, type=kind, day=fields[day], fields=stored, mark=event_mark(kind, stored),
        source=Source.objects.get(name="科技经信"), received_at=NOON,
    )  # fmt: skip


def another_firm(number: int) -> Enterprise:
    """One more firm in business."""
    found = firm(f"91420114MA4KB{number:05d}", f"武汉示例{number}有限公司", None)
    alive(found)
    return found


def reread(case: Case) -> Case:
    """The case as it stands now."""
    return Case.objects.select_related("enterprise", "notice").get(pk=case.pk)


def adopt(ruling: str, choice: str) -> None:
    """A ruling adopted by hand, for tests of what rests on it."""
    AdoptedRuling.objects.create(ruling=ruling, choice=choice, reason="测试", adopted_by="测试", adopted_at=NOON)
