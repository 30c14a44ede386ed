"""The file as it came, with the cells at fault coloured and explained, and the list of problems in front."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tidu.apps.calculator.domain.uploads import memory_folder
from tidu.apps.enterprises.models import Batch
from tidu.apps.imports.domain.files import kept_file
from tidu.apps.imports.enums import Grade
from tidu.apps.imports.models import RowProblem
from tidu.apps.imports.reading.opening import open_file
from tidu.exchange.annotate import annotate_grids
from tidu.exchange.notices import Notice, Severity

_SEVERITY = {Grade.PROBLEM: Severity.PROBLEM, Grade.WARNING: Severity.WARNING, Grade.INFORMATION: Severity.INFORMATION}


def annotated_workbook(batch: Batch) -> bytes:
    """The annotated copy of a checked file; texts that begin like formulas stay texts."""
    grids, _ = open_file(kept_file(batch.file_digest, batch.file_name), batch.file_name, tried=True)
    notices = [
        Notice(one.rule, one.message, one.advice, _SEVERITY[Grade(one.grade)], "", one.sheet, one.row, one.letter, one.column, one.value)
        for one in RowProblem.objects.filter(batch=batch).order_by("pk")
    ]
    with TemporaryDirectory(prefix="tidu-annotated-", dir=memory_folder()) as folder:
        return annotate_grids(grids, notices, Path(folder, "annotated.xlsx")).read_bytes()
