"""The cheapest way up: the least effort after which a firm meets a standard, proved by applying it.

An integer programme proposes, the rule tree disposes: every plan is applied to the firm's facts and assessed again
before anyone sees it. Facts of past years stay as they are; the plan is a target for the next assessment.

>>> from tidu.kernel.inputs import Moment
>>> from tidu.kernel.population import Firm
>>> from tidu.kernel.reading import load_packs
>>> firm = Firm(
...     "91420114MA4L000000",
...     facts={
...         "市场主体类型": "企业",
...         "产品属禁止限制淘汰类": False,
...         "列入经营异常名录": False,
...         "列入严重失信主体名单": False,
...         "研发机构级别": "市级",
...     },
...     years={2023: {"从业人员": 30, "营业收入": 1_000_000_000, "资产总额": 900_000_000}},
... )
>>> inputs = FirmInputs(firm, Moment(date(2024, 6, 1), date(2024, 6, 1)), load_packs())
>>> found = way_up(inputs, load_packs().select("科技型中小企业", law_date=date(2024, 6, 1)))
>>> found.status, [(step.fact.name, step.before, step.after, int(step.effort)) for step in found.steps]
('reachable', [('研发机构级别', '市级', '省级', 100)])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from tidu.kernel.decisive import outlook
from tidu.kernel.effort import Effort, effort_of
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import Kind
from tidu.kernel.inputs import FirmInputs, plain
from tidu.kernel.interpret import MET, Assessment, assess, missing_names, standard_keys
from tidu.kernel.packs import Standard
from tidu.kernel.rules import Rule, keys_of
from tidu.kernel.truth import answer
from tidu.kernel.wayup_model import BLOCKED, Assumption
from tidu.kernel.wayup_moves import missing_inputs
from tidu.kernel.wayup_search import Plan, assumed_rule, cheapest
from tidu.kernel.wayup_steps import Obstacle, Service, Step, labelled, obstacle_of, prerequisite_obstacles, services, step_of

REACHABLE, CONDITIONAL, UNREACHABLE = "reachable", "conditional", "unreachable"


@dataclass(frozen=True)
class WayUp:
    """The way from where a firm stands to where it meets a standard.

    ``status``: ``met`` (nothing to do), ``reachable`` (the steps alone bring it about), ``conditional`` (the steps and
    what ``cannot_plan`` names: something to be told, judged or recognised first), ``unreachable`` (some condition can
    be reached by nothing that the levers offer; ``cannot_plan`` names it, the steps do the rest).
    ``tell_first`` are facts to be given before anything is spent: they may make steps unnecessary.
    """

    firm: str
    name: str
    standard: Standard
    effort_name: str
    status: str
    effort: Fraction
    steps: tuple[Step, ...]
    before: Assessment
    after: Assessment
    becomes_met: tuple[Service, ...]
    tell_first: tuple[str, ...]
    cannot_plan: tuple[Obstacle, ...]


def way_up(inputs: FirmInputs, standard: Standard, effort: Effort | None = None) -> WayUp:
    """The cheapest set of improvements after which the firm behind ``inputs`` meets ``standard``.

    Raises ``no-way-up`` for a classification, which has nothing to be met.
    """
    if standard.classes:
        raise TiduError("no-way-up", f"“{standard.name}”是划型标准，没有可以达到的条件。请换一个标准。", name=standard.name)
    costs = effort or effort_of(inputs.packs)
    known = inputs.fill(_all_keys(standard, costs), standard.tests)
    before = assess(inputs, standard)
    ahead = prerequisite_obstacles(inputs, standard)
    name = inputs.firm.name or str(inputs.firm.facts.get("企业名称") or "")
    if before.verdict == MET:
        return WayUp(inputs.firm.code, name, standard, costs.name, MET, Fraction(0), (), before, before, (), (), ahead)
    plan = cheapest(standard.requires, known, costs)
    return _described(inputs, standard, costs, plan, before, ahead, name)


def changed_inputs(inputs: FirmInputs, changes: Mapping[str, Any]) -> FirmInputs:
    """The same firm with some inputs changed (``研发费用``, ``研发费用@1``), in stored values; the original is untouched.

    Raises ``unknown-fact`` for what is not in the catalogue.
    """
    facts = dict(inputs.firm.facts)
    years = {year: dict(row) for year, row in inputs.firm.years.items()}
    for key, value in changes.items():
        name, shift = split_key(key)
        if inputs.packs.scope.catalogue.fact(name).kind is Kind.YEAR:
            years.setdefault(inputs.moment.year - shift, {})[name] = value
        else:
            facts[name] = value
    changed = FirmInputs(replace(inputs.firm, facts=facts, years=years), inputs.moment, inputs.packs)
    # counts derived from a register would otherwise hide the change
    changed.known.update({key: plain(value) for key, value in changes.items()})
    return changed


def what_if(
    inputs: FirmInputs, standard: Standard, changes: Mapping[str, int | bool | str | date | None], *, with_trace: bool = False
) -> Assessment:
    """What the standard would say of the firm with some inputs changed."""
    return assess(changed_inputs(inputs, changes), standard, with_trace=with_trace)


def _all_keys(standard: Standard, effort: Effort) -> list[str]:
    """Inputs of the standard, and those that levers and relations tie to them."""
    tied = {fact.name for lever in effort.levers.values() for fact in lever.moved}
    tied |= {key for relation in effort.keep for key in keys_of(relation)}
    return [*standard_keys(standard), *sorted(tied)]


def _described(
    inputs: FirmInputs, standard: Standard, effort: Effort, plan: Plan, before: Assessment, ahead: tuple[Obstacle, ...], name: str
) -> WayUp:
    changed = changed_inputs(inputs, plan.changes)
    after = assess(changed, standard)
    _checked(standard, plan, changed, after)
    known, then = inputs.known, {**inputs.known, **plan.changes}
    steps = tuple(step_of(move, inputs, services(standard, then, known, move)) for move in plan.moves)
    obstacles = tuple(dict.fromkeys(obstacle_of(assumption, inputs, standard, effort, plan) for assumption in plan.assumptions))
    asked = {key for assumption in plan.assumptions for key in missing_inputs(assumption.node, known)}
    asked |= {move.key for move in plan.moves if move.told}
    asked |= set(outlook(standard.requires, known).decisive)
    return WayUp(
        firm=inputs.firm.code,
        name=name,
        standard=standard,
        effort_name=effort.name,
        status=_status(plan.assumptions),
        effort=plan.effort,
        steps=steps,
        before=before,
        after=after,
        becomes_met=_becoming(standard.requires, known, then),
        tell_first=missing_names(asked, inputs, standard.tests),
        cannot_plan=(*obstacles, *ahead),
    )


def _status(assumptions: tuple[Assumption, ...]) -> str:
    if not assumptions:
        return REACHABLE
    return UNREACHABLE if any(assumption.kind == BLOCKED for assumption in assumptions) else CONDITIONAL


def _checked(standard: Standard, plan: Plan, changed: FirmInputs, after: Assessment) -> None:
    """Nothing leaves here that was not proved by applying it to the firm's facts."""
    if not plan.assumptions:
        proved = after.verdict == MET
    else:
        proved = outlook(assumed_rule(standard.requires, plan.assumptions), changed.known).can_meet
    if not proved:
        raise TiduError(
            "way-up-unproved",
            f"为“{standard.name}”算出的提升路径代入后没有通过复核，不予采用。请报告企业代码与标准。",
            standard=standard.name,
            changes={key: str(value) for key, value in plan.changes.items()},
        )


def _becoming(rule: Rule, known: Mapping[str, Any], then: Mapping[str, Any]) -> tuple[Service, ...]:
    """Criteria that are not met now and are met after the steps."""
    return tuple(
        Service("criterion", node.label.id, node.label.clause, node.label.text)
        for node in labelled(rule)
        if answer(node, then) is True and answer(node, known) is not True
    )
