"""评审专家: the list of experts the bureau may ask, adding one, asking one no more."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.panels import KEEPERS, end_expert, keep_expert, may_end_expert
from tidu.apps.fulfilment.models import Expert
from tidu.apps.fulfilment.models.experts import SEES_EXPERTS
from tidu.apps.fulfilment.queries.panels import experts
from tidu.look.fields import LONG, SELECT, Choice, Field
from tidu.look.listing import Column
from tidu.sites.office.fulfilment.settlement_lists import said
from tidu.sites.office.plain_pages import Act, FormPage, ListPage, answer_form, answer_list, attempt, text_of, way


def _columns(actor: Actor) -> tuple[Column, ...]:
    """Who may not ask an expert no more is not led to where that is done."""

    def way_out(one: Expert) -> str:
        return reverse("expert-end", args=[one.pk]) if may_end_expert(actor, one) else ""

    return (
        Column("姓名", lambda one: one.name),
        Column("单位", lambda one: one.institution, wide=True),
        Column("专业领域", lambda one: one.field, wide=True),
        Column("参加评审（件）", lambda one: f"{one.panels:,}", number=True),
        Column("状态", lambda one: "已停用" if one.ended_at else "可以参加评审", state=lambda one: "out" if one.ended_at else "met"),
        Column("办理", lambda one: one.ended_why or ("停用" if way_out(one) else "—"), way_out),
    )


@page_for(*SEES_EXPERTS)
@require_safe
def expert_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody the bureau may ask; filters for those it asks no more."""
    which, words = said(request, "which"), said(request, "q")
    states = Field(
        "which", "状态", SELECT, values=(which,), choices=[Choice("ended", "已停用"), Choice("all", "全部")], blank="可以参加评审"
    )
    acts = [Act(reverse("expert-new"), "添加专家", actor.may_write(*KEEPERS).reason)]
    line = "事项要求专家评审的，从这里为办件确定专家。姓名只有牵头局和监督人员看得到。"
    page = ListPage(
        "评审专家",
        _columns(actor),
        line,
        [states, Field("q", "姓名、单位或领域", values=(words,))],
        acts=acts,
        empty="没有符合条件的专家。",
    )
    return answer_list(request, actor, experts(actor, words=words, which=which), page)


@page_for(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def expert_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add one."""
    names = ("name", "institution", "field")
    given = {name: text_of(request, name) for name in names}
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        made, problems = attempt(lambda: keep_expert(actor=actor, at=timezone.now(), **given))
        if made is not None:
            return HttpResponseRedirect(reverse("experts"))
    fields = [
        Field("name", "姓名", values=(given["name"],)),
        Field("institution", "单位", hint="写全称：单位是申报企业的，系统不让参加评审。", values=(given["institution"],)),
        Field("field", "专业领域", hint="如：激光装备", values=(given["field"],)),
    ]
    return answer_form(request, FormPage("添加专家", fields, "添加", crumbs=(way("experts", "评审专家"),)), problems)


@page_for(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def expert_end(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Ask one no more."""
    found = Expert.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这位专家。请从专家名单进入。")
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        ended, problems = attempt(lambda: end_expert(actor=actor, at=timezone.now(), expert=found, reason=text_of(request, "reason")))
        if ended is not None:
            return HttpResponseRedirect(reverse("experts"))
    why = may_end_expert(actor, found).reason
    notes = [why] if why else ["停用后不能再确定为评审专家；已经参加的评审和评分不受影响。"]
    fields = [Field("reason", "停用的原因", LONG, values=(text_of(request, "reason"),))]
    page = FormPage(f"停用专家：{found.name}", fields, "停用", str(found), (way("experts", "评审专家"),), notes, danger=True)
    return answer_form(request, page, problems)
