"""Keeping and dropping files: who may, what is left on disk, what the audit says."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.apps.materials.files import HOSTILE, PDF, png
from tests.apps.materials.ground import asked_about, handed_in
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.audit.models import AuditEvent
from tidu.apps.materials import storage
from tidu.apps.materials.domain.keeping import Owner, content_of, drop_file, keep_file
from tidu.apps.materials.models import StoredFile
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> District:
    monkeypatch.setitem(settings.MATERIALS, "folder", tmp_path / "materials")
    return small_district()


def on_disk() -> list[Path]:
    return sorted(path for path in storage.store().rglob("*") if path.is_file())


def kept(actor: Actor, owner: Owner, content: bytes = PDF, name: str = "合同.pdf") -> StoredFile:
    return keep_file(actor=actor, at=AT, owner=owner, kind="contract", name=name, content=content)


def test_a_file_is_kept_with_its_digest_and_in_the_audit(district: District) -> None:
    file = kept(district.actor(Role.FIRM_CLERK), Owner(district.jia))
    (path,) = on_disk()
    assert path == storage.store() / file.place
    assert (path.read_bytes(), path.stat().st_mode & 0o777, path.parent.name) == (PDF, 0o600, file.digest[:2])
    assert (file.name, file.size, file.type, file.digest, file.uploader_name) == ("合同.pdf", len(PDF), "pdf", sm3(PDF), "企业经办某")
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_name, event.detail) == ("material.kept", "合同.pdf", {"digest": sm3(PDF), "size": len(PDF)})
    assert verify_chain() == (1, [])


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_reaches_the_disk(district: District, name: str) -> None:
    with pytest.raises(TiduError):
        kept(district.actor(Role.FIRM_CLERK), Owner(district.jia), HOSTILE[name][0])
    assert (on_disk(), StoredFile.objects.count(), AuditEvent.objects.count()) == ([], 0, 0)


def test_a_hostile_name_reaches_no_disk(district: District) -> None:
    with pytest.raises(TiduError, match="文件名里带有路径"):
        kept(district.actor(Role.FIRM_CLERK), Owner(district.jia), name="../../a.pdf")
    assert on_disk() == []


def test_bytes_without_a_row_are_taken_away_again(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = district.actor(Role.FIRM_CLERK)

    def refuse(execute: object, sql: str, *rest: object) -> object:
        if "INSERT" in sql and "materials_storedfile" in sql:
            raise DatabaseError("full")
        return execute(sql, *rest)  # type: ignore[operator]

    with connection.execute_wrapper(refuse), pytest.raises(DatabaseError):
        kept(actor, Owner(district.jia))
    assert (on_disk(), StoredFile.objects.count()) == ([], 0)


def test_a_store_that_cannot_be_written_says_so_without_its_place(district: District) -> None:
    storage.store().write_text("a file where the folder should be")
    with pytest.raises(TiduError) as caught:
        kept(district.actor(Role.FIRM_CLERK), Owner(district.jia))
    assert (caught.value.code, str(storage.store()) in caught.value.message) == ("cannot-keep", False)


def test_who_may_hand_in_for_whom(district: District) -> None:
    tax, bureau = Owner(unit=district.units["tax"]), Owner(unit=district.units["bureau"])
    jia, yi = Owner(district.jia), Owner(district.yi)
    allowed = {
        Role.FIRM_CLERK: [jia], Role.FIRM_AGENT: [jia], Role.BUREAU_CLERK: [jia, yi, bureau], Role.DEPARTMENT_CLERK: [tax],
        Role.DISTRICT_LEADER: [], Role.AUDITOR: [], Role.SYSTEM_ADMIN: [], Role.BANK_CLERK: [],
    }  # fmt: skip
    found = {}
    for role in allowed:
        found[role] = []
        for owner in (jia, yi, tax, bureau):
            try:
                kept(district.actor(role), owner)
            except NotAllowed:
                continue
            found[role].append(owner)
    assert found == allowed


def test_who_sees_what(district: District) -> None:
    clerk = district.actor(Role.BUREAU_CLERK)
    mine, other = kept(clerk, Owner(district.jia)), kept(clerk, Owner(district.yi))
    office = kept(district.actor(Role.DEPARTMENT_CLERK), Owner(unit=district.units["tax"]))
    everything = {mine, other, office}
    expected = {
        Role.BUREAU_CLERK: everything, Role.BUREAU_HEAD: everything, Role.DISTRICT_LEADER: everything, Role.AUDITOR: everything,
        Role.DEPARTMENT_CLERK: {office}, Role.SUBDISTRICT_CLERK: {mine}, Role.FIRM_CLERK: {mine}, Role.FIRM_AGENT: {mine},
        Role.BANK_CLERK: set(), Role.PROVIDER_CLERK: set(), Role.SYSTEM_ADMIN: set(), Role.SECURITY_ADMIN: set(), Role.AUDIT_ADMIN: set(),
    }  # fmt: skip
    assert {role: set(StoredFile.objects.visible_to(district.actor(role))) for role in expected} == expected
    asked_about(district.yi, district.units["tax"])
    assert set(StoredFile.objects.visible_to(district.actor(Role.DEPARTMENT_CLERK))) == {office, other}


def test_dropping_takes_the_bytes_of_this_file_only(
    district: District, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    actor = district.actor(Role.FIRM_CLERK)
    first, second = kept(actor, Owner(district.jia)), kept(actor, Owner(district.jia))
    with django_capture_on_commit_callbacks(execute=True):
        drop_file(actor=actor, at=AT, file=first)
    assert on_disk() == [storage.store() / second.place]
    assert (list(StoredFile.objects.kept()), StoredFile.objects.count()) == ([second], 2)
    with pytest.raises(TiduError, match="删除"):
        content_of(first)
    with pytest.raises(NotAllowed, match="已经删除"):
        drop_file(actor=actor, at=AT, file=first)
    assert list(AuditEvent.objects.order_by("number").values_list("action", flat=True)) == ["material.kept"] * 2 + ["material.dropped"]


def test_a_stranger_drops_nothing(district: District) -> None:
    file = kept(district.actor(Role.BUREAU_CLERK), Owner(district.yi))
    with pytest.raises(NotAllowed, match="别的企业"):
        drop_file(actor=district.actor(Role.FIRM_CLERK), at=AT, file=file)
    assert content_of(file) == PDF


def test_what_was_handed_in_with_an_application_stays(district: District) -> None:
    actor = district.actor(Role.FIRM_CLERK)
    file = kept(actor, Owner(district.jia))
    handed_in(district.jia, {"materials": {"contract": [file.pk]}})
    with pytest.raises(NotAllowed) as caught:
        drop_file(actor=actor, at=AT, file=file)
    assert caught.value.message == "“合同.pdf”已随办件 技术合同奖励 合同一 提交，不能删除。"
    assert content_of(file) == PDF


def test_altered_and_lost_bytes_are_noticed(district: District) -> None:
    file = kept(district.actor(Role.FIRM_CLERK), Owner(district.jia), png(), "证书.png")
    path = storage.store() / file.place
    path.write_bytes(PDF)
    with pytest.raises(TiduError, match="与上传时的摘要不符"):
        content_of(file)
    path.unlink()
    with pytest.raises(TiduError, match="不在存储里"):
        content_of(file)
