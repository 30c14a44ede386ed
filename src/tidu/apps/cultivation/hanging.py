"""What hangs on a firm in the pools; what is computed is computed anew."""

from __future__ import annotations

from tidu.apps.registry.domain.hanging import MADE, hangs

hangs("cultivation.Membership", "enterprise", "培育库成员", same=("pool",))
hangs("cultivation.FirmWarning", "enterprise", "预警")
hangs("cultivation.Holding", "enterprise", "认定（计算）", how=MADE)
hangs("cultivation.Glance", "enterprise", "概览（计算）", how=MADE)
hangs("cultivation.Finding", "enterprise", "入库判断（计算）", how=MADE)
hangs("cultivation.RevenueLine", "enterprise", "应税收入（计算）", how=MADE)
