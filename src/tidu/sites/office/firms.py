"""企业查询 and 企业 360."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import OFFICIALS, Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.cultivation.domain.rulebook import rulebook
from tidu.apps.cultivation.domain.titles import titles
from tidu.apps.cultivation.enums import MemberState
from tidu.apps.cultivation.models import Holding, Membership
from tidu.apps.enterprises.domain.as_known import Telling, known_at, tellings
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.apps.enterprises.models import Enterprise, EnterpriseQuerySet
from tidu.apps.enterprises.queries import fact_text, firms, subdistricts_of
from tidu.apps.registry.models import KEEPERS
from tidu.apps.registry.queries import firm_behind, tags_in_use, views_of
from tidu.kernel.facts import Fact, Kind, catalogue
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import MOST_ROWS, exported
from tidu.sites.office.firm_sections import SECTIONS, position_on
from tidu.sites.office.firm_timeline import PROVIDERS, timeline_of

READERS = tuple(sorted(OFFICIALS - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}))
COLUMNS = (
    Column("企业名称", lambda firm: firm.name, lambda firm: reverse("firm", args=[firm.code])),
    Column("统一社会信用代码", lambda firm: firm.code, whole=True),
    Column("所属街道", lambda firm: firm.subdistrict.name if firm.subdistrict else "未登记"),
)


@dataclass(frozen=True)
class Chosen:
    """What the filter says."""

    q: str
    street: str
    tag: str
    title: str
    pool: str
    chain: str

    @property
    def filters(self) -> dict[str, str]:
        """What an export tells of them; those that were not set are left out, but for the first two."""
        more = {"tag": self.tag, "title": self.title, "pool": self.pool, "chain": self.chain}
        return {"q": self.q, "street": self.street} | {name: value for name, value in more.items() if value}


def _chosen(request: HttpRequest) -> Chosen:
    return Chosen(*(request.GET.get(name, "")[:40] for name in ("q", "street", "tag", "title", "pool", "chain")))


def _listed(actor: Actor, chosen: Chosen) -> EnterpriseQuerySet:
    """The firms that the filter leaves: by words and place, by title in force today, pool, leading chain."""
    found = firms(actor, words=chosen.q, subdistrict=chosen.street, tag=chosen.tag)
    if chosen.title:
        found = found.filter(pk__in=Holding.objects.valid_on(timezone.localdate()).filter(kind=chosen.title).values("enterprise"))
    if chosen.pool:
        found = found.filter(
            pk__in=Membership.objects.filter(pool=chosen.pool, state__in=(MemberState.MEMBER, MemberState.LEAVING)).values("enterprise")
        )
    if chosen.chain:
        found = found.filter(glance__chain=chosen.chain)
    return found


@page_for(*READERS)
@require_safe
def firm_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """企业查询: by name, part of a name, former name, pinyin initials or code."""
    chosen = _chosen(request)
    listed = _listed(actor, chosen)
    if request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = list(listed[:MOST_ROWS])
        record_export(actor=actor, at=at, what="企业名单", filters=chosen.filters, rows=len(rows))
        return exported(rows, COLUMNS, title="企业名单", who=actor.name, at=at)
    listing = page_of(listed, COLUMNS, request.GET.dict(), label="企业名单", empty="没有找到企业。")
    context = {
        "listing": listing,
        "chosen": chosen,
        "streets": subdistricts_of(actor),
        "tags": tags_in_use(actor),
        "titles": list(titles().titles),
        "pools": [(pool.key, pool.name) for pool in rulebook().pools],
        "chains": catalogue().fact("主导产业").values,
        "views": views_of(actor, "firms"),
        "query": request.GET.urlencode(),
        "may_add": actor.has(*KEEPERS),
    }
    return render(request, "office/firms.html", context)


@page_for(*READERS)
@require_safe
def firm(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """企业 360: header, ladder, verdicts, then the sections of ``firm_sections``, then the timeline."""
    found = firms(actor).filter(code=code).first()
    if found is None:
        behind = firm_behind(code)
        if behind is not None and behind.code != code and firms(actor).filter(pk=behind.pk).exists():
            return HttpResponseRedirect(f"{reverse('firm', args=[behind.code])}?from={code}")
        raise Http404(_nobody(code))
    day, kind = _day(request), request.GET.get("kind", "")
    former = request.GET.get("from", "")[:18]
    context = {
        "firm": found,
        "former": former if former and former != found.code and firm_behind(former) == found else "",
        "position": position_on(found, day),
        "day": day,
        "sections": [(section, section.load(actor, found, day)) for section in SECTIONS],
        "timeline": timeline_of(actor, found, kind),
        "kinds": [("", "全部"), *((key, title) for key, (title, _) in PROVIDERS.items())],
        "kind": kind if kind in PROVIDERS else "",
    }
    return render(request, "office/firm.html", context)


@page_for(*READERS)
@require_safe
def firm_fact(request: HttpRequest, actor: Actor, code: str, fact: str) -> HttpResponse:
    """The history of one fact: every sheet that told it, and what was known of it on a day."""
    found = firms(actor).filter(code=code).first()
    if found is None:
        raise Http404(_nobody(code))
    known = catalogue().facts.get(fact)
    if known is None:
        raise Http404("指标目录里没有这一项。请从企业页面里选择。")
    day = _day(request)
    told = tellings(found, known)
    at = datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())
    held = known_at(told, known, at)
    context = {
        "firm": found,
        "fact": known,
        "day": day,
        "rows": [_row(one, known, held) for one in told],
        "held": [_row(held[period], known, held) for period in sorted(held, reverse=True)],
        "yearly": known.kind is not Kind.FIRM,
    }
    return render(request, "office/firm_fact.html", context)


@dataclass(frozen=True)
class TellingRow:
    """One telling as the page shows it; ``holds`` on the chosen day."""

    told: Telling
    text: str
    holds: bool


def _row(one: Telling, fact: Fact, held: dict[int, Telling]) -> TellingRow:
    return TellingRow(one, fact_text(fact, one.value), held.get(one.period) == one)


def _nobody(code: str) -> str:
    if Enterprise.objects.filter(code=code).exists():
        return "这家企业不在您的管辖范围内。需要时请联系牵头局。"
    return "企业库里没有这个代码。请核对统一社会信用代码，或按名称查询。"


def _day(request: HttpRequest) -> date:
    text = request.GET.get("date", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
