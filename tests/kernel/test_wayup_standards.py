"""The way up on real standards: against brute force with few levers, and no step too long with all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.kernel.wayup_brute_force import agrees_with_brute_force
from tests.kernel.wayup_firms import MOMENT, firm_inputs
from tidu.kernel.effort import Effort, Lever, effort_of
from tidu.kernel.interpret import standard_keys
from tidu.kernel.reading import load_packs
from tidu.kernel.rules import keys_of
from tidu.kernel.wayup import WayUp, way_up, what_if

COARSE = {
    "研发费用": (10, 60),
    "主营业务收入": (50, 200),
    "数字化水平": (1, 2),
    "Ⅰ类高价值知识产权数": (1, 1),
}


def coarse_effort(names: set[str]) -> Effort:
    """The shipped effort document with a few levers on a coarse grid."""
    shipped = effort_of(load_packs())
    levers: dict[str, Lever] = {}
    for key, lever in shipped.levers.items():
        if key in COARSE and key in names:
            step, limit = (amount * lever.fact.unit.scale for amount in COARSE[key])
            levers[key] = replace(lever, step=step, limit=limit, effort=lever.effort * step / lever.step)
        elif key in names:
            levers[key] = lever
    return replace(shipped, levers=levers)


LEVERS = st.sets(st.sampled_from([*COARSE, "自主品牌", "参与制修订标准", "研发机构级别"]), max_size=2).map(
    lambda names: names | {"研发费用", "主营业务收入"}
)


@settings(max_examples=25)
@example("创新型中小企业", {"研发费用", "主营业务收入"}, 2420, 40, 0)
@example("专精特新中小企业", {"研发费用", "主营业务收入", "数字化水平", "Ⅰ类高价值知识产权数"}, 2600, 90, 12)
@given(
    st.sampled_from(["创新型中小企业", "专精特新中小企业"]),
    LEVERS,
    st.integers(230, 290).map(lambda tens: tens * 10),
    st.integers(4, 16).map(lambda tens: tens * 10),
    st.integers(0, 15),
)
def test_real_standard_with_few_levers_agrees_with_brute_force(name: str, levers: set[str], main: int, research: int, local: int) -> None:
    law = load_packs().select(name, law_date=MOMENT.law_date)
    inputs = firm_inputs(
        {"地方特色化得分": local, "自主研发Ⅰ类知识产权数": 1, "Ⅰ类知识产权数": 1}, {"主营业务收入": main, "研发费用": research}
    )
    effort = coarse_effort(levers)
    known = dict(inputs.fill([*standard_keys(law), *FACTS_OF_KEEP], law.tests))
    agrees_with_brute_force(law.requires, effort, known)

    found = way_up(inputs, law, effort)
    assert (found.status in {"met", "reachable"}) == (found.after.verdict == "met")


@settings(max_examples=25)
@given(
    st.sampled_from(["创新型中小企业", "专精特新中小企业", "科技型中小企业"]),
    st.integers(100, 200_000),
    st.floats(0.5, 1.0),
    st.floats(0.0, 0.12),
    st.floats(-0.1, 0.2),
    st.floats(0.2, 0.95),
    st.integers(10, 900),
)
def test_no_step_of_a_plan_can_be_shortened(
    name: str, revenue: int, main: float, research: float, profit: float, debt: float, staff: int
) -> None:
    law = load_packs().select(name, law_date=MOMENT.law_date)
    last_year = {
        "营业收入": revenue,
        "主营业务收入": int(revenue * main),
        "研发费用": int(revenue * research),
        "净利润": int(revenue * profit),
        "资产总额": revenue * 2,
        "负债总额": int(revenue * 2 * debt),
        "成本费用支出": revenue,
    }
    earlier = {
        2022: {"主营业务收入": int(revenue * main * 0.97), "营业收入": revenue},
        2021: {"主营业务收入": int(revenue * main * 0.95) or 1},
    }
    inputs = firm_inputs({"地方特色化得分": 10}, last_year, earlier, 从业人员=staff, 研发人员=staff // 12, 科技人员=staff // 9)
    found = way_up(inputs, law)
    if found.status != "reachable":
        return

    assert found.after.verdict == "met"
    changes = step_changes(found)
    for step in found.steps:
        lever = effort_of(load_packs()).levers[step.fact.name]
        if lever.by_steps:
            back = {fact.name: changes[fact.name] - lever.direction * lever.step for fact in lever.moved if fact.name in changes}
        else:
            back = {step.fact.name: step.before}
        assert what_if(inputs, law, {**changes, **back}).verdict != "met"


def step_changes(found: WayUp) -> dict[str, Any]:
    """All inputs a plan changes, as they end up."""
    changes = {carried.fact: carried.after for step in found.steps for carried in step.along}
    return changes | {step.fact.name: step.after for step in found.steps}


FACTS_OF_KEEP = sorted({key for relation in effort_of(load_packs()).keep for key in keys_of(relation)})
