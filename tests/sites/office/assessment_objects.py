"""Objects of 评估认定 for the access matrix."""

from __future__ import annotations

from typing import Any

from tests.apps.people import AT, District
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.models import Outcome, Recommendation, RecommendationList, Run, StandardName
from tidu.apps.enterprises.models import Enterprise

STANDARD = "专精特新中小企业"
COUNTS = {
    "standard": STANDARD, "version": "2022版", "met": 0, "unmet": 0, "unknown": 0, "manual": 0, "out": 0, "lone": 0, "steps": 0, "held": 0,
    "classes": {},
}  # fmt: skip


def made_run() -> Run:
    """The first run, of nobody."""
    StandardName.objects.get_or_create(name=STANDARD)
    digests = dict.fromkeys(("pack_digest", "population_digest", "results_digest", "inputs_digest"), "0" * 64)
    return Run.objects.get_or_create(
        number=1,
        defaults={
            "law_date": AT.date(), "facts_as_of": AT.date(), "packs": {}, "firms": 0, "counts": [COUNTS], "results_file": "none",
            "inputs_file": "none", "actor_name": "系统", "started_at": AT, "finished_at": AT, **digests,
        },
    )[0]  # fmt: skip


def recommended(firm: Enterprise) -> Recommendation:
    """A firm on a list of its own."""
    run, standard = made_run(), StandardName.objects.get(name=STANDARD)
    outcome = Outcome.objects.get_or_create(digest="1" * 64, defaults={"standard": standard, "version": "2022版", "verdict": "met"})[0]
    made = RecommendationList.objects.create(
        standard=standard, version="2022版", year=2024, title="汇总表", run=run, actor_name="某", created_at=AT
    )
    facts = {"inputs": {}, "figures": [], "before": [firm.name, firm.code, "", ""], "score": "", "unit": ""}
    return Recommendation.objects.create(
        list=made, enterprise=firm, standard=standard, year=2024, outcome=outcome, facts=facts, pack_digest="0" * 64, reason="符合全部条件。",
        recommended_at=AT,
    )  # fmt: skip


def run_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_run().number]


def list_object(district: District, role: Role, own: bool) -> list[Any]:
    return [recommended(district.jia if own else district.yi).list_id]


def recommendation_object(district: District, role: Role, own: bool) -> list[Any]:
    row = recommended(district.jia if own else district.yi)
    return [row.list_id, row.pk]


OBJECTS = {"run": run_object, "recommendation-list": list_object, "recommendation": recommendation_object}
