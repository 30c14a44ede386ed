"""What hangs on a firm in the registry itself, in accounts, and in filings and corrections."""

from __future__ import annotations

from tidu.apps.corrections.queries import has_open_cases
from tidu.apps.registry.domain.hanging import MADE, STAY, hangs

hangs("enterprises.Enterprise", "merged_into", "早先并入的企业")
hangs("enterprises.NameRecord", "enterprise", "名称", how=MADE)
hangs("enterprises.DataSheet", "enterprise", "数据表")
hangs("enterprises.FactsInForce", "enterprise", "现行事实", how=MADE)
hangs("enterprises.Event", "enterprise", "事项")
hangs("accounts.Post", "enterprise", "企业人员", same=("user_id", "role"))
hangs("accounts.PostProposal", "enterprise", "岗位申请")
hangs("corrections.Filing", "enterprise", "年度填报", open_cases=has_open_cases)
hangs("corrections.Correction", "enterprise", "更正申请")
hangs("registry.FormerCode", "enterprise", "原代码")
hangs("registry.Place", "enterprise", "所属街道沿革", how=STAY)
hangs("registry.GrowthPlan", "enterprise", "提升计划", how=STAY)
hangs("registry.FirmTag", "enterprise", "标签")
hangs("registry.DuplicatePair", "first", "疑似重复", how=STAY)
hangs("registry.DuplicatePair", "second", "疑似重复", how=STAY)
hangs("registry.Merge", "kept", "合并记录", how=STAY)
hangs("registry.Merge", "gone", "合并记录", how=STAY)
