"""Tests about a firm's events, in words: which event, of what kind, within which time, how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.figures import source_words
from tidu.kernel.criteria import LAST_YEAR_ON
from tidu.kernel.packs import PackSet

FACTS_DAY = "数据日期"
EVENT_NAMES: Mapping[str, str] = {
    "认定": "认定记录",
    "标准": "主持或参与制定标准的记录",
    "迁移": "迁移记录",
    "首次进规": "列入规模以上名录的记录",
    "创客中国": "“创客中国”获奖记录",
    "重大违法违规": "重大违法违规记录",
    "弄虚作假认定": "弄虚作假认定",
    "科技奖励": "科技奖励",
}
"""What a record of an event is called within a sentence, where its type alone would not read well."""


@dataclass(frozen=True, slots=True)
class EventWords(Document):
    """One question about events: ``text`` is the whole question, ``period`` and ``conditions`` its limits.

    ``wanted`` is 没有 where there must be none, else how many there must be at least.
    """

    event: str
    text: str
    wanted: str
    period: str
    conditions: tuple[str, ...]
    source: str


def event_words(packs: PackSet, raw: Mapping[str, Any], conditions: tuple[str, ...], day: str) -> EventWords:
    """The words of an event test as a pack writes it, its conditions already in words; ``day`` is what it is counted from."""
    name = str(raw["event"])
    least = int(raw.get("at_least") or 1)
    wanted = "没有" if raw.get("none") else f"至少有 {least} 项" if least > 1 else "有"
    period = _period(raw, day)
    said = [*conditions, *([f"到{day}仍在有效期内"] if raw.get("valid") else [])]
    described = f"（{'；'.join(said)}）" if said else ""
    text = f"{period}{wanted}{EVENT_NAMES.get(name, name)}{described}"
    return EventWords(name, text, wanted, period, tuple(said), source_words(packs.scope.catalogue.event(name).source))


def _period(raw: Mapping[str, Any], day: str) -> str:
    within = raw.get("within")
    if within is None:
        return ""
    if str(within).strip() == LAST_YEAR_ON:
        return "上年度 1 月 1 日以来"
    years = str(within).replace("年", "").strip()
    return f"{day}往前 {years} 年内"
