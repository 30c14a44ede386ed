"""Named people of the tests: one for every post, and firms of two subdistricts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.enterprises.domain.names import folded_name, initials
from tidu.apps.enterprises.enums import NameKind
from tidu.apps.enterprises.models import Enterprise, NameRecord
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit

AT = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)
PASSWORD = "Ceshi-2024-06"


@dataclass(frozen=True)
class District:
    """Units, firms 甲 (in the first subdistrict) and 乙 (in the second), and a person for every role."""

    units: dict[str, Unit]
    jia: Enterprise
    yi: Enterprise
    people: dict[Role, User]

    def actor(self, role: Role) -> Actor:
        """The person who holds a role, as an actor."""
        return actor_of(self.people[role], AT.date())


HOME = {
    Role.SUBDISTRICT_CLERK: "one",
    Role.DEPARTMENT_CLERK: "tax",
    Role.DISTRICT_LEADER: "district",
    Role.AUDITOR: "district",
    Role.BANK_CLERK: "bank",
    Role.PROVIDER_CLERK: "provider",
}


def small_district() -> District:
    """A district small enough to read."""
    units = _units()
    jia = firm("91420114MA4KAAAA01", "武汉甲精密制造有限公司", units["one"])
    yi = firm("91420114MA4KAAAA02", "武汉乙软件有限公司", units["two"])
    people: dict[Role, User] = {}
    for role in Role:
        user = User(username=role.value, name=f"{role.label}某")
        user.set_unusable_password()
        user.save()
        at_firm = role in FIRM_ROLES
        Post.objects.create(
            user=user, role=role, unit=None if at_firm else units[HOME.get(role, "bureau")], enterprise=jia if at_firm else None
        )
        people[role] = user
    return District(units, jia, yi, people)


def stranger() -> User:
    """A person without any post, who is nobody to everybody else."""
    found = User.objects.filter(username="stranger").first()
    if found is None:
        found = User(username="stranger", name="陌生人")
        found.set_unusable_password()
        found.save()
    return found


def _units() -> dict[str, Unit]:
    root = Unit.objects.create(code="district", name="测试区", short_name="测试区", kind=UnitKind.DISTRICT, path="/district/")
    found = {"district": root}
    listed = (
        ("bureau", "科经局", UnitKind.BUREAU),
        ("tax", "税务局", UnitKind.DEPARTMENT),
        ("one", "第一街道", UnitKind.SUBDISTRICT),
        ("two", "第二街道", UnitKind.SUBDISTRICT),
        ("bank", "某银行", UnitKind.BANK),
        ("provider", "某服务机构", UnitKind.PROVIDER),
    )
    for code, name, kind in listed:
        found[code] = Unit.objects.create(code=code, name=name, short_name=name, kind=kind, parent=root, path=f"/district/{code}/")
    return found


def firm(code: str, name: str, unit: Unit | None) -> Enterprise:
    """A firm with its current name."""
    found = Enterprise.objects.create(code=code, name=name, initials=initials(name), subdistrict=unit, created_at=AT)
    NameRecord.objects.create(enterprise=found, name=name, folded=folded_name(name), kind=NameKind.CURRENT)
    return found
