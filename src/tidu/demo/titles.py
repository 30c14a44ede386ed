"""Column titles as departments deliver them: the same facts in other units than the catalogue's."""

from __future__ import annotations

TITLE_UNITS: dict[str, str] = {
    "营业收入": "元",
    "上缴税金": "元",
    "应税收入": "元",
    "资产总额": "千元",
    "负债总额": "千元",
    "成本费用支出": "千元",
    "总收入": "千元",
}
"""Fact → unit in its title, ``营业收入（元）``: tax columns come in yuan, statistics columns in thousands of yuan."""
