"""Questions to imports; each goes through what the actor may see."""

from __future__ import annotations

from django.db.models import QuerySet

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.enums import BatchState
from tidu.apps.enterprises.models import Batch
from tidu.apps.imports.domain.permitting import BUREAU, may_import
from tidu.apps.imports.models import CodeMeaning, Disagreement, NameMatch, PreviewRow, RowProblem
from tidu.apps.jobs.enums import OPEN
from tidu.apps.jobs.models import Job


def imports(actor: Actor, *, state: str = "", source: str = "") -> QuerySet[Batch]:
    """Imports the actor may see, newest first."""
    found = Batch.objects.visible_to(actor).select_related("source", "unit", "created_by").order_by("-created_at", "-pk")
    if state in BatchState.values:
        found = found.filter(state=state)
    return found.filter(source__name=source) if source else found


def same_file(actor: Actor, batch: Batch) -> list[Batch]:
    """Other imports of the same content that the actor may see; given up ones do not count."""
    others = imports(actor).filter(file_digest=batch.file_digest).exclude(pk=batch.pk).exclude(state=BatchState.DROPPED)
    return list(others[:5])


def open_job(batch: Batch) -> Job | None:
    """The work that is being done on a batch."""
    return Job.objects.filter(key__in=[f"import.{kind}:{batch.pk}" for kind in ("check", "commit", "undo")], state__in=OPEN).first()


def rows(actor: Actor, batch: Batch, *, outcome: str = "", sheet: str = "") -> QuerySet[PreviewRow]:
    """The rows of a checked file."""
    found = PreviewRow.objects.visible_to(actor).filter(batch=batch).order_by("pk")
    found = found.filter(outcome=outcome) if outcome else found
    return found.filter(sheet=sheet) if sheet else found


def problems(actor: Actor, batch: Batch, *, grade: str = "", sheet: str = "", rule: str = "") -> QuerySet[RowProblem]:
    """The remarks on a checked file."""
    found = RowProblem.objects.visible_to(actor).filter(batch=batch).order_by("pk")
    for name, value in (("grade", grade), ("sheet", sheet), ("rule", rule)):
        found = found.filter(**{name: value}) if value else found
    return found


def differences(actor: Actor, batch: Batch, *, wins: str = "") -> QuerySet[Disagreement]:
    """Facts that another source states otherwise."""
    found = Disagreement.objects.visible_to(actor).filter(batch=batch).order_by("pk")
    return found.filter(wins=wins == "yes") if wins in {"yes", "no"} else found


def names(actor: Actor, batch: Batch, *, found: str = "", words: str = "") -> QuerySet[NameMatch]:
    """Names by which rows were looked for; those that wait for a decision first."""
    listed = NameMatch.objects.visible_to(actor).filter(batch=batch).select_related("chosen").order_by("choice", "name", "pk")
    if found == "open":
        listed = listed.exclude(found="one").filter(choice="")
    elif found:
        listed = listed.filter(found=found)
    return listed.filter(name__contains=words.strip()[:100]) if words.strip() else listed


def codes(actor: Actor) -> QuerySet[CodeMeaning]:
    """What codes mean in the files of the sources that the actor may import."""
    found = CodeMeaning.objects.select_related("source", "learnt_by").order_by("source__name", "identifier", "code")
    if actor.has(*BUREAU):
        return found
    allowed = [source for source in {one.source for one in found} if may_import(actor, source)]
    return found.filter(source__in=allowed)
