"""A plan as people read it: each step with what it serves, and what no plan can bring about with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tidu.kernel.effort import Effort, Lever
from tidu.kernel.facts import Fact, Kind, Store
from tidu.kernel.inputs import EVENT_PREFIX, FirmInputs
from tidu.kernel.interpret import missing_names
from tidu.kernel.packs import Standard
from tidu.kernel.quantities import LEVELS, decimal_text, from_stored
from tidu.kernel.rules import (
    Amount,
    AnyOf,
    Compare,
    Expert,
    Flag,
    Judged,
    Measure,
    Not,
    OneOf,
    Rule,
    ScoreAtLeast,
    leaf_keys,
    parts_of,
    walk,
)
from tidu.kernel.truth import answer, points
from tidu.kernel.wayup_model import EVENT, JUDGEMENT, TELL, Assumption
from tidu.kernel.wayup_moves import missing_inputs
from tidu.kernel.wayup_search import Move, Plan
from tidu.kernel.wording import compare_text

PREREQUISITE = "prerequisite"
_COUNT_WORDS = {"item": "项", "person": "人", "points": "分", "rank": "", "year": "", "level": ""}


@dataclass(frozen=True)
class Service:
    """A criterion or score line that a step serves; points where it is a score line."""

    kind: str
    id: str
    clause: str
    text: str
    points_before: tuple[int, int] | None = None
    points_after: tuple[int, int] | None = None


@dataclass(frozen=True)
class Carried:
    """A fact that moves along with another."""

    fact: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Step:
    """One change: stored values ``before`` (None: unknown) and ``after``, and a sentence for the firm."""

    fact: Fact
    period: str
    before: Any
    after: Any
    change: int | None
    effort: Fraction
    told: bool
    along: tuple[Carried, ...]
    serves: tuple[Service, ...]
    sentence: str


@dataclass(frozen=True)
class Obstacle:
    """A condition that no lever brings about: ``kind`` is tell, judgement, event, blocked or prerequisite."""

    kind: str
    id: str
    clause: str
    text: str
    reason: str
    facts: tuple[str, ...] = ()


def unit_of(fact: Fact) -> str:
    """The unit a fact is read in."""
    return _COUNT_WORDS.get(fact.unit_label, fact.unit_label) if fact.store is Store.INTEGER else ""


def readable(fact: Fact, value: Any) -> str:
    """A stored value with its unit as people read it."""
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact.store is Store.DATE:
        return date.fromordinal(value).isoformat()
    if not isinstance(value, int):
        return str(value)
    if fact.unit_label == "level" and 1 <= value <= len(LEVELS):
        return LEVELS[value - 1]
    return f"{decimal_text(from_stored(value, fact.unit))}{unit_of(fact)}"


def step_of(move: Move, inputs: FirmInputs, serves: tuple[Service, ...]) -> Step:
    """A move with its period, what it serves, and its sentence."""
    fact = move.lever.fact
    period = f"{inputs.moment.year}年度" if fact.kind is Kind.YEAR else ""
    change = move.amount if move.lever.by_steps else None
    along = tuple(Carried(name, before, after) for name, before, after in move.along)
    return Step(fact, period, move.before, move.after, change, move.effort, move.told, along, serves, _sentence(move, serves))


def _sentence(move: Move, serves: tuple[Service, ...]) -> str:
    lever, fact = move.lever, move.lever.fact
    start, end = readable(fact, move.before), readable(fact, move.after)
    phrase = lever.phrase.format(**{"gap": _gap(lever, move.amount), "from": start, "to": end})
    if move.told:
        aim = f"达到{end}" if lever.by_steps else f"为“{end}”"
        phrase = f"{fact.name}{aim}（当前值未知，先填报；工作量按最不利情形计）"
    elif lever.by_steps and "{to}" not in lever.phrase:
        phrase += f"，由{start}到{end}"
    clauses = list(dict.fromkeys(service.clause for service in serves if service.clause))
    return phrase + (f"。对应条款：{'、'.join(clauses)}。" if clauses else "。")


def _gap(lever: Lever, amount: int) -> str:
    text = decimal_text(from_stored(abs(amount), lever.fact.unit))
    return f"{text}级" if lever.fact.unit_label == "level" else f"{text}{unit_of(lever.fact)}"


def labelled(rule: Rule) -> Iterator[Rule]:
    """Criteria with an id, from the root down; score lines are not among them."""
    if rule.label.id:
        yield rule
    if not isinstance(rule, ScoreAtLeast):
        for part in parts_of(rule):
            yield from labelled(part)  # type: ignore[arg-type]


def services(standard: Standard, then: Mapping[str, Any], known: Mapping[str, Any], move: Move) -> tuple[Service, ...]:
    """What would be lost if this move alone were left out: score lines, and the narrowest criteria."""
    without = {**then, **_undone(move, then, known)}
    lost = [node for node in labelled(standard.requires) if answer(node, then) is True and answer(node, without) is not True]
    narrow = [node for node in lost if not any(other is not node and other in lost for other in walk(node))]
    if not lost:
        narrow = list(_touched(standard.requires, then, without))
    found = [Service("criterion", node.label.id, node.label.clause, node.label.text) for node in narrow]
    for item in standard.scores:
        after, before = points(item.points, then), points(item.points, without)
        if before[0] < after[0]:
            found.append(Service("item", item.id, item.clause, item.title, points(item.points, known), after))
    return tuple(found)


def _undone(move: Move, then: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    if move.told or not move.lever.by_steps:
        return {move.key: known.get(move.key)}
    return {fact.name: then[fact.name] - move.amount for fact in move.lever.moved if then.get(fact.name) is not None}


def _touched(rule: Rule, then: Mapping[str, Any], without: Mapping[str, Any]) -> Iterator[Rule]:
    """The nearest criteria of leaves that the move changes, where nothing above them changes yet."""

    def owners(node: Rule, owner: Rule) -> Iterator[Rule]:
        owner = node if node.label.id else owner
        if isinstance(node, Compare | Flag | OneOf) and answer(node, then) is True and answer(node, without) is not True:
            yield owner
        if not isinstance(node, ScoreAtLeast):
            for part in parts_of(node):
                yield from owners(part, owner)  # type: ignore[arg-type]

    yield from {id(node): node for node in owners(rule, rule) if node.label.id}.values()


def obstacle_of(assumption: Assumption, inputs: FirmInputs, standard: Standard, effort: Effort, plan: Plan) -> Obstacle:
    """What had to be assumed, with the reason why no plan brings it about."""
    node, label = assumption.node, assumption.label
    text = label.text or _node_text(node, standard)
    facts: tuple[str, ...] = ()
    if assumption.kind == TELL:
        facts = missing_names(missing_inputs(node, inputs.known), inputs, standard.tests)
        reason = f"{'、'.join(facts)}尚未填报，填报后才能判断“{_node_text(node, standard)}”。"
    elif assumption.kind == JUDGEMENT:
        reason = f"需要由人判断：{getattr(node, 'text', text)}。"
    elif assumption.kind == EVENT:
        reason = _event_reason(node, standard, plan)
    else:
        facts, reason = _blocked_reason(assumption, inputs, standard, effort, plan)
    return Obstacle(assumption.kind, label.id, label.clause, text, reason, facts)


def _short_of(node: ScoreAtLeast, plan: Plan) -> str:
    most = plan.most_points.get(node.name)
    best = f"在可改变的范围内最高只能确保 {most} 分，" if most is not None else ""
    return f"{node.name}{best}达不到 {node.threshold} 分"


def _event_reason(node: Any, standard: Standard, plan: Plan) -> str:
    """What has to be obtained, with the other events that would do as well, and the score that would spare all of them."""
    around: Rule | Amount = node
    for outer in walk(standard.requires):
        # the last one found from the root down is the narrowest
        if isinstance(outer, AnyOf) and any(inner is node for inner in walk(outer)):
            around = outer
    ways = [inner for inner in walk(around) if isinstance(inner, Flag) and inner.wanted and inner.key.startswith(EVENT_PREFIX)]
    texts = list(dict.fromkeys(way.label.text or _node_text(way, standard) for way in [node, *ways]))
    scores = [inner for inner in walk(around) if isinstance(inner, ScoreAtLeast) and inner.name in plan.most_points]
    short = "".join(f"；{_short_of(score, plan)}" for score in scores)
    return f"需要先取得或登记{'以下之一' if len(texts) > 1 else ''}：{'；'.join(texts)}。改变数据不能替代{short}。"


def _blocked_reason(
    assumption: Assumption, inputs: FirmInputs, standard: Standard, effort: Effort, plan: Plan
) -> tuple[tuple[str, ...], str]:
    node = assumption.node
    if isinstance(node, ScoreAtLeast):
        return (), f"{_short_of(node, plan)}。"
    text = _node_text(node, standard)
    wanted = f"“{text}”" if assumption.sign else f"不再“{text}”"
    if isinstance(node, Flag) and node.key.startswith(EVENT_PREFIX):
        return (), f"登记有{_node_text(node, standard)}，期满以前不能消除。"
    names = missing_names([key for key in leaf_keys(node) if not key.startswith(EVENT_PREFIX)], inputs, standard.tests)
    catalogue = inputs.packs.scope.catalogue.facts
    facts = tuple(name for name in names if name in catalogue)
    reasons = [effort.fixed[name] for name in facts if name in effort.fixed]
    if reasons:
        return facts, f"{wanted}无法实现：{'；'.join(dict.fromkeys(reasons))}。"
    if any(name in effort.levers for name in facts):
        return facts, f"在允许的改变幅度内，{wanted}与其他条件不能同时达到。"
    return facts, f"{wanted}没有登记可用的改进办法。"


def prerequisite_obstacles(inputs: FirmInputs, standard: Standard) -> tuple[Obstacle, ...]:
    """Prerequisites that do not hold; they do not decide the verdict and no plan brings them about."""
    found: list[Obstacle] = []
    for rule in standard.prerequisites:
        decided = answer(rule, inputs.known)
        if decided is not True:
            leaf = next((node for node in walk(rule) if isinstance(node, Judged)), None)
            reason = (
                f"申报前置条件，需要由人判断：{leaf.text}。"
                if leaf
                else f"申报前置条件{'不具备' if decided is False else '尚待核实'}，需要先行具备。"
            )
            found.append(Obstacle(PREREQUISITE, rule.label.id, rule.label.clause, rule.label.text, reason))
    return tuple(found)


def _node_text(node: Any, standard: Standard) -> str:
    match node:
        case Compare():
            return compare_text(node)
        case Flag(key, wanted):
            test = standard.tests.get(key)
            return test.text if test else f"{key} = {'是' if wanted else '否'}"
        case OneOf(key, values):
            return f"{key} {'=' if len(values) == 1 else '属于'} {'、'.join(values)}"
        case Judged() | Expert():
            return str(node.text)
        case Measure():
            return node.quantity.text
        case Not(part):
            return f"非：{_node_text(part, standard)}"
        case ScoreAtLeast():
            return f"{node.name} ≥ {node.threshold}分"
    return ""
