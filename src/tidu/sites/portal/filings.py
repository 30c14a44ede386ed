"""年度数据填报: sections saved as typed, a page to check everything, a receipt for what was submitted."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.corrections.domain import filings as domain
from tidu.apps.corrections.domain.evidence import hand_in
from tidu.apps.corrections.domain.moves import FILING_MOVES, FIRM, buttons, may_move, timeline
from tidu.apps.corrections.enums import CaseState
from tidu.apps.corrections.models import Filing, FilingVersion
from tidu.apps.corrections.queries import Prefilled, choices_of, prefilled
from tidu.apps.corrections.reading import unit_shown
from tidu.apps.corrections.sections import Section, section_of, sections
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import fact_text
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import Store, catalogue
from tidu.look.fields import DATE, FIGURE, SELECT, Choice, Field
from tidu.look.fields import TEXT as PLAIN
from tidu.sites.portal.pages import firm_page
from tidu.sites.portal.uploads import uploaded


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def filings(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """The years that can be told, and what became of each; POST begins one."""
    today = timezone.localdate()
    if request.method == "POST":
        year = request.POST.get("year", "")
        wanted = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0
        found = domain.begin_filing(actor=actor, at=timezone.now(), enterprise=firm, year=wanted, today_year=today.year)
        return HttpResponseRedirect(reverse("portal-filing", args=[firm.code, found.year]))
    known = {one.year: one for one in Filing.objects.visible_to(actor).filter(enterprise=firm)}
    open_years = range(today.year - 1, today.year - 1 - domain.YEARS_BACK, -1)
    years = sorted({*known, *open_years}, reverse=True)
    return render(request, "portal/filings.html", {"firm": firm, "years": [(year, known.get(year)) for year in years]})


def _filing(actor: Actor, firm: Enterprise, year: int) -> Filing:
    """The filing of a year. One that was not begun is begun by its first section, so that looking writes nothing."""
    found = Filing.objects.visible_to(actor).filter(enterprise=firm, year=year).select_related("unit", "enterprise").first()
    if found is None:
        raise Http404(f"{year} 年度还没有开始填报。请到“年度数据填报”里开始。")
    return found


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def filing(request: HttpRequest, actor: Actor, firm: Enterprise, year: int) -> HttpResponse:
    """One filing: its sections as a list of tasks, its timeline; POST makes one of the firm's moves."""
    found = _filing(actor, firm, year)
    if request.method == "POST":
        move = FILING_MOVES.get(request.POST.get("move", ""))
        if move is None or move.side != FIRM or move.name in {"submit", "resubmit"}:
            raise TiduError("no-such-move", "没有这一步。请从页面上的按钮办理。")
        with_version = request.POST.get("version", "")
        domain.move_filing(
            actor=actor, at=timezone.now(), filing=found, move=move, version=int(with_version) if with_version.isdigit() else 0
        )
        return HttpResponseRedirect(f"{reverse('portal-filing', args=[firm.code, year])}?told={move.name}")
    checked = domain.check_filing(found)
    told = FILING_MOVES.get(request.GET.get("told", ""))
    context = {
        "firm": firm,
        "filing": found,
        "tasks": [(section, _task_state(found, section)) for section in sections()],
        "buttons": [one for one in buttons(found, actor, FIRM) if one.move.name not in {"submit", "resubmit"}],
        "may_write": domain.may_write(found, actor),
        "may_submit": domain.may_submit_filing(found, checked),
        "timeline": timeline(found, inner=False),
        "versions": list(found.versions.all()),
        "files": list(found.files.all()),
        "told": told.told if told is not None else "",
    }
    return render(request, "portal/filing.html", context)


def _task_state(found: Filing, section: Section) -> str:
    if section.id in found.finished:
        return "done"
    if found.state == CaseState.RETURNED and set(found.items) & {fact.name for fact in section.facts}:
        return "lacking"
    return "doing" if section.id in found.drafts else "todo"


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, actor: Actor, firm: Enterprise, year: int, section: str) -> HttpResponse:
    """One section: saved as typed, checked where it is told complete."""
    chosen = section_of(section)
    if chosen is None:
        raise Http404("填报里没有这一节。请回到填报页选择。")
    found = _filing(actor, firm, year)
    if request.method != "POST":
        return _section_page(request, actor, found, chosen, {}, 200)
    texts = {fact.name: request.POST[f"f-{fact.identifier}"] for fact in chosen.facts if f"f-{fact.identifier}" in request.POST}
    done, version = request.POST.get("do") == "done", request.POST.get("version", "")
    wrong = domain.save_section(
        actor=actor,
        at=timezone.now(),
        filing=found,
        section=chosen,
        texts=texts,
        done=done,
        version=int(version) if version.isdigit() else 0,
    )
    if wrong:
        return _section_page(request, actor, found, chosen, wrong, 400)
    return HttpResponseRedirect(f"{reverse('portal-filing', args=[firm.code, year])}?saved={chosen.id}")


