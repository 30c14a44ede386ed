"""Keeping dictionaries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.administration.models import Dictionary, DictionaryItem
from tidu.apps.administration.uses import uses_of
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.kernel.errors import TiduError

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
STEP = 10


@dataclass(frozen=True)
class Word:
    """What may be changed of an item."""

    text: str
    note: str = ""
    order: int = 0


@cache
def delivered() -> dict[str, Any]:
    """The dictionaries that come with the system: key → name, note, items (code → text)."""
    path = Path(__file__).parents[1] / "dictionaries.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def missing() -> list[str]:
    """Keys of delivered dictionaries that this installation has not yet."""
    known = set(Dictionary.objects.values_list("key", flat=True))
    return [key for key in delivered() if key not in known]


def install_dictionaries(*, actor: Actor, at: datetime) -> int:
    """Add the delivered dictionaries that are missing; returns how many. What is there is left as it is."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    with transaction.atomic():
        wanted = missing()
        for key in wanted:
            told = delivered()[key]
            made = Dictionary.objects.create(key=key, name=told["name"], note=told["note"])
            DictionaryItem.objects.bulk_create(
                DictionaryItem(dictionary=made, code=str(code), text=text, order=place * STEP)
                for place, (code, text) in enumerate(told["items"].items(), 1)
            )
            record_event(
                actor=actor, at=at, action="dictionary.installed", subject=Subject("dictionary", key, told["name"]),
                detail={"items": len(told["items"])},
            )  # fmt: skip
    return len(wanted)


def add_item(*, actor: Actor, at: datetime, dictionary: Dictionary, code: str, word: Word) -> DictionaryItem:
    """A new item. Raises ``bad-code``, ``code-taken``, ``text-needed``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    if not CODE.fullmatch(code):
        raise TiduError("bad-code", f"代码“{code}”要用字母、数字、点、横线，最多 40 个，以字母或数字开头。")
    _check(word)
    try:
        with transaction.atomic():
            item = DictionaryItem.objects.create(dictionary=dictionary, code=code, text=word.text, note=word.note, order=word.order)
            _record(actor, at, "dictionary.item-added", item, None, _told(item))
    except IntegrityError as error:
        raise TiduError("code-taken", f"“{dictionary.name}”里已有代码“{code}”。请换一个，或者修改那一项。") from error
    return item


def change_item(*, actor: Actor, at: datetime, item: DictionaryItem, word: Word) -> None:
    """Another text, note or place; the code stays. Raises ``nothing-changed``, ``changed-meanwhile``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    _check(word)
    before = _told(item)
    seen = DictionaryItem.objects.filter(pk=item.pk, text=item.text, note=item.note, order=item.order)
    item.text, item.note, item.order = word.text, word.note, word.order
    after = _told(item)
    if before == after:
        raise TiduError("nothing-changed", f"“{item.text}”没有改动。")
    with transaction.atomic():
        if not seen.update(text=item.text, note=item.note, order=item.order):
            raise TiduError("changed-meanwhile", "您打开页面以后，别人改过这一项。请核对后再改。")
        _record(actor, at, "dictionary.item-changed", item, before, after)


def switch_item(*, actor: Actor, at: datetime, item: DictionaryItem, active: bool) -> None:
    """Offer an item, or offer it no longer; what carries it keeps it. Raises ``nothing-changed``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    with transaction.atomic():
        if not DictionaryItem.objects.filter(pk=item.pk, active=not active).update(active=active):
            raise TiduError("nothing-changed", f"“{item.text}”已经{'启用' if active else '停用'}了。")
        item.active = active
        _record(actor, at, "dictionary.item-switched", item, {"启用": "否" if active else "是"}, {"启用": "是" if active else "否"})


def may_delete(item: DictionaryItem) -> Decision:
    """An item that is used cannot go."""
    uses = uses_of(item.dictionary.key, item.code)
    if uses:
        told = "、".join(f"{what} {count:,} 条" for what, count in uses)
        return no(f"“{item.text}”已有{told}在用，不能删除，可以停用。", "item-used")
    return YES


def delete_item(*, actor: Actor, at: datetime, item: DictionaryItem) -> None:
    """Remove an item that nothing uses. Raises ``item-used``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    with transaction.atomic():
        may_delete(item).require()
        _record(actor, at, "dictionary.item-deleted", item, _told(item), None)
        item.delete()


def _check(word: Word) -> None:
    if not word.text or len(word.text) > 200 or len(word.note) > 200:
        raise TiduError("text-needed", "文字须填写，文字和说明各最多 200 字。")
    if not -1_000_000 < word.order < 1_000_000:
        raise TiduError("bad-order", f"次序收到 {word.order}，要在 -999999 到 999999 之间。")


def _told(item: DictionaryItem) -> dict[str, str]:
    return {"文字": item.text, "说明": item.note, "次序": str(item.order)}


def _record(actor: Actor, at: datetime, action: str, item: DictionaryItem, before: Any, after: Any) -> None:
    subject = Subject("dictionary", item.dictionary.key, f"{item.dictionary.name}：{item.text}")
    record_event(
        actor=actor, at=at, action=action, subject=subject, detail={"code": item.code, "before": before or {}, "after": after or {}}
    )
