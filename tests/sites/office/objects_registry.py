"""Objects of the registry for the access matrix: cases, requests, merges, findings."""

from __future__ import annotations

from typing import Any

from tests.apps import cases
from tests.apps.people import AT, District
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.enums import Level
from tidu.apps.quality.models import FactRequest, Finding, QualityCheck, key_texts
from tidu.apps.registry.models import DuplicatePair, Merge, SavedView
from tidu.apps.units.models import Unit

HOME = {Role.DEPARTMENT_CLERK: "tax", Role.SUBDISTRICT_CLERK: "one"}


def _unit(district: District, role: Role, own: bool) -> Unit:
    return district.units[HOME.get(role, "bureau") if own else "bureau"]


def firm_fact(district: District, role: Role, own: bool) -> list[Any]:
    return [(district.jia if own else district.yi).code, cases.REVENUE]


def correction_object(district: District, role: Role, own: bool) -> list[Any]:
    cases.sources(district)
    return [cases.correction(district.jia if own else district.yi, _unit(district, role, own)).pk]


def filing_object(district: District, role: Role, own: bool) -> list[Any]:
    cases.sources(district)
    return [cases.filing(district.jia if own else district.yi, _unit(district, role, own)).pk]


def evidence_object(district: District, role: Role, own: bool) -> list[Any]:
    case = cases.correction(district.jia if own else district.yi, _unit(district, role, own))
    return [cases.evidence(case).pk]


def request_of(district: District, unit: Unit | None) -> FactRequest:
    plain, escaped = key_texts(cases.REVENUE)
    made = FactRequest.objects.create(
        fact=cases.REVENUE, level=Level.YEAR, plain=plain, escaped=escaped, unit=unit, created_by_name="某人", created_at=AT
    )
    made.firms.create(enterprise=district.jia, period=cases.YEAR)
    return made


def request_object(district: District, role: Role, own: bool) -> list[Any]:
    return [request_of(district, _unit(district, role, own)).pk]


def finding_of(district: District) -> Finding:
    check = QualityCheck.objects.create(at=AT, law_date=AT.date(), firms=2)
    rows = [[district.jia.pk, cases.YEAR], [district.yi.pk, cases.YEAR]]
    counts = {str(district.units["one"].pk): 1, str(district.units["two"].pk): 1}
    return Finding.objects.create(
        check_of=check, kind="missing", fact=cases.REVENUE, level=Level.YEAR, period=cases.YEAR, source="税务", rows=rows, counts=counts
    )


def finding_object(district: District, role: Role, own: bool) -> list[Any]:
    return [finding_of(district).pk]


def pair_of(district: District) -> DuplicatePair:
    return DuplicatePair.objects.get_or_create(first=district.jia, second=district.yi, defaults={"reasons": ["名称相同"], "found_at": AT})[
        0
    ]


def pair_object(district: District, role: Role, own: bool) -> list[Any]:
    return [pair_of(district).pk]


def merge_of(district: District) -> Merge:
    return Merge.objects.get_or_create(
        gone=district.yi, kept=district.jia,
        defaults={"reason": "重复登记", "proposed_at": AT, "changed_by_name": "某人", "changed_at": AT, "proposed_by": district.people[Role.BUREAU_HEAD]},
    )[0]  # fmt: skip


def merge_object(district: District, role: Role, own: bool) -> list[Any]:
    return [merge_of(district).pk]


def view_object(district: District, role: Role, own: bool) -> list[Any]:
    user = district.people[role] if own else district.people[Role.BUREAU_HEAD]
    return [SavedView.objects.create(user=user, page="firms", name=f"{role}-{own}", query="q=1").pk]


REGISTRY_OBJECTS = {
    "firm-fact": firm_fact,
    "correction": correction_object,
    "filing": filing_object,
    "evidence": evidence_object,
    "fact-request": request_object,
    "quality-finding": finding_object,
    "pair": pair_object,
    "merge": merge_object,
    "view": view_object,
}
