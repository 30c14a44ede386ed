"""The demonstration of the portal: people of firms, filings and corrections in every state, a tag, a request for a fact.

Deterministic; everybody in it is invented. Everything goes through the functions that people use.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from tidu.apps.accounts.actors import SYSTEM, Actor
from tidu.apps.accounts.domain.accounts import open_account
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.corrections.domain.corrections import Told, accept_correction, ask_for_correction, move_correction, resubmit_correction
from tidu.apps.corrections.domain.filings import accept_filing, begin_filing, move_filing, save_section, submit_filing
from tidu.apps.corrections.domain.moves import CORRECTION_MOVES, FILING_MOVES
from tidu.apps.corrections.enums import CaseState
from tidu.apps.corrections.models import Correction, Filing
from tidu.apps.corrections.queries import prefilled
from tidu.apps.corrections.sections import sections
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise, FactsInForce
from tidu.apps.policies.loaded import packs
from tidu.apps.quality.domain.checking import found_in_registry, keep_findings
from tidu.apps.quality.domain.requesting import Wanted, holders_of, request_facts
from tidu.apps.quality.enums import FindingKind
from tidu.apps.quality.models import Finding
from tidu.apps.registry.domain.duplicates import find_duplicates
from tidu.apps.registry.domain.tags import set_tag
from tidu.kernel.inputs import Moment
from tidu.kernel.legal_days import legal_day
from tidu.kernel.quantities import decimal_text, from_stored

PEOPLE = (("faren", "企业法定代表人"), ("caiwu", "集团财务"), ("daiban", "代办机构"))
FILING_STATES = ("draft", "submitted", "checking", "returned", "resubmitted", "accepted", "refused")
CORRECTION_STATES = ("submitted", "checking", "returned", "resubmitted", "accepted", "refused", "withdrawn")
REVENUE = "营业收入"
WHY = "申报表按含税收入填写，应为不含税收入，依据年度审计报告第 5 页。"


def prepare_cases(*, at: datetime, password: str) -> tuple[tuple[str, str], ...]:
    """Members, cases and one request, after firms and people stand; returns who may log in."""
    at = timezone.localtime(at)
    firms = _firms(len(FILING_STATES), at.year - 1)
    if not firms:
        return ()
    users = {
        name: open_account(actor=SYSTEM, at=at, username=name, name=title, password=password, must_change=False) for name, title in PEOPLE
    }
    _posts(users, firms, at)
    known = {user.username: actor_of(user, legal_day(at)) for user in User.objects.filter(username__in=("jingban", "shuiwu", *users))}
    for firm, state in zip(firms, FILING_STATES, strict=False):
        _filing(firm, state, known, at - timedelta(days=12))
    for firm, state in zip(firms, CORRECTION_STATES, strict=False):
        _correction(firm, state, known, at - timedelta(days=6))
    for text in ("重点走访", "上市后备"):
        set_tag(actor=known["jingban"], at=at, firm=firms[0], text=text)
    keep_findings(found_in_registry(packs(), Moment(legal_day(at), legal_day(at))), at=at)
    find_duplicates(at=at)
    _request(known["jingban"], at)
    return PEOPLE


def _firms(count: int, year: int) -> list[Enterprise]:
    """The firm of the demonstration's own member, then the first ones with figures of the year."""
    told = FactsInForce.objects.filter(level=Level.YEAR, period=year).order_by().values("enterprise")
    first = list(Enterprise.objects.in_registry().filter(posts__role=Role.FIRM_CLERK).order_by("code")[:1])
    rest = Enterprise.objects.in_registry().filter(pk__in=told, code__startswith="91").exclude(pk__in=[one.pk for one in first])
    with_revenue = (one for one in rest.order_by("code")[: 20 * count] if _revenue(one, year))
    return [*first, *(one for one, _ in zip(with_revenue, range(count - len(first)), strict=False))]


def _revenue(firm: Enterprise, year: int) -> int:
    row = FactsInForce.objects.filter(enterprise=firm, level=Level.YEAR, period=year).first()
    return int(row.values.get(REVENUE) or 0) if row is not None else 0


def _posts(users: Mapping[str, User], firms: list[Enterprise], at: datetime) -> None:
    day = legal_day(at)
    Post.objects.create(user=users["faren"], role=Role.FIRM_LEGAL, enterprise=firms[0], since=day)
    for firm in firms:
        Post.objects.create(user=users["caiwu"], role=Role.FIRM_FINANCE, enterprise=firm, since=day)
    for firm in firms[:3]:
        Post.objects.create(user=users["daiban"], role=Role.FIRM_AGENT, enterprise=firm, since=day, until=day + timedelta(days=180))


