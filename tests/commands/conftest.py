from __future__ import annotations

from tests.commands.workbooks import workbook

__all__ = ["workbook"]
