"""Keeping a document: its file, its text, and what the reader found, as it was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.materials.domain.keeping import Owner, keep_file
from tidu.apps.materials.models import StoredFile
from tidu.apps.plans.enums import COORDINATORS, ExtractionKind
from tidu.apps.plans.models import Extraction, PlanDocument
from tidu.apps.units.models import Unit
from tidu.documents.reading import Reading, read_bytes
from tidu.kernel.errors import TiduError

HEAD_KEYS = ("title", "document_number", "issuer", "date", "valid_until")
LISTS = {
    ExtractionKind.CLAUSE: "clauses",
    ExtractionKind.UNITS: "units",
    ExtractionKind.TARGET: "targets",
    ExtractionKind.AWARD: "awards",
}
KEPT_ENDINGS = (".pdf", ".docx")
"""Types that materials take; of plain text and web pages the normalised text and the digest stay."""
KIND = "计划文件"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it came in, and the unit that loads it."""

    name: str
    content: bytes
    unit: Unit


def may_keep_document(actor: Actor) -> Decision:
    """The bureau loads documents."""
    return actor.may_write(*COORDINATORS)


def document_subject(document: PlanDocument) -> Subject:
    """A document as the audit names it."""
    return Subject("plan-document", str(document.pk), document.title)


def keep_document(*, actor: Actor, at: datetime, incoming: Incoming) -> PlanDocument:
    """Read and keep a document. Raises ``document-there`` where the same bytes were kept before, and every refusal of the
    reader (``tidu.documents``) and of materials.
    """
    may_keep_document(actor).require()
    digest = sm3(incoming.content)
    there = PlanDocument.objects.filter(digest=digest).first()
    if there is not None:
        raise _there(there)
    reading = read_bytes(incoming.content, incoming.name)
    file = None
    if incoming.name.lower().endswith(KEPT_ENDINGS):
        file = keep_file(
            actor=actor, at=at, owner=Owner(unit=incoming.unit), kind=KIND, name=incoming.name, content=incoming.content
        )  # fmt: skip
    try:
        return _store(actor, at, incoming, reading, file, digest)
    except IntegrityError as error:  # the same document came in twice at one moment
        raise _there(PlanDocument.objects.get(digest=digest)) from error


def _store(actor: Actor, at: datetime, incoming: Incoming, reading: Reading, file: StoredFile | None, digest: str) -> PlanDocument:
    found = reading.as_dict()
    with transaction.atomic():
        document = PlanDocument.objects.create(
            name=incoming.name[:200], digest=digest, file=file, title=(found["title"] or incoming.name)[:300], text=found["body_text"],
            head={key: found[key] for key in HEAD_KEYS}, kept_at=at, kept_by_id=actor.user, keeper_name=actor.name,
        )  # fmt: skip
        rows = list(extractions_of(document, found))
        Extraction.objects.bulk_create(rows, batch_size=500)
        record_event(
            actor=actor,
            at=at,
            action="plan.document-kept",
            subject=document_subject(document),
            detail={"digest": digest, "found": len(rows)},
        )
    return document


def extractions_of(document: PlanDocument, found: dict[str, Any]) -> list[Extraction]:
    """The rows of a reading, not yet stored: clauses in the order of the text, then units, targets, awards."""
    rows: list[Extraction] = []
    for kind, name in LISTS.items():
        for one in found[name]:
            content = {key: value for key, value in one.items() if key not in {"start", "end"}}
            rows.append(
                Extraction(
                    document=document, number=len(rows) + 1, kind=kind, path=one["path"], content=content, start=one["start"],
                    end=one["end"], read=True,
                )
            )  # fmt: skip
    return rows


def _there(document: PlanDocument) -> TiduError:
    said = f"同一份文件已由{document.keeper_name}于 {document.kept_at:%Y-%m-%d} 载入：“{document.title}”。请直接打开它。"
    return TiduError("document-there", said, document=document.pk)
