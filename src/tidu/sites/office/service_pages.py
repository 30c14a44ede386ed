"""服务状态, 定时任务, and which role opens which page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.administration.service import packs_shown, signs, versions
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.queries import daily_work, waiting
from tidu.apps.policies.loaded import packs
from tidu.look.listing import Column
from tidu.sites.office.jobs import STATES
from tidu.sites.office.navigation import GROUPS
from tidu.sites.office.plain_pages import ListPage, answer_list, chosen
from tidu.sites.office.unit_pages import SEERS


@page_for(Role.SYSTEM_ADMIN)
@require_safe
def service(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """服务状态."""
    counts = waiting()
    context = {
        "signs": signs(timezone.now()), "versions": versions(), "packs": packs_shown(packs()), "queued": counts[JobState.QUEUED],
        "running": counts[JobState.RUNNING], "failed": counts[JobState.FAILED], "now": timezone.localtime(),
    }  # fmt: skip
    return render(request, "office/service.html", context)


@page_for(Role.SYSTEM_ADMIN)
@require_safe
def schedule(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """定时任务: what is done every day, and how it went last."""
    daily = [(one, STATES[JobState(one.last.state)] if one.last else "") for one in daily_work(timezone.localtime())]
    return render(request, "office/schedule.html", {"daily": daily})


@dataclass(frozen=True)
class Opened:
    """One address and the roles that open it."""

    name: str
    text: str
    address: str
    roles: frozenset[Role]


class _Opened(list[Opened]):
    def count(self) -> int:  # type: ignore[override]
        """How many."""
        return len(self)


def _walk(patterns: list[object], prefix: str = "/") -> list[tuple[str, URLPattern]]:
    found = []
    for one in patterns:
        if isinstance(one, URLPattern):
            found.append((f"{prefix}{one.pattern}", one))
        else:
            found += _walk(one.url_patterns, f"{prefix}{one.pattern}")  # type: ignore[attr-defined]
    return found


CHINESE = re.compile(r"[\u4e00-\u9fff][^:;\n.]*")


def opened_pages() -> list[Opened]:
    """Every address behind the gate, with the roles that the gate lets through: the very data that the gate goes by."""
    titles = {name: text for _, entries in GROUPS for name, text in entries}
    found: list[Opened] = []
    for address, pattern in _walk(get_resolver().url_patterns):
        roles = getattr(pattern.callback, "roles", None)
        if roles is not None:
            told = CHINESE.search((pattern.callback.__doc__ or "").split("\n")[0].split(":")[0])
            found.append(Opened(str(pattern.name), titles.get(str(pattern.name)) or (told[0].strip() if told else ""), address, roles))
    named = [one for one in found if one.text]
    return [one if one.text else replace(one, text=_under(one, named)) for one in found]


def _under(one: Opened, named: list[Opened]) -> str:
    """An address without a name of its own is a part of the nearest page above it."""
    above = max((page for page in named if one.address.startswith(page.address)), key=lambda page: len(page.address), default=None)
    return f"{above.text}：办理" if above is not None else one.name


@page_for(*SEERS)
@require_safe
def role_matrix(request: HttpRequest, actor: Actor) -> HttpResponse:
    """岗位能打开什么: role by page, from what the gate itself goes by."""
    filters = (chosen(request, "role", "岗位", Role.choices),)
    role = filters[0].value
    rows = _Opened(one for one in opened_pages() if not role or role in one.roles)
    columns = (
        Column("页面", lambda one: one.text, _address),
        Column("地址", lambda one: one.address),
        Column(
            "岗位", lambda one: "所有岗位" if len(one.roles) == len(Role) else "、".join(role.label for role in Role if role in one.roles)
        ),
    )
    line = "页面和办理的地址逐个列出，与系统把关用的是同一份数据。能打开页面，还要看数据范围和每一步的规则。"
    return answer_list(request, actor, rows, ListPage("岗位能打开什么", columns, line, filters))


def _address(one: Opened) -> str:
    try:
        return reverse(one.name)
    except NoReverseMatch:
        return ""
