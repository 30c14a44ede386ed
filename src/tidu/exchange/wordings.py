"""The words that departments' files use: widths, placeholders, error values, other names of listed words."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache

from tidu.kernel.facts import PACKS

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x00A0: 0x20, 0xFFE5: 0xA5}
_QUOTES = dict.fromkeys(map(ord, "“”‘’\"'「」『』《》〈〉 "))

EXCEL_ERRORS = frozenset(
    {"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!"}
)
UNCALCULATED = "#公式无结果"
"""Stands in a grid for a formula whose result was never computed by a spreadsheet programme."""

NEVER_ENDS = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限"})
"""Texts for “no end” in 有效期至, where an empty value already means that."""

TOTAL_WORDS = frozenset({"合计", "总计", "小计", "共计", "累计"})
REMARK_WORDS = (
    "注：",
    "备注：",
    "说明：",
    "填表说明",
    "填表人",
    "制表人",
    "制表：",
    "审核人",
    "填报人",
    "填报单位",
    "制表日期",
    "联系人",
    "单位负责人",
)

PROVINCIAL_LITTLE_GIANT = "省级小巨人"
"""Before 2023 the province's own title; the same as 专精特新中小企业 (see ``tables.settle_aliases``)."""

CLOSED_ALIASES: Mapping[str, Mapping[str, str]] = {
    "认定.名称": {
        "省级小巨人": PROVINCIAL_LITTLE_GIANT,
        "省级小巨人企业": PROVINCIAL_LITTLE_GIANT,
        "省级专精特新小巨人": PROVINCIAL_LITTLE_GIANT,
        "省级专精特新小巨人企业": PROVINCIAL_LITTLE_GIANT,
        "湖北省专精特新小巨人": PROVINCIAL_LITTLE_GIANT,
        "湖北省专精特新小巨人企业": PROVINCIAL_LITTLE_GIANT,
        "专精特新小巨人企业": "专精特新小巨人",
        "国家级专精特新小巨人": "专精特新小巨人",
        "国家级专精特新小巨人企业": "专精特新小巨人",
        "国家高新技术企业": "高新技术企业",
        "制造业单项冠军企业": "制造业单项冠军",
        "国家级制造业单项冠军": "制造业单项冠军",
    },
    "registration_status": dict.fromkeys(
        ("在营", "开业", "在册", "在业", "存续(在营、开业、在册)", "在营(开业)企业", "在营(开业)", "正常"), "存续"
    )
    | dict.fromkeys(("吊销,未注销", "吊销未注销"), "吊销")
    | dict.fromkeys(("已注销",), "注销")
    | dict.fromkeys(("已迁出", "迁出(外)"), "迁出"),
}
"""Other wordings of listed words that mean the same beyond doubt, by the fact's identifier, without quotes and spaces."""


def plain_width(text: str) -> str:
    """Full-width letters, digits, brackets and spaces in their half-width form; nothing else changes."""
    return text.translate(_WIDTHS)


def without_quotes(text: str) -> str:
    """Quotes and spaces removed, for comparing listed words."""
    return text.translate(_QUOTES)


def title_key(text: str) -> str:
    """Two column titles are the same title if this is equal: widths, spaces, line breaks, stars of duty do not count."""
    return "".join(unicodedata.normalize("NFKC", text).split()).strip("*'").strip()


@cache
def subdistrict_names() -> Mapping[str, str]:
    """Names of the subdistricts by their 9-digit codes."""
    with (PACKS / "caidian" / "subdistricts.csv").open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream)}
