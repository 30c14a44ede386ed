"""One way to make any paper: who may, the file, its digest, the line in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import no
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.paper.blocks import Paper
from tidu.apps.paper.enums import MEDIA, Form
from tidu.apps.paper.printing.pdf import pdf_of
from tidu.apps.paper.printing.word import word_of

READERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Printed:
    """A file made of a paper."""

    name: str
    content: bytes
    media_type: str
    digest: str


def require_reader(actor: Actor) -> None:
    """Papers of the whole district are for the bureau, leaders and auditors."""
    if not actor.has(*READERS):
        no(f"这份文书由{'、'.join(role.label for role in READERS)}查看，您没有这个岗位。", "wrong-role").require()


def print_paper(*, actor: Actor, at: datetime, paper: Paper, form: Form, subject: Subject) -> Printed:
    """The file of a paper; who made which paper when is in the audit with the digest of the file."""
    content = pdf_of(paper) if form == Form.PDF else word_of(paper)
    printed = Printed(f"{paper.title}.{form.value}", content, MEDIA[form], sm3(content))
    note_paper(actor=actor, at=at, subject=subject, printed=printed)
    return printed


def note_paper(*, actor: Actor, at: datetime, subject: Subject, printed: Printed) -> None:
    """The audit's line on a paper."""
    with transaction.atomic():
        record_event(actor=actor, at=at, action="paper.made", subject=subject, detail={"name": printed.name, "digest": printed.digest})
