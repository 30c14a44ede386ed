"""字典 and 参数."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.administration.domain.dictionaries import (
    Word,
    add_item,
    change_item,
    delete_item,
    install_dictionaries,
    may_delete,
    missing,
    switch_item,
)
from tidu.apps.administration.domain.parameters import may_set, set_parameter
from tidu.apps.administration.models import Dictionary, DictionaryItem, ParameterValue
from tidu.apps.administration.parameters import LOGIN, ROLES, SECOND_FACTOR_ROLES, TEXT, parameter
from tidu.apps.administration.queries import dictionaries, parameter_rows, value_of
from tidu.apps.administration.uses import uses_of
from tidu.kernel.errors import TiduError
from tidu.look.fields import CHECKBOXES, FIGURE, Choice, Field
from tidu.look.listing import Column
from tidu.sites.office.grant_pages import moment_text
from tidu.sites.office.plain_pages import FormPage, ListPage, answer_form, answer_list, attempt, text_of, way
from tidu.sites.office.unit_pages import SEERS


@page_for(Role.SYSTEM_ADMIN)
@require_safe
def dictionary_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """字典."""
    columns = (
        Column("名称", lambda one: one.name, lambda one: reverse("dictionary", args=[one.key])),
        Column("标识", lambda one: one.key, whole=True),
        Column("启用", lambda one: f"{one.items_active:,} 项", number=True),
        Column("全部", lambda one: f"{one.items_all:,} 项", number=True),
        Column("用途", lambda one: one.note),
    )
    acts = (way("dictionaries-install", "载入自带的字典"),) if missing() else ()
    page = ListPage("字典", columns, "办理时从这里的文字中选择。用过的文字不能删除，只能停用。", acts=acts, empty="还没有字典。")
    return answer_list(request, actor, dictionaries(), page)


@page_for(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def dictionaries_install(request: HttpRequest, actor: Actor) -> HttpResponse:
    """载入自带的字典."""
    if request.method == "POST":
        install_dictionaries(actor=actor, at=timezone.now())
        return HttpResponseRedirect(reverse("dictionaries"))
    notes = ("只补上缺少的字典，已有的不改动。",)
    return answer_form(request, FormPage("载入自带的字典", (), "载入", crumbs=(way("dictionaries", "字典"),), notes=notes))


@page_for(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def dictionary(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """一个字典: its items in order, and a form for one more."""
    found = Dictionary.objects.filter(key=key).first()
    if found is None:
        raise Http404("没有这个字典。请从“字典”进入。")
    problems: list[dict[str, str]] = []
    sent = {name: text_of(request, name) for name in ("code", "text", "note", "order")}
    if request.method == "POST":
        _, problems = attempt(lambda: add_item(actor=actor, at=timezone.now(), dictionary=found, code=sent["code"], word=_word(sent)))
        if not problems:
            return HttpResponseRedirect(reverse("dictionary", args=[key]))
    listed = list(found.items.all())
    fields = (
        Field("code", "代码", hint="字母、数字、点、横线；以后不能改", values=(sent["code"],)),
        *_fields(sent, str(10 + 10 * len(listed))),
    )
    context = {"dictionary": found, "items": listed, "fields": fields, "problems": problems}
    return render(request, "office/dictionary.html", context, status=400 if problems else 200)


def _fields(sent: dict[str, str], order: str) -> tuple[Field, ...]:
    return (
        Field("text", "文字", values=(sent["text"],)),
        Field("note", "说明", values=(sent["note"],), optional=True),
        Field("order", "次序", FIGURE, "小的排在前面", values=(sent["order"] or order,), short=True),
    )


def _word(sent: dict[str, str]) -> Word:
    text = sent["order"] or "0"
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit():
        raise TiduError("bad-order", f"次序收到“{text}”，要填整数。")
    return Word(sent["text"], sent["note"], int(text[:9]))


def _item(number: int) -> DictionaryItem:
    found = DictionaryItem.objects.select_related("dictionary").filter(pk=number).first()
    if found is None:
        raise Http404("没有这一项。请从“字典”进入。")
    return found


@page_for(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def dictionary_item(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """修改字典项."""
    item, problems = _item(number), []
    sent = {"text": item.text, "note": item.note, "order": str(item.order)}
    if request.method == "POST":
        sent = {name: text_of(request, name) for name in sent}
        _, problems = attempt(lambda: change_item(actor=actor, at=timezone.now(), item=_item(number), word=_word(sent)))
        if not problems:
            return HttpResponseRedirect(reverse("dictionary", args=[item.dictionary.key]))
    context = {
        "item": item, "fields": _fields(sent, "0"), "problems": problems, "delete": may_delete(item),
        "uses": uses_of(item.dictionary.key, item.code),
    }  # fmt: skip
    return render(request, "office/dictionary_item.html", context, status=400 if problems else 200)


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def dictionary_item_switch(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """启用或停用字典项."""
    item = _item(number)
    switch_item(actor=actor, at=timezone.now(), item=item, active=not item.active)
    return HttpResponseRedirect(reverse("dictionary", args=[item.dictionary.key]))


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def dictionary_item_delete(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """删除字典项."""
    item = _item(number)
    delete_item(actor=actor, at=timezone.now(), item=item)
    return HttpResponseRedirect(reverse("dictionary", args=[item.dictionary.key]))


class _Rows(list[tuple[object, ParameterValue | None]]):
    """Rows that count as a query does."""

    def count(self) -> int:  # type: ignore[override]
        """How many."""
        return len(self)


def _parameter_columns() -> tuple[Column, ...]:
    return (
        Column("参数", lambda row: row[0].label, lambda row: reverse("parameter", args=[row[0].key])),
        Column("现在的值", lambda row: row[0].shown(row[0].standing if row[1] is None else row[1].value)),
        Column("默认值", lambda row: row[0].shown(row[0].standing)),
        Column("范围", lambda row: row[0].bounds()),
        Column("设置", lambda row: f"{row[1].set_by_name}，{moment_text(row[1].set_at)}" if row[1] else "没有改过"),
        Column("含义", lambda row: row[0].meaning),
    )


@page_for(*SEERS)
@require_safe
def parameter_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """参数."""
    rows = _Rows(row for row in parameter_rows() if row[0].group != LOGIN)
    line = "由系统管理员设置。每次改动都记入操作日志，写明改前改后。"
    return answer_list(request, actor, rows, ListPage("参数", _parameter_columns(), line))


@page_for(*SEERS)
@require_safe
def login_policy(request: HttpRequest, actor: Actor) -> HttpResponse:
    """登录策略."""
    rows = _Rows(row for row in parameter_rows() if row[0].group == LOGIN)
    line = "密码规则、锁定、无操作退出、二次验证。由安全管理员设置。"
    return answer_list(request, actor, rows, ListPage("登录策略", _parameter_columns(), line))


@page_for(*SEERS)
@require_http_methods(["GET", "HEAD", "POST"])
def parameter_page(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """修改参数."""
    try:
        known = parameter(key)
    except TiduError as error:
        raise Http404(error.message) from error
    held = ParameterValue.objects.filter(key=key).first()
    value, problems = value_of(key), []
    given: list[str] = [str(one) for one in value] if known.kind == ROLES else [str(value)]
    if request.method == "POST":
        given = request.POST.getlist("value")[:40]
        seen = request.POST.get("version", "")
        _, problems = attempt(
            lambda: set_parameter(actor=actor, at=timezone.now(), key=key, given=given, version=int(seen) if seen.isdecimal() else 0)
        )
        if not problems:
            return HttpResponseRedirect(reverse("login-policy" if known.group == LOGIN else "parameters"))
    allowed = may_set(actor, known)
    hint = f"{known.meaning}范围：{known.bounds()}。默认：{known.shown(known.standing)}。"
    if known.kind == ROLES:
        roles = [Choice(role.value, role.label) for role in Role if role in SECOND_FACTOR_ROLES]
        field = Field("value", known.label, CHECKBOXES, hint, values=tuple(given), choices=roles, optional=True)
    else:
        kind = "text" if known.kind == TEXT else FIGURE
        field = Field("value", known.label, kind, hint, known.unit, (given[0] if given else "",), short=kind == FIGURE)
    crumbs = (way("login-policy", "登录策略") if known.group == LOGIN else way("parameters", "参数"),)
    context = {
        "known": known, "field": field, "problems": problems, "allowed": allowed, "version": held.version if held else 0, "crumbs": crumbs,
        "now": known.shown(value), "object": known.key,
    }  # fmt: skip
    return render(request, "office/parameter.html", context, status=400 if problems else 200)
