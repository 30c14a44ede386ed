"""What hangs on a firm after payment; checks and recoveries hang on its cases."""

from __future__ import annotations

from tidu.apps.registry.domain.hanging import hangs

hangs("duties.Lead", "enterprise", "履约线索")
hangs("duties.SelfCheck", "enterprise", "年度自查")
hangs("duties.ChangeReport", "enterprise", "变更报备")
