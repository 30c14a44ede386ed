"""口径: the open questions, one of them with its history, the rehearsal of a choice, adopting and ending."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.asking import ask_for_effect, may_settle, usual_law_date
from tidu.apps.fulfilment.domain.ruling import adopt_rehearsed, end_ruling, may_adopt, may_end
from tidu.apps.fulfilment.models import RulingEffect
from tidu.apps.fulfilment.queries.rulings import Standing, awards_resting, effect_sums, effects, moves, standings
from tidu.apps.policies.loaded import packs
from tidu.kernel.legal_days import legal_day
from tidu.look.fields import LONG, RADIO, Choice, Field
from tidu.look.figures import wan
from tidu.look.listing import Column
from tidu.sites.office.fulfilment.settlement_lists import (
    CLERKS,
    CODE,
    FIRM,
    MONEY_READERS,
    RULING_READERS,
    day_field,
    day_written,
    picked,
    said,
    street_field,
    words_field,
    written,
)  # fmt: skip
from tidu.sites.office.plain_pages import ListPage, answer_list, attempt, way

WAYS = (("up", "增加"), ("down", "减少"), ("same", "金额不变，结论改变"))


@page_for(*RULING_READERS)
@require_safe
def rulings(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """Every open question with the choice in force and who chose it."""
    return render(request, "office/fulfilment/rulings.html", {"rows": standings(packs())})


def _standing(number: str) -> Standing:
    found = next((one for one in standings(packs()) if one.ruling.id == number), None)
    if found is None:
        raise Http404("现行规则中没有这条口径。请从口径列表进入。")
    return found


@page_for(*RULING_READERS)
@require_safe
def ruling(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One question: options, history, rehearsals, and the form of another rehearsal."""
    found, today = _standing(number), timezone.localdate()
    context = {
        "one": found, "rests": awards_resting(packs(), number), "decision": may_settle(actor), "fields": _fields(found, today),
        "effects": list(effects(actor, number)[:20]), "sees": actor.has(*MONEY_READERS),
    }  # fmt: skip
    return render(request, "office/fulfilment/ruling.html", context)


def _fields(found: Standing, today: Any) -> list[Field]:
    other = next((one.choice for one in found.options if one.choice != found.choice), "")
    choices = [
        Choice(one.choice, f"{one.choice}{'（现行）' if one.choice == found.choice else ''}", one.text)
        for one in found.options
        if one.choice != found.choice or (found.adopted is not None and one.choice == found.own)
    ]
    return [
        Field("choice", "试算哪个选项", RADIO, values=(other,), choices=choices),
        day_field("law_date", "政策日期", "按哪一天有效的政策", usual_law_date(packs(), today)),
        day_field("as_of", "数据日期", "按截至哪一天的数据", today),
    ]


@page_for(*CLERKS)
@require_POST
def rehearse(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Queue the rehearsal of a choice."""
    _standing(number)
    job = ask_for_effect(
        actor=actor, at=timezone.now(), packs=packs(), ruling=number, choice=written(request, "choice", 80),
        law_date=day_written(request, "law_date", "政策日期"), as_of=day_written(request, "as_of", "数据日期"),
        page=f"{reverse('open-rulings')}effects/",
    )  # fmt: skip
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


def _effect(actor: Actor, number: int) -> RulingEffect:
    found = RulingEffect.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这次试算。请从口径页面进入。")
    return found


@page_for(*MONEY_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def effect(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """What a choice would move, by payer; POST adopts it, or ends what was adopted, with a typed reason."""
    found = _effect(actor, number)
    standing, day = _standing(found.ruling), legal_day(timezone.now())
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        act = end_ruling if request.POST.get("act") == "end" else adopt_rehearsed
        given = {"packs": packs(), "effect": found, "reason": written(request, "reason")}
        done, problems = attempt(lambda: act(actor=actor, at=timezone.now(), **given))
        if done is not None:
            return HttpResponseRedirect(reverse("ruling", args=[found.ruling]))
    ends = may_end(found, actor, packs(), day)
    field = Field("reason", "理由和依据", LONG, "写明由谁、在什么会议或文件中确定", values=(written(request, "reason"),))
    context = {
        "effect": found, "one": standing, "sums": effect_sums(actor, found), "adopts": may_adopt(found, actor, packs(), day), "ends": ends,
        "may_end_at_all": found.choice == standing.own and standing.adopted is not None, "field": field, "problems": problems,
        "ways": WAYS, "text": next((one.text for one in standing.options if one.choice == found.choice), ""),
    }  # fmt: skip
    return render(request, "office/fulfilment/ruling_effect.html", context, status=400 if problems else 200)


MOVE_COLUMNS = (
    FIRM,
    CODE,
    Column("事项", lambda move: f"{move.award} {move.title}（{move.payer}）：{move.item}"),
    Column("现在", lambda move: wan(move.before), number=True),
    Column("改后", lambda move: wan(move.after), number=True),
    Column("相差", lambda move: f"{'+' if move.after > move.before else ''}{wan(move.after - move.before)}", number=True),
    Column("怎么算的", lambda move: f"现在：{move.why_before} 改后：{move.why_after}", wide=True),
)


@page_for(*MONEY_READERS)
@require_safe
def effect_firms(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Firm by firm what a choice would move."""
    found = _effect(actor, number)
    payer, how, street, words = (said(request, name) for name in ("payer", "way", "street", "q"))
    payers = [row["payer"] for row in effect_sums(actor, found)]
    filters = [
        picked("payer", "资金来源", payer, [(name, name) for name in payers]),
        picked("way", "变动", how, WAYS),
        street_field(actor, street),
        words_field(words),
    ]
    title = f"口径 {found.ruling} 改为“{found.choice}”的影响"
    crumbs = (way("open-rulings", "口径"), way("ruling", f"口径 {found.ruling}", found.ruling), way("ruling-effect", "试算结果", found.pk))
    page = ListPage(title, MOVE_COLUMNS, "只列结论或金额有变动的。金额单位：万元。", filters, crumbs=crumbs, empty="没有企业受影响。")
    return answer_list(request, actor, moves(actor, found, payer=payer, way=how, words=words, street=street), page)
