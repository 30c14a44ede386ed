"""Reading award packs: policy, award, base and ruling documents as typed objects; every fault is collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tidu.kernel.award_amounts import read_amount, read_base
from tidu.kernel.awards import CAP_SCOPES, ONCE_SCOPES, PER_FIRM_YEAR, Award, AwardBook, Base, Cap, Demand, Limit, Once, Policy, Rivals
from tidu.kernel.criteria import DATE_FIELDS, LABEL_KEYS, Ground, label_of, read_criterion
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import Scope
from tidu.kernel.located import Listing, Section
from tidu.kernel.packs import Origin
from tidu.kernel.policy_reading import (
    NO_EVENT,
    PolicyReader,
    Shelf,
    check_label,
    check_policy,
    checked_ruling,
    criterion_of,
    needed_text,
    read_ruling,
    sections_of,
    words_of,
)
from tidu.kernel.quantities import MONEY
from tidu.kernel.rules import All, Rule
from tidu.kernel.scoring import literal_value

Sections = Iterable[tuple[str, Section]]

AWARD_KEYS = {
    "award", "policy", "clause", "title", "payer", "event", "item", "year", "when", "limits", "firm", "amount", "cap", "once",
    "upgrade", "rivals", "confidence", "checked_on", "note",
}  # fmt: skip


def read_awards(
    documents: Mapping[str, Sections], scope: Scope, faults: list[TiduError], classes: Callable[[str], Mapping[str, Rule]] | None = None
) -> AwardBook:
    """All award documents of a reading, by kind; faults are added to ``faults`` with file and line."""
    shelf = Shelf()

    def grounds(kind: str) -> Iterable[tuple[Section, Ground]]:
        for path, section in documents.get(kind, ()):
            yield section, Ground(path, scope, faults, classes=classes)

    for section, ground in grounds("ruling"):
        _add(shelf.rulings, read_ruling(section, ground), section, ground, "口径")
    for section, ground in grounds("base"):
        base = read_base(section, ground)
        if base.name in shelf.bases:
            ground.fault("duplicate-id", section.line, f"基数“{base.name}”写了两次。请保留一处，按日期加行。", id=base.name)
        shelf.bases[base.name] = base
    policies = list(grounds("policy"))
    for section, ground in policies:
        shelf.policies.append(PolicyReader(section, ground, shelf).read())
    for section, ground in grounds("award"):
        _add(shelf.awards, AwardReader(section, ground, shelf).read(), section, ground, "奖补")
    for section, ground in policies:
        check_policy(section, ground, shelf)
    return AwardBook(tuple(shelf.policies), tuple(shelf.awards.values()), shelf.bases, shelf.rulings)


def _add(shelf: dict[str, Any], found: Any, section: Section, ground: Ground, what: str) -> None:
    if found.id in shelf:
        ground.fault("duplicate-id", section.line, f"{what} {found.id} 写了两次。请改用另一个编号。", id=found.id)
    shelf[found.id] = found


class AwardReader:
    """Reads one award document."""

    def __init__(self, section: Section, ground: Ground, shelf: Shelf) -> None:
        self.section, self.ground, self.shelf = section, ground, shelf
        self.what = f"奖补 {section['award']} "
        kind = ground.scope.catalogue.events.get(str(section.get("event")))
        if kind is None:
            known = "、".join(ground.scope.catalogue.events)
            ground.fault(
                "unknown-event",
                section.at("event"),
                f"事项目录中没有“{section.get('event')}”。可用：{known}。",
                name=str(section.get("event")),
            )
        self.kind = kind or NO_EVENT
        self.event_ground = Ground(ground.path, ground.scope.with_fields(self.kind.fields), ground.faults)

    def read(self) -> Award:
        """The award."""
        section, ground = self.section, self.ground
        ground.unknown_keys(section, AWARD_KEYS, "奖补")
        policy = self.policy()
        amount = read_amount(section, self.event_ground, self.shelf.bases, self.kind.name)
        zero_base = checked_ruling(amount.zero_base, "zero_base", section, "amount", ground, self.shelf)
        return Award(
            id=str(section["award"]),
            policy=str(section.get("policy") or ""),
            clause=needed_text(section, "clause", ground, self.what),
            title=needed_text(section, "title", ground, self.what),
            payer=self.payer(policy),
            event=self.kind.name,
            item=self.fields("item", words_of(section, "item", ground)),
            date_field=next((name for name in DATE_FIELDS if name in self.kind.fields), ""),
            year_field=next(iter(self.fields("year", (str(section["year"]),))), "") if "year" in section else "",
            when=self.conditions("when"),
            limits=tuple(self.limit(row) for row in sections_of(section, "limits", ground, "奖补")),
            demands=tuple(self.demand(row) for row in sections_of(section, "firm", ground, "奖补")),
            formula=amount.formula,
            computed=amount.computed,
            base=amount.base,
            zero_base=zero_base,
            stated=amount.stated,
            cap=self.cap(),
            once=self.once(amount.base),
            upgrade=checked_ruling(section.get("upgrade"), "upgrade", section, "upgrade", ground, self.shelf),
            rivals=self.rivals(),
            tests=dict(ground.tests),
            confidence=str(section.get("confidence") or (policy.confidence if policy else "")),
            note=str(section.get("note") or ""),
            origin=Origin(ground.path, section.line),
            order=len(self.shelf.awards),
        )

    def policy(self) -> Policy | None:
        name = self.section.get("policy")
        found = next((policy for policy in self.shelf.policies if policy.name == name), None)
        if found is None:
            known = "、".join(dict.fromkeys(policy.name for policy in self.shelf.policies)) or "（没有）"
            self.ground.fault("unknown-policy", self.section.at("policy"), f"{self.what}所属的政策“{name}”不存在。可用：{known}。")
        return found

    def payer(self, policy: Policy | None) -> str:
        payer = needed_text(self.section, "payer", self.ground, self.what)
        if payer and policy is not None and payer not in policy.payers:
            self.ground.fault(
                "unknown-payer",
                self.section.at("payer"),
                f"{self.what}的出资方“{payer}”不在政策的出资方之列（{'、'.join(policy.payers)}）。",
            )
        return payer

    def fields(self, key: str, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if self.kind.fields and name not in self.kind.fields:
                known = "、".join(self.kind.fields)
                self.ground.fault(
                    "unknown-field", self.section.at(key), f"“{self.kind.name}”没有“{name}”这一栏。可用：{known}。", name=name
                )
        return names

    def conditions(self, key: str) -> Rule:
        listed = self.section.get(key)
        if listed is None:
            return All(())
        return conditions(listed, self.event_ground, self.section.at(key))

    def limit(self, row: Section) -> Limit:
        check_label(row, self.ground, "限制条件")
        return Limit(label_of(row, self.ground), read_criterion(row, self.event_ground, row.line))

    def demand(self, row: Section) -> Demand:
        check_label(row, self.ground, "对企业的要求")
        rule = criterion_of(row, self.ground, {"only_if", "by"})
        if (rule is None) == ("by" not in row):
            self.ground.fault("bad-criterion", row.line, "对企业的要求要么写一个条件，要么写 by: 口径编号，只能选一种。")
        if "by" in row:
            self.ground.unknown_keys(row, LABEL_KEYS | {"only_if", "by"}, "对企业的要求")
        only_if = conditions(row["only_if"], self.event_ground, row.at("only_if")) if "only_if" in row else None
        return Demand(label_of(row, self.ground), only_if, rule, checked_ruling(row.get("by"), "by", row, "by", self.ground, self.shelf))

    def cap(self) -> Cap | None:
        raw = self.section.get("cap")
        if raw is None:
            return None
        line = self.section.at("cap")
        if not isinstance(raw, Section) or raw.get("per") not in CAP_SCOPES:
            self.ground.fault("bad-cap", line, f"上限应写成 cap: {{amount: 100万元, per: firm-year}}，per 可用：{'、'.join(CAP_SCOPES)}。")
            return None
        self.ground.unknown_keys(raw, {"amount", "per", "year"}, "上限")
        fen = literal_value(raw.get("amount"), MONEY, self.ground, line)
        if fen <= 0:
            self.ground.fault("bad-cap", line, f"上限金额应大于零，读到“{raw.get('amount')}”。", value=str(raw.get("amount")))
        year = checked_ruling(raw.get("year"), "year", raw, "year", self.ground, self.shelf)
        if raw["per"] == PER_FIRM_YEAR and not year:
            self.ground.fault("missing-ruling", line, "每家企业每年的上限须写明“年”依哪个口径（year: 口径编号）。")
        return Cap(max(fen, 0), str(raw["per"]), year)

    def once(self, base: Base | None) -> Once | None:
        raw = self.section.get("once")
        if raw is None:
            return None
        if not isinstance(raw, Section) or raw.get("per") not in ONCE_SCOPES or (raw["per"] == "tier" and base is None):
            self.ground.fault(
                "bad-once", self.section.at("once"), "一次性应写成 once: {per: firm} 或 {per: tier}（按档次时须有基数 base）。"
            )
            return None
        self.ground.unknown_keys(raw, {"per", "history"}, "一次性")
        return Once(str(raw["per"]), bool(raw.get("history")))

    def rivals(self) -> Rivals | None:
        raw = self.section.get("rivals")
        if raw is None:
            return None
        if not isinstance(raw, Section) or not raw.get("same") or not raw.get("rank"):
            self.ground.fault(
                "bad-rivals", self.section.at("rivals"), "同一事项多家企业的规定应写成 rivals: {same: 标准号, rank: 排名, ruling: R5}。"
            )
            return None
        self.ground.unknown_keys(raw, {"same", "rank", "ruling"}, "同一事项多家企业")
        same, rank = self.fields("rivals", (str(raw["same"]), str(raw["rank"])))
        return Rivals(same, rank, checked_ruling(raw.get("ruling"), "rivals", raw, "ruling", self.ground, self.shelf))


def conditions(listed: Any, ground: Ground, line: int) -> Rule:
    """A list of criteria that must all hold."""
    if not isinstance(listed, Listing) or not listed:
        ground.fault("bad-criterion", line, "此处应是一个不为空的条件列表，例如 [角色 = 主持]。")
        return All(())
    return All(tuple(read_criterion(part, ground, getattr(part, "line", listed.line)) for part in listed))
