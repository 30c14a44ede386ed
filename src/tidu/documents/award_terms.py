"""The terms of an award: over what its cap counts, the unit of a unit price, who pays."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tidu.documents.grants import Sorted
from tidu.documents.quantities import Quantity
from tidu.documents.sentences import Span

PAYER = re.compile(
    r"(中央|国家|省|市|区|县|旗|镇|街道|园区|开发区|新区|高新区|示范区)(?:级|本级)?财政(?!局|部|收入|贡献|资金)|(?:^|，|上|由)(省|市|区|县)级?(?:再|另|一次性|按照?[^，]{0,14})?(?=给予|予以|配套|奖励)"
)
_PER = re.compile(
    r"每(?:新增|增加|满|吸纳|培养|引进)?(?:一|1)?(平方米|月|亩|吨|台|套|千瓦时|度|件|人|项|家|户|个|次|标箱|公里|张|平米|千瓦|名|瓦|场|篇|单)"
)
_PER_BEHIND = re.compile(r"^/（?(平方米|平米|㎡|亩|吨|台|套|月|年|人|家|户|件|项|度|千瓦时|场|次|个|篇|标箱)")
_MEASURED = ("平方米", "月", "亩", "吨", "台", "千瓦时", "度", "标箱", "公里", "平米", "千瓦", "瓦")


def cap_period(text: str) -> str | None:
    """Over what a limit counts."""
    yearly = bool(re.search(r"年度|年(?=补|奖|累|最|总|资|合|支|不超|贴|内)|每年|当年|全年|一年|/年", text))
    if re.search(r"项目", text):
        return "project"
    if re.search(r"每人|个人|人均|/人|单人", text):
        return "person"
    if re.search(
        r"(?:单个|每个|每家|每户|同一|单一|单家|单户|一家|同个|该|一个)[^，]{0,8}?(?:企业|单位|主体|机构|公司|户|家)|每家|每户|单户|单家|企业",
        text,
    ):
        return "enterprise-year" if yearly else "enterprise"
    if yearly:
        return "year"
    return "item" if re.search(r"单项|每项|单个|每个|每件|单次|每次|同一|每场", text) else None


def unit_of_price(quantity: Quantity, segment: str) -> str | None:
    """The unit of a unit price: 每平方米1000元, 500元/亩."""
    behind = _PER_BEHIND.match(segment[quantity.end :])
    if behind:
        return behind[1]
    found = [one[1] for one in _PER.finditer(segment[max(0, quantity.begin - 24) : quantity.begin])]
    found = [one for one in found if one in _MEASURED]
    return "·".join(reversed(found)) or None


def payer_of(first: Sorted, segments: Sequence[Span]) -> str | None:
    """Who pays, named in the same piece before the amount."""
    text = segments[first.segment].text[: first.quantity.begin]
    named = list(PAYER.finditer(text))
    if not named:
        return None
    found = named[-1]
    level = found[1] or found[2]
    return level if level in ("中央", "国家") else f"{level}级"
