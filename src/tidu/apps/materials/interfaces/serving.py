"""A material as an answer to a browser; whoever calls this has asked already whether the person may see it.

Also where a file slipped through every check, it can do nothing: it is never sniffed, never runs in our origin, asks for
nothing, and what a browser does not show by itself is downloaded.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from tidu.apps.accounts.actors import Actor
from tidu.apps.materials.domain.keeping import content_of
from tidu.apps.materials.models import StoredFile
from tidu.kernel.errors import TiduError

POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox"


def material_answer(request: HttpRequest, actor: Actor, number: int) -> HttpResponse | None:
    """The file numbered ``number`` for ``actor``; None where it is not there for that person. For any site's view:

    ``answer = material_answer(request, actor, number)``, and 404 where it is None. ``?download=1`` downloads it.
    """
    file = StoredFile.objects.visible_to(actor).kept().filter(pk=number).first()
    return None if file is None else file_answer(file, download=request.GET.get("download") == "1")


def file_answer(file: StoredFile, *, download: bool = False) -> HttpResponse:
    """The bytes with the headers that keep them harmless."""
    try:
        content = content_of(file)
    except TiduError as error:
        if error.code == "material-dropped":
            raise
        raise TiduError(error.code, f"“{file.name}”打不开：{error.message}") from error
    attached = download or not file.shown
    disposition = content_disposition_header(as_attachment=attached, filename=file.name) or "attachment"
    return HttpResponse(
        content,
        content_type=file.media_type,
        headers={
            "Content-Disposition": disposition,
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )
