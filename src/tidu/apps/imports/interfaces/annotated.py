"""The file as it came, with the cells at fault coloured and explained, and the list of problems in front."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from tidu.apps.calculator.domain.uploads import memory_folder
from tidu.apps.enterprises.models import Batch
from tidu.apps.imports.domain.files import kept_file
from tidu.apps.imports.enums import Grade
from tidu.apps.imports.models import RowProblem
from tidu.apps.imports.reading.opening import open_file
from tidu.exchange.annotate import annotate_grids
from tidu.exchange.notices import Notice, Severity
from tidu.exchange.whole_files import write_whole

_SEVERITY = {Grade.PROBLEM: Severity.PROBLEM, Grade.WARNING: Severity.WARNING, Grade.INFORMATION: Severity.INFORMATION}


AT_ONCE_ROWS = 3000
"""Up to so many rows the copy is made while one waits; a larger one is made in the background and kept."""


def kept_copy(batch: Batch) -> Path:
    """Where the copy of a checked batch is kept; another check has another place."""
    return Path(settings.HOME) / "files" / "annotated" / f"{batch.pk}-{batch.counts.get('checked_version', 0)}.xlsx"


def is_ready(batch: Batch) -> bool:
    """Whether the copy can be handed out at once."""
    return batch.counts.get("rows", 0) <= AT_ONCE_ROWS or kept_copy(batch).is_file()


def annotated_workbook(batch: Batch) -> bytes:
    """The annotated copy of a checked file, kept or made now; texts that begin like formulas stay texts."""
    place = kept_copy(batch)
    return place.read_bytes() if place.is_file() else _made(batch)


def keep_copy(batch: Batch) -> Path:
    """Make the copy and keep it; one that is there already is the same."""
    place = kept_copy(batch)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return write_whole(place, lambda draft: draft.write_bytes(_made(batch)))


def _made(batch: Batch) -> bytes:
    grids, _ = open_file(kept_file(batch.file_digest, batch.file_name), batch.file_name, tried=True)
    notices = [
        Notice(one.rule, one.message, one.advice, _SEVERITY[Grade(one.grade)], "", one.sheet, one.row, one.letter, one.column, one.value)
        for one in RowProblem.objects.filter(batch=batch).order_by("pk")
    ]
    with TemporaryDirectory(prefix="tidu-annotated-", dir=memory_folder()) as folder:
        return annotate_grids(grids, notices, Path(folder, "annotated.xlsx")).read_bytes()
