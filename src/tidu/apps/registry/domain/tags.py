"""Tags on firms, and lists of firms saved under a name."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.registry.domain.merging import firm_subject
from tidu.apps.registry.models import FirmTag, SavedView
from tidu.kernel.errors import TiduError

TAGGERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.SUBDISTRICT_CLERK)
LONGEST_TAG, MOST_TAGS = 20, 20
LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS = 40, 600, 50


def set_tag(*, actor: Actor, at: datetime, firm: Enterprise, text: str) -> FirmTag:
    """Put a tag on a firm. Raises ``tag-needed``, ``too-many-tags``."""
    actor.may_write(*TAGGERS).require()
    word = " ".join(text.split())[:LONGEST_TAG]
    if not word:
        raise TiduError("tag-needed", f"请填写标签（不超过 {LONGEST_TAG} 个字）。")
    if FirmTag.objects.filter(enterprise=firm).count() >= MOST_TAGS:
        raise TiduError("too-many-tags", f"一家企业最多 {MOST_TAGS} 个标签。请先去掉不用的。")
    with transaction.atomic():
        tag, made = FirmTag.objects.get_or_create(enterprise=firm, text=word, defaults={"set_by_name": actor.name, "set_at": at})
        if made:
            record_event(actor=actor, at=at, action="firm.tagged", subject=firm_subject(firm), detail={"tag": word})
    return tag


def drop_tag(*, actor: Actor, at: datetime, firm: Enterprise, text: str) -> None:
    """Take a tag off; nothing happens where it is gone already."""
    actor.may_write(*TAGGERS).require()
    with transaction.atomic():
        if FirmTag.objects.filter(enterprise=firm, text=text).delete()[0]:
            record_event(actor=actor, at=at, action="firm.untagged", subject=firm_subject(firm), detail={"tag": text})


def save_view(*, actor: Actor, at: datetime, page: str, name: str, query: str) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them. Raises ``view-name-needed``, ``too-many-views``."""
    title = " ".join(name.split())[:LONGEST_NAME]
    if not title:
        raise TiduError("view-name-needed", "请给这个视图起个名字。")
    kept = urlencode([(key, value) for key, value in parse_qsl(query.lstrip("?")) if key not in {"page", "format"}])
    if len(kept) > LONGEST_QUERY:
        raise TiduError("view-too-long", "筛选条件太长，没有保存。请减少条件。")
    if SavedView.objects.filter(user=actor.user, page=page).exclude(name=title).count() >= MOST_VIEWS:
        raise TiduError("too-many-views", f"每人最多保存 {MOST_VIEWS} 个视图。请先删去不用的。")
    with transaction.atomic():
        view, _ = SavedView.objects.update_or_create(user_id=actor.user, page=page, name=title, defaults={"query": kept})
        record_event(actor=actor, at=at, action="view.saved", subject=Subject("view", page, title), detail={"query": kept})
    return view


def drop_view(*, actor: Actor, at: datetime, view: int) -> None:
    """Forget one of the own views."""
    with transaction.atomic():
        found = SavedView.objects.filter(pk=view, user=actor.user).first()
        if found is not None:
            record_event(actor=actor, at=at, action="view.dropped", subject=Subject("view", found.page, found.name))
            found.delete()
