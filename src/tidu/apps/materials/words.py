"""Acts on materials in words."""

from __future__ import annotations

ACTS = {"material.kept": "上传材料", "material.dropped": "删除材料"}
