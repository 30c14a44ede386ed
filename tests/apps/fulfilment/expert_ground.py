"""An item that asks for experts, as an operator would switch it on, and what a panel of it goes through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import tidu.apps.fulfilment.domain.items as items
from tests.apps.fulfilment.ground import NOON, Ground, reread
from tests.apps.materials.files import png
from tidu.apps.fulfilment.domain.panels import declare, keep_expert, name_expert
from tidu.apps.fulfilment.domain.scoring import Scan, record_score
from tidu.apps.fulfilment.enums import Declaration
from tidu.apps.fulfilment.models import Case, Expert, ExpertScore, PanelMember

SHEET = {"least": 3, "pass": 60, "criteria": {"创新水平": 60, "产业化前景": 40}}
SCAN = Scan("评分表.png", png())


def switch_on(settings: Any, folder: Path, experts: object = SHEET, award: str = "C5") -> None:
    """Rules of one's own in which an item asks for experts and for no department."""
    table = yaml.safe_load(Path(items.__file__).with_name("items.yaml").read_text(encoding="utf-8"))
    table["items"][award] = {**table["items"][award], "reviewers": [], "veto": [], "experts": experts}
    place = folder / "items.yaml"
    place.write_text(yaml.safe_dump(table, allow_unicode=True, sort_keys=False), encoding="utf-8")
    settings.ITEM_RULES = str(place)


def expert(ground: Ground, number: int, institution: str = "某某大学") -> Expert:
    return keep_expert(actor=ground.clerk, at=NOON, name=f"评审人{number}", institution=institution, field="激光装备")


def seat(ground: Ground, case: Case, number: int, declared: str = Declaration.NONE) -> PanelMember:
    """An expert named and declared."""
    name_expert(actor=ground.clerk, at=NOON, case=reread(case), expert=expert(ground, number))
    member = again(PanelMember.objects.get(expert__name=f"评审人{number}"))
    reason = "参与过该项目" if declared == Declaration.CONFLICT else ""
    return declare(actor=ground.clerk, at=NOON, member=member, declared=declared, reason=reason)


def again(member: PanelMember) -> PanelMember:
    """The member as it stands now, with its case."""
    return PanelMember.objects.select_related("expert", "panel__case__enterprise").get(pk=member.pk)


def score(ground: Ground, member: PanelMember, *points: int) -> ExpertScore:
    return record_score(actor=ground.clerk, at=NOON, member=again(member), points=points, scan=SCAN)


def scored(ground: Ground, case: Case, totals: list[int], first: int = 1) -> list[ExpertScore]:
    """One expert for each total, which is split over the two criteria."""
    return [
        score(ground, seat(ground, case, number), min(total, 60), max(total - 60, 0)) for number, total in enumerate(totals, start=first)
    ]
