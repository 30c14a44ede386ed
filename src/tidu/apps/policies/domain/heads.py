"""What stands at the head of every page: the text, whose it is, when it is in force, how sure we are of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tidu.apps.policies.domain.documents import Document
from tidu.exchange.report_words import confidence_text
from tidu.kernel.packs import Origin, PackSet, Reference, Validity

IN_FORCE, EXPIRED, UPCOMING = "现行", "已失效", "未生效"
STATES = (IN_FORCE, UPCOMING, EXPIRED)
LEVELS: Mapping[str, str] = {"national": "国家", "hubei": "湖北", "wuhan": "武汉", "caidian": "蔡甸"}
COMMON, ELSEWHERE = "通用", "其他"
APPLICATIONS: Mapping[str, str] = {"new": "首次申报", "review": "复核"}


@dataclass(frozen=True, slots=True)
class Period(Document):
    """``[start, end)``: in force on ``start``, no longer on ``end``; ``text`` names the last day instead."""

    start: date
    end: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Source(Document):
    """The document that a rule restates, and the part of it."""

    document: str
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Trust(Document):
    """How sure we are: the pack's word, the word in Chinese, and the day it was last looked at (None: not noted)."""

    confidence: str
    text: str
    checked_on: date | None


def period_of(validity: Validity) -> Period:
    """A validity with its last day in words."""
    if validity.end is None:
        return Period(validity.start, None, f"{validity.start.isoformat()} 起长期有效")
    last = validity.end - timedelta(days=1)
    return Period(validity.start, validity.end, f"{validity.start.isoformat()} 至 {last.isoformat()}")


def state_on(period: Period, day: date) -> str:
    """Whether a text is in force on a day, no longer, or not yet."""
    if day < period.start:
        return UPCOMING
    return EXPIRED if period.end is not None and day >= period.end else IN_FORCE


def source_of(reference: Reference) -> Source:
    """A reference as a record."""
    return Source(reference.document, reference.part, reference.text())


def trust_of(confidence: str, checked_on: Any) -> Trust:
    """How sure we are, from what the pack says."""
    return Trust(confidence, confidence_text(confidence), checked_on if isinstance(checked_on, date) else None)


def level_of(origin: Origin) -> str:
    """Whose text it is, by the folder it stands in; 通用 for what stands in none."""
    folder, slash, _ = origin.path.partition("/")
    return LEVELS.get(folder, ELSEWHERE) if slash else COMMON


def digest_of(packs: PackSet, origin: Origin) -> str:
    """The digest of the set of packs a text belongs to; empty where none was taken."""
    name = origin.path.partition("/")[0].removesuffix(".yaml")
    return packs.digests.get(f"change/{name}") or packs.digests.get(name) or ""


def applications_text(applications: frozenset[str]) -> str:
    """What a text is for, in words."""
    return "、".join(APPLICATIONS[name] for name in ("new", "review") if name in applications)
