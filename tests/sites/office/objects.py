"""Objects for the access matrix: for every kind one in the scope of the person and one that belongs to a stranger.

A maker gets the district, the role that knocks and whether the object is its own, and returns the arguments of the address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.apps.people import AT, District, stranger
from tests.sites.office import administration_objects, assessment_objects, case_objects, duty_objects, money_objects, settlement_objects
from tests.sites.office.expert_objects import OBJECTS as EXPERT_OBJECTS
from tests.sites.office.import_objects import import_object, import_sheet_object
from tests.sites.office.objects_registry import REGISTRY_OBJECTS
from tests.sites.office.stored_file_objects import stored_file_object
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import OutsideIdentity, SessionRecord
from tidu.apps.cultivation.models import FirmWarning
from tidu.apps.jobs.models import Job

Maker = Callable[[District, Role, bool], list[Any]]


def firm_object(district: District, role: Role, own: bool) -> list[Any]:
    return [(district.jia if own else district.yi).code]


def job_object(district: District, role: Role, own: bool) -> list[Any]:
    user = district.people[role] if own else None
    job = Job.objects.create(
        kind="test", title="某任务", key=f"{role}-{own}", created_by=user, actor_name=user.name if user else SYSTEM.name, created_at=AT
    )
    return [job.pk]


def session_object(district: District, role: Role, own: bool) -> list[Any]:
    user = district.people[role] if own else stranger()
    return [SessionRecord.objects.create(user=user, key=f"{role}{own}"[:40], way="password", began_at=AT, seen_at=AT).pk]


def identity_object(district: District, role: Role, own: bool) -> list[Any]:
    user = district.people[role] if own else stranger()
    return [OutsideIdentity.objects.create(user=user, issuer=f"https://id.example/{own}", subject=role.value, bound_at=AT).pk]


def pool_object(district: District, role: Role, own: bool) -> list[Any]:
    return ["zjtx"]


def material_object(district: District, role: Role, own: bool) -> list[Any]:
    return ["license"]


def warning_object(district: District, role: Role, own: bool) -> list[Any]:
    firm = district.jia if own else district.yi
    made = FirmWarning.objects.create(enterprise=firm, rule="fall", period="2024", evidence=[], raised_on=AT.date(), at=AT)
    return [made.pk]


OBJECTS: dict[str, Maker] = {
    **assessment_objects.OBJECTS,
    **case_objects.OBJECTS,
    **duty_objects.OBJECTS,
    "pool": pool_object,
    "material": material_object,
    "warning": warning_object,
    "firm": firm_object,
    "job": job_object,
    "stored-file": stored_file_object,
    "session": session_object,
    "import": import_object,
    "import-sheet": import_sheet_object,
    "identity": identity_object,
    **administration_objects.OBJECTS,
    **money_objects.OBJECTS,
    **settlement_objects.OBJECTS,
}
OBJECTS |= REGISTRY_OBJECTS | EXPERT_OBJECTS
