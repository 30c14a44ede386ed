"""Looking through the data of the whole registry, every night and on demand."""

from __future__ import annotations

from datetime import time

from django.urls import reverse
from django.utils import timezone

from tidu.apps.jobs.domain.kinds import job_kind
from tidu.apps.jobs.domain.running import Work
from tidu.apps.policies.loaded import packs
from tidu.apps.quality.domain.checking import found_in_registry, keep_findings
from tidu.apps.registry.domain.duplicates import find_duplicates
from tidu.kernel.inputs import Moment


@job_kind("quality-check", "数据质量检查", daily_at=time(3, 30))
def check_quality(work: Work) -> None:
    """Missing, stale, conflicting and deciding facts, and firms that look alike."""
    at = work.clock()
    day = timezone.localdate(at)
    work.tell("读取企业库")
    found = found_in_registry(packs(), Moment(day, day), tell=work.tell)
    work.tell("写入结果")
    with work.commit(href=reverse("quality")) as result:
        check = keep_findings(found, at=at)
        result.update(firms=check.firms, findings=check.findings.count(), pairs=find_duplicates(at=at))
