"""单位与街道: the tree, and one unit with what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import ADMINISTRATORS, Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.accounts.models import Post
from tidu.apps.administration.queries import items, words
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.units.domain.keeping import (
    Names,
    add_unit,
    may_move,
    may_switch_off,
    move_unit,
    rename_unit,
    switch_unit_off,
    switch_unit_on,
)
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError
from tidu.look.fields import SELECT, Choice, Field
from tidu.look.listing import Column
from tidu.sites.office.firms import READERS as FIRM_READERS
from tidu.sites.office.plain_pages import FormPage, ListPage, answer_form, answer_list, attempt, chosen, text_of, typed, way

SEERS = (*sorted(ADMINISTRATORS), Role.AUDITOR)
STATES = (("on", "在用"), ("off", "已停用"))
KINDS = [(kind.value, kind.label) for kind in UnitKind]


def _unit(actor: Actor, number: int) -> Unit:
    found = Unit.objects.visible_to(actor).select_related("parent").filter(pk=number).first()
    if found is None:
        raise Http404("没有这个单位。请从“单位与街道”进入。")
    return found


def _counted(actor: Actor) -> QuerySet[Unit]:
    held = Post.objects.not_over(timezone.localdate()).filter(unit=OuterRef("pk")).order_by().values("unit")
    firms = Enterprise.objects.filter(subdistrict=OuterRef("pk")).order_by().values("subdistrict")
    return Unit.objects.visible_to(actor).annotate(
        people=Coalesce(Subquery(held.annotate(count=Count("user", distinct=True)).values("count")), 0),
        firms=Coalesce(Subquery(firms.annotate(count=Count("pk")).values("count")), 0),
    )


def _firms_address(unit: Unit) -> str:
    return f"{reverse('firms')}?street={unit.code}"


@page_for(*SEERS)
@require_safe
def unit_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """单位与街道."""
    filters = (
        typed(request, "q", "名称或代码"),
        chosen(request, "kind", "类别", KINDS),
        chosen(request, "state", "状态", STATES),
    )
    q, kind, state = (one.value for one in filters)
    listed = _counted(actor)
    if q:
        listed = listed.filter(Q(name__icontains=q) | Q(short_name__icontains=q) | Q(code__icontains=q))
    if kind:
        listed = listed.filter(kind=kind)
    if state:
        listed = listed.filter(active=state == "on")
    columns = (
        Column("名称", lambda one: f"{'　' * (one.path.count('/') - 2)}{one.name}", lambda one: reverse("unit", args=[one.pk])),
        Column("简称", lambda one: one.short_name),
        Column("代码", lambda one: one.code, whole=True),
        Column("类别", lambda one: one.get_kind_display()),
        Column("人员", lambda one: f"{one.people:,}", lambda one: f"{reverse('users')}?unit={one.code}", number=True),
        Column("企业", lambda one: f"{one.firms:,}", _firms_address if actor.has(*FIRM_READERS) else None, number=True),
        Column("状态", lambda one: "在用" if one.active else "已停用", state=lambda one: "done" if one.active else "blocked"),
    )
    acts = (way("unit-new", "添加单位"),) if actor.has(Role.SYSTEM_ADMIN) else ()
    page = ListPage("单位与街道", columns, "按上下级排列；下级名称缩进。人员是在该单位任职的人，企业是登记在该街道的企业。", filters, acts)
    return answer_list(request, actor, listed, page)


@page_for(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """添加单位."""
    problems: list[dict[str, str]] = []
    sent = {name: text_of(request, name) for name in ("parent", "code", "name", "short_name", "kind")}
    sent["parent"] = sent["parent"] or request.GET.get("parent", "")
    if request.method == "POST":
        made, problems = attempt(lambda: _add(actor, sent))
        if made is not None:
            return HttpResponseRedirect(reverse("unit", args=[made.pk]))
    fields = (
        Field("parent", "上级单位", SELECT, values=(sent["parent"],), choices=_parents(actor)),
        Field("name", "名称", hint="公章上的全称", values=(sent["name"],)),
        Field("short_name", "简称", hint="列表里显示，例如“科经局”", values=(sent["short_name"],)),
        Field("kind", "类别", SELECT, values=(sent["kind"],), choices=[Choice(*one) for one in KINDS if one[0] != UnitKind.DISTRICT]),
        Field("code", "代码", hint="街道用行政区划代码，其他单位用拼音；以后不能改", values=(sent["code"],)),
    )
    return answer_form(request, FormPage("添加单位", fields, "添加", crumbs=(way("units", "单位与街道"),)), problems)


def _add(actor: Actor, sent: dict[str, str]) -> Unit:
    parent = Unit.objects.filter(pk=int(sent["parent"])).first() if sent["parent"].isdecimal() else None
    if parent is None or sent["kind"] not in UnitKind.values:
        raise TiduError("form-incomplete", "上级单位和类别都要从列表里选。")
    names = Names(sent["name"], sent["short_name"])
    return add_unit(actor=actor, at=timezone.now(), parent=parent, code=sent["code"], kind=UnitKind(sent["kind"]), names=names)


def _parents(actor: Actor, but: Unit | None = None) -> list[Choice]:
    listed = Unit.objects.visible_to(actor).filter(active=True)
    if but is not None:
        listed = listed.exclude(path__startswith=but.path)
    return [Choice(str(one.pk), f"{'　' * (one.path.count('/') - 2)}{one.name}") for one in listed]


def _page(request: HttpRequest, actor: Actor, unit: Unit, problems: Sequence[dict[str, str]] = ()) -> HttpResponse:
    day = timezone.localdate()
    posts = Post.objects.visible_to(actor).not_over(day).filter(unit=unit).select_related("user").order_by("role", "user__name")
    move, off = may_move(actor, unit), may_switch_off(actor, unit, day)
    context: dict[str, Any] = {
        "unit": unit, "posts": posts, "below": Unit.objects.visible_to(actor).filter(parent=unit), "problems": list(problems),
        "firms": Enterprise.objects.filter(subdistrict=unit).count(), "acts": actor.has(Role.SYSTEM_ADMIN), "move": move, "off": off,
        "off_reason": words("unit-off-reasons", [unit.off_reason]).get(unit.off_reason, ""),
        "rename": (Field("name", "名称", values=(unit.name,)), Field("short_name", "简称", values=(unit.short_name,))),
        "parents": Field("parent", "新的上级", SELECT, "下面的单位一起移动", choices=_parents(actor, unit)),
        "reasons": Field(
            "reason", "停用原因", SELECT, choices=[Choice(one.code, one.text) for one in items("unit-off-reasons")]
        ),
    }  # fmt: skip
    return render(request, "office/unit.html", context, status=400 if problems else 200)


@page_for(*SEERS)
@require_safe
def unit(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一个单位: people, units below, what can be done."""
    return _page(request, actor, _unit(actor, number))


