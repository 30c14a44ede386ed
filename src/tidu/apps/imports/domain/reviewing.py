"""Names that did not lead to exactly one firm: a person says which firm it is, or leaves the rows out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.enterprises.models import Batch, Enterprise
from tidu.apps.imports.domain.permitting import may_change
from tidu.apps.imports.domain.uploading import subject_of
from tidu.apps.imports.enums import Choice, Found
from tidu.apps.imports.models import NameMatch
from tidu.kernel.credit_code import normalise_credit_code
from tidu.kernel.errors import TiduError


def decide_name(*, actor: Actor, at: datetime, match: NameMatch, choice: Choice, code: str = "") -> NameMatch:
    """Say which firm a name is (by its code), that its rows stay out, or take an earlier decision back.

    When the batch is committed the name becomes an alias of that firm and is known from then on.
    Raises ``no-such-firm`` and ``name-is-known``.
    """
    may_change(actor, match.batch).require()
    if match.found == Found.ONE:
        raise TiduError("name-is-known", f"“{match.name}”已经找到企业，不用选定。", name=match.name)
    chosen = _firm(actor, code) if choice == Choice.FIRM else None
    with transaction.atomic():
        NameMatch.objects.filter(pk=match.pk).update(choice=choice, chosen=chosen, decided_by_id=actor.user, decided_at=at)
        detail = {"name": match.name, "choice": choice.value, "firm": chosen.code if chosen else ""}
        record_event(actor=actor, at=at, action="import.name-decided", subject=subject_of(match.batch), detail=detail)
    match.refresh_from_db()
    return match


def _firm(actor: Actor, code: str) -> Enterprise:
    wanted = normalise_credit_code(code)
    found = Enterprise.objects.visible_to(actor).in_registry().filter(code=wanted).first()
    if found is None:
        raise TiduError(
            "no-such-firm", f"企业库里没有代码“{wanted or '（空）'}”。请填写 18 位统一社会信用代码，可以先在企业查询里查到。", firm=wanted
        )
    return found


def decided_rows(batch: Batch) -> int:
    """Rows that will be taken because a person chose their firm."""
    return sum(batch.name_matches.filter(choice=Choice.FIRM).values_list("rows", flat=True))
