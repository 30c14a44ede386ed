"""Faults that only show across documents or in a whole text: validity, ids, citations, scores nobody asks for, indicators.

What is wrong within one criterion or one score item is found where it is read (``criteria``, ``scoring``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from tidu.kernel.criteria import INDUSTRY_CLASS, Ground
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import Scope, quantity_named
from tidu.kernel.located import PackFault, Section
from tidu.kernel.packs import Standard
from tidu.kernel.rules import All, Compare, Rule, parts_of, walk

GAP_ALLOWED = "allowed"
PURPOSES = {"new": "新申报", "review": "复核"}


def lint_standards(standards: Iterable[Standard], scope: Scope, faults: list[TiduError]) -> None:
    """Every check over the standards read; faults are added with file and line."""
    listed = list(standards)
    _check_validity(listed, faults)
    for standard in listed:
        ground = Ground(standard.source.path or standard.origin.path, scope, faults)
        _check_head(standard, faults)
        _check_ids(standard, ground)
        _check_citations(standard, ground)
        _check_scores(standard, ground)
        if standard.classes:
            _check_classes(standard, ground)


def lint_indicators(sections: Iterable[tuple[str, Section]], scope: Scope, faults: list[TiduError]) -> None:
    """Every indicator can be read, and none is defined by itself."""
    named: dict[str, tuple[str, Section]] = {str(section["indicator"]): (path, section) for path, section in sections}
    for name, (path, section) in named.items():
        if name not in scope.indicators:
            continue  # refused already
        if name in scope.catalogue.facts:
            faults.append(PackFault("duplicate-id", path, section.line, f"计算指标“{name}”与目录中的指标同名。请换一个名称。", id=name))
        try:
            quantity_named(name, scope, 0)
        except TiduError as error:
            faults.append(PackFault(error.code, path, section.at("formula"), f"计算指标“{name}”：{error.message}", **error.data))


def _check_validity(standards: Iterable[Standard], faults: list[TiduError]) -> None:
    """On one day there is one text per standard and purpose, and none is missing between two texts."""
    texts: dict[tuple[str, str], list[Standard]] = defaultdict(list)
    for standard in standards:
        for purpose in sorted(standard.application):
            texts[standard.name, purpose].append(standard)
    for (name, purpose), listed in texts.items():
        ordered = sorted(listed, key=lambda standard: standard.in_force.start)
        for before, after in pairwise(ordered):
            if before.in_force.start == date.min or after.in_force.start == date.min:
                continue  # a missing date is a fault of its own
            fault = _overlap(name, purpose, before, after) or _hole(name, purpose, before, after)
            if fault is not None:
                faults.append(fault)


def _overlap(name: str, purpose: str, before: Standard, after: Standard) -> PackFault | None:
    if not before.in_force.overlaps(after.in_force):
        return None
    return PackFault(
        "overlapping-validity",
        after.origin.path,
        after.origin.line,
        f"“{name}”（{PURPOSES[purpose]}）自 {after.in_force.start} 起与“{before.version}”（{before.in_force.text()}）同时有效，不知以哪份为准。"
        f"请把前一文本的 to 写成 {after.in_force.start}，或改正 application。",
        standard=name,
        application=purpose,
    )


def _hole(name: str, purpose: str, before: Standard, after: Standard) -> PackFault | None:
    end = before.in_force.end
    if end is None or end >= after.in_force.start or before.gap_allowed:
        return None
    return PackFault(
        "validity-hole",
        before.origin.path,
        before.origin.line,
        f"“{name}”（{PURPOSES[purpose]}）自 {end} 至 {after.in_force.start} 前没有现行文本。"
        f"请把“{before.version}”的 to 改为 {after.in_force.start}；确实没有规定的，在这份文本里写 gap: {GAP_ALLOWED}。",
        standard=name,
        application=purpose,
    )


def _check_head(standard: Standard, faults: list[TiduError]) -> None:
    path, line = standard.origin.path, standard.origin.line
    if not standard.version:
        faults.append(
            PackFault("missing-key", path, line, f"“{standard.name}”缺少版本 version。请起一个简称，例如 2026版。", key="version")
        )
    if standard.checked_on is None:
        sentence = f"“{standard.name}”缺少核对日期 checked_on，或者不是日期。请写成 checked_on: 2026-11-23。"
        faults.append(PackFault("missing-key", path, line, sentence, key="checked_on"))


def _identified(node: Any) -> Iterator[tuple[str, Section]]:
    """Everything with an id below a part of a text, with where it stands."""
    if isinstance(node, Section):
        if node.get("id"):
            yield str(node["id"]), node
        for value in node.values():
            yield from _identified(value)
    elif isinstance(node, list):
        for part in node:
            yield from _identified(part)


def _check_ids(standard: Standard, ground: Ground) -> None:
    seen: dict[str, int] = {}
    for key in ("prerequisites", "requires", "scores", "classes"):
        for name, section in _identified(standard.source.get(key)):
            if name in seen:
                ground.fault(
                    "duplicate-id",
                    section.at("id"),
                    f"编号“{name}”在“{standard.name}”里用了两次（另见第 {seen[name]} 行）。请改成不同的编号。",
                    id=name,
                )
            else:
                seen[name] = section.at("id")


def _check_citations(standard: Standard, ground: Ground) -> None:
    """Every criterion an official would look up has an id and a clause."""
    requires = standard.source.get("requires")
    parts = requires["all"] if isinstance(requires, Section) and set(requires) == {"all"} else [requires]
    prerequisites = standard.source.get("prerequisites") or []
    for part in [*(parts if isinstance(parts, list) else []), *(prerequisites if isinstance(prerequisites, list) else [])]:
        if part is None:
            continue
        line = part.line if isinstance(part, Section) else standard.source.at("requires")
        for key, meaning in (("id", "编号"), ("clause", "条款")):
            if not isinstance(part, Section) or not part.get(key):
                text = part if isinstance(part, str) else (part.get("text") or part.get("id") or "") if isinstance(part, Section) else ""
                ground.fault("missing-key", line, f"条件“{text}”缺少{meaning} {key}，结果无法注明依据。请补上 {key}。", key=key)


def _check_scores(standard: Standard, ground: Ground) -> None:
    """A score table serves a bound, or a person who judges by it."""
    if standard.scores and not _asks(standard.source.get("requires")):
        ground.fault(
            "unused-scores",
            standard.source.at("scores"),
            f"“{standard.name}”有评分表，但没有一条条件用到分数。请加上 score: 总分 与 at_least，或删去 scores。",
        )


def _asks(node: Any) -> bool:
    """Whether a criterion below asks for a score, or for a person."""
    if isinstance(node, Section):
        return "score" in node or "manual" in node or any(_asks(value) for value in node.values())
    return isinstance(node, list) and any(_asks(part) for part in node)


def _check_classes(standard: Standard, ground: Ground) -> None:
    """Every row is about an industry that firms are told to be in, once."""
    known = ground.scope.catalogue.facts.get(INDUSTRY_CLASS)
    seen: set[str] = set()
    rows = standard.source["classes"].get("rows")
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, Section):
            continue
        industry = str(row.get("industry") or "")
        if known is not None and industry not in known.values:
            ground.fault(
                "unknown-value",
                row.at("industry"),
                f"对照表“{INDUSTRY_CLASS}”里没有行业“{industry}”。可用：{'、'.join(known.values)}。",
                value=industry,
            )
        if industry in seen:
            ground.fault("duplicate-id", row.at("industry"), f"行业“{industry}”写了两行。请保留一行。", id=industry)
        seen.add(industry)
        for key in ("id", "clause", *(name for name, _ in standard.classes)):
            if not row.get(key):
                ground.fault("missing-key", row.line, f"划型行“{industry}”缺少“{key}”。请补上。", key=key)
    for (name, floors), (below, lower) in pairwise(standard.classes):
        for row, quantity in _out_of_order(floors, lower):
            ground.fault("class-order", row, f"“{quantity}”在“{name}”的下限低于“{below}”，企业永远落不到“{below}”。请核对两类的下限。")


def _out_of_order(floors: Rule, lower: Rule) -> Iterator[tuple[int, str]]:
    """Rows in which a class asks for less of a quantity than the class below it."""
    for row, beneath in zip(parts_of(floors), parts_of(lower), strict=False):
        wanted = {node.left.text: node for node in walk(row) if isinstance(node, Compare)}
        for node in walk(beneath):
            if isinstance(node, Compare) and node.left.text in wanted:
                above = wanted[node.left.text].right.numerator.value
                if above < node.right.numerator.value:
                    yield (row.label.line if isinstance(row, All) else 0), node.left.text


def distinct(faults: Iterable[TiduError]) -> list[TiduError]:
    """Each fault once, by file and line: what an overlay takes over is read again, with the same faults."""
    found: Mapping[str, TiduError] = {fault.message: fault for fault in faults}
    return sorted(found.values(), key=lambda fault: (str(fault.data.get("path", "")), int(fault.data.get("line", 0))))
