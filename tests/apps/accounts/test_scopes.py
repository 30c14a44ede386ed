"""Who sees which accounts, posts, sessions, units and events: with a stranger in every case."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.apps.people import AT, District, small_district, stranger
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import ADMINISTRATORS, Role
from tidu.apps.accounts.models import Post, SessionRecord, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.administration.enums import Audience
from tidu.apps.administration.models import Announcement
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.audit.models import AuditEvent
from tidu.apps.units.models import Unit

pytestmark = pytest.mark.django_db
OUTSIDE = {Role.BANK_CLERK, Role.PROVIDER_CLERK, Role.FIRM_LEGAL, Role.FIRM_CLERK, Role.FIRM_FINANCE, Role.FIRM_AGENT}


@pytest.fixture
def district() -> District:
    found = small_district()
    stranger()
    return found


@pytest.mark.parametrize("role", Role)
def test_accounts(district: District, role: Role) -> None:
    everybody = {user.username for user in User.objects.all()}
    seen = {user.username for user in User.objects.visible_to(district.actor(role))}
    assert seen == (everybody if role in ADMINISTRATORS | {Role.AUDITOR} else {role.value})


@pytest.mark.parametrize("role", Role)
def test_posts(district: District, role: Role) -> None:
    seen = {post.role for post in Post.objects.visible_to(district.actor(role))}
    assert seen == (set(Role) if role in ADMINISTRATORS | {Role.AUDITOR} else {role})


@pytest.mark.parametrize("role", Role)
def test_units(district: District, role: Role) -> None:
    seen = {unit.code for unit in Unit.objects.visible_to(district.actor(role))}
    assert seen == set(district.units) - ({"bank", "provider"} if role in OUTSIDE else set())


@pytest.mark.parametrize("role", Role)
def test_sessions(district: District, role: Role) -> None:
    for user in (district.people[role], stranger()):
        SessionRecord.objects.create(user=user, key=user.username, way="password", began_at=AT, seen_at=AT)
    seen = {one.user.username for one in SessionRecord.objects.visible_to(district.actor(role))}
    assert seen == ({role.value, "stranger"} if role == Role.SECURITY_ADMIN else {role.value})


@pytest.mark.parametrize("role", Role)
def test_events(district: District, role: Role) -> None:
    other = actor_of(stranger(), AT.date())
    for actor, action in ((district.actor(role), "export"), (other, "export"), (other, "account.login"), (SYSTEM, "unit.added")):
        with transaction.atomic():
            record_event(actor=actor, at=AT, action=action, subject=Subject("thing", "1", "某物"))
    seen = [(event.actor_name, event.action) for event in AuditEvent.objects.visible_to(district.actor(role)).order_by("number")]
    own = [(district.people[role].name, "export")]
    everything = [*own, ("陌生人", "export"), ("陌生人", "account.login"), ("系统", "unit.added")]
    readers = {Role.AUDIT_ADMIN: everything, Role.AUDITOR: everything, Role.SECURITY_ADMIN: [*own, ("陌生人", "account.login")]}
    assert seen == readers.get(role, own)


@pytest.mark.parametrize("role", Role)
def test_announcements(district: District, role: Role) -> None:
    for audience in Audience:
        Announcement.objects.create(title=audience.value, body="。", audience=audience, since=AT.date(), made_by_name="某", made_at=AT)
    seen = {one.title for one in Announcement.objects.visible_to(district.actor(role))}
    assert seen == ({"everybody"} if role in OUTSIDE else {"everybody", "officials"})


def test_who_holds_no_post_sees_nothing_of_others(district: District) -> None:
    nobody = actor_of(stranger(), AT.date())
    seen = (
        {user.username for user in User.objects.visible_to(nobody)}, Post.objects.visible_to(nobody).count(),
        SessionRecord.objects.visible_to(nobody).count(), AuditEvent.objects.visible_to(nobody).count(),
        {unit.code for unit in Unit.objects.visible_to(nobody)},
    )  # fmt: skip
    assert seen == ({"stranger"}, 0, 0, 0, set(district.units) - {"bank", "provider"})
