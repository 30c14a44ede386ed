"""Keeping the tree of units: add, rename, move with everything below, switch off and on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.timezone import localdate

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.administration.queries import words
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
LONGEST_PATH = 400


@dataclass(frozen=True, slots=True)
class Names:
    """What a unit is called."""

    name: str
    short_name: str


def unit_subject(unit: Unit) -> Subject:
    """A unit as the audit names it."""
    return Subject("unit", str(unit.pk), unit.name)


def add_unit(*, actor: Actor, at: datetime, parent: Unit, code: str, kind: UnitKind, names: Names) -> Unit:
    """A new unit under another. Raises ``bad-code``, ``bad-name``, ``name-taken``, ``unit-off``, ``path-too-long``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    if not CODE.fullmatch(code):
        raise TiduError("bad-code", f"代码“{code}”要用字母、数字、点、横线，最多 40 个，以字母或数字开头。")
    _check(names)
    if kind == UnitKind.DISTRICT:
        raise TiduError("bad-kind", "全区只有一个“区”，不能再添。")
    try:
        with transaction.atomic():
            held = Unit.objects.select_for_update().get(pk=parent.pk)
            if not held.active:
                raise TiduError("unit-off", f"上级单位{held.name}已停用。请先启用，或换一个上级。")
            path = _path(held, code)
            made = Unit.objects.create(code=code, name=names.name, short_name=names.short_name, kind=kind, parent=held, path=path)
            detail = {"code": code, "kind": kind.value, "parent": held.name}
            record_event(actor=actor, at=at, action="unit.added", subject=unit_subject(made), detail=detail)
    except IntegrityError as error:
        raise _taken(code, names.name) from error
    return made


