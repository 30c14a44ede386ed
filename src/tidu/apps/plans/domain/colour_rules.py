"""The rules of the colours, as ``colours.yaml`` holds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tidu.apps.accounts.enums import Role
from tidu.apps.plans.enums import Colour, Part, PeriodKind
from tidu.kernel.errors import TiduError

FILE = Path(__file__).resolve().parents[1] / "colours.yaml"
THE_UNIT = "责任单位"


class Situation(StrEnum):
    """How a cell stands; its colour is data."""

    IN_TIME = "按期报送"
    LATE = "逾期补报"
    MISSED = "逾期未报"
    NOT_DUE = "未到期限"
    NOT_OWED = "不需报送"
    NO_CALENDAR = "工作日未公布"


@dataclass(frozen=True, slots=True)
class Escalation:
    """From how many red periods in a row on, who is told: the unit itself, and holders of roles."""

    reds: int
    unit: bool
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class ColourRules:
    """The rules in force. Limits are in working days."""

    text: str
    report_within: dict[PeriodKind, int]
    mend_within: int
    sign_within: int
    parts: frozenset[Part]
    colours: dict[Situation, Colour]
    escalations: tuple[Escalation, ...]

    def told_at(self, reds: int) -> Escalation | None:
        """The last row that so many reds in a row reach."""
        return next((one for one in reversed(self.escalations) if one.reds <= reds), None)


def read_rules(given: dict[str, Any]) -> ColourRules:
    """The rules from data; raises ``bad-colour-rules`` where a word is unknown, missing or out of order."""
    try:
        rules = ColourRules(
            text=str(given["说明"]),
            report_within={one: _count(given["报送期限"][one.label]) for one in PeriodKind},
            mend_within=_count(given["补正期限"]),
            sign_within=_count(given["签收期限"]),
            parts=frozenset(_labelled(Part, word) for word in given["报送职责"]),
            colours={one: _labelled(Colour, given["颜色"][one.value]) for one in Situation},
            escalations=tuple(_escalation(row) for row in given["升级"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TiduError("bad-colour-rules", f"灯号规则有误：{error}。请对照 colours.yaml 的说明改正。") from error
    counts = [one.reds for one in rules.escalations]
    if counts != sorted(set(counts)) or any(count < 1 for count in counts):
        raise TiduError("bad-colour-rules", "灯号规则有误：“升级”各行的连续红灯期数要从 1 起由小到大。")
    return rules


@cache
def colour_rules() -> ColourRules:
    """The rules of the installation."""
    return read_rules(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"“{value}”不是天数")
    return value


def _labelled(words: Any, label: str) -> Any:
    found = {one.label: one for one in words}
    if label not in found:
        raise ValueError(f"没有“{label}”，可以写{'、'.join(found)}")
    return found[label]


def _escalation(row: dict[str, Any]) -> Escalation:
    told = list(row["告知"])
    return Escalation(_count(row["连续红灯"]), THE_UNIT in told, tuple(_labelled(Role, word) for word in told if word != THE_UNIT))
