"""Pages of administration: constant queries, passwords shown once, duties before anything else, sessions, words everywhere."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import tidu
from tests.apps.people import AT, PASSWORD, District, small_district, stranger
from tests.sites.office.administration_objects import with_dictionaries
from tests.sites.office.forms_own_account import code_of, with_factor
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.domain.accounts import open_account
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import PasswordReset, Post, PostProposal, SecondFactor, SessionRecord, User
from tidu.apps.administration.domain.parameters import set_parameter
from tidu.apps.administration.models import Announcement
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import Subject, record_event, verify_chain
from tidu.apps.audit.models import AuditEvent
from tidu.apps.audit.words import ACTIONS
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.jobs.models import Job
from tidu.apps.units.models import Unit

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def district() -> District:
    with_dictionaries()
    return small_district()


def client_of(district: District, role: Role) -> Client:
    client = Client()
    client.force_login(district.people[role], backend=BACKEND)
    return client


def fill_units(district: District, count: int) -> None:
    root = district.units["district"]
    Unit.objects.bulk_create(
        Unit(code=f"u{number}", name=f"单位{number}", short_name=f"单位{number}", kind="zone", parent=root, path=f"{root.path}u{number}/")
        for number in range(count)
    )


def fill_users(district: District, count: int) -> list[User]:
    made = User.objects.bulk_create(User(username=f"u{number}", name=f"人{number}") for number in range(count))
    Post.objects.bulk_create(Post(user=user, role=Role.DEPARTMENT_CLERK, unit=district.units["tax"]) for user in made)
    return made


def fill_proposals(district: District, count: int) -> None:
    PostProposal.objects.bulk_create(
        PostProposal(user=user, role=Role.AUDITOR, unit=district.units["tax"], asked_by_name="某", asked_at=AT)
        for user in fill_users(district, count)
    )


def fill_resets(district: District, count: int) -> None:
    PasswordReset.objects.bulk_create(
        PasswordReset(user=user, reason="forgotten", asked_by_name="某", asked_at=AT) for user in fill_users(district, count)
    )


def fill_announcements(district: District, count: int) -> None:
    Announcement.objects.bulk_create(
        Announcement(title=f"公告{number}", body="。", since=AT.date(), made_by_name="某", made_at=AT) for number in range(count)
    )


def fill_events(district: District, count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            record_event(actor=SYSTEM, at=AT, action="account.login", subject=Subject("user", "1", f"人{number}"))


def fill_sessions(district: District, count: int) -> None:
    for number in range(count):
        client = Client()
        client.force_login(district.people[Role.BUREAU_CLERK], backend=BACKEND)
        key = client.session.session_key or ""
        SessionRecord.objects.create(
            user=district.people[Role.BUREAU_CLERK], key=key, way="password", began_at=AT, seen_at=AT + timedelta(seconds=number)
        )


LISTS = [
    ("units", Role.SYSTEM_ADMIN, fill_units), ("users", Role.SYSTEM_ADMIN, fill_users), ("posts", Role.SECURITY_ADMIN, fill_users),
    ("post-reviews", Role.SECURITY_ADMIN, fill_proposals), ("reset-reviews", Role.SECURITY_ADMIN, fill_resets),
    ("announcements", Role.SYSTEM_ADMIN, fill_announcements), ("audit-log", Role.AUDIT_ADMIN, fill_events),
    ("login-log", Role.AUDIT_ADMIN, fill_events), ("sessions", Role.SECURITY_ADMIN, fill_sessions),
]  # fmt: skip
READS = {
    "units": 5, "users": 11, "posts": 5, "post-reviews": 5, "reset-reviews": 5, "announcements": 5, "audit-log": 5, "login-log": 5, "sessions": 5,
}  # fmt: skip
"""Session, user, posts, count, rows; and what the filters and the states of the rows ask for together."""


@pytest.mark.parametrize("count", [1, 3, 300])
@pytest.mark.parametrize(("name", "role", "fill"), LISTS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_list_of_any_length_takes_the_same_queries(district: District, name: str, role: Role, fill: object, count: int) -> None:
    fill(district, count)  # type: ignore[operator]
    client = client_of(district, role)
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as seen:
        page = client.get(reverse(name))
    reads = [one["sql"] for one in seen.captured_queries if one["sql"].startswith("SELECT")]
    assert (page.status_code, len(reads)) == (200, READS[name])


def test_a_first_password_is_shown_once_and_kept_nowhere(district: District) -> None:
    client = client_of(district, Role.SYSTEM_ADMIN)
    page = client.post(reverse("user-new"), {"name": "新人", "username": "xinren"})
    password = re.findall(r"初始密码：([\w-]+)", page.content.decode())[0]
    assert User.objects.get(username="xinren").check_password(password)
    assert page.headers["Cache-Control"] == "no-store"
    assert all(password not in f"{event.detail}" for event in AuditEvent.objects.all())
    later = client.get(reverse("user", args=[User.objects.get(username="xinren").pk])).content.decode()
    assert password not in later


def test_who_must_change_the_password_opens_nothing_else(district: District) -> None:
    user = open_account(actor=SYSTEM, at=timezone.now(), username="zhang", name="张某", password=PASSWORD)
    Post.objects.create(user=user, role=Role.BUREAU_CLERK, unit=district.units["bureau"])
    client = Client()
    assert client.post(reverse("login"), {"username": "zhang", "password": PASSWORD}).headers["Location"] == reverse("password")
    for name in ("desk", "firms", "account", "audit-log"):
        assert client.get(reverse(name)).headers["Location"] == f"{reverse('password')}?due=1"
    assert client.get("/").headers["Location"] == f"{reverse('password')}?due=1"
    client.post(reverse("password"), {"old": PASSWORD, "new": "Xin-2024-mima", "again": "Xin-2024-mima"})
    assert client.get(reverse("desk")).status_code == 200


def test_who_holds_no_post_yet_changes_the_password_and_reads_why_nothing_opens(district: District) -> None:
    open_account(actor=SYSTEM, at=timezone.now(), username="zhang", name="张某", password=PASSWORD)
    client = Client()
    client.post(reverse("login"), {"username": "zhang", "password": PASSWORD})
    assert client.get(reverse("password")).status_code == 200
    client.post(reverse("password"), {"old": PASSWORD, "new": "Xin-2024-mima", "again": "Xin-2024-mima"})
    pages = {name: client.get(reverse(name)).status_code for name in ("desk", "account", "second-factor", "firms", "audit-log")}
    assert pages == {"desk": 200, "account": 200, "second-factor": 200, "firms": 403, "audit-log": 403}
    assert "您还没有岗位" in client.get(reverse("desk")).content.decode()


def test_what_waits_for_the_security_administrator_is_on_the_desk(district: District) -> None:
    fill_proposals(district, 2)
    pages = {role: client_of(district, role).get(reverse("desk")).content.decode() for role in (Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)}
    assert {role: "待复核的岗位申请" in page for role, page in pages.items()} == {Role.SECURITY_ADMIN: True, Role.SYSTEM_ADMIN: False}


def test_an_old_password_must_be_changed_first(district: District) -> None:
    old = timezone.now() - timedelta(days=91)
    user = open_account(actor=SYSTEM, at=old, username="zhang", name="张某", password=PASSWORD, must_change=False)
    Post.objects.create(user=user, role=Role.BUREAU_CLERK, unit=district.units["bureau"])
    client = Client()
    answer = client.post(reverse("login"), {"username": "zhang", "password": PASSWORD})
    assert (answer.headers["Location"], client.get(reverse("desk")).status_code) == (reverse("password"), 302)


def policy(district: District, key: str, given: list[str]) -> None:
    set_parameter(actor=district.actor(Role.SECURITY_ADMIN), at=AT, key=key, given=given, version=0)


def clerk(district: District) -> Client:
    user = district.people[Role.BUREAU_CLERK]
    user.set_password(PASSWORD)
    user.save()
    return Client()


def test_the_policy_asks_a_role_for_a_second_step_before_anything_else(district: District) -> None:
    policy(district, "login.second-factor-roles", ["bureau-clerk"])
    client = clerk(district)
    client.post(reverse("login"), {"username": "bureau-clerk", "password": PASSWORD})
    assert client.get(reverse("desk")).headers["Location"] == f"{reverse('second-factor')}?due=1"
    page = client.get(reverse("second-factor")).content.decode()
    secret = re.findall(r"secret=([A-Z2-7]+)", page)[0]
    shown = client.post(reverse("second-factor"), {"code": code_of(secret, timezone.now().timestamp())}).content.decode()
    assert len(set(re.findall(r">([a-z2-9]{5}-[a-z2-9]{5})<", shown))) == 8
    assert client.get(reverse("desk")).status_code == 200


def test_a_password_alone_does_not_log_in_who_has_a_second_step(district: District) -> None:
    user, secret = with_factor(district, Role.BUREAU_CLERK)
    client = Client()
    answer = client.post(reverse("login"), {"username": user.username, "password": PASSWORD, "next": "/office/firms/"})
    assert (answer.headers["Location"], client.get(reverse("desk")).status_code) == (reverse("second-step"), 302)
    code = code_of(secret, timezone.now().timestamp())
    done = client.post(reverse("second-step"), {"code": code})
    assert (done.headers["Location"], client.get(reverse("desk")).status_code) == ("/office/firms/", 200)
    again = Client()
    again.post(reverse("login"), {"username": user.username, "password": PASSWORD})
    assert again.post(reverse("second-step"), {"code": code}).status_code == 400


def test_the_second_step_without_the_first_leads_to_the_login(district: District) -> None:
    assert Client().get(reverse("second-step")).headers["Location"] == reverse("login")


def test_wrong_codes_lock_as_wrong_passwords_do(district: District) -> None:
    user, secret = with_factor(district, Role.BUREAU_CLERK)
    client = Client()
    client.post(reverse("login"), {"username": user.username, "password": PASSWORD})
    answers = [client.post(reverse("second-step"), {"code": "000000"}).status_code for _ in range(5)]
    right = client.post(reverse("second-step"), {"code": code_of(secret, timezone.now().timestamp())})
    assert (answers, right.status_code, SecondFactor.objects.get().last_step) == ([400, 400, 400, 400, 403], 400, 0)
    assert client.post(reverse("login"), {"username": user.username, "password": PASSWORD}).status_code == 403


def test_the_idle_time_out_is_the_one_of_the_policy(district: District) -> None:
    policy(district, "login.idle-minutes", ["7"])
    client = clerk(district)
    client.post(reverse("login"), {"username": "bureau-clerk", "password": PASSWORD})
    assert (client.session.get_expiry_age(), client.session.get_expire_at_browser_close()) == (420, True)


def test_the_lock_is_the_one_of_the_policy_and_the_system_administrator_lifts_it(district: District) -> None:
    policy(district, "login.lock-after", ["3"])
    client = clerk(district)
    answers = [client.post(reverse("login"), {"username": "bureau-clerk", "password": "falsch"}).status_code for _ in range(5)]
    user = district.people[Role.BUREAU_CLERK]
    acts = list(AuditEvent.objects.filter(subject_id=str(user.pk)).order_by("number").values_list("action", flat=True))
    assert (answers, acts) == ([400, 400, 403, 403, 403], ["account.login-failed"] * 3 + ["account.locked"])
    system = client_of(district, Role.SYSTEM_ADMIN)
    assert "已锁定" in system.get(reverse("users"), {"state": "locked"}).content.decode()
    system.post(reverse("user-unlock", args=[user.pk]))
    assert client.post(reverse("login"), {"username": "bureau-clerk", "password": PASSWORD}).status_code == 302


def test_an_unknown_username_is_not_written_down(district: District) -> None:
    Client().post(reverse("login"), {"username": "Geheim-2024-mima", "password": "x"})
    event = AuditEvent.objects.get(action="account.login-failed")
    assert ("Geheim" in f"{event.subject_name}{event.detail}", event.subject_id) == (False, "")


def test_a_session_that_was_ended_is_over(district: District) -> None:
    client = clerk(district)
    client.post(reverse("login"), {"username": "bureau-clerk", "password": PASSWORD})
    record = SessionRecord.objects.get()
    security = client_of(district, Role.SECURITY_ADMIN)
    assert "牵头局经办某" in security.get(reverse("sessions")).content.decode()
    security.post(reverse("session-end", args=[record.pk]))
    record.refresh_from_db()
    assert (client.get(reverse("desk")).status_code, record.end, record.key) == (302, "ended", "")


def test_who_is_switched_off_is_out_at_once(district: District) -> None:
    client = clerk(district)
    client.post(reverse("login"), {"username": "bureau-clerk", "password": PASSWORD})
    person = district.people[Role.BUREAU_CLERK].pk
    client_of(district, Role.SYSTEM_ADMIN).post(reverse("user-switch", args=[person]), {"reason": "left"})
    assert client.get(reverse("desk")).status_code == 302


def test_the_chain_is_verified_as_long_work_and_a_break_is_shown(district: District) -> None:
    fill_events(district, 3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditevent SET subject_name = %s WHERE number = %s", ["别人", AuditEvent.objects.last().number - 1])  # type: ignore[union-attr]
    client = client_of(district, Role.AUDIT_ADMIN)
    client.post(reverse("audit-verify-ask"))
    run_pending(timezone.now)
    page = client.get(reverse("audit-verify")).content.decode()
    assert (Job.objects.get(kind="audit-verify").state, "不完整" in page, "写入以后被改过" in page) == ("done", True, True)


def test_the_exported_log_can_be_verified_elsewhere(district: District) -> None:
    fill_events(district, 5)
    answer = client_of(district, Role.AUDIT_ADMIN).post(reverse("audit-export"))
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    content = archive.read("audit.jsonl")
    digest = AuditEvent.objects.get(action="export").detail["digest"]
    assert (sm3(content), digest in archive.read("说明.txt").decode()) == (digest, True)
    before = None
    for line in content.decode().splitlines():
        event = json.loads(line)
        text = json.dumps(
            {key: value for key, value in event.items() if key not in {"before", "digest"}},
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        )  # fmt: skip
        assert sm3(f"{event['before']}\n{text}".encode()) == event["digest"]
        assert before in {None, event["before"]}
        before = event["digest"]


def test_the_log_is_filtered_by_person_act_object_and_days(district: District) -> None:
    with_event = {
        "person": "系统",
        "action": "account.login",
        "kind": "user",
        "subject": "人1",
        "since": "2024-06-01",
        "until": "2024-06-01",
    }
    fill_events(district, 3)
    client = client_of(district, Role.AUDIT_ADMIN)
    page = client.get(reverse("audit-log"), with_event).content.decode()
    assert re.findall(r"人\d", page.split("<tbody>")[1]) == ["人1"]
    for name, other in (
        ("person", "没有"),
        ("action", "export"),
        ("kind", "unit"),
        ("subject", "没有"),
        ("since", "2024-06-02"),
        ("until", "2024-05-31"),
    ):
        assert "没有符合条件的记录" in client.get(reverse("audit-log"), with_event | {name: other}).content.decode()


def test_a_change_is_shown_before_and_after(district: District) -> None:
    policy(district, "login.lock-after", ["6"])
    number = AuditEvent.objects.get(action="parameter.set").number
    page = client_of(district, Role.AUDIT_ADMIN).get(reverse("audit-event", args=[number])).content.decode()
    assert ("5 次" in page, "6 次" in page, "密码连续输错次数" in page) == (True, True, True)


def test_every_act_of_the_code_has_words() -> None:
    written = set()
    for path in Path(tidu.__file__).parent.rglob("*.py"):
        written |= set(re.findall(r'\baction="([a-z.-]+)"', path.read_text(encoding="utf-8")))
    assert sorted(written - set(ACTIONS)) == []


def test_a_bad_form_keeps_what_was_entered_and_says_what_is_wrong(district: District) -> None:
    client = client_of(district, Role.SYSTEM_ADMIN)
    answer = client.post(
        reverse("unit-new"), {"parent": district.units["district"].pk, "name": "某单位", "short_name": "某", "kind": "zone", "code": "a b"}
    )
    page = answer.content.decode()
    assert (answer.status_code, "代码“a b”要用" in page, 'value="某单位"' in page) == (400, True, True)


def test_a_blocked_button_says_why(district: District) -> None:
    page = client_of(district, Role.SYSTEM_ADMIN).get(reverse("unit", args=[district.units["one"].pk])).content.decode()
    assert "第一街道还有 1 人任职，有 1 家企业，不能停用。请先调整。" in page


def test_an_announcement_is_on_everybodys_desk(district: District) -> None:
    Announcement.objects.create(title="停机维护", body="今晚。", since=timezone.localdate(), made_by_name="某", made_at=AT)
    shown = {
        role: "停机维护" in client_of(district, role).get(reverse("desk")).content.decode() for role in (Role.AUDITOR, Role.BANK_CLERK)
    }
    assert shown == {Role.AUDITOR: True, Role.BANK_CLERK: False}


def test_the_service_page_tells_no_secret(district: District, settings: Any) -> None:
    page = client_of(district, Role.SYSTEM_ADMIN).get(reverse("service")).content.decode()
    assert ("没有见过" in page, settings.SECRET_KEY in page, "sha256:" in page) == (True, False, True)


def test_the_matrix_names_the_roles_that_the_gate_lets_through(district: District) -> None:
    page = client_of(district, Role.SECURITY_ADMIN).get(reverse("role-matrix"), {"role": "security-admin"}).content.decode()
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    assert any("/office/sessions/" in row and "安全管理员" in row for row in rows)
    assert not any("/office/service/" in row for row in rows)


def test_the_chain_holds_after_all_of_this(district: District) -> None:
    client_of(district, Role.SYSTEM_ADMIN).post(reverse("user-describe", args=[stranger().pk]), {"name": "改名"})
    assert verify_chain()[1] == []
