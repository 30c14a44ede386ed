"""Cases for the access matrix."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tests.apps.materials.ground import handed_in
from tests.apps.people import AT, District, stranger
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Deputy, User
from tidu.apps.fulfilment.models import Case, Opinion, Phrase


def case_of(district: District, role: Role, own: bool) -> Case:
    """A case of a firm; the own one is one that the department was asked about."""
    submission = handed_in(district.jia if own else district.yi, {})
    if own:
        Opinion.objects.create(
            case=submission.case, submission=submission, unit=district.units["tax"], due=AT.date(), asked_at=AT
        )  # fmt: skip
    return submission.case


def case_object(district: District, role: Role, own: bool) -> list[Any]:
    return [case_of(district, role, own).pk]


def case_act_object(district: District, role: Role, own: bool) -> list[Any]:
    return [case_of(district, role, own).pk, "conclude"]


def opinion_object(district: District, role: Role, own: bool) -> list[Any]:
    """Of the department that holds the post, or of another one that was asked about another firm."""
    submission = handed_in(district.jia if own else district.yi, {})
    unit = district.units["tax" if own else "bank"]
    made = Opinion.objects.create(case=submission.case, submission=submission, unit=unit, due=AT.date(), asked_at=AT)
    return [made.pk]


def deputy_object(district: District, role: Role, own: bool) -> list[Any]:
    """Named by the person, or by somebody who has nothing to do with the person."""
    absent = district.people[role] if own else stranger()
    day = timezone.localdate()
    deputy = User.objects.get_or_create(username="colleague", defaults={"name": "同事某"})[0]
    return [Deputy.objects.create(absent=absent, deputy=deputy, since=day, last=day, reason="出差", made_at=AT).pk]


def phrase_object(district: District, role: Role, own: bool) -> list[Any]:
    owner = district.people[role] if own else stranger()
    return [Phrase.objects.create(owner=owner, act="refuse", text="不属于奖励范围。", made_at=AT).pk]


OBJECTS = {"phrase": phrase_object, "deputy": deputy_object, "opinion": opinion_object, "case": case_object, "case-act": case_act_object}