def _section_page(request: HttpRequest, actor: Actor, found: Filing, chosen: Section, wrong: dict[str, str], status: int) -> HttpResponse:
    allowed = domain.writable(found)
    rows = [(_field(one, wrong.get(one.fact.name, "")), one.fact.name in allowed) for one in prefilled(found, chosen)]
    problems = [{"text": text, "href": f"#f-{catalogue().fact(name).identifier}"} for name, text in wrong.items()]
    context = {
        "firm": found.enterprise,
        "filing": found,
        "section": chosen,
        "fields": [field for field, may in rows if may],
        "fixed": [field for field, may in rows if not may],
        "problems": problems,
        "may_write": domain.may_write(found, actor),
    }
    return render(request, "portal/filing_section.html", context, status=status)


def _field(one: Prefilled, error: str) -> Field:
    fact, words = one.fact, choices_of(one.fact)
    hints = [fact.note] if fact.note else []
    if one.source:
        hints.append(f"已带入：{one.source}")
    if one.before:
        hints.append(f"上年 {one.before}")
    kind = SELECT if words else DATE if fact.store is Store.DATE else FIGURE if fact.store is Store.INTEGER else PLAIN
    return Field(
        f"f-{fact.identifier}", fact.name, kind, "；".join(hints), unit_shown(fact), (one.text,), [Choice(word, word) for word in words], error,
        optional=True,
    )  # fmt: skip


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, actor: Actor, firm: Enterprise, year: int) -> HttpResponse:
    """检查填写内容: everything on one page before it is submitted; POST submits."""
    found = _filing(actor, firm, year)
    checked = domain.check_filing(found)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            made = domain.submit_filing(
                actor=actor, at=timezone.now(), filing=found, version=int(version) if version.isdigit() else 0,
                confirmed=request.POST.get("confirmed") == "yes",
            )  # fmt: skip
        except TiduError as error:
            problems.append({"text": error.message, "href": "#confirmed" if error.code == "warnings-open" else ""})
            found.refresh_from_db()
        else:
            return HttpResponseRedirect(reverse("portal-filing-receipt", args=[firm.code, year, made.number]))
    move = FILING_MOVES["resubmit" if found.state == CaseState.RETURNED else "submit"]
    blocked = domain.may_write(found, actor)
    blocked = may_move(move, found, actor) if blocked else blocked
    blocked = domain.may_submit_filing(found, checked) if blocked else blocked
    context = {
        "firm": firm,
        "filing": found,
        "sections": [(one, _answers(found, one, checked)) for one in sections()],
        "checked": checked,
        "move": move,
        "blocked": blocked,
        "problems": problems,
    }
    return render(request, "portal/filing_check.html", context, status=400 if problems else 200)


def _answers(found: Filing, chosen: Section, checked: domain.Checked) -> list[tuple[str, str, str, bool]]:
    """Name, text and fault of every field of a section, and whether it is filled in."""
    values = checked.values["year"] | checked.values["firm"]
    typed = found.drafts.get(chosen.id, {})
    return [
        (fact.name, fact_text(fact, values[fact.name]) if fact.name in values else typed.get(fact.name, ""), checked.wrong.get(fact.name, ""),
         fact.name in values or bool(typed.get(fact.name)))
        for fact in chosen.facts
    ]  # fmt: skip


@firm_page()
@require_safe
def receipt(request: HttpRequest, actor: Actor, firm: Enterprise, year: int, number: int) -> HttpResponse:
    """回执: what was submitted, for good, with its number and what comes next."""
    found = _filing(actor, firm, year)
    version = FilingVersion.objects.filter(filing=found, number=number).first()
    if version is None:
        raise Http404("没有这一次提交。请回到填报页查看。")
    return render(
        request, "portal/filing_receipt.html", {"firm": firm, "filing": found, "version": version, "groups": _told(version, year)}
    )


def _told(version: FilingVersion, year: int) -> list[tuple[str, list[tuple[str, str]]]]:
    facts = catalogue()
    titles = (("year", f"{year} 年度"), ("firm", "企业情况"))
    groups: list[tuple[str, dict[str, Any]]] = [(title, version.values.get(key, {})) for key, title in titles]
    return [(title, [(name, fact_text(facts.fact(name), value)) for name, value in values.items()]) for title, values in groups if values]


@firm_page()
@require_POST
def add_file(request: HttpRequest, actor: Actor, firm: Enterprise, year: int) -> HttpResponse:
    """A file to a filing, while the firm may write in it."""
    found = _filing(actor, firm, year)
    domain.may_write(found, actor).require()
    name, content = uploaded(request, "file")
    hand_in(actor=actor, at=timezone.now(), case=found, name=name, content=content)
    return HttpResponseRedirect(f"{reverse('portal-filing', args=[firm.code, year])}#files")
