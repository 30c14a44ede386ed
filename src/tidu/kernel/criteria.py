"""Criteria of packs (``that``, ``all``, ``any``, ``count``, ``score``, ``event``, ``class``, ``manual``) as rule nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tidu.kernel.conditions import parse_condition
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import Scope
from tidu.kernel.located import Listing, PackFault, Section
from tidu.kernel.packs import SINCE_LAST_YEAR, EventTest
from tidu.kernel.rules import All, AnyOf, AtLeast, Constant, Flag, Judged, Label, Not, OneOf, Rule, ScoreAtLeast, ScoreItem

CONFIDENCES = ("confirmed", "one-source", "secondary", "unconfirmed")
LABEL_KEYS = {"id", "clause", "text", "title", "confidence", "note"}
FORMS: dict[str, set[str]] = {
    "that": set(),
    "all": set(),
    "any": set(),
    "count": {"at_least"},
    "score": {"at_least"},
    "manual": set(),
    "event": {"where", "within", "valid", "at_least", "none"},
    "class": {"in"},
}
TOTAL = "总分"
INDUSTRY_CLASS = "划型行业"
NOT_COVERED = "不适用"
LAST_YEAR_ON = "上年度以来"
_YEARS = re.compile(r"(\d+)\s*年")
DATE_FIELDS = ("日期", "登记日期", "授权日期")


@dataclass
class Ground:
    """What is at hand while the criteria of one document are read; faults are collected, never raised."""

    path: str
    scope: Scope
    faults: list[TiduError]
    items: tuple[ScoreItem, ...] = ()
    tests: dict[str, EventTest] = field(default_factory=dict)
    classes: Callable[[str], Mapping[str, Rule]] | None = None

    def fault(self, code: str, line: int, sentence: str, **data: Any) -> None:
        """Note a fault of this document."""
        self.faults.append(PackFault(code, self.path, line, sentence, **data))

    def unknown_keys(self, section: Section, allowed: set[str], what: str) -> None:
        """Note keys that nobody reads, which would otherwise be ignored silently."""
        for key in section:
            if key not in allowed:
                self.fault(
                    "unknown-key",
                    section.at(key),
                    f"{what}里没有“{key}”这一项。可用：{'、'.join(sorted(allowed))}。请核对拼写。",
                    key=key,
                )


def label_of(section: Section, ground: Ground) -> Label:
    """The label of a criterion; an unknown confidence is a fault."""
    confidence = section.get("confidence") or ""
    if confidence and confidence not in CONFIDENCES:
        ground.fault("bad-confidence", section.at("confidence"), f"可信度“{confidence}”无效。可用：{'、'.join(CONFIDENCES)}。")
    text = section.get("text") or section.get("title") or ""
    return Label(str(section.get("id") or ""), str(section.get("clause") or ""), str(text), confidence, section.line)


def read_criterion(raw: Any, ground: Ground, line: int) -> Rule:
    """One criterion; what cannot be read becomes a fault and a constant, so that reading goes on."""
    if isinstance(raw, str):
        return _that(raw, ground, line, Label(line=line))
    if not isinstance(raw, Section):
        ground.fault("bad-criterion", line, f"条件“{raw}”无法理解。请写成“指标 >= 数值单位”，或 all / any / event 等形式。")
        return Constant(True)
    forms = [key for key in FORMS if key in raw]
    if len(forms) != 1:
        found = "、".join(forms) or "没有"
        ground.fault("bad-criterion", raw.line, f"一个条件只能用一种写法（{'、'.join(FORMS)}），这里有：{found}。")
        return Constant(True)
    form = forms[0]
    ground.unknown_keys(raw, LABEL_KEYS | {form} | FORMS[form], f"{form} 条件")
    return _READERS[form](raw, ground, label_of(raw, ground))


def _that(text: str, ground: Ground, line: int, label: Label) -> Rule:
    try:
        return parse_condition(text, ground.scope, label)
    except TiduError as error:
        ground.fault(error.code, line, error.message, **error.data)
        return Constant(True, label)


def _read_that(raw: Section, ground: Ground, label: Label) -> Rule:
    return _that(str(raw["that"]), ground, raw.at("that"), label)


def _parts(raw: Section, key: str, ground: Ground) -> tuple[Rule, ...]:
    listed = raw[key]
    if not isinstance(listed, Listing) or not listed:
        ground.fault("bad-criterion", raw.at(key), f"“{key}”下面应是一个不为空的列表。")
        return (Constant(True),)
    return tuple(read_criterion(part, ground, getattr(part, "line", listed.line)) for part in listed)


def _read_count(raw: Section, ground: Ground, label: Label) -> Rule:
    parts = _parts(raw, "count", ground)
    wanted = raw.get("at_least")
    if not isinstance(wanted, int) or not 1 <= wanted <= len(parts):
        ground.fault("bad-count", raw.at("at_least"), f"at_least 应是 1 到 {len(parts)} 的整数，读到“{wanted}”。")
        return Constant(True, label)
    return AtLeast(wanted, parts, label)


def _read_score(raw: Section, ground: Ground, label: Label) -> Rule:
    name, wanted = str(raw["score"]), raw.get("at_least")
    items = ground.items if name == TOTAL else tuple(item for item in ground.items if item.group == name)
    if not items:
        groups = "、".join(dict.fromkeys(item.group for item in ground.items)) or "（没有评分表）"
        ground.fault("unknown-score", raw.at("score"), f"没有名为“{name}”的评分组。可用：{TOTAL}、{groups}。", name=name)
        return Constant(True, label)
    if not isinstance(wanted, int):
        ground.fault("bad-count", raw.at("at_least"), f"“{name}”的最低分 at_least 应是整数，读到“{wanted}”。")
        return Constant(True, label)
    most = sum(item.highest for item in items)
    if wanted > most:
        ground.fault("unreachable-score", raw.at("at_least"), f"“{name}”满分只有 {most} 分，永远达不到 {wanted} 分。请核对评分表或最低分。")
    return ScoreAtLeast(name, items, wanted, label)


def _read_manual(raw: Section, ground: Ground, label: Label) -> Rule:
    text = str(raw["manual"])
    return Judged(f"人工:{label.id or text}", text, label)


def _read_event(raw: Section, ground: Ground, label: Label) -> Rule:
    name = str(raw["event"])
    kind = ground.scope.catalogue.events.get(name)
    if kind is None:
        known = "、".join(ground.scope.catalogue.events)
        ground.fault("unknown-event", raw.at("event"), f"事项目录中没有“{name}”。可用：{known}。", name=name)
        return Constant(True, label)
    fields = ground.scope.with_fields(kind.fields)
    inner = Ground(ground.path, fields, ground.faults)
    listed = raw.get("where")
    where = All(_parts(raw, "where", inner)) if isinstance(listed, Listing) else None
    if isinstance(listed, str):
        where = All((_that(listed, inner, raw.at("where"), Label(line=raw.line)),))
    within = _years(raw, ground)
    date_field = next((candidate for candidate in DATE_FIELDS if candidate in kind.fields), "")
    test = _event_test(raw, name, where, within, date_field)
    ground.tests[test.key] = test
    node = Flag(test.key, True, label)
    return Not(node, label) if raw.get("none") else node


def _event_test(raw: Section, name: str, where: All | None, within: int | None, date_field: str) -> EventTest:
    conditions = raw.get("where")
    listed = [conditions] if isinstance(conditions, str) else [_condition_text(part) for part in conditions or []]
    valid, wanted = bool(raw.get("valid")), int(raw.get("at_least") or 1)
    words = [*listed, *([] if within is None else [f"近{within}年" if within else LAST_YEAR_ON]), *(["有效期内"] if valid else []), *([f"至少{wanted}项"] if wanted > 1 else [])]
    text = f"{name}（{'，'.join(words)}）" if words else name
    return EventTest(f"事项:{text}", name, where, within, valid, wanted, date_field, text)


def _condition_text(part: Any) -> str:
    if isinstance(part, Section):
        return "，".join(f"{key}:{[_condition_text(x) for x in value] if isinstance(value, list) else value}" for key, value in part.items())
    return str(part)


def _years(raw: Section, ground: Ground) -> int | None:
    text = raw.get("within")
    if text is None:
        return None
    if str(text).strip() == LAST_YEAR_ON:
        return SINCE_LAST_YEAR
    match = _YEARS.fullmatch(str(text).strip())
    if match is None:
        ground.fault("bad-criterion", raw.at("within"), f"within 应写成“3年”或“{LAST_YEAR_ON}”，读到“{text}”。")
        return None
    return int(match[1])


def _read_class(raw: Section, ground: Ground, label: Label) -> Rule:
    """``class: 中小企业划型, in: [...]``: the size class, as the classification in force decides it."""
    name, wanted = str(raw["class"]), raw.get("in")
    classes = ground.classes(name) if ground.classes else {}
    if not classes:
        ground.fault("unknown-class", raw.at("class"), f"没有名为“{name}”的划型标准。请先写出该划型文档。", name=name)
        return Constant(True, label)
    names = list(classes)
    if not isinstance(wanted, Listing) or wanted != names[names.index(wanted[0]) if wanted and wanted[0] in names else len(names) :]:
        ground.fault("unknown-value", raw.at("in"), f"“{name}”的 in 应从某一类起列到最低一类，例如 [{'、'.join(names[1:])}]，读到“{wanted}”。")
        return Constant(True, label)
    rule = classes[wanted[0]]
    return All(rule.parts, label) if isinstance(rule, All) else rule


_READERS: dict[str, Callable[[Section, Ground, Label], Rule]] = {
    "that": _read_that,
    "all": lambda raw, ground, label: All(_parts(raw, "all", ground), label),
    "any": lambda raw, ground, label: AnyOf(_parts(raw, "any", ground), label),
    "count": _read_count,
    "score": _read_score,
    "manual": _read_manual,
    "event": _read_event,
    "class": _read_class,
}


def class_floor_rules(section: Section, ground: Ground) -> dict[str, Rule]:
    """For each class of a classification, the floors that reach it (not yet excluding higher classes)."""
    order = [str(name) for name in section.get("order") or []]
    found: dict[str, list[Rule]] = {name: [] for name in order}
    covered = _industries(section)
    for row in section.get("rows") or []:
        ground.unknown_keys(row, {"id", "clause", "industry", "text", "note", "confidence", *order}, "划型行")
        industry = OneOf(INDUSTRY_CLASS, (str(row.get("industry")),), (*covered, NOT_COVERED))
        label = label_of(row, ground)
        for name in order:
            if name in row:
                found[name].append(All((industry, *_parts(row, name, ground)), label))
    return {name: AnyOf(tuple(rules)) for name, rules in found.items()}


def class_rules(section: Section, ground: Ground) -> dict[str, Rule]:
    """For each class, the rule of being in that class or a lower one: not reaching the class above it.

    ``class … in [...]`` asks for a run of lowest classes, which is the only question policies ask.
    """
    floors = class_floor_rules(section, ground)
    covered = OneOf(INDUSTRY_CLASS, _industries(section), (*_industries(section), NOT_COVERED))
    rules: dict[str, Rule] = {}
    above: list[Rule] = []
    for name in (*floors, str(section.get("rest") or "")):
        rules[name] = All((covered, *(Not(rule) for rule in above)))
        if name in floors:
            above.append(floors[name])
    return rules


def _industries(section: Section) -> tuple[str, ...]:
    return tuple(str(row.get("industry")) for row in section.get("rows") or [])
