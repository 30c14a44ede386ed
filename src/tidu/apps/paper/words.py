"""Acts of paper in words."""

from __future__ import annotations

ACTS = {"paper.made": "生成文书"}
