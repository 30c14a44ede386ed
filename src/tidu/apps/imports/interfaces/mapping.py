"""How a sheet is read, as a form: what each column becomes, what codes mean; and the form read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tidu.apps.imports.domain.learning import dictionary_for
from tidu.apps.imports.models import ImportSheet
from tidu.apps.imports.reading import plans
from tidu.apps.imports.reading.codes import NOTHING, CodeQuestion, meanings_of, questions
from tidu.apps.imports.reading.contents import Content, Profile
from tidu.apps.imports.reading.plans import ColumnPlan, SheetPlan
from tidu.apps.imports.reading.vocabulary import EVERY_EVENT, registers
from tidu.exchange.titles import Meaning, unit_named
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, Catalogue, Fact, Kind, Store, catalogue
from tidu.kernel.quantities import MONEY, RATIO

MOST_QUESTIONS = 60
SKIP_SHEET, FACTS = "-", ""
UNITS_OFFERED = ("元", "千元", "万元", "亿元", "%", "小数", "kWh", "万kWh")
Option = tuple[str, str]


@dataclass(frozen=True)
class ColumnRow:
    """One column of the form."""

    profile: Profile
    plan: ColumnPlan
    target_text: str
    units: tuple[str, ...]
    has_year: bool
    has_month: bool


@dataclass(frozen=True)
class Constant:
    """A field of a register without a column, that one word may fill for all rows."""

    name: str
    choices: tuple[str, ...]
    value: str


@dataclass(frozen=True)
class SheetForm:
    """Everything the page of one sheet shows."""

    plan: SheetPlan
    kind: str
    kinds: Sequence[Option]
    groups: Sequence[tuple[str, Sequence[Option]]]
    columns: Sequence[ColumnRow]
    questions: Sequence[CodeQuestion]
    unasked: int
    constants: Sequence[Constant]


def profiles_of(sheet: ImportSheet) -> list[Profile]:
    """What was seen of the columns."""
    return [
        Profile(
            one["position"], one["letter"], one["title"], Content(one["content"]), one["filled"], tuple(one["samples"]),
            tuple((value, count) for value, count in one["values"]),
        )
        for one in sheet.seen.get("columns", ())
    ]  # fmt: skip


def sheet_form(sheet: ImportSheet, plan: SheetPlan | None = None) -> SheetForm:
    """The form of a sheet; ``plan`` is what was sent and not kept."""
    facts, shown = catalogue(), plan or SheetPlan.from_json(sheet.plan)
    profiles = profiles_of(sheet)
    asked = questions(shown, profiles, facts, dictionary_for(sheet.source)) if shown.include else []
    asked.sort(key=lambda one: (bool(one.meaning) and one.known, bool(one.meaning), one.position, -one.count))
    return SheetForm(
        shown, shown.register if shown.include else SKIP_SHEET, kinds(), groups(shown, facts),
        [_row(profile, column, shown, facts) for profile, column in zip(profiles, shown.columns, strict=True)],
        asked[:MOST_QUESTIONS], max(0, len(asked) - MOST_QUESTIONS), _constants(shown, facts),
    )  # fmt: skip


def kinds() -> list[Option]:
    """What a sheet may be."""
    listed = [(name, f"登记簿：{name}" if one.event == name else f"登记簿：{name}（记入{one.event}）") for name, one in registers().items()]
    return [(FACTS, "企业数据（每行一家企业）"), *listed, (EVERY_EVENT, "登记簿：事项（每行写明类型）"), (SKIP_SHEET, "不导入这张表")]


def groups(plan: SheetPlan, facts: Catalogue) -> list[tuple[str, list[Option]]]:
    """What a column may become, in groups."""
    words = plans.TARGET_WORDS
    found = [("", [(plans.SKIP, words[plans.SKIP])]), ("是哪家企业", [(one, words[one]) for one in (*plans.KEYS, plans.FORMER)])]
    if not plan.register:
        found.append(("期间和单位", [(one, words[one]) for one in (plans.YEAR_OF, plans.MONTH_OF, plans.UNIT_OF, plans.CURRENCY_OF)]))
        for kind, title in ((Kind.FIRM, "企业基本情况"), (Kind.YEAR, "年度数据"), (Kind.MONTH, "月度数据")):
            listed = [fact.name for fact in facts.of_kind(kind) if fact.name not in {FIRM_CODE, FIRM_NAME}]
            found.append((title, [(f"fact:{name}", name) for name in listed]))
        return found
    if plan.register == EVERY_EVENT:
        names = dict.fromkeys(name for event in facts.events.values() for name in event.fields)
        found.append(("事项", [(plans.EVENT_OF, words[plans.EVENT_OF]), *((f"field:{name}", name) for name in names)]))
        return found
    found.append((plan.register, [(f"field:{name}", name) for name in facts.event(plan.events).fields]))
    if plan.events == "投资":
        found.append(("投资双方", [(one, words[one]) for one in (plans.INVESTOR, plans.INVESTED)]))
    if any(fact.unit.dimension == MONEY for fact in facts.event(plan.events).fields.values()):
        found.append(("单位", [(one, words[one]) for one in (plans.UNIT_OF, plans.CURRENCY_OF)]))
    return found


def _row(profile: Profile, column: ColumnPlan, plan: SheetPlan, facts: Catalogue) -> ColumnRow:
    fact = plans.fact_of(column, plan, facts)
    of_year = fact is not None and fact.kind in {Kind.YEAR, Kind.MONTH}
    return ColumnRow(
        profile, column, plans.target_text(column.target), _units(fact), of_year, fact is not None and fact.kind is Kind.MONTH
    )  # fmt: skip


def _units(fact: Fact | None) -> tuple[str, ...]:
    """Units to choose from, where numbers of a fact come in several."""
    if fact is None or fact.store is not Store.INTEGER or fact.unit.dimension not in {MONEY, RATIO, "energy"}:
        return ()
    allowed = Meaning(fact, fact.unit).unit_words
    return tuple(unit for unit in UNITS_OFFERED if unit in allowed or unit_named(unit, fact) is not None)


def _constants(plan: SheetPlan, facts: Catalogue) -> list[Constant]:
    if not plan.events:
        return []
    taken = {column.target for column in plan.columns}
    listed = [fact for name, fact in facts.event(plan.events).fields.items() if f"field:{name}" not in taken and meanings_of(fact)]
    return [Constant(fact.name, meanings_of(fact), plan.constants.get(fact.name, "")) for fact in listed]


def plan_from(sheet: ImportSheet, sent: Mapping[str, str]) -> SheetPlan:
    """The plan that a form says; what the form does not show stays as it is. Unknown words are taken as nothing."""
    kept = SheetPlan.from_json(sheet.plan)
    if sent.get("kind", kept.register) == SKIP_SHEET:
        return replace(kept, include=False)
    facts = catalogue()
    allowed = {target for _, options in groups(kept, facts) for target, _ in options}
    columns = [_column(column, kept, sent, allowed, facts) for column in kept.columns]
    plan = replace(
        kept, columns=columns, include=True, registers_firms=sent.get("registers_firms") == "yes" and not kept.register,
        year=_number(sent.get("year", ""), 1990, 2100), month=_number(sent.get("month", ""), 1, 12),
    )  # fmt: skip
    told = {one.name: sent.get(f"constant-{one.name}", "") for one in _constants(plan, facts)}
    choices = {one.name: one.choices for one in _constants(plan, facts)}
    return replace(plan, constants={name: value for name, value in told.items() if value in choices[name]})


def _column(column: ColumnPlan, plan: SheetPlan, sent: Mapping[str, str], allowed: set[str], facts: Catalogue) -> ColumnPlan:
    target = sent.get(f"target-{column.position}", column.target)
    if target not in allowed:
        target = plans.SKIP
    changed = replace(column, target=target, why="由人选定" if target != column.target else column.why)
    fact = plans.fact_of(changed, plan, facts)
    unit = sent.get(f"unit-{column.position}", column.unit)
    year = sent.get(f"year-{column.position}", "" if column.year is None else str(column.year))
    month = sent.get(f"month-{column.position}", "" if column.month is None else str(column.month))
    periodic = fact is not None and fact.kind in {Kind.YEAR, Kind.MONTH}
    return replace(
        changed, unit=unit if fact is not None and unit_named(unit, fact) is not None else "",
        year=_number(year, 1990, 2100) if periodic else None, month=_number(month, 1, 12) if periodic else None,
    )  # fmt: skip


def _number(text: str, low: int, high: int) -> int | None:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 5 and low <= int(plain) <= high else None


def codes_from(form: SheetForm, sent: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """What the form says that codes mean; only what was asked is taken."""
    found: dict[tuple[str, str], str] = {}
    for number, one in enumerate(form.questions):
        if sent.get(f"code-{number}-value") == f"{one.identifier} {one.value}":
            meaning = sent.get(f"code-{number}", "")
            found[(one.identifier, one.value)] = meaning if meaning in {*one.choices, NOTHING} else ""
    return found


def unexplained(form: SheetForm, sent: Mapping[str, Any]) -> list[CodeQuestion]:
    """Questions that the form just sent did not show yet."""
    shown = {sent.get(f"code-{number}-value") for number in range(MOST_QUESTIONS)}
    return [one for one in form.questions if not one.known and f"{one.identifier} {one.value}" not in shown]
