"""How each item is handled: route, departments asked, veto, days of notice, materials. Data in ``items.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from tidu.apps.fulfilment.domain.score_sheets import Sheet, read_sheet
from tidu.apps.fulfilment.enums import Route
from tidu.kernel.errors import TiduError

ALL = "all"
SECTION_NAMES = {"firm": "企业信息", "matter": "事项信息", "account": "收款账户", "promise": "承诺书"}
"""Sections of an application beside its materials, as a 补正 names them."""
KEYS = frozenset({"route", "reviewers", "veto", "agree", "notice_days", "experts", "materials"})


@dataclass(frozen=True, slots=True)
class Material:
    """A material: what it is called, and the register that holds what it would prove (then nobody is asked for it)."""

    id: str
    name: str
    held_by: str = ""
    kind: str = ""

    @property
    def needed(self) -> bool:
        """Whether the firm has to hand it in as a file."""
        return not self.held_by and self.kind != "promise"


@dataclass(frozen=True, slots=True)
class ItemRules:
    """The handling of one item; departments by the source of facts that is theirs."""

    award: str
    route: Route
    reviewers: tuple[str, ...]
    veto: frozenset[str]
    agree: int | None
    notice_days: int
    experts: Sheet | None
    materials: tuple[Material, ...]

    def agreeing(self, concerned: int) -> int:
        """How many of the departments concerned must agree."""
        return concerned if self.agree is None else min(self.agree, concerned)


def place_of(award: str, field: str) -> str:
    """Where in a draft a field of a 补正 stands: a section or below one, ``materials.<id>``, or ``facts.<name>``."""
    if field.split(".", 1)[0] in {*SECTION_NAMES, "materials", "facts"}:
        return field
    known = {one.id for one in item_rules(award).materials}
    return f"materials.{field}" if field in known else f"facts.{field}"


def field_name(award: str, field: str) -> str:
    """A field of a 补正 in words; the name of a fact is a word already."""
    head, _, rest = place_of(award, field).partition(".")
    if head == "materials":
        return next((one.name for one in item_rules(award).materials if one.id == rest), rest or "材料")
    return SECTION_NAMES.get(head, rest)


def item_rules(award: str) -> ItemRules:
    """The handling of an item; an item without a row of its own is handled by the default."""
    table = _table(settings.ITEM_RULES)
    return _read(award, {**table["default"], **table["items"].get(award, {})}, table["materials"])


@cache
def _table(place: str) -> dict[str, Any]:
    file = Path(place) if place else Path(__file__).with_name("items.yaml")
    try:
        found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TiduError("item-rules-unread", f"读不了事项的办理规则 {file.name}：{error}。请检查 TIDU_ITEM_RULES。") from error
    return found


def _read(award: str, row: dict[str, Any], materials: dict[str, Any]) -> ItemRules:
    unknown = sorted(set(row) - KEYS)
    if unknown:
        raise TiduError("item-rules-unknown-key", f"事项 {award} 的办理规则里有不认识的项：{'、'.join(unknown)}。请检查 items.yaml。")
    veto = frozenset(row["veto"])
    if not veto <= set(row["reviewers"]):
        raise TiduError("item-rules-veto", f"事项 {award} 的一票否决部门须在联审部门之中。请检查 items.yaml。")
    listed = tuple(Material(name, **materials[name]) for name in row["materials"])
    agree = None if row["agree"] == ALL else int(row["agree"])
    return ItemRules(
        award, Route(row["route"]), tuple(row["reviewers"]), veto, agree, int(row["notice_days"]),
        read_sheet(award, row["experts"]), listed,
    )  # fmt: skip
