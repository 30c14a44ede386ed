"""What hangs on a firm in imports: names that were matched to it, and its old registration numbers."""

from __future__ import annotations

from tidu.apps.registry.domain.hanging import STAY, hangs

hangs("imports.NameMatch", "chosen", "导入中的匹配")
hangs("imports.RegisteredFirm", "enterprise", "随批次登记的企业", how=STAY)
hangs("imports.OldNumber", "enterprise", "旧注册号")
