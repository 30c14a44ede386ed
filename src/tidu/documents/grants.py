"""Which quantities of a sentence are granted, which limit what is granted, and which only say to whom.

对年销售收入首次突破5000万元的企业，给予20万元奖励，累计不超过50万元: a condition, a grant, a cap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tidu.documents.quantities import MATCH, MONEY, SHARE, Quantity, money_in, ratios_in, shares_in
from tidu.documents.sentences import Span, pieces
from tidu.documents.words import one_of

GRANT, CAP, CONDITION = "grant", "cap", "condition"

VERB = re.compile(
    r"给予|予以|奖励|奖补|补助|补贴|资助|贴补|贴息|发放|配套|兑现|拨付|返还|补偿|再奖|(?<![获颁得])奖(?=\d|[一二三四五六七八九十百]+万)|(?<![弥增候])补(?=\d)|发给|叠加"
)
NOUN = re.compile(one_of("grant_nouns"))
_CAP_BEFORE = re.compile(rf"({one_of('cap_words')})[^，。；\d、]{{0,24}}$")
_CAP_AFTER = re.compile(r"^(?:（[^）]*）)?(?:封顶|以内|为限|为上限|的上限|的限额)")
_HIGHEST = re.compile(r"(?:最高|最多|不超过|不得超过|不高于|上限|至多)")
_BOUND_AFTER = re.compile(r"^(?:人民币)?(?:（[^）]*）)?(?:及|或)?(?:以上|以下|起|之间|左右)(?!的?(?:一次性)?(?:奖励|补助|补贴|资助))")
_OF_WHOM = re.compile(
    r"^(?:人民币)?(?:（[^）]*）)?(?:以内)?的(?=$|[，、；]|[^，。]{0,16}?(?:企业|单位|项目|机构|个人|人员|人才|平台|部分|主体|商户|产品|设备|团队|基金|合同|园区|载体|农户|合作社)(?:[，、；给按一每予，]|$))"
)
_COMPARED = re.compile(
    r"(?:达到?|超过|突破|不低于|不少于|高于|大于|满|首次达|低于|小于|增长|增幅|同比|不足|占比|占[^，]{0,12}|至少|在)[^，。；\d给予]{0,6}$"
)
_GRANTED_AFTER = re.compile(
    r"^(?:（[^）]*）)?(?:以内|左右)?(?:的)?(?:标准|比例|额度|金额|幅度|价格|计算)?[，]?(?:，?由[^，]{2,16})?(?:再|另|分别|分期|分年|分两年|一次性|直接|全额|逐年)*"
    r"[^，。；、\d]{0,14}?(?:给予|予以|进行|发放)?[^，。；、\d]{0,10}?"
    rf"(?:{NOUN.pattern[3:-1]})"
)
_NOT_GRANTED_AFTER = re.compile(
    r"^[^，。；]{0,10}?(?:贷款|授信|融资额|信贷|罚款|保险金额|注册资本|出资|税率|股权投资|基金$|担保|专项资金|产业资金|引导资金|额度$)"
)
_FROM_TO = re.compile(r"由[^，]{0,8}$")
_PAID_OUT = re.compile(r"^(?:的)?(?:待|支付|兑现|拨付|预拨|于|在[^，]{2,20}后|剩余|余款)")
_SET_ASIDE = re.compile(r"(?:安排|设立|统筹|筹集|筹措|列支|预算)[^，]{0,8}$")
_RISES = re.compile(r"^(?:/[^，]{1,8})?(?:提高|增加|上调|提升|调整)(?:到|至|为)")
_LISTED = re.compile(r"[、和及或]|以及|/")
_WAY = re.compile(r"^[^，]{0,30}?(?:按照?|以|参照|依据)")


@dataclass(frozen=True)
class Sorted:
    """A quantity with what it does in its sentence, and the segment it stands in."""

    quantity: Quantity
    role: str
    segment: int


def segments_of(sentence: Span) -> list[Span]:
    """The pieces between commas; a base (在……的基础上) ends a piece of its own."""
    found: list[Span] = []
    for piece in pieces(sentence, "，"):
        base = re.search(r"(?:的)?基础上", piece.text)
        if base and base.end() < len(piece.text):
            found += [piece.part(0, base.end()), piece.part(base.end())]
        else:
            found.append(piece)
    return found


def depth_at(text: str, position: int) -> int:
    """How many brackets are open."""
    return text.count("（", 0, position) - text.count("）", 0, position)


def sort_quantities(sentence: Span) -> list[Sorted]:
    """The quantities of a sentence in their order, each with its role; those without any are left out."""
    segments = segments_of(sentence)
    found = []
    for index, segment in enumerate(segments):
        listed = _quantities(segment.text)
        roles = [_role(one, segments, index) for one in listed]
        roles = _spread(roles, listed, segment.text)
        found += [Sorted(one, role, index) for one, role in zip(listed, roles, strict=True) if role is not None]
    return found


def _quantities(text: str) -> list[Quantity]:
    taken = [*money_in(text), *shares_in(text)]
    if re.search(r"配套|比例|匹配|配比", text):
        taken += [one for one in ratios_in(text) if not any(other.begin <= one.begin < other.end for other in taken)]
    return sorted(taken, key=lambda one: one.begin)


def _role(one: Quantity, segments: Sequence[Span], index: int) -> str | None:
    text = segments[index].text
    left, right = text[: one.begin], text[one.end :]
    inside = depth_at(text, one.begin) > 0
    if _is_no_award(one, left, right):
        return None
    if one.unit not in ("元", "%", "") or (_NOT_GRANTED_AFTER.match(right) and not re.match(r"[^，]{0,14}(?:贴息|补贴|补助|奖励)", right)):
        return None
    if _is_condition(one, left, right):
        return CONDITION
    capped = _CAP_BEFORE.search(left) or _CAP_AFTER.match(right)
    if capped and one.kind == MONEY:
        return CAP if _in_grant(segments, index, one) else None
    if inside or (one.kind == MONEY and re.search(r"(?:总额|规模|总量|资金|金额)[^，]{0,4}(?:不低于|不少于|达到?|超过)$", left)):
        return None
    if capped and one.kind == SHARE and re.search(r"总额|合计|累计|两项|各项|总和", left):
        return None
    return GRANT if _is_granted(one, left, right, segments, index) else None


def _is_no_award(one: Quantity, left: str, right: str) -> bool:
    """How a sum is paid out or shared among payers, and money set aside, grant nothing to anyone."""
    if one.kind == SHARE:
        return bool(_PAID_OUT.match(right))
    if one.kind == MATCH:
        return bool(re.match(r"(?:的)?(?:比例)?(?:共同|分别)?(?:承担|分担|负担)", right))
    return bool(_SET_ASIDE.search(left)) and bool(re.match(r"(?:的)?(?:额度|[^，]{0,8}资金|[^，]{0,6}经费|用于|，)", right))


def _is_condition(one: Quantity, left: str, right: str) -> bool:
    if re.search(r"每(?:新)?(?:增加|新增|满|达到?|投入|投资|完成|引进|增长)$", left):
        return True
    if one.kind == SHARE and re.search(r"(?:超过|超出|高于|超)$", left) and re.match(r"(?:以上)?的?(?:部分|差额)", right):
        return True
    if _RISES.match(right) and _FROM_TO.search(left):
        return True
    granted_before = _last_verb(left)
    if _BOUND_AFTER.match(right) and not (granted_before is not None and len(left) - granted_before <= 8):
        return True
    if _OF_WHOM.match(right) and not NOUN.match(right.lstrip("的")[:12]):
        return granted_before is None or bool(re.search(r"获得?[^，]{0,12}$", left[:granted_before])) or _COMPARED.search(left) is not None
    compared = _COMPARED.search(left)
    if compared is None or _CAP_BEFORE.search(left):
        return False
    return (granted_before is None and not _GRANTED_AFTER.match(right)) or (
        granted_before is not None
        and granted_before < compared.start()
        and bool(re.match(r"(?:的|，|$)", right))
        and one.kind == SHARE
        and "增" in compared[0]
    )


def _last_verb(left: str) -> int | None:
    """Where the last word of granting before a quantity ends."""
    ends = [found.end() for found in VERB.finditer(left)]
    return ends[-1] if ends else None


def _is_granted(one: Quantity, left: str, right: str, segments: Sequence[Span], index: int) -> bool:
    verb = _last_verb(left)
    if (
        verb is not None
        and (left[:verb].endswith(("给予", "予以")) or len(left) - verb <= 30)
        and not re.search(r"的(?:企业|单位|项目|机构)，", left[verb:])
    ):
        return one.kind != MATCH or "配套" in segments[index].text or "比例" in right[:4]
    if (
        _GRANTED_AFTER.match(right)
        or re.match(r"、?(?:且|并)?(?:最高|不超过|累计)[^，]{0,20}(?:给予|予以|奖励|补助|补贴)", right)
        or re.match(r"(?:的)?(?:比例|标准|额度|幅度)?[，]?(?:给予|予以|发放)", right)
    ):
        return True
    if one.kind == MATCH:
        return bool(re.search(r"配套|匹配|配比", segments[index].text))
    following = segments[index + 1].text if index + 1 < len(segments) else ""
    if _WAY.match(left) and re.fullmatch(r"(?:（[^）]*）)?(?:的)?(?:比例|标准|额度)?(?:计算)?", right) and VERB.search(following[:14]):
        return True
    if re.fullmatch(r"(?:其中)?[：]?[^，：]{2,30}", left) and not right.strip("的（）") and not _COMPARED.search(left):
        return _labels_begin(segments, index)
    return False


def _labels_begin(segments: Sequence[Span], index: int) -> bool:
    """Whether an earlier piece grants without an amount, so that a label and an amount list what is granted."""
    for segment in reversed(segments[:index]):
        text = segment.text
        if VERB.search(text):
            return True
        if not money_in(text):
            return False
    return False


def _in_grant(segments: Sequence[Span], index: int, one: Quantity) -> bool:
    """A cap limits something granted in the same sentence, or the total of what is granted."""
    text = segments[index].text
    around = "".join(segment.text for segment in segments[: index + 1])
    return bool(
        VERB.search(around)
        or NOUN.search(text[one.end :][:16])
        or re.search(r"奖|补|资助|支持", around)
        or re.match(r"(?:单个|单户|每家|每户|同一|每个|每年|每人|最高|累计|年度|合计|总额|单项|单家|全年)", text)
    )


def _spread(roles: list[str | None], listed: Sequence[Quantity], text: str) -> list[str | None]:
    """In a list (10万元、20万元、30万元奖励) all have the role of the one that shows it; the last one decides."""
    result = list(roles)
    for index in range(1, len(listed)):  # 给予最高100万元、50万元
        one, before = listed[index], listed[index - 1]
        if result[index - 1] == CAP and before.kind == one.kind and _LISTED.fullmatch(text[before.end : one.begin].strip()):
            result[index] = CAP
    for index in range(len(listed) - 1, 0, -1):
        one, before = listed[index], listed[index - 1]
        between = text[before.end : one.begin]
        if before.kind == one.kind and _LISTED.fullmatch(between.strip()) and result[index] is not None:
            result[index - 1] = result[index] if result[index - 1] != GRANT or result[index] == CONDITION else result[index - 1]
        elif (
            before.kind == one.kind == MONEY
            and re.fullmatch(r"、[^，、\d]{2,14}", between)
            and result[index] == GRANT
            and result[index - 1] is None
        ):
            result[index - 1] = GRANT
    for index in range(1, len(listed)):
        one, before = listed[index], listed[index - 1]
        between = text[before.end : one.begin]
        if (
            result[index] is None
            and result[index - 1] is not None
            and before.kind == one.kind
            and _LISTED.match(between)
            and len(between) <= 16
        ):
            result[index] = result[index - 1]
    return result
