"""A way up as JSON and as Chinese sentences."""

from __future__ import annotations

from typing import Any

from tidu.kernel.facts import Fact, Store
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import MET, Assessment
from tidu.kernel.quantities import LEVELS, decimal_text, from_stored, number
from tidu.kernel.wayup import CONDITIONAL, REACHABLE, WayUp
from tidu.kernel.wayup_steps import Obstacle, Service, Step, unit_of


def way_up_document(found: WayUp, moment: Moment) -> dict[str, Any]:
    """The result as JSON; numbers are in the catalogue's unit."""
    return {
        "firm": found.firm,
        "name": found.name,
        "standard": found.standard.name,
        "version": found.standard.version,
        "rule_set": found.standard.reference.text(),
        "law_date": moment.law_date.isoformat(),
        "facts_as_of": moment.facts_as_of.isoformat(),
        "effort_document": found.effort_name,
        "status": found.status,
        "effort": number(found.effort),
        "steps": [_step(step) for step in found.steps],
        "score": {"before": _score(found.before), "after": _score(found.after)},
        "becomes_met": [_service(service) for service in found.becomes_met],
        "tell_first": list(found.tell_first),
        "cannot_plan": [_obstacle(obstacle) for obstacle in found.cannot_plan],
        "sentences": sentences(found),
    }


def sentences(found: WayUp) -> list[str]:
    """The way up in Chinese: what it comes to, the steps in order, what to tell first, what no plan brings about."""
    name, standard = found.name or found.firm, found.standard
    lines = [_headline(found, name)]
    lines += [f"{place}. {step.sentence}" for place, step in enumerate(found.steps, 1)]
    before, after = found.before.score, found.after.score
    if found.steps and before is not None and after is not None:
        lines.append(f"评价得分由 {_interval(before.low, before.high)} 分变为 {_interval(after.low, after.high)} 分。")
    if found.tell_first:
        lines.append(f"请先填报：{'、'.join(found.tell_first)}。补齐后可能不需要上面的部分工作。")
    lines += [f"{obstacle.clause} {obstacle.text}：{obstacle.reason}".strip() for obstacle in found.cannot_plan]
    lines.append(f"依据：{standard.reference.text()}；工作量取自“{found.effort_name}”，以前年度的数据不变。")
    return lines


def _headline(found: WayUp, name: str) -> str:
    standard = f"“{found.standard.name}”（{found.standard.version}）"
    effort = decimal_text(found.effort)
    if found.status == MET:
        return f"{name}已经达到{standard}，不需要改进。"
    if found.status == REACHABLE:
        return f"{name}达到{standard}的最省力办法共 {len(found.steps)} 步，工作量合计 {effort}。"
    if found.status == CONDITIONAL:
        return (
            f"{name}能否达到{standard}还取决于下面列出的待填报、待判断或待取得事项；此外共需 {len(found.steps)} 步，工作量合计 {effort}。"
        )
    return f"{name}在可改变的范围内达不到{standard}，受阻的条件列在后面；其余条件共需 {len(found.steps)} 步，工作量合计 {effort}。"


def _interval(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}至{high}"


def _shown(fact: Fact, value: Any) -> Any:
    if value is None or fact.store is Store.TEXT:
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact.unit_label == "level":
        return LEVELS[value - 1] if 1 <= value <= len(LEVELS) else value
    return number(from_stored(value, fact.unit))


def _step(step: Step) -> dict[str, Any]:
    fact = step.fact
    along = [{"fact": carried.fact, "from": _shown(fact, carried.before), "to": _shown(fact, carried.after)} for carried in step.along]
    return {
        "fact": fact.name,
        "period": step.period,
        "from": _shown(fact, step.before),
        "to": _shown(fact, step.after),
        "change": None if step.change is None else number(from_stored(step.change, fact.unit)),
        "unit": unit_of(fact),
        "effort": number(step.effort),
        "value_known": not step.told,
        "along": along,
        "serves": [_service(service) for service in step.serves],
        "sentence": step.sentence,
    }


def _service(service: Service) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": service.kind, "id": service.id, "clause": service.clause, "text": service.text}
    if service.points_before is not None and service.points_after is not None:
        shown["points"] = {"before": list(service.points_before), "after": list(service.points_after)}
    return shown


def _obstacle(obstacle: Obstacle) -> dict[str, Any]:
    return {
        "kind": obstacle.kind,
        "id": obstacle.id,
        "clause": obstacle.clause,
        "text": obstacle.text,
        "reason": obstacle.reason,
        "facts": list(obstacle.facts),
    }


def _score(assessment: Assessment) -> dict[str, Any] | None:
    score = assessment.score
    if score is None:
        return None
    groups = {name: {"low": low, "high": high} for name, (low, high) in score.groups.items()}
    return {"low": score.low, "high": score.high, "pass": score.passing, "groups": groups}
