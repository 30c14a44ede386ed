"""Files for the access matrix."""

from __future__ import annotations

from typing import Any

from tests.apps.materials.files import png
from tests.apps.materials.ground import asked_about
from tests.apps.people import AT, District
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import Role
from tidu.apps.materials.domain.keeping import Owner, keep_file


def stored_file_object(district: District, role: Role, own: bool) -> list[Any]:
    owner = district.jia if own else district.yi
    if role == Role.DEPARTMENT_CLERK and own:
        asked_about(owner, district.units["tax"])
    file = keep_file(actor=SYSTEM, at=AT, owner=Owner(owner), kind="certificate", name="证书.png", content=png())
    return [file.pk]
