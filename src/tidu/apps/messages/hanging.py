"""What hangs on a firm in messages."""

from __future__ import annotations

from tidu.apps.registry.domain.hanging import hangs

hangs("notes.Message", "enterprise", "消息")
