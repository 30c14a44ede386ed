"""What hangs on a firm in materials."""

from __future__ import annotations

from tidu.apps.registry.domain.hanging import hangs

hangs("materials.StoredFile", "enterprise", "材料")
