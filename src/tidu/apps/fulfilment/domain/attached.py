"""Which materials an application names. A draft or submission holds ``materials``: material id → numbers of stored files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidu.apps.fulfilment.models import Submission
from tidu.apps.materials.models import StoredFile


def attached_files(content: Mapping[str, Any]) -> dict[str, list[int]]:
    """Numbers of the files by material, in the order given; a single number stands for a list of one, anything else for none.

    >>> attached_files({"materials": {"contract": [3, 4], "certificate": 5, "promise": True}})
    {'contract': [3, 4], 'certificate': [5]}
    """
    found: dict[str, list[int]] = {}
    listed = content.get("materials")
    for name, value in listed.items() if isinstance(listed, Mapping) else ():
        values = value if isinstance(value, list) else [value]
        numbers = [one for one in values if isinstance(one, int) and not isinstance(one, bool)]
        if numbers:
            found[str(name)] = numbers
    return found


def use_in_submissions(file: StoredFile) -> str:
    """Why a material may not be dropped: an application that was handed in names it."""
    if file.enterprise_id is None:
        return ""
    for submission in Submission.objects.filter(case__enterprise=file.enterprise_id).select_related("case").order_by("pk"):
        if any(file.pk in numbers for numbers in attached_files(submission.content).values()):
            return f"“{file.name}”已随办件 {submission.case} 提交，"
    return ""
