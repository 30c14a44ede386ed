"""Amounts in capitals as vouchers write them (人民币大写, 票据法实施管理办法附件 的写法)."""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
LARGEST = 10**18


def in_capitals(fen: int) -> str:
    """An amount in fen in capitals, for 0 < fen < 10^18.

    >>> in_capitals(100_000_000)
    '人民币壹佰万元整'
    >>> in_capitals(10_050_07)
    '人民币壹万零伍拾元零柒分'
    >>> in_capitals(1_000_010_00)
    '人民币壹佰万零壹拾元整'
    >>> in_capitals(30)
    '人民币叁角整'
    """
    if not 0 < fen < LARGEST:
        raise ValueError(f"no capitals for {fen} fen")
    yuan, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    text = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not cents:
        return f"人民币{text}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif yuan:
        text += "零"
    text += f"{DIGITS[cents]}分" if cents else "整"
    return f"人民币{text}"


def _whole(yuan: int) -> str:
    groups: list[int] = []
    while yuan:
        groups.append(yuan % 10_000)
        yuan //= 10_000
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _group(group) + GROUPS[place]
        gap = False
    return text


def _group(number: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return text
