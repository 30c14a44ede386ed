"""Criteria of packs (``that``, ``all``, ``any``, ``count``, ``score``, ``event``, ``class``, ``manual``) as rule nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tidu.kernel.algebra import truth
from tidu.kernel.conditions import parse_condition
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import Scope
from tidu.kernel.facts import EventType
from tidu.kernel.located import Listing, PackFault, Section
from tidu.kernel.packs import SINCE_LAST_YEAR, EventTest
from tidu.kernel.rules import All, AnyOf, AtLeast, Compare, Constant, Flag, Judged, Label, Not, OneOf, Rule, ScoreAtLeast, ScoreItem

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
VALID_UNTIL = "有效期至"
DATE_FIELDS = ("日期", "登记日期", "授权日期")


@dataclass
class Ground:
    """What is at hand while the criteria of one document are read; faults are collected, never raised."""

    path: str
    scope: Scope
    faults: list[TiduError]
    items: tuple[ScoreItem, ...] = ()
    sound_items: bool = True
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

    def records(self, section: Section, key: str, what: str) -> list[Section]:
        """The records listed under a key; whatever is no record is noted as a fault and left out."""
        raw = section.get(key)
        if raw is None:
            return []
        listed = raw if isinstance(raw, list) else [raw]
        found = [part for part in listed if isinstance(part, Section)]
        if not isinstance(raw, list) or len(found) < len(listed):
            self.fault("bad-list", section.at(key), f"{what}的“{key}”应是一个列表，每项写成 {{…: …}} 的形式，读到“{raw}”。请核对写法。")
        return found

    def section(self, section: Section, key: str, what: str) -> Section:
        """The mapping under a key; an empty one, and a fault, where it is none."""
        raw = section.get(key)
        if isinstance(raw, Section):
            return raw
        self.fault("bad-criterion", section.at(key), f"{what}的“{key}”应写成 {{…: …}} 的形式，读到“{raw}”。请核对写法。")
        empty = Section()
        empty.path, empty.line, empty.lines = section.path, section.at(key), {}
        return empty

    def check_words(self, section: Section, keys: Iterable[str]) -> None:
        """Note a list or a mapping where a word or a sentence belongs."""
        for key in keys:
            if isinstance(section.get(key), list | Section):
                self.fault("bad-text", section.at(key), f"“{key}”应是一段文字，读到“{section[key]}”。请改成文字，含标点时加引号。", key=key)

    def check_reach(self, node: Rule, line: int) -> None:
        """Note a comparison that its facts, within their domains, always or never meet."""
        decided = truth(node.form, (), {}) if isinstance(node, Compare) and node.form.keys else None
        if decided is not None and isinstance(node, Compare):
            words, code = ("永远成立", "idle-bound") if decided else ("永远不成立", "unreachable-bound")
            text = f"{node.left.text} {node.op} {node.right.text}"
            self.fault(code, line, f"“{text}”{words}：超出了指标的取值范围。请核对数值，或在 facts.csv 中核对取值范围。", text=text)


def label_of(section: Section, ground: Ground) -> Label:
    """The label of a criterion; an unknown confidence is a fault."""
    ground.check_words(section, sorted(LABEL_KEYS))
    confidence = str(section.get("confidence") or "")
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
        node = parse_condition(text, ground.scope, label)
        ground.check_reach(node, line)
    except TiduError as error:
        ground.fault(error.code, line, error.message, **error.data)
        return Constant(True, label)
    return node


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
    least, most = sum(item.lowest for item in items), sum(item.highest for item in items)
    if not ground.sound_items:
        pass  # what the table can give is not known while it has faults of its own
    elif wanted <= least:
        ground.fault("idle-score", raw.at("at_least"), f"“{name}”最少也有 {least} 分，“不低于 {wanted} 分”永远成立。请核对最低分。")
    elif wanted > most:
        ground.fault("unreachable-score", raw.at("at_least"), f"“{name}”满分只有 {most} 分，永远达不到 {wanted} 分。请核对评分表或最低分。")
    return ScoreAtLeast(name, items, wanted, label)


def _read_manual(raw: Section, ground: Ground, label: Label) -> Rule:
    if not raw["manual"] or isinstance(raw["manual"], list | Section):
        ground.fault("bad-text", raw.at("manual"), "manual 后面应写明请人判断什么，例如 manual: 核心技术是否属于重点支持的领域。请补上。")
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
    where = None
    if isinstance(listed, str):
        where = All((_that(listed, inner, raw.at("where"), Label(line=raw.line)),))
    elif listed is not None:
        where = All(_parts(raw, "where", inner))
    within = _years(raw, ground)
    date_field = next((candidate for candidate in DATE_FIELDS if candidate in kind.fields), "")
    _check_event(raw, kind, date_field, ground)
    test = _event_test(raw, name, where, within, date_field)
    ground.tests[test.key] = test
    node = Flag(test.key, True, label)
    return Not(node, label) if raw.get("none") else node


def _check_event(raw: Section, kind: EventType, date_field: str, ground: Ground) -> None:
    """Limits of time that the event type has no field for, and limits that are no yes/no or number."""
    if "within" in raw and not date_field:
        ground.fault(
            "unknown-field",
            raw.at("within"),
            f"事项“{kind.name}”没有日期，不能用 within。可用字段：{'、'.join(kind.fields)}。请删去 within。",
        )
    if raw.get("valid") and VALID_UNTIL not in kind.fields:
        ground.fault("unknown-field", raw.at("valid"), f"事项“{kind.name}”没有“{VALID_UNTIL}”，不能用 valid。请删去 valid。")
    for key in ("valid", "none"):
        if not isinstance(raw.get(key, False), bool):
            ground.fault("bad-criterion", raw.at(key), f"{key} 只能写 true 或 false，读到“{raw[key]}”。请改正。")
    wanted = raw.get("at_least", 1)
    if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted < 1:
        ground.fault("bad-count", raw.at("at_least"), f"at_least 应是不小于 1 的整数，读到“{wanted}”。请改正。")
    elif raw.get("none") and "at_least" in raw:
        ground.fault("bad-criterion", raw.at("at_least"), "none（不得有）与 at_least（至少几项）不能同时写。请删去一项。")


def _event_test(raw: Section, name: str, where: All | None, within: int | None, date_field: str) -> EventTest:
    conditions = raw.get("where")
    listed = [_condition_text(part) for part in conditions] if isinstance(conditions, Listing) else [str(conditions)] if conditions else []
    given = raw.get("at_least")
    valid, wanted = bool(raw.get("valid")), given if isinstance(given, int) and given > 0 else 1
    words = [
        *listed,
        *([] if within is None else [f"近{within}年" if within else LAST_YEAR_ON]),
        *(["有效期内"] if valid else []),
        *([f"至少{wanted}项"] if wanted > 1 else []),
    ]
    text = f"{name}（{'，'.join(words)}）" if words else name
    return EventTest(f"事项:{text}", name, where, within, valid, wanted, date_field, text)


def _condition_text(part: Any) -> str:
    if isinstance(part, Section):
        return "，".join(
            f"{key}:{[_condition_text(x) for x in value] if isinstance(value, list) else value}" for key, value in part.items()
        )
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
        ground.fault(
            "unknown-value", raw.at("in"), f"“{name}”的 in 应从某一类起列到最低一类，例如 [{'、'.join(names[1:])}]，读到“{wanted}”。"
        )
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
    listed = section.get("order")
    order = [str(name) for name in listed] if isinstance(listed, Listing) else []
    if not order or not section.get("rest"):
        ground.fault("missing-key", section.at("order"), "划型缺少“order”（从高到低的各类）或“rest”（其余的归类）。请补上。")
    found: dict[str, list[Rule]] = {name: [] for name in order}
    covered = _industries(section)
    for row in ground.records(section, "rows", "划型"):
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
    rows = section.get("rows")
    return tuple(str(row.get("industry")) for row in rows if isinstance(row, Section)) if isinstance(rows, Listing) else ()
