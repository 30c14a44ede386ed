"""Keeping phrases: everybody the own ones, the bureau's head the shared ones."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import HANDLING, Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.transitions import TABLE
from tidu.apps.fulfilment.models import Phrase
from tidu.kernel.errors import TiduError

LONGEST = 300
OPINION = "opinion"
OFFICE = {Role.BUREAU_CLERK, Role.BUREAU_HEAD}
ACTS = {row.name: row.label for row in TABLE if row.reason and set(row.roles) & OFFICE} | {OPINION: "反馈联审意见"}
"""What phrases are for: the office's steps that need a reason, and the departments' opinions."""


def may_keep(actor: Actor, *, shared: bool) -> Decision:
    """Who handles cases keeps own phrases; shared ones are the head's."""
    return actor.may_write(Role.BUREAU_HEAD) if shared else actor.may_write(*HANDLING)


def keep_phrase(*, actor: Actor, at: datetime, act: str, text: str, shared: bool) -> Phrase:
    """Keep one. Raises ``act-missing``, ``text-missing``, ``phrase-there``."""
    may_keep(actor, shared=shared).require()
    words = " ".join(text.split())
    if act not in ACTS:
        raise TiduError("act-missing", "请选择常用语用在哪一步。")
    if not words or len(words) > LONGEST:
        raise TiduError("text-missing", f"请填写常用语，最多 {LONGEST} 字。")
    owner = None if shared else actor.user
    with transaction.atomic():
        made, fresh = Phrase.objects.get_or_create(owner_id=owner, act=act, text=words, defaults={"made_at": at})
        if not fresh:
            raise TiduError("phrase-there", "这条常用语已经有了。")
        record_event(actor=actor, at=at, action="phrase.kept", subject=_subject(made), detail={"text": words})
    return made


def may_drop(actor: Actor, phrase: Phrase) -> Decision:
    """The own ones, and for the head the shared ones."""
    if phrase.owner_id is None:
        return may_keep(actor, shared=True)
    return YES if actor.user == phrase.owner_id else no("这是别人的常用语。", "not-own")


def drop_phrase(*, actor: Actor, at: datetime, phrase: Phrase) -> None:
    """Remove one; what was written with it stays as it was written."""
    may_drop(actor, phrase).require()
    with transaction.atomic():
        record_event(actor=actor, at=at, action="phrase.dropped", subject=_subject(phrase), detail={"text": phrase.text})
        phrase.delete()


def _subject(phrase: Phrase) -> Subject:
    return Subject("phrase", str(phrase.pk), ACTS.get(phrase.act, phrase.act))


def phrases_for(actor: Actor, act: str) -> list[str]:
    """What can be picked for an act: the shared ones and the own ones, each once."""
    return list(dict.fromkeys(Phrase.objects.visible_to(actor).filter(act=act).values_list("text", flat=True)))


def with_phrase(actor: Actor, act: str, picked: str, typed: str) -> str:
    """The text of an act: the phrase picked, where it is one of the actor's, before what was typed."""
    known = picked if picked and picked in phrases_for(actor, act) else ""
    return f"{known} {typed}".strip() if known not in typed else typed.strip()
