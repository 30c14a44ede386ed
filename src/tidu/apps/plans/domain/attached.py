"""Files that plans rest on."""

from __future__ import annotations

from tidu.apps.materials.models import StoredFile
from tidu.apps.plans.models import PlanDocument, ReportVersion


def use_in_plans(file: StoredFile) -> str:
    """Why a file may not be dropped: it is the original of a document, or was handed in with a report."""
    document = PlanDocument.objects.filter(file=file).first()
    if document is not None:
        return f"“{file.name}”是计划文件“{document.title}”的原件，"
    version = ReportVersion.objects.filter(files=file).select_related("report__assignment__task", "report__assignment__unit").first()
    return f"“{file.name}”已随 {version.report} 报送，" if version is not None else ""
