"""Keeping a file that somebody hands in, and dropping it while nothing rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import FIRM_ROLES, OFFICIALS, READS_ONLY, Role
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.materials import storage
from tidu.apps.materials.checking.content import detect
from tidu.apps.materials.checking.names import checked_name, named_after
from tidu.apps.materials.domain.uses import use_of
from tidu.apps.materials.models import StoredFile
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError

LONGEST_KIND = 40
KEEPERS = tuple(role for role in Role if role in OFFICIALS - READS_ONLY - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
BUREAU = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a file is: a firm's or a unit's, never both."""

    enterprise: Enterprise | None = None
    unit: Unit | None = None


def may_keep(actor: Actor, owner: Owner) -> Decision:
    """A firm's people hand in for their firm, the bureau for any firm, people of a unit for their unit."""
    if (owner.enterprise is None) == (owner.unit is None):
        return no("材料要么属于一家企业，要么属于一个单位。", "owner-missing")
    if actor.is_system or (owner.enterprise is not None and (actor.has(*BUREAU) or owner.enterprise.pk in actor.firms)):
        return YES
    if owner.unit is not None:
        allowed = actor.may_write(*KEEPERS)
        if not allowed:
            return allowed
        if any(owner.unit.path.startswith(path) for path in actor.paths(*KEEPERS)):
            return YES
        return no(f"这是{owner.unit.name}的材料，只能由该单位上传。", "other-unit")
    if actor.roles & FIRM_ROLES:
        return no("不能为别的企业上传材料。", "other-firm")
    return actor.may_write(*FIRM_ROLES, *BUREAU)


def keep_file(*, actor: Actor, at: datetime, owner: Owner, kind: str, name: str, content: bytes) -> StoredFile:
    """Keep a file: name and content are checked, the bytes are on disk before the row is. Raises a refusal of its own for
    whatever is wrong with the file (``checking/refusals.py``), ``cannot-keep`` where the disk does not take it.

    A process killed in between leaves bytes that no row speaks of, never a row without bytes.
    """
    may_keep(actor, owner).require()
    if not kind.strip() or len(kind) > LONGEST_KIND:
        raise TiduError("kind-missing", "请选择材料种类。")
    plain = checked_name(name)
    found = detect(content, plain, most=int(settings.MATERIALS["largest"]))
    digest = sm3(content)
    place = storage.put(content, digest)
    try:
        with transaction.atomic():
            file = StoredFile.objects.create(
                enterprise=owner.enterprise, unit=owner.unit, kind=kind.strip(), name=named_after(plain, found), size=len(content),
                type=found, digest=digest, place=place, uploaded_by_id=actor.user, uploader_name=actor.name, uploaded_at=at,
            )  # fmt: skip
            record_event(
                actor=actor, at=at, action="material.kept", subject=_subject(file), detail={"digest": digest, "size": len(content)}
            )
    except BaseException:
        storage.remove(place)
        raise
    return file


def may_drop(actor: Actor, file: StoredFile) -> Decision:
    """Who may take a file back: its owner's people and the bureau, while nothing rests on it."""
    decision = may_keep(actor, Owner(file.enterprise, file.unit))
    if not decision:
        return decision
    if file.dropped_at is not None:
        return no("这份材料已经删除。", "already-dropped")
    used = use_of(file)
    return no(f"{used}不能删除。", "material-in-use") if used else YES


def drop_file(*, actor: Actor, at: datetime, file: StoredFile) -> StoredFile:
    """Take a file back: the row stays and says so, the bytes go once the act stands."""
    may_drop(actor, file).require()
    with transaction.atomic():
        if not StoredFile.objects.filter(pk=file.pk, dropped_at=None).update(dropped_at=at):
            raise TiduError("already-dropped", "这份材料刚刚已被删除。请刷新。")
        record_event(actor=actor, at=at, action="material.dropped", subject=_subject(file), detail={"digest": file.digest})
        transaction.on_commit(partial(storage.remove, file.place))
    file.refresh_from_db()
    return file


def content_of(file: StoredFile) -> bytes:
    """The bytes of a material; raises ``material-dropped``, ``material-lost`` or ``material-altered``."""
    if file.dropped_at is not None:
        raise TiduError("material-dropped", f"“{file.name}”已于 {file.dropped_at:%Y-%m-%d} 删除。")
    return storage.get(file.place, file.digest)


def _subject(file: StoredFile) -> Subject:
    return Subject("material", str(file.pk), file.name)
