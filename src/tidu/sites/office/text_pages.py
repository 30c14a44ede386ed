"""模板 and 公告."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.administration.domain.announcements import Notice, announce, withdraw_announcement
from tidu.apps.administration.domain.texts import word_text
from tidu.apps.administration.enums import Audience
from tidu.apps.administration.models import Announcement, TextVersion
from tidu.apps.administration.queries import body_of, newest_texts
from tidu.apps.administration.texts import TEXTS, text_of
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, LONG, SELECT, Choice, Field
from tidu.look.listing import Column
from tidu.sites.office.grant_pages import day_of, moment_text
from tidu.sites.office.plain_pages import FormPage, ListPage, answer_form, answer_list, attempt, way
from tidu.sites.office.plain_pages import text_of as entered


@page_for(Role.SYSTEM_ADMIN)
@require_safe
def text_list(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """模板."""
    newest = newest_texts()
    return render(request, "office/texts.html", {"texts": [(one, newest.get(one.key)) for one in TEXTS.values()]})


@page_for(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """一个模板: its wording, its placeholders, a preview before it is saved."""
    if key not in TEXTS:
        raise Http404("没有这个模板。请从“模板”进入。")
    known, problems, preview = text_of(key), [], ""
    versions = list(TextVersion.objects.filter(key=key)[:20])
    body = body_of(key)
    if request.method == "POST":
        body = entered(request, "body", 8000)
        if "preview" in request.POST:
            _, problems = attempt(lambda: known.check(body))
            preview = "" if problems else known.example(body)
        else:
            seen = request.POST.get("version", "")
            version = int(seen) if seen.isdecimal() else 0
            _, problems = attempt(lambda: word_text(actor=actor, at=timezone.now(), key=key, body=body, version=version))
            if not problems:
                return HttpResponseRedirect(reverse("text", args=[key]))
    context = {
        "known": known, "problems": problems, "preview": preview or known.example(body_of(key)), "tried": bool(preview),
        "field": Field("body", "正文", LONG, "花括号里的是占位符，用时换成实际内容", values=(body,)),
        "version": versions[0].version if versions else 0, "versions": versions,
    }  # fmt: skip
    return render(request, "office/text.html", context, status=400 if problems else 200)


@page_for(Role.SYSTEM_ADMIN)
@require_safe
def announcement_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """公告."""
    day = timezone.localdate()

    def state_of(one: Announcement) -> tuple[str, str]:
        if one.withdrawn_at is not None:
            return "blocked", "已撤下"
        if one.since > day:
            return "todo", "尚未开始"
        return ("done", "正在显示") if one.until is None or one.until > day else ("blocked", "已到期")

    columns = (
        Column("标题", lambda one: one.title, lambda one: reverse("announcement", args=[one.pk])),
        Column("状态", lambda one: state_of(one)[1], state=lambda one: state_of(one)[0]),
        Column("给谁看", lambda one: one.get_audience_display()),
        Column("起", lambda one: str(one.since), whole=True),
        Column("止（不含）", lambda one: str(one.until or "—"), whole=True),
        Column("发布", lambda one: f"{one.made_by_name}，{moment_text(one.made_at)}"),
    )
    listed = Announcement.objects.visible_to(actor)
    page = ListPage(
        "公告", columns, "显示在工作台上，例如停机维护、填报截止。", acts=(way("announcement-new", "发布公告"),), empty="还没有公告。"
    )
    return answer_list(request, actor, listed, page)


@page_for(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def announcement_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """发布公告."""
    problems: list[dict[str, str]] = []
    sent = {name: entered(request, name, 4000) for name in ("title", "body", "audience", "since", "until")}
    if request.method == "POST":
        _, problems = attempt(lambda: announce(actor=actor, at=timezone.now(), notice=_notice(sent)))
        if not problems:
            return HttpResponseRedirect(reverse("announcements"))
    fields = (
        Field("title", "标题", hint="最多 80 字", values=(sent["title"],)),
        Field("body", "内容", LONG, "最多 2,000 字", values=(sent["body"],)),
        Field("audience", "给谁看", SELECT, values=(sent["audience"],), choices=[Choice(*one) for one in Audience.choices]),
        Field("since", "起始日", DATE, values=(sent["since"] or str(timezone.localdate()),)),
        Field("until", "截止日（当天起不再显示）", DATE, values=(sent["until"],), optional=True),
    )
    return answer_form(request, FormPage("发布公告", fields, "发布", crumbs=(way("announcements", "公告"),)), problems)


def _notice(sent: dict[str, str]) -> Notice:
    since = day_of(sent["since"], "起始日")
    if since is None or sent["audience"] not in Audience.values:
        raise TiduError("form-incomplete", "起始日和给谁看都要填写。")
    return Notice(sent["title"], sent["body"], Audience(sent["audience"]), since, day_of(sent["until"], "截止日"))


def _announcement(actor: Actor, number: int) -> Announcement:
    found = Announcement.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这条公告。请从“公告”进入。")
    return found


@page_for(Role.SYSTEM_ADMIN)
@require_safe
def announcement(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一条公告."""
    return render(request, "office/announcement.html", {"one": _announcement(actor, number)})


@page_for(Role.SYSTEM_ADMIN)
@require_POST
def announcement_withdraw(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """撤下公告."""
    withdraw_announcement(actor=actor, at=timezone.now(), announcement=_announcement(actor, number))
    return HttpResponseRedirect(reverse("announcements"))