def _acted(request: HttpRequest, actor: Actor, number: int, act: Callable[[Unit], object]) -> HttpResponse:
    found = _unit(actor, number)
    _, problems = attempt(lambda: act(found))
    return _page(request, actor, _unit(actor, number), problems) if problems else HttpResponseRedirect(reverse("unit", args=[number]))


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def unit_rename(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """更名."""
    names = Names(text_of(request, "name"), text_of(request, "short_name"))
    return _acted(request, actor, number, lambda unit: rename_unit(actor=actor, at=timezone.now(), unit=unit, names=names))


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def unit_move(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """移动."""

    def move(unit: Unit) -> int:
        wanted = text_of(request, "parent")
        parent = Unit.objects.visible_to(actor).filter(pk=int(wanted)).first() if wanted.isdecimal() else None
        if parent is None:
            raise TiduError("form-incomplete", "请选择新的上级单位。")
        return move_unit(actor=actor, at=timezone.now(), unit=unit, parent=parent)

    return _acted(request, actor, number, move)


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def unit_switch(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """停用或启用."""

    def switch(unit: Unit) -> None:
        if unit.active:
            switch_unit_off(actor=actor, at=timezone.now(), unit=unit, reason=text_of(request, "reason"))
        else:
            switch_unit_on(actor=actor, at=timezone.now(), unit=unit)

    return _acted(request, actor, number, switch)
