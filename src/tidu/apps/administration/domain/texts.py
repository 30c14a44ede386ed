"""Wording texts."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.administration.models import TextVersion
from tidu.apps.administration.queries import body_of
from tidu.apps.administration.texts import text_of
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.kernel.errors import TiduError


def word_text(*, actor: Actor, at: datetime, key: str, body: str, version: int) -> TextVersion:
    """A new version of a text; ``version`` is the one the person saw (0: the first wording). Older versions stay.

    Raises ``bad-text``, ``nothing-changed``, ``changed-meanwhile``.
    """
    actor.may_write(Role.SYSTEM_ADMIN).require()
    known, wanted = text_of(key), body.replace("\r\n", "\n").strip()
    known.check(wanted)
    before = body_of(key)
    if before == wanted:
        raise TiduError("nothing-changed", f"“{known.name}”没有改动。", key=key)
    try:
        with transaction.atomic():
            newest = TextVersion.objects.filter(key=key).order_by("-version").first()
            if (newest.version if newest else 0) != version:
                raise _meanwhile(key)
            made = TextVersion.objects.create(
                key=key, version=version + 1, body=wanted, set_by_id=actor.user, set_by_name=actor.name, set_at=at
            )
            record_event(
                actor=actor, at=at, action="text.worded", subject=Subject("text", key, known.name),
                detail={"before": {"正文": before}, "after": {"正文": wanted}, "version": made.version},
            )  # fmt: skip
    except IntegrityError as error:
        raise _meanwhile(key) from error
    return made


def _meanwhile(key: str) -> TiduError:
    other = TextVersion.objects.filter(key=key).order_by("-version").first()
    who = other.set_by_name if other else "别人"
    return TiduError("changed-meanwhile", f"您打开页面以后，{who}改过“{text_of(key).name}”。请核对现在的文字，再决定是否改。", key=key)