def rename_unit(*, actor: Actor, at: datetime, unit: Unit, names: Names) -> None:
    """Another name; the code stays. Raises ``bad-name``, ``name-taken``, ``nothing-changed``, ``changed-meanwhile``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    _check(names)
    before, after = {"名称": unit.name, "简称": unit.short_name}, {"名称": names.name, "简称": names.short_name}
    if before == after:
        raise TiduError("nothing-changed", f"{unit.name}的名称没有改动。")
    seen = Unit.objects.filter(pk=unit.pk, name=unit.name, short_name=unit.short_name)
    try:
        with transaction.atomic():
            if not seen.update(name=names.name, short_name=names.short_name):
                raise TiduError("changed-meanwhile", "您打开页面以后，别人改过这个单位。请核对后再改。")
            unit.name, unit.short_name = names.name, names.short_name
            detail = {"before": before, "after": after}
            record_event(actor=actor, at=at, action="unit.renamed", subject=unit_subject(unit), detail=detail)
    except IntegrityError as error:
        raise _taken("", names.name) from error


def may_move(actor: Actor, unit: Unit) -> Decision:
    """Everything but the root may move."""
    return no("最上面一级不能移动。", "root") if unit.parent_id is None else actor.may_write(Role.SYSTEM_ADMIN)


def move_unit(*, actor: Actor, at: datetime, unit: Unit, parent: Unit) -> int:
    """Move a unit, with everything below it, under another; returns how many paths changed. All or nothing.

    Raises ``moved-into-itself``, ``nothing-changed``, ``unit-off``, ``path-too-long``, ``changed-meanwhile``.
    """
    may_move(actor, unit).require()
    with transaction.atomic():
        # the whole tree is held: a unit must not move under one that moves under it at the same moment
        held = {one.pk: one for one in Unit.objects.select_for_update().order_by("pk")}
        moved, target = held.get(unit.pk), held.get(parent.pk)
        if moved is None or target is None or moved.parent_id != unit.parent_id:
            raise TiduError("changed-meanwhile", "您打开页面以后，别人移动过这个单位。请核对后再办理。")
        if moved.parent_id == target.pk:
            raise TiduError("nothing-changed", f"{moved.name}已经在{target.name}下面。")
        if target.path.startswith(moved.path):
            raise TiduError("moved-into-itself", f"{target.name}在{moved.name}下面，不能把上级移到自己的下级里。")
        if not target.active:
            raise TiduError("unit-off", f"{target.name}已停用。请先启用，或换一个上级。")
        old, new = moved.path, _path(target, moved.code)
        below = Unit.objects.filter(path__startswith=old)
        longest = max(len(one.path) for one in held.values() if one.path.startswith(old))
        if longest - len(old) + len(new) > LONGEST_PATH:
            raise TiduError("path-too-long", "层级太深，路径超过 400 字符。请换一个上级。")
        before = held[moved.parent_id].name if moved.parent_id else ""
        changed = below.update(path=Concat(Value(new), Substr(F("path"), Length(Value(old)) + 1)))
        Unit.objects.filter(pk=moved.pk).update(parent=target)
        detail = {"before": {"上级": before}, "after": {"上级": target.name}, "units": changed}
        record_event(actor=actor, at=at, action="unit.moved", subject=unit_subject(moved), detail=detail)
    unit.refresh_from_db()
    return changed


def may_switch_off(actor: Actor, unit: Unit, day: date) -> Decision:
    """Why a unit cannot be switched off: people hold posts in it, firms lie in it, units in use are below it."""
    if unit.parent_id is None:
        return no("最上面一级不能停用。", "root")
    people = Post.objects.filter(unit=unit).not_over(day).values("user").distinct().count()
    firms = Enterprise.objects.filter(subdistrict=unit).count()
    below = Unit.objects.filter(parent=unit, active=True).count()
    reasons = [
        text
        for count, text in ((people, f"有 {people:,} 人任职"), (firms, f"有 {firms:,} 家企业"), (below, f"下面有 {below:,} 个在用单位"))
        if count
    ]
    if reasons:
        return no(f"{unit.name}还{'，'.join(reasons)}，不能停用。请先调整。", "unit-used")
    return actor.may_write(Role.SYSTEM_ADMIN)


def switch_unit_off(*, actor: Actor, at: datetime, unit: Unit, reason: str) -> None:
    """The unit takes no more people or firms. Raises ``unit-used``, ``reason-needed``, ``nothing-changed``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    text = words("unit-off-reasons", [reason]).get(reason)
    if text is None:
        raise TiduError("reason-needed", "请从列出的原因里选一个。")
    with transaction.atomic():
        held = Unit.objects.select_for_update().get(pk=unit.pk)
        may_switch_off(actor, held, localdate(at)).require()
        if not Unit.objects.filter(pk=unit.pk, active=True).update(active=False, off_reason=reason):
            raise TiduError("nothing-changed", f"{unit.name}已经停用。")
        detail = {"reason": text, "before": {"在用": "是"}, "after": {"在用": "否"}}
        record_event(actor=actor, at=at, action="unit.switched-off", subject=unit_subject(unit), detail=detail)


def switch_unit_on(*, actor: Actor, at: datetime, unit: Unit) -> None:
    """The unit is in use again. Raises ``nothing-changed``, ``unit-off`` where the one above is off."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    with transaction.atomic():
        if unit.parent_id is not None and not Unit.objects.filter(pk=unit.parent_id, active=True).exists():
            raise TiduError("unit-off", "上级单位已停用。请先启用上级。")
        if not Unit.objects.filter(pk=unit.pk, active=False).update(active=True, off_reason=""):
            raise TiduError("nothing-changed", f"{unit.name}已经在用。")
        detail = {"before": {"在用": "否"}, "after": {"在用": "是"}}
        record_event(actor=actor, at=at, action="unit.switched-on", subject=unit_subject(unit), detail=detail)


def _path(parent: Unit, code: str) -> str:
    path = f"{parent.path}{code}/"
    if len(path) > LONGEST_PATH:
        raise TiduError("path-too-long", "层级太深，路径超过 400 字符。请换一个上级。")
    return path


def _check(names: Names) -> None:
    if not names.name or len(names.name) > 120 or not names.short_name or len(names.short_name) > 40:
        raise TiduError("bad-name", "名称和简称都要填写，名称最多 120 字，简称最多 40 字。")


def _taken(code: str, name: str) -> TiduError:
    told = f"代码“{code}”或名称“{name}”" if code else f"名称“{name}”"
    return TiduError("name-taken", f"{told}已经有单位在用。请换一个。")
