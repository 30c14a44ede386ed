"""No cheaper set passes: the way up against brute force over the same steps, on random rules and on real standards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.kernel.wayup_firms import MOMENT, WAN, firm_inputs
from tidu.kernel.conditions import parse_condition
from tidu.kernel.effort import DOWN, UP, Effort, Lever, effort_of
from tidu.kernel.inputs import Known
from tidu.kernel.interpret import standard_keys
from tidu.kernel.reading import load_packs
from tidu.kernel.rules import (
    All,
    Amount,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Label,
    Largest,
    Not,
    Number,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Smallest,
    Sum,
    keys_of,
)
from tidu.kernel.scoring import point_range
from tidu.kernel.truth import answer, points
from tidu.kernel.wayup import WayUp, way_up, what_if
from tidu.kernel.wayup_search import cheapest

SCOPE = load_packs().scope
FACTS = SCOPE.catalogue.facts
MONEY = ("研发费用", "营业收入", "主营业务收入", "负债总额", "资产总额")
HEADS = ("从业人员", "研发人员")
FLAGS = ("管理体系认证", "自主品牌")
BODY = "研发机构级别"

# brute force


def combinations(effort: Effort, known: Mapping[str, Any]) -> Iterator[tuple[Fraction, int, dict[str, Any]]]:
    """Every set of changes on the grid of the levers: effort, number of facts changed, inputs afterwards."""
    ways: list[list[tuple[Lever, Any, Fraction]]] = []
    for lever in effort.levers.values():
        here = known.get(lever.key)
        if lever.by_steps:
            assert lever.limit is not None
            ways.append([(lever, count, lever.effort * count) for count in range(lever.limit // lever.step + 1)])
        else:
            done = lever.options.get(here, Fraction(0)) if here is not None else Fraction(0)
            ways.append(
                [
                    (lever, None, Fraction(0)),
                    *((lever, word, cost - done) for word, cost in lever.options.items() if cost > done and word != here),
                ]
            )
    for chosen in product(*ways):
        then = dict(known)
        for lever, amount, _ in chosen:
            if lever.by_steps:
                for fact in lever.moved:
                    if then.get(fact.name) is not None:
                        then[fact.name] += lever.direction * lever.step * amount
            elif amount is not None:
                then[lever.key] = amount
        if allowed(effort, known, then):
            yield sum((cost for _, _, cost in chosen), Fraction(0)), sum(1 for _, _, cost in chosen if cost), then


def allowed(effort: Effort, known: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    """Values stay in their domain, and relations that hold now are kept."""
    for lever in effort.levers.values():
        for fact in lever.moved if lever.by_steps else ():
            value = then.get(fact.name)
            if (
                value is not None
                and value != known[fact.name]
                and not (fact.lowest or 0) <= value <= (fact.highest if fact.highest is not None else value)
            ):
                return False
    return all(answer(relation, then) is not False for relation in effort.keep if answer(relation, known) is True)


def least(rule: Rule, effort: Effort, known: Mapping[str, Any]) -> tuple[Fraction, int] | None:
    """The least effort that passes with the fewest facts changed; None where nothing passes."""
    return min(((cost, count) for cost, count, then in combinations(effort, known) if answer(rule, then) is True), default=None)


def agrees_with_brute_force(rule: Rule, effort: Effort, known: Known) -> None:
    expected = least(rule, effort, known)
    plan = cheapest(rule, known, effort)
    if expected is None:
        assert plan.assumptions
    else:
        assert (plan.effort, len(plan.moves)) == expected
        assert answer(rule, {**known, **plan.changes}) is True
        assert plan.assumptions == ()


# random firms, efforts and rules


def efforts_of(draw: st.DrawFn) -> Fraction:
    return Fraction(draw(st.sampled_from(["1", "2", "3", "5", "0.5", "1.25", "7"])))


@st.composite
def efforts(draw: st.DrawFn) -> Effort:
    levers: dict[str, Lever] = {}
    for name in draw(st.sets(st.sampled_from((*MONEY, *HEADS)), min_size=1, max_size=3)):
        fact = FACTS[name]
        step = (WAN if name in MONEY else 1) * draw(st.sampled_from([1, 2]))
        also = (
            {"主营业务收入": ("营业收入",), "研发人员": ("从业人员",), "负债总额": ("资产总额",)}.get(name, ())
            if draw(st.booleans())
            else ()
        )
        direction = DOWN if name == "负债总额" else draw(st.sampled_from([UP, UP, DOWN]))
        carried = tuple(FACTS[other] for other in also)
        levers[name] = Lever(fact, name, direction, step, efforts_of(draw), step * draw(st.integers(1, 4)), carried)
    for name in draw(st.sets(st.sampled_from(FLAGS), max_size=1)):
        levers[name] = Lever(FACTS[name], name, options={draw(st.booleans()): efforts_of(draw)})
    if draw(st.booleans()):
        words = draw(st.lists(st.sampled_from(FACTS[BODY].values), min_size=1, max_size=3, unique=True))
        levers[BODY] = Lever(FACTS[BODY], BODY, options={word: efforts_of(draw) for word in words})
    keep = draw(st.sets(st.sampled_from(["主营业务收入 <= 营业收入", "研发人员 <= 从业人员", "负债总额 <= 资产总额"])))
    relations = [parse_condition(text, SCOPE) for text in sorted(keep)]
    return Effort("随机", levers, {}, tuple(relation for relation in relations if isinstance(relation, Compare)))


CONDITIONS = st.one_of(
    st.builds("{} {} {}万元".format, st.sampled_from(MONEY), st.sampled_from([">=", ">", "<=", "<"]), st.integers(0, 9)),
    st.builds("{} {} {}人".format, st.sampled_from(HEADS), st.sampled_from([">=", "<"]), st.integers(0, 9)),
    st.builds(
        "{} {} {}%".format,
        st.sampled_from(["研发费用占比", "主营业务收入占比"]),
        st.sampled_from([">=", "<"]),
        st.sampled_from([10, 33, 50, 80, 100]),
    ),
    st.builds(
        "{} {} {}%".format,
        st.sampled_from(["研发人员占比", "资产负债率"]),
        st.sampled_from([">=", "<="]),
        st.sampled_from([10, 33, 50, 80]),
    ),
    st.builds("主营业务收入增长率 >= {}%".format, st.sampled_from([-20, 0, 5, 50])),
    st.builds("近2年研发费用均值 >= {}万元".format, st.integers(1, 6)),
    st.builds("近2年主营业务收入平均增长率 >= {}%".format, st.sampled_from([0, 10, 40])),
    st.builds("{} = {}".format, st.sampled_from(FLAGS), st.sampled_from(["是", "否"])),
    st.sampled_from([f"{BODY} in [省级, 国家级]", f"{BODY} = 市级", f"{BODY} != 无"]),
).map(lambda text: parse_condition(text.replace(">= -20%", ">= 0% - 20%"), SCOPE))

BRACKETS = st.sampled_from(
    [
        [("研发费用占比 >= 50%", 6), ("研发费用占比 >= 33%", 4), ("研发费用占比 >= 10%", 1)],
        [("研发费用 >= 6万元", 5), ("研发费用 >= 4万元", 3), ("研发费用 >= 2万元", 2)],
        [("资产负债率 <= 33%", 5), ("资产负债率 <= 60%", 2)],
        [("营业收入 < 4万元", 1), ("营业收入 < 8万元", 4), ("营业收入 < 20万元", 2)],
        [(f"{BODY} = 国家级", 5), (f"{BODY} = 省级", 4), (f"{BODY} = 市级", 2)],
        [("主营业务收入占比 >= 80%", 5), ("自主品牌 = 是", 4), ("从业人员 >= 5人", 1)],
    ]
)


def number(value: int) -> Number:
    return Number(Fraction(value))


TABLES = st.builds(
    lambda rows, rest: Choose(tuple((parse_condition(text, SCOPE), number(points)) for text, points in rows), number(rest)),
    BRACKETS,
    st.sampled_from([0, 0, 3]),
)
COUNTED = st.builds(
    lambda rules, each, cap: Smallest((Sum(tuple(Choose(((rule, number(each)),), number(0)) for rule in rules)), number(cap))),
    st.lists(CONDITIONS, min_size=1, max_size=3),
    st.integers(1, 3),
    st.integers(1, 5),
)
AMOUNTS = st.one_of(
    TABLES,
    TABLES,
    COUNTED,
    st.builds(lambda parts: Largest(tuple(parts)), st.lists(TABLES, min_size=2, max_size=2)),
    st.builds(lambda parts: Largest(tuple(parts)), st.lists(st.one_of(TABLES, COUNTED), min_size=2, max_size=2)),
)


def scored(amounts: list[Amount], threshold: int) -> ScoreAtLeast:
    items = tuple(ScoreItem(f"P{place}", "组", "项", "条", amount, *point_range(amount)) for place, amount in enumerate(amounts))
    return ScoreAtLeast("总分", items, threshold, Label("PS"))


RULES: st.SearchStrategy[Rule] = st.recursive(
    st.one_of(CONDITIONS, CONDITIONS, st.builds(scored, st.lists(AMOUNTS, min_size=1, max_size=3), st.integers(1, 12))),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AtLeast(2, tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)


@st.composite
def firms(draw: st.DrawFn, *, with_gaps: bool = True) -> Known:
    known: Known = {name: draw(st.integers(0, 9)) * WAN for name in (*MONEY, "研发费用@1", "主营业务收入@1", "主营业务收入@2")}
    known |= {name: draw(st.integers(0, 6)) for name in HEADS}
    known |= {name: draw(st.booleans()) for name in FLAGS}
    known[BODY] = draw(st.sampled_from(FACTS[BODY].values))
    if with_gaps:
        # a product of two missing facts is planned with only where it holds already, so that 近2年平均 keeps its own years
        for name in draw(st.sets(st.sampled_from((*MONEY, *HEADS, *FLAGS, BODY, "研发费用@1")), max_size=2)):
            known[name] = None
    return known


@st.composite
def cases(draw: st.DrawFn, *, gaps_in_levers: bool = False) -> tuple[Rule, Effort, Known]:
    """A firm, its levers, and a rule that mostly holds after some of the moves and not before."""
    effort, known = draw(efforts()), draw(firms())
    if not gaps_in_levers:
        # a missing fact is told at its least favourable value, which brute force does not know
        effort = replace(effort, levers={key: lever for key, lever in effort.levers.items() if known.get(key) is not None})
    if known.get("主营业务收入") is None:
        # a product of two loose facts is planned with only where it holds already
        known["主营业务收入"] = WAN
    if draw(st.integers(0, 4)) == 0:
        return draw(RULES), effort, known
    filled = {**dict.fromkeys(known, 3 * WAN), **dict.fromkeys(HEADS, 3), **dict.fromkeys(FLAGS, False), BODY: "无"}
    whole = {key: filled[key] if value is None else value for key, value in known.items()}
    goals = sorted(combinations(effort, whole), key=lambda found: found[1])
    goal = draw(st.sampled_from(goals[len(goals) // 2 :]))[2]
    sharp = [between(draw, key, whole[key], goal[key]) for key in whole if whole[key] != goal[key]]
    drawn = draw(st.lists(st.one_of(CONDITIONS, RULES), max_size=3))
    parts: list[Rule] = [rule if answer(rule, goal) is not False else Not(rule) for rule in drawn]
    amounts: list[Amount] = draw(st.lists(AMOUNTS, max_size=4))
    match draw(st.sampled_from(["all", "any", "two", "score"])):
        case "any" if sharp:
            parts.append(AnyOf(tuple(sharp)))
        case "two" if len(sharp) > 1:
            parts.append(AtLeast(2, tuple(sharp)))
        case "score":
            amounts += [Choose(((rule, number(draw(st.integers(1, 5)))),), number(0)) for rule in sharp]
        case _:
            parts += sharp
    reached = sum(points(amount, goal)[1] for amount in amounts)
    if amounts and reached:
        parts.append(scored(amounts, reached - draw(st.integers(0, min(2, reached - 1)))))
    return All(tuple(parts)), effort, known


def between(draw: st.DrawFn, key: str, here: Any, there: Any) -> Rule:
    """A condition that holds where a move leads and not where it starts."""
    if isinstance(here, bool):
        return parse_condition(f"{key} = {'是' if there else '否'}", SCOPE)
    if isinstance(here, str):
        return parse_condition(f"{key} = {there}", SCOPE)
    unit = "万元" if key in MONEY else "人"
    scale = WAN if key in MONEY else 1
    low, high = sorted((here // scale, there // scale))
    bound = draw(st.integers(low + 1, high))
    return parse_condition(f"{key} >= {bound}{unit}" if there > here else f"{key} < {bound}{unit}", SCOPE)


@settings(max_examples=120)
@given(cases())
def test_plan_costs_what_brute_force_finds(case: tuple[Rule, Effort, Known]) -> None:
    agrees_with_brute_force(*case)


@settings(max_examples=60)
@given(cases(gaps_in_levers=True), st.integers(0, 50))
def test_told_value_may_turn_out_more_favourable(case: tuple[Rule, Effort, Known], further: int) -> None:
    rule, effort, known = case
    plan = cheapest(rule, known, effort)
    then = {**known, **plan.changes}
    for move in plan.moves:
        if move.told and move.lever.by_steps:
            then[move.key] = max(0, then[move.key] + move.lever.direction * further * (WAN if move.key in MONEY else 1))
    if not plan.assumptions:
        assert answer(rule, {**known, **plan.changes}) is True
        assert answer(rule, then) is True


@settings(max_examples=40)
@given(cases(), st.randoms(use_true_random=False))
def test_order_of_the_facts_does_not_matter(case: tuple[Rule, Effort, Known], random: Any) -> None:
    rule, effort, known = case
    shuffled = list(known.items())
    random.shuffle(shuffled)
    first, second = cheapest(rule, known, effort), cheapest(rule, dict(shuffled), effort)

    assert first.moves == second.moves
    assert [(taken.kind, id(taken.node)) for taken in first.assumptions] == [(taken.kind, id(taken.node)) for taken in second.assumptions]


# real standards with few levers

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
