"""The first administrators: nobody is there yet who could propose or grant, so the installation itself does it, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.domain.accounts import open_account
from tidu.apps.accounts.domain.posts import Place, give_post
from tidu.apps.accounts.enums import ADMINISTRATORS, Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.accounts.passwords import first_password
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.units.domain.keeping import unit_subject
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError

ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def first_administrators(
    *, at: datetime, names: tuple[str, str, str], district: str = "", bureau: str = ""
) -> list[tuple[User, Role, str]]:  # fmt: skip
    """Accounts and posts for the three administrators, with their first passwords; all or nothing.

    Raises ``administrators-exist`` where one of these roles was ever given, ``units-needed`` where there is no unit and none is named.
    """
    if Post.objects.filter(role__in=ADMINISTRATORS).exists():
        raise TiduError("administrators-exist", "系统里已有管理员，没有改动。新增管理员请在“用户”页面申请岗位，由安全管理员复核。")
    if len(set(names)) != len(names):
        raise TiduError("administrators-alike", "三个管理员须由不同的人担任，用户名不能相同。")
    with transaction.atomic():
        place = Place(unit=_bureau(at, district, bureau))
        made = []
        for username, role in zip(names, ROLES, strict=True):
            password = first_password()
            user = open_account(actor=SYSTEM, at=at, username=username, name=role.label, password=password)
            give_post(actor=SYSTEM, at=at, user=user, role=role, place=place)
            made.append((user, role, password))
    return made


def _bureau(at: datetime, district: str, bureau: str) -> Unit:
    found = Unit.objects.filter(kind=UnitKind.BUREAU, active=True).first()
    if found is not None:
        return found
    root = Unit.objects.filter(parent=None).first()
    if (root is None and not district) or not bureau:
        raise TiduError("units-needed", "库里还没有单位。请用 --district 写明区的全称，用 --bureau 写明牵头局的全称。")
    if root is None:
        root = _added(at, Unit(code="district", name=district, short_name=district[:40], kind=UnitKind.DISTRICT, path="/district/"))
    path = f"{root.path}bureau/"
    return _added(at, Unit(code="bureau", name=bureau, short_name=bureau[:40], kind=UnitKind.BUREAU, parent=root, path=path))


def _added(at: datetime, unit: Unit) -> Unit:
    unit.save(force_insert=True)
    record_event(actor=SYSTEM, at=at, action="unit.added", subject=unit_subject(unit), detail={"code": unit.code, "kind": unit.kind})
    return unit
