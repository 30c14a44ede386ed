"""Files that a firm hands in after payment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.materials.domain.keeping import Owner, keep_file
from tidu.apps.materials.models import StoredFile

KIND = "履约证明"
Upload = tuple[str, bytes]
"""Name and content as they came."""


def keep_proofs(*, actor: Actor, at: datetime, enterprise: Enterprise, uploads: Sequence[Upload]) -> list[StoredFile]:
    """Keep the files for the firm; each is checked by its content (``apps/materials``)."""
    return [
        keep_file(actor=actor, at=at, owner=Owner(enterprise=enterprise), kind=KIND, name=name, content=content)
        for name, content in uploads
    ]


def use_after_payment(file: StoredFile) -> str:
    """Why a file may not be dropped: a check, a statement or a declaration names it."""
    used = file.duty_checks.exists() or file.duty_statements.exists() or file.self_checks.exists() or file.change_reports.exists()
    return f"“{file.name}”已作为履约证明提交，" if used else ""
