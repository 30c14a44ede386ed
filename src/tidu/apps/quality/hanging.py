"""What hangs on a firm in data quality."""

from __future__ import annotations

from tidu.apps.registry.domain.hanging import hangs

hangs("quality.RequestedFirm", "enterprise", "数据需求")
