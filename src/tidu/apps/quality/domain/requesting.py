"""Asking the unit that has a fact, or the firms themselves, for what firms lack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.corrections.sections import FIRM_SOURCES
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise, Source
from tidu.apps.quality.enums import RequestState
from tidu.apps.quality.models import FactRequest, RequestedFirm, key_texts
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import Kind, catalogue
from tidu.kernel.legal_days import legal_day

ASKERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a fact, of whom (None: the firms), for which firms and periods, what for, and until when."""

    fact: str
    unit: Unit | None
    rows: Iterable[tuple[int, int]]
    why: str
    due: date | None = None


def subject_of(request: FactRequest) -> Subject:
    """A request as the audit names it."""
    return Subject("fact-request", str(request.pk), str(request))


def holders_of(fact: str) -> tuple[list[Unit], bool]:
    """The units whose sources the catalogue names for a fact, and whether firms may tell it themselves."""
    known = catalogue().facts.get(fact)
    names = known.source.split("|") if known is not None else []
    sources = Source.objects.filter(name__in=[name for name in names if name not in FIRM_SOURCES], unit__isnull=False).select_related(
        "unit"
    )
    units = {source.unit.pk: source.unit for source in sources if source.unit is not None}
    return sorted(units.values(), key=lambda unit: unit.path), bool(FIRM_SOURCES & set(names))


def may_request(fact: str, actor: Actor) -> Decision:
    """Whether this person may ask for a fact; only facts of a firm or a year can be handed in on a list."""
    allowed = actor.may_write(*ASKERS)
    if not allowed:
        return allowed
    known = catalogue().facts.get(fact)
    if known is None or known.kind not in {Kind.FIRM, Kind.YEAR}:
        return no(f"“{fact}”是登记的事项，不能用清单补。请让负责的单位重新导入登记表。", "not-a-fact")
    return YES


def request_facts(*, actor: Actor, at: datetime, wanted: Wanted) -> FactRequest:
    """Make the request; raises the reason of a refusal, ``nobody-lacks`` or ``past-due``."""
    may_request(wanted.fact, actor).require()
    rows = list(dict.fromkeys(wanted.rows))
    if not rows:
        raise TiduError("nobody-lacks", f"没有企业缺“{wanted.fact}”，不用再要。")
    if wanted.due is not None and wanted.due < legal_day(at):
        raise TiduError("past-due", f"期限 {wanted.due.isoformat()} 已经过了。请填写今天以后的日期。")
    fact = catalogue().fact(wanted.fact)
    plain, escaped = key_texts(fact.name)
    with transaction.atomic():
        request = FactRequest.objects.create(
            fact=fact.name, level=Level.FIRM if fact.kind is Kind.FIRM else Level.YEAR, plain=plain, escaped=escaped, unit=wanted.unit,
            why=wanted.why.strip()[:300], due=wanted.due, created_by_id=actor.user, created_by_name=actor.name, created_at=at,
        )  # fmt: skip
        present = set(Enterprise.objects.in_registry().values_list("pk", flat=True))
        RequestedFirm.objects.bulk_create(
            (RequestedFirm(request=request, enterprise_id=firm, period=period) for firm, period in rows if firm in present),
            batch_size=AT_ONCE,
        )
        detail = {"fact": fact.name, "unit": wanted.unit.code if wanted.unit else None, "firms": len({firm for firm, _ in rows})}
        record_event(actor=actor, at=at, action="fact-request.made", subject=subject_of(request), detail=detail)
    return request


def may_close(request: FactRequest, actor: Actor) -> Decision:
    """Whether this person may close a request."""
    if request.state != RequestState.OPEN:
        return no(f"{request.closed_by_name}已经了结这条需求。", "closed")
    return actor.may_write(*ASKERS)


def close_request(*, actor: Actor, at: datetime, request: FactRequest, version: int, reason: str) -> None:
    """Close a request with a reason; what was answered stays. Raises ``reason-needed`` or ``moved-meanwhile``."""
    may_close(request, actor).require()
    if not reason.strip():
        raise TiduError("reason-needed", "请写明为什么了结（例如：已收齐、不再需要）。")
    with transaction.atomic():
        mine = FactRequest.objects.filter(pk=request.pk, state=RequestState.OPEN, version=version)
        closing = {"closed_by_name": actor.name, "closed_at": at, "closing": reason.strip()[:300]}
        if not mine.update(state=RequestState.CLOSED, version=F("version") + 1, **closing):
            now = FactRequest.objects.get(pk=request.pk)
            raise TiduError("moved-meanwhile", f"{now.closed_by_name or '别人'}刚刚办理过这条需求。请刷新后再看。")
        record_event(actor=actor, at=at, action="fact-request.closed", subject=subject_of(request), detail={"reason": reason.strip()[:300]})
