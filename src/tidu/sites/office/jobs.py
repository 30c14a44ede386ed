"""后台任务: what was asked, how far it is, what came of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import OFFICIALS, Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.models import Job
from tidu.look.listing import Column, page_of

ASKERS: tuple[Role, ...] = tuple(role for role in Role if role in OFFICIALS)
STATES = {JobState.QUEUED: "todo", JobState.RUNNING: "near", JobState.DONE: "done", JobState.FAILED: "red"}
COLUMNS = (
    Column("任务", lambda job: job.title, lambda job: reverse("job", args=[job.pk])),
    Column("状态", lambda job: job.get_state_display(), state=lambda job: STATES[JobState(job.state)]),
    Column("提出人", lambda job: job.actor_name),
    Column("提出时间", lambda job: f"{timezone.localtime(job.created_at):%Y-%m-%d %H:%M}", whole=True),
    Column("说明", lambda job: job.error or job.stage),
)


@page_for(*ASKERS)
@require_safe
def job_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All long work the actor may see, newest first."""
    listing = page_of(Job.objects.visible_to(actor), COLUMNS, request.GET.dict(), label="后台任务", empty="还没有任务。")
    return render(request, "office/jobs.html", {"listing": listing})


@page_for(*ASKERS)
@require_safe
def job(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One job; while it is open the page asks again by itself, and a link does the same without scripts."""
    found = Job.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这个任务，或者不是您提出的。")
    template = "office/job_progress.html" if "HX-Request" in request.headers else "office/job.html"
    return render(request, template, {"job": found, "state": STATES[JobState(found.state)]})
