"""Reading policies and rulings: scope, exclusions, stacking, obligations, and the open questions with their options."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tidu.kernel.awards import (
    BY_RULE,
    EVENT_YEAR,
    HOOKS,
    PENDING,
    Adoption,
    Award,
    Base,
    Exclusion,
    Home,
    Obligation,
    Option,
    Policy,
    Ruling,
    StackingRule,
)
from tidu.kernel.criteria import FORMS, LABEL_KEYS, Ground, label_of, read_criterion
from tidu.kernel.facts import EventType
from tidu.kernel.headers import read_confidence, read_reference, read_validity
from tidu.kernel.located import Listing, Section
from tidu.kernel.packs import Origin
from tidu.kernel.rules import Rule

POLICY_KEYS = {
    "policy", "version", "reference", "in_force", "confidence", "checked_on", "note", "payers", "late", "scope", "exclusions",
    "stacking", "obligations",
}  # fmt: skip
RULING_KEYS = {"ruling", "policy", "clause", "question", "options", "default", "in_force", "note"}
NO_EVENT = EventType("", "", {})


@dataclass
class Shelf:
    """What has been read so far, for references between documents."""

    rulings: dict[str, Ruling] = field(default_factory=dict)
    bases: dict[str, Base] = field(default_factory=dict)
    policies: list[Policy] = field(default_factory=list)
    awards: dict[str, Award] = field(default_factory=dict)


def needed_text(section: Section, key: str, ground: Ground, what: str) -> str:
    """A text that must be there; the fault code names the key."""
    value = section.get(key)
    if value is None or value == "":
        ground.fault(f"missing-{key}", section.at(key), f"{what}缺少“{key}”。请补上。", key=key)
        return ""
    return str(value)


def checked_ruling(name: Any, hook: str, section: Section, key: str, ground: Ground, shelf: Shelf) -> str:
    """A reference to a ruling whose options do what this place can do; empty where there is none."""
    if name is None:
        return ""
    ruling = shelf.rulings.get(str(name))
    if ruling is None:
        known = "、".join(shelf.rulings) or "（没有）"
        ground.fault("unknown-ruling", section.at(key), f"没有编号为“{name}”的口径。可用：{known}。请先写出 ruling 文档。", id=str(name))
        return ""
    strange = [option.effect for option in ruling.options if option.effect not in HOOKS[hook]]
    if strange:
        able = "、".join(sorted(HOOKS[hook]))
        ground.fault(
            "wrong-effect", section.at(key), f"口径 {name} 的作用“{'、'.join(strange)}”不能用在“{key}”处。此处可用：{able}。", id=str(name)
        )
        return ""
    return ruling.id


def sections_of(section: Section, key: str, ground: Ground, what: str) -> list[Section]:
    listed = section.get(key)
    if listed is None:
        return []
    if not isinstance(listed, Listing) or not all(isinstance(row, Section) for row in listed):
        ground.fault("bad-list", section.at(key), f"{what}的“{key}”应是列表，每行形如 {{id: …, text: …}}。")
        return []
    return list(listed)


def words_of(section: Section, key: str, ground: Ground) -> tuple[str, ...]:
    listed = section.get(key)
    if listed is None:
        return ()
    if not isinstance(listed, Listing):
        ground.fault("bad-list", section.at(key), f"“{key}”应是列表，例如 [甲, 乙]，读到“{listed}”。")
        return ()
    return tuple(str(word) for word in listed)


def criterion_of(raw: Section, ground: Ground, extra: set[str]) -> Rule | None:
    """The criterion of a labelled line, which may also carry keys of its own; None where it has no criterion."""
    if not any(form in raw for form in FORMS):
        return None
    plain = Section({key: value for key, value in raw.items() if key not in extra})
    plain.path, plain.line, plain.lines = raw.path, raw.line, raw.lines
    return read_criterion(plain, ground, raw.line)


def check_label(raw: Section, ground: Ground, what: str) -> None:
    for key in ("id", "text"):
        if not raw.get(key):
            ground.fault("missing-key", raw.line, f"{what}缺少“{key}”。请补上（id 编号、text 用自己的话说明）。", key=key)


def read_ruling(section: Section, ground: Ground) -> Ruling:
    ground.unknown_keys(section, RULING_KEYS, "口径")
    identity = str(section["ruling"])
    rows = sections_of(section, "options", ground, "口径")
    options = tuple(_option(row, ground) for row in rows)
    names = [option.choice for option in options]
    if len(options) < 2 or len(set(names)) != len(names):
        ground.fault(
            "bad-options", section.at("options"), f"口径 {identity} 至少要有两个不同的选项，读到“{'、'.join(names)}”。", id=identity
        )
    default = needed_text(section, "default", ground, f"口径 {identity} ")
    adoption = _adoption(section, ground)
    for key, choice in (("default", default), ("in_force", adoption.choice if adoption else default)):
        if choice and choice != PENDING and choice not in names:
            ground.fault(
                "unknown-choice",
                section.at(key),
                f"口径 {identity} 没有选项“{choice}”。可用：{'、'.join([*names, PENDING])}。",
                id=identity,
            )
    return Ruling(
        identity,
        needed_text(section, "policy", ground, f"口径 {identity} "),
        needed_text(section, "clause", ground, f"口径 {identity} "),
        needed_text(section, "question", ground, f"口径 {identity} "),
        options,
        default,
        adoption,
        dict(ground.tests),
        str(section.get("note") or ""),
        Origin(ground.path, section.line),
    )


def _option(row: Section, ground: Ground) -> Option:
    ground.unknown_keys(row, {"choice", "effect", "text", "rule"}, "口径的选项")
    effect = needed_text(row, "effect", ground, "口径的选项")
    known = set().union(*HOOKS.values())
    if effect and effect not in known:
        ground.fault("wrong-effect", row.at("effect"), f"选项的作用“{effect}”无法识别。可用：{'、'.join(sorted(known))}。")
    rule = read_criterion(row["rule"], ground, row.at("rule")) if "rule" in row else None
    if (rule is None) == (effect == BY_RULE):
        ground.fault("wrong-effect", row.line, "选项带有条件 rule 时 effect 写 rule，不带时不能写 rule。")
    return Option(needed_text(row, "choice", ground, "口径的选项"), effect, needed_text(row, "text", ground, "口径的选项"), rule)


def _adoption(section: Section, ground: Ground) -> Adoption | None:
    raw = section.get("in_force")
    if raw is None:
        return None
    on = raw.get("on") if isinstance(raw, Section) else None
    if not isinstance(raw, Section) or not raw.get("choice") or not raw.get("by") or not isinstance(on, date):
        ground.fault(
            "bad-adoption",
            section.at("in_force"),
            "已确定的口径应写 in_force: {choice: 选项, by: 部门, on: 2024-05-01}。没有确定就不要写。",
        )
        return None
    return Adoption(str(raw["choice"]), str(raw["by"]), on)


class PolicyReader:
    """Reads one policy document."""

    def __init__(self, section: Section, ground: Ground, shelf: Shelf) -> None:
        self.section, self.ground, self.shelf = section, ground, shelf

    def read(self) -> Policy:
        """The policy."""
        section, ground = self.section, self.ground
        ground.unknown_keys(section, POLICY_KEYS, "政策")
        payers = words_of(section, "payers", ground)
        if not payers:
            ground.fault("missing-payers", section.at("payers"), "政策缺少出资方“payers”。请写 payers: [区级, 市级]。")
        return Policy(
            str(section["policy"]),
            str(section.get("version") or ""),
            read_reference(section, ground),
            read_validity(section, ground),
            payers,
            tuple(self.scope(row) for row in sections_of(section, "scope", ground, "政策")),
            tuple(self.exclusion(row) for row in sections_of(section, "exclusions", ground, "政策")),
            tuple(self.stacking(row) for row in sections_of(section, "stacking", ground, "政策")),
            tuple(self.obligation(row) for row in sections_of(section, "obligations", ground, "政策")),
            checked_ruling(section.get("late"), "late", section, "late", ground, self.shelf),
            dict(ground.tests),
            read_confidence(section, ground),
            str(section.get("note") or ""),
            Origin(ground.path, section.line),
        )

    def scope(self, row: Section) -> Rule:
        check_label(row, self.ground, "适用范围")
        return read_criterion(row, self.ground, row.line)

    def home(self, row: Section) -> Home:
        known = self.ground.scope.catalogue.events["迁移"].fields["关系"].values
        relations = words_of(row, "relations", self.ground)
        for relation in relations:
            if relation not in known:
                self.ground.fault(
                    "unknown-value", row.at("relations"), f"迁移的“关系”没有“{relation}”。可用：{'、'.join(known)}。", value=relation
                )
        places = words_of(row, "moved_away_from", self.ground)
        if not places or not relations:
            self.ground.fault("missing-key", row.line, "迁离须写明 moved_away_from（本区代码或名称）和 relations（注册地、纳税、统计）。")
        return Home(places, relations)

    def exclusion(self, row: Section) -> Exclusion:
        own = {"counted_from", "moved_away_from", "relations"}
        check_label(row, self.ground, "排除条件")
        home = self.home(row) if "moved_away_from" in row else None
        rule = criterion_of(row, self.ground, own)
        if (rule is None) == (home is None):
            self.ground.fault(
                "bad-criterion", row.line, "一条排除条件要么写一个条件（如 event: 重大违法违规），要么写 moved_away_from，只能选一种。"
            )
        if home is not None:
            self.ground.unknown_keys(row, LABEL_KEYS | own, "排除条件")
        counted = checked_ruling(row.get("counted_from"), "counted_from", row, "counted_from", self.ground, self.shelf)
        return Exclusion(label_of(row, self.ground), rule, home, counted)

    def stacking(self, row: Section) -> StackingRule:
        ground = self.ground
        ground.unknown_keys(row, {"id", "clause", "title", "awards", "by", "between", "ruling", "note"}, "从高不重复")
        return StackingRule(
            needed_text(row, "id", ground, "从高不重复"),
            needed_text(row, "clause", ground, "从高不重复"),
            needed_text(row, "title", ground, "从高不重复"),
            words_of(row, "awards", ground),
            words_of(row, "by", ground),
            str(row.get("between") or ""),
            checked_ruling(row.get("ruling"), "stacking", row, "ruling", ground, self.shelf),
        )

    def obligation(self, row: Section) -> Obligation:
        ground = self.ground
        ground.unknown_keys(row, LABEL_KEYS | {"years", "moved_away_from", "relations", "ruling"}, "义务")
        check_label(row, ground, "义务")
        years = row.get("years")
        if not isinstance(years, int) or isinstance(years, bool) or years < 1:
            ground.fault("bad-count", row.at("years"), f"义务的年数 years 应是正整数，读到“{years}”。")
            years = 1
        ruling = checked_ruling(row.get("ruling"), "obligation", row, "ruling", ground, self.shelf)
        if not ruling:
            ground.fault("missing-ruling", row.line, "义务须写明起算日和期满日依哪个口径（ruling: 编号）。")
        return Obligation(label_of(row, ground), years, self.home(row), ruling)


def check_policy(section: Section, ground: Ground, shelf: Shelf) -> None:
    """What can only be seen once all documents are read: overlapping texts, awards and fields that stacking names."""
    mine = next(policy for policy in shelf.policies if policy.origin == Origin(ground.path, section.line))
    for other in shelf.policies:
        before = (other.origin.path, other.origin.line) < (mine.origin.path, mine.origin.line)
        if before and other.name == mine.name and other.in_force.overlaps(mine.in_force):
            ground.fault(
                "overlapping-texts",
                section.at("in_force"),
                f"“{mine.name}”的{mine.version}与{other.version}有效期重叠。同一天只能有一份现行文本。",
            )
    for row, rule in zip(sections_of(section, "stacking", ground, "政策"), mine.stacking, strict=False):
        for name in rule.awards:
            award = shelf.awards.get(name)
            if award is None or award.policy != mine.name:
                ground.fault(
                    "unknown-award", row.at("awards"), f"从高不重复里的“{name}”不是本政策的奖补。可用：{'、'.join(shelf.awards)}。", id=name
                )
                continue
            fields = ground.scope.catalogue.events.get(award.event, NO_EVENT).fields
            for key in (*rule.by, *([rule.between] if rule.between else [])):
                if key != EVENT_YEAR and key not in fields:
                    ground.fault(
                        "unknown-field",
                        row.line,
                        f"“{award.event}”没有“{key}”这一栏，不能用来判断是否同一事由。可用：{'、'.join(fields)}。",
                    )
    if not mine.scope:
        ground.fault("missing-scope", section.line, f"“{mine.name}”没有写适用范围 scope，会付给任何企业。请补上。")
