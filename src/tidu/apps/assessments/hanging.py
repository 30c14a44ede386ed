"""What hangs on a firm in assessments: what is computed is computed anew, recommendations go with the firm."""

from __future__ import annotations

from tidu.apps.registry.domain.hanging import MADE, hangs

hangs("assessments.Standing", "enterprise", "评估结论（计算）", how=MADE)
hangs("assessments.Step", "enterprise", "一步之差（计算）", how=MADE)
hangs("assessments.Change", "enterprise", "结论变化（计算）", how=MADE)
hangs("assessments.Recommendation", "enterprise", "推荐")
