"""Objects of administration for the access matrix."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from tests.apps.people import AT, District, stranger
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import PasswordReset, Post, PostProposal, User
from tidu.apps.administration.domain.dictionaries import install_dictionaries
from tidu.apps.administration.models import Announcement, CalendarDay, CalendarYear, Dictionary, DictionaryItem
from tidu.apps.audit.domain.chain import Subject, record_event


def unit_object(district: District, role: Role, own: bool) -> list[Any]:
    return [district.units["one" if own else "two"].pk]


def user_object(district: District, role: Role, own: bool) -> list[Any]:
    return [(district.people[Role.DEPARTMENT_CLERK] if own else stranger()).pk]


def post_object(district: District, role: Role, own: bool) -> list[Any]:
    return [Post.objects.get(user=district.people[Role.DEPARTMENT_CLERK if own else Role.BANK_CLERK]).pk]


def proposal(district: District, user: User) -> PostProposal:
    return PostProposal.objects.create(
        user=user, role=Role.DEPARTMENT_CLERK, unit=district.units["tax"], reason="某文", asked_by=district.people[Role.SYSTEM_ADMIN],
        asked_by_name="系统管理员某", asked_at=AT,
    )  # fmt: skip


def proposal_object(district: District, role: Role, own: bool) -> list[Any]:
    return [proposal(district, district.people[Role.BANK_CLERK] if own else stranger()).pk]


def reset_object(district: District, role: Role, own: bool) -> list[Any]:
    user = district.people[Role.BANK_CLERK] if own else stranger()
    asked_by = district.people[Role.SYSTEM_ADMIN]
    return [PasswordReset.objects.create(user=user, reason="forgotten", asked_by=asked_by, asked_by_name=asked_by.name, asked_at=AT).pk]


def dictionary_object(district: District, role: Role, own: bool) -> list[Any]:
    Dictionary.objects.get_or_create(key="colours", defaults={"name": "颜色"})
    return ["colours"]


def item_object(district: District, role: Role, own: bool) -> list[Any]:
    dictionary_object(district, role, own)
    return [DictionaryItem.objects.create(dictionary=Dictionary.objects.get(key="colours"), code=f"{role}-{own}"[:40], text="红").pk]


def parameter_object(district: District, role: Role, own: bool) -> list[Any]:
    return ["site.name" if own else "login.idle-minutes"]


def text_object(district: District, role: Role, own: bool) -> list[Any]:
    return ["account-opened" if own else "password-reset"]


def announcement_object(district: District, role: Role, own: bool) -> list[Any]:
    return [Announcement.objects.create(title="停机维护", body="今晚维护。", since=AT.date(), made_by_name="某", made_at=AT).pk]


def calendar_object(district: District, role: Role, own: bool) -> list[Any]:
    year = CalendarYear.objects.create(
        year=2090 + own,
        citation="国办发明电〔2089〕1号",
        proposed_by=district.people[Role.SYSTEM_ADMIN],
        proposed_by_name="某",
        proposed_at=AT,
    )
    CalendarDay.objects.create(year=year, day=date(2090 + own, 1, 2), works=False, name="元旦")
    return [year.pk]


def event_object(district: District, role: Role, own: bool) -> list[Any]:
    actor, subject = (district.actor(role), role.value) if own else (SYSTEM, "nobody")
    with transaction.atomic():
        return [record_event(actor=actor, at=AT, action="account.login", subject=Subject("thing", subject, "某物")).number]


def history_object(district: District, role: Role, own: bool) -> list[Any]:
    event_object(district, role, own)
    return ["thing", role.value if own else "nobody"]


def with_dictionaries() -> None:
    """The words that forms choose from."""
    install_dictionaries(actor=SYSTEM, at=AT)


OBJECTS = {
    "unit": unit_object, "user": user_object, "post": post_object, "proposal": proposal_object, "reset": reset_object,
    "dictionary": dictionary_object, "item": item_object, "parameter": parameter_object, "text": text_object,
    "announcement": announcement_object, "calendar": calendar_object, "event": event_object, "history": history_object,
}  # fmt: skip