def _filing(firm: Enterprise, state: str, known: Mapping[str, Actor], at: datetime) -> None:
    owner, clerk = known["caiwu"], known["jingban"]
    filing = begin_filing(actor=owner, at=at, enterprise=firm, year=at.year - 1, today_year=at.year)
    for section in sections()[: 1 if state == "draft" else None]:
        texts = {one.fact.name: one.text for one in prefilled(filing, section)}
        save_section(actor=owner, at=at, filing=filing, section=section, texts=texts, done=True, version=filing.version)
    if state == "draft":
        return
    if not any(text for told in filing.drafts.values() for text in told.values()):
        filing = _with_product(filing, owner, at)
    submit_filing(actor=owner, at=at, filing=filing, version=filing.version, confirmed=True)
    at += timedelta(days=2)
    match state:
        case "checking":
            move_filing(actor=clerk, at=at, filing=filing, move=FILING_MOVES["take"], version=filing.version)
        case "returned" | "resubmitted":
            items = (sections()[0].facts[0].name,)
            reason = "与审计报告不一致，请核对后补充审计报告首页。"
            move_filing(actor=clerk, at=at, filing=filing, move=FILING_MOVES["return"], version=filing.version, reason=reason, items=items)
            if state == "resubmitted":
                texts = dict(filing.drafts[sections()[0].id])
                save_section(actor=owner, at=at, filing=filing, section=sections()[0], texts=texts, done=True, version=filing.version)
                submit_filing(actor=owner, at=at + timedelta(days=1), filing=filing, version=filing.version, confirmed=True)
        case "accepted":
            accept_filing(actor=clerk, at=at, filing=filing, version=filing.version)
        case "refused":
            reason = "填的是集团合并数，请按本企业单体报表重新填写。"
            move_filing(actor=clerk, at=at, filing=filing, move=FILING_MOVES["refuse"], version=filing.version, reason=reason)
        case _:
            assert filing.state == CaseState.SUBMITTED  # noqa: S101 - the demonstration tells what it shows


def _with_product(filing: Filing, owner: Actor, at: datetime) -> Filing:
    """A firm of which nothing is known fills in its product."""
    section = next(one for one in sections() if any(fact.name == "主导产品" for fact in one.facts))
    texts = {**filing.drafts.get(section.id, {}), "主导产品": "精密零部件"}
    save_section(actor=owner, at=at, filing=filing, section=section, texts=texts, done=True, version=filing.version)
    return filing


def _correction(firm: Enterprise, state: str, known: Mapping[str, Actor], at: datetime) -> None:
    owner, year, told = known["caiwu"], at.year - 1, _revenue(firm, at.year - 1)
    wanted = decimal_text(from_stored(told * 108 // 100 or 50_000_000, packs().scope.catalogue.fact(REVENUE).unit))
    case = ask_for_correction(actor=owner, at=at, enterprise=firm, told=Told(REVENUE, year, wanted, WHY))
    clerk = known["shuiwu"] if case.unit.code == "shuiwu" else known["jingban"]
    later = at + timedelta(days=1)

    def move(name: str, reason: str = "", who: Actor = clerk) -> None:
        move_correction(actor=who, at=later, correction=case, move=CORRECTION_MOVES[name], version=case.version, reason=reason)

    match state:
        case "checking":
            move("take")
        case "returned" | "resubmitted":
            move("return", "请附审计报告的利润表一页。")
            if state == "resubmitted":
                resubmit_correction(actor=owner, at=later, correction=case, version=case.version, wanted=wanted, why=f"{WHY}已补充说明。")
        case "accepted":
            accept_correction(actor=clerk, at=later, correction=case, version=case.version)
        case "refused":
            move("refuse", "申报数与纳税申报表一致，更正后的数没有依据。")
        case "withdrawn":
            move("withdraw", who=owner)
        case _:
            assert Correction.objects.get(pk=case.pk).state == CaseState.SUBMITTED  # noqa: S101 - as above


def _request(clerk: Actor, at: datetime) -> None:
    """The fact that would decide the most firms, asked of the unit that has it; and one asked of the firms themselves."""
    done = set()
    for finding in Finding.objects.filter(kind=FindingKind.DECIDING).order_by("pk"):
        units, by_firms = holders_of(finding.fact)
        to = "unit" if units else "firms" if by_firms else ""
        if not to or to in done:
            continue
        done.add(to)
        rows = [(firm, period) for firm, period in finding.rows]
        due = legal_day(at) + timedelta(days=21)
        why = f"判断是否符合{'、'.join(finding.standards[:2])}"
        request_facts(actor=clerk, at=at, wanted=Wanted(finding.fact, units[0] if units else None, rows, why, due))
        if len(done) == 2:
            return
