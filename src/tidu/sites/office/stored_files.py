"""材料: the authorising view of a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import OFFICIALS, Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.materials.interfaces.serving import material_answer

READERS = tuple(sorted(OFFICIALS - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}))


@page_for(*READERS)
@require_safe
def stored_file(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """A material, shown where a browser can show it, otherwise downloaded."""
    answer = material_answer(request, actor, number)
    if answer is None:
        raise Http404("没有这份材料，或者不在您的办理范围内。需要时请联系牵头局。")
    return answer
