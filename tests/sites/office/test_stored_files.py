"""The view of a material: what it sends, with which headers, and to whom."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.apps.materials.files import GOOD
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import Role
from tidu.apps.materials import storage
from tidu.apps.materials.domain.keeping import Owner, drop_file, keep_file
from tidu.apps.materials.models import StoredFile

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox"


@pytest.fixture
def district() -> District:
    return small_district()


def stored(district: District, kind: str) -> StoredFile:
    return keep_file(actor=SYSTEM, at=AT, owner=Owner(district.jia), kind="contract", name=f"合同 1.{kind}", content=GOOD[kind][0])


def client_of(district: District, role: Role = Role.BUREAU_CLERK) -> Client:
    client = Client()
    client.force_login(district.people[role], backend=BACKEND)
    return client


@pytest.mark.parametrize(
    ("kind", "media", "way"),
    [
        ("pdf", "application/pdf", "inline"),
        ("png", "image/png", "inline"),
        ("jpg", "image/jpeg", "inline"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment"),
    ],
)
def test_a_material_is_sent_as_what_it_is_and_can_do_nothing(district: District, kind: str, media: str, way: str) -> None:
    file = stored(district, kind)
    answer = client_of(district).get(reverse("stored-file", args=[file.pk]))
    names = "Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy", "X-Frame-Options", "Cache-Control"
    assert answer.content == GOOD[kind][0]
    assert [answer.headers[name] for name in names] == [
        media, f"{way}; filename*=utf-8''%E5%90%88%E5%90%8C%201.{kind}", "nosniff", POLICY, "SAMEORIGIN", "private, no-store",
    ]  # fmt: skip
    loaded = client_of(district).get(reverse("stored-file", args=[file.pk]), {"download": "1"})
    assert loaded.headers["Content-Disposition"].startswith("attachment; ")


def test_a_dropped_or_strange_material_is_not_there(district: District) -> None:
    file = stored(district, "pdf")
    stranger = client_of(district, Role.DEPARTMENT_CLERK).get(reverse("stored-file", args=[file.pk]))
    drop_file(actor=SYSTEM, at=AT, file=file)
    gone = client_of(district).get(reverse("stored-file", args=[file.pk]))
    assert [answer.status_code for answer in (stranger, gone)] == [404, 404]
    assert "不在您的办理范围内" in stranger.content.decode()


def test_an_altered_material_is_not_sent(district: District) -> None:
    file = stored(district, "pdf")
    (storage.store() / file.place).write_bytes(b"%PDF-1.4 another contract")
    answer = client_of(district).get(reverse("stored-file", args=[file.pk]))
    assert (answer.status_code, b"another contract" in answer.content) == (400, False)
    assert "与上传时的摘要不符" in answer.content.decode()
