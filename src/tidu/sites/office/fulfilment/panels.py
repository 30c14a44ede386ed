"""专家评审 of a case: naming experts, recording what they declare and how they score, voiding a score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.panels import KEEPERS, LONGEST_REASON, declare, may_declare, may_name, name_expert, own_side
from tidu.apps.fulfilment.domain.score_sheets import Sheet, seat_label
from tidu.apps.fulfilment.domain.scoring import Scan, may_score, may_void, record_score, void_score
from tidu.apps.fulfilment.enums import Declaration
from tidu.apps.fulfilment.models import Case, Expert, ExpertScore, PanelMember
from tidu.apps.fulfilment.queries.panels import experts
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.look.fields import FIGURE, LONG, RADIO, SELECT, Choice, Field
from tidu.sites.office.fulfilment.case_page import found_case
from tidu.sites.office.fulfilment.settlement_lists import number_written
from tidu.sites.office.plain_pages import attempt, text_of


@dataclass(frozen=True, slots=True)
class PanelForm:
    """One form of the panel: what it is called, what it tells, what it asks, whether it may be sent, what sending does."""

    title: str
    lines: Sequence[tuple[str, str]]
    fields: Sequence[Field]
    submit: str
    decision: Decision
    act: Callable[[], Any]
    upload: bool = False
    danger: bool = False


def _answer(request: HttpRequest, case: Case, form: PanelForm) -> HttpResponse:
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        done, problems = attempt(form.act)
        if done is not None:
            return HttpResponseRedirect(f"{reverse('case', args=[case.pk])}?told=panel#experts")
    context = {
        "case": case, "title": form.title, "lines": form.lines, "fields": form.fields, "submit": form.submit, "decision": form.decision,
        "upload": form.upload, "danger": form.danger, "problems": problems,
    }  # fmt: skip
    return render(request, "office/fulfilment/panel_form.html", context, status=400 if problems else 200)


@page_for(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def case_panel(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """确定评审专家: one by one; those who sit on the panel or on the firm's side are not offered."""
    case, day = found_case(actor, number), legal_day(timezone.now())
    seated = {one.expert_id: one for one in PanelMember.objects.filter(panel__case=case).select_related("expert").order_by("number")}
    offered = [one for one in experts(actor) if one.pk not in seated and not own_side(one, case.enterprise, day)]
    choices = [Choice(str(one.pk), f"{one.name}　{one.institution}　{one.field}") for one in offered]

    def act() -> PanelMember:
        found = Expert.objects.visible_to(actor).filter(pk=number_written(request, "expert", "专家")).first()
        if found is None:
            raise TiduError("expert-missing", "请选择专家。")
        return name_expert(actor=actor, at=timezone.now(), case=case, expert=found)

    hint = "单位是申报企业的、已经在评审组里的和停用的不列出。要请的专家不在这里的，先到“评审专家”里添加。"
    fields = [Field("expert", "专家", SELECT, hint, values=(text_of(request, "expert"),), choices=choices)]
    lines = [("已确定", "、".join(f"{seat_label(one.number)} {one.expert.name}" for one in seated.values()) or "还没有")]
    return _answer(request, case, PanelForm("确定评审专家", lines, fields, "确定", may_name(actor, case), act))


def _member(actor: Actor, number: int) -> PanelMember:
    related = "expert", "panel__case__enterprise"
    found = PanelMember.objects.visible_to(actor).select_related(*related).filter(pk=number).first()
    if found is None:
        raise Http404("没有这位评审专家。请从办件页面进入。")
    return found


def _lines(member: PanelMember) -> list[tuple[str, str]]:
    return [
        ("专家", f"{seat_label(member.number)} {member.expert}"),
        ("声明", f"{member.get_declared_display()}{f'：{member.reason}' if member.reason else ''}" if member.declared else "还没有声明"),
    ]


@page_for(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def panel_declare(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """登记回避声明."""
    member = _member(actor, number)
    given, reason = text_of(request, "declared"), text_of(request, "reason", LONGEST_REASON + 1)
    notes = {
        Declaration.NONE: "与申报企业没有任职、持股、亲属、合作等利害关系",
        Declaration.CONFLICT: "有利害关系，不参加评分；声明后不能改动",
    }
    fields = [
        Field("declared", "专家声明", RADIO, values=(given,), choices=[Choice(value, text, notes[Declaration(value)]) for value, text in Declaration.choices]),
        Field("reason", "回避的理由", LONG, "声明回避的必填", values=(reason,), optional=True),
    ]  # fmt: skip
    form = PanelForm(
        "登记回避声明", _lines(member), fields, "登记声明", may_declare(actor, member),
        lambda: declare(actor=actor, at=timezone.now(), member=member, declared=given, reason=reason),
    )  # fmt: skip
    return _answer(request, member.panel.case, form)


@page_for(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def panel_score(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """登记专家评分: the points of the paper sheet, line by line, with its scan."""
    member = _member(actor, number)
    sheet = Sheet.of(member.panel.sheet)
    names = [f"points-{place}" for place in range(1, len(sheet.criteria) + 1)]
    fields = [
        Field(name, one.name, FIGURE, f"0 至 {one.most} 的整数", unit="分", values=(text_of(request, name, 10),), short=True)
        for name, one in zip(names, sheet.criteria, strict=True)
    ]

    def act() -> ExpertScore:
        points = [number_written(request, name, one.name) for name, one in zip(names, sheet.criteria, strict=True)]
        sent = request.FILES.get("file")
        scan = Scan(sent.name or "评分表", sent.read()) if sent is not None else None
        return record_score(actor=actor, at=timezone.now(), member=member, points=points, scan=scan)

    lines = [*_lines(member), ("登记后", "评分不能改动；登记有误的，作废后重新登记。")]
    return _answer(
        request, member.panel.case, PanelForm("登记专家评分", lines, fields, "登记评分", may_score(actor, member), act, upload=True)
    )


@page_for(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def score_void(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """作废专家评分."""
    related = "member__expert", "member__panel__case__enterprise"
    found = ExpertScore.objects.visible_to(actor).select_related(*related).filter(pk=number).first()
    if found is None:
        raise Http404("没有这份评分。请从办件页面进入。")
    reason = text_of(request, "reason", LONGEST_REASON + 1)
    lines = [
        *_lines(found.member),
        ("评分", f"{found.total} 分，{found.given_by}登记"),
        ("作废后", "这份评分不再计入平均分，仍然可以查看，并写入操作日志。"),
    ]
    form = PanelForm(
        "作废专家评分", lines, [Field("reason", "作废的理由", LONG, values=(reason,))], "作废评分", may_void(actor, found),
        lambda: void_score(actor=actor, at=timezone.now(), score=found, reason=reason), danger=True,
    )  # fmt: skip
    return _answer(request, found.member.panel.case, form)
