"""Reading and checking ``questions.yaml``; every fault is told with file and line."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from tidu.apps.calculator.domain.questions import MOST_ROWS, Field, FieldKind, Option, Question, Questionnaire
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.expressions import input_key
from tidu.kernel.facts import Catalogue, Fact, Kind, Store, catalogue
from tidu.kernel.located import PackFault, Section, read_documents
from tidu.kernel.population import Value

QUESTION_KEYS = {"id", "section", "label", "help", "broad", "fields", "event", "of"}
FIELD_KEYS = {"id", "label", "help", "kind", "unit", "fact", "years", "options", "column", "year_fact"}
OPTION_KEYS = {"id", "label", "value", "facts", "event", "set", "opens"}
SHIPPED = Path(__file__).with_name("questions.yaml")


@cache
def questionnaire() -> Questionnaire:
    """The questions shipped with the calculator."""
    return read_questions(SHIPPED)


def read_questions(path: Path, *, facts: Catalogue | None = None) -> Questionnaire:
    """Read the questions; raises ``Problems`` (code ``faulty-questions``) with every fault, its file and line."""
    reading = Reading(path.name, facts or catalogue())
    documents = list(read_documents(path, path.name, reading.faults))
    found = reading.all(documents[0]) if documents else None
    if reading.faults or found is None:
        raise Problems("faulty-questions", reading.faults or [PackFault("no-questions", path.name, 1, "文件里没有问题。")])
    return found


class Reading:
    """One file on its way to a questionnaire."""

    def __init__(self, path: str, facts: Catalogue) -> None:
        self.path, self.facts = path, facts
        self.faults: list[TiduError] = []
        self.questions: dict[str, Question] = {}
        self.fields: dict[str, Field] = {}

    def fault(self, code: str, line: int, sentence: str) -> None:
        """Note a fault."""
        self.faults.append(PackFault(code, self.path, line, sentence))

    def keys(self, raw: Section, allowed: set[str], what: str, needed: tuple[str, ...] = ("id",)) -> None:
        """Refuse keys that nobody reads, and ask for those that must stand."""
        for key in raw:
            if key not in allowed:
                self.fault("unknown-key", raw.at(key), f"{what}里不认识“{key}”。可用：{'、'.join(sorted(allowed))}。")
        for key in needed:
            if not raw.get(key):
                self.fault("missing-key", raw.line, f"{what}缺少“{key}”。请补上。")
        name = str(raw.get("id") or "a")
        if not (name.isascii() and name.replace("_", "").isalnum()):
            self.fault("bad-id", raw.at("id"), f"编号“{name}”只能用英文字母、数字和下划线。")

    def all(self, document: Section) -> Questionnaire:
        """The whole file."""
        sections = tuple(str(name) for name in document.get("sections") or ())
        listed = [raw for raw in document.get("questions") or () if isinstance(raw, Section)]
        for raw in listed:
            if raw.get("section") not in sections:
                self.fault("unknown-section", raw.at("section"), f"没有名为“{raw.get('section')}”的部分。可用：{'、'.join(sections)}。")
            if raw.get("id") in self.questions:
                self.fault("duplicate-id", raw.line, f"问题“{raw.get('id')}”写了两次。请改一个编号。")
                continue
            self.question(raw)
        opened = self._opened(listed)
        return Questionnaire(sections, self.questions, self.fields, self._by_key(), self._by_event(), self._rows(), opened)

    def question(self, raw: Section) -> None:
        """One question with its fields."""
        self.keys(raw, QUESTION_KEYS, "问题", ("id", "section", "label", "help", "fields"))
        name, event = str(raw.get("id")), str(raw.get("event") or "")
        if event and event not in self.facts.events:
            self.fault("unknown-event", raw.at("event"), f"事项目录中没有“{event}”。可用：{'、'.join(self.facts.events)}。")
            return
        fields = tuple(field for part in raw.get("fields") or () if isinstance(part, Section) for field in self.expanded(part, raw))
        if not fields:
            self.fault("no-fields", raw.line, f"问题“{name}”没有可填的空。")
        for field in fields:
            if field.name in self.fields:
                self.fault("duplicate-id", raw.line, f"字段“{field.name}”写了两次。请改一个编号。")
            self.fields[field.name] = field
        self.questions[name] = Question(
            name, str(raw.get("section")), str(raw.get("label")), str(raw.get("help")), fields, len(self.questions),
            raw.get("broad") is True, event, str(raw.get("of") or ""),
        )  # fmt: skip

    def expanded(self, raw: Section, question: Section) -> list[Field]:
        """The fields of one entry: one, one per year, one per row, or one per title."""
        self.keys(raw, FIELD_KEYS, "空", ("id", "label", "kind"))
        try:
            kind = FieldKind(str(raw.get("kind")))
        except ValueError:
            self.fault("bad-kind", raw.at("kind"), f"种类“{raw.get('kind')}”无效。可用：{'、'.join(FieldKind)}。")
            return []
        source = self.source(raw, question, kind)
        options = tuple(self.option(part, source) for part in raw.get("options") or () if isinstance(part, Section))
        if (kind in {FieldKind.CHOICE, FieldKind.CHECKS}) != bool(options):
            self.fault("bad-options", raw.line, f"“{raw.get('id')}”是{kind}：选择类要有 options，其他种类不能有。")
        names = [option.id for option in options]
        for twice in {name for name in names if names.count(name) > 1}:
            self.fault("duplicate-id", raw.line, f"选项“{twice}”写了两次。请改一个编号。")
        return [self.field(raw, question, kind, source, options, **place) for place in self.places(raw, question)]

    def places(self, raw: Section, question: Section) -> list[dict[str, Any]]:
        """Where an entry stands: once, per year, per row, or per title."""
        name, entry = str(question.get("id")), str(raw.get("id"))
        if question.get("event"):
            return [{"name": f"{name}.{row}.{entry}", "row": row} for row in range(1, MOST_ROWS + 1)]
        if question.get("of"):
            of = self.fields.get(str(question["of"]))
            if of is None:
                self.fault("unknown-field", question.at("of"), f"没有名为“{question['of']}”的空。它要写在前面。")
                return []
            return [{"name": f"{of.name}.{option.id}.{entry}", "title": option.id} for option in of.options]
        if "years" in raw:
            years = raw["years"]
            if not isinstance(years, list) or not all(isinstance(year, int) and 0 <= year <= 5 for year in years):
                self.fault("bad-years", raw.at("years"), "years 应是 0 至 5 的整数列表，如 [0, 1, 2]；0 是上年度。")
                return []
            return [{"name": f"{entry}.{year}", "shift": year} for year in years]
        return [{"name": entry}]

    def source(self, raw: Section, question: Section, kind: FieldKind) -> Fact | None:
        """The fact of the catalogue behind a field, or the field of its event; None where its options say it all."""
        if "fact" in raw:
            fact = self.facts.facts.get(str(raw["fact"]))
            if fact is None:
                self.fault("unknown-fact", raw.at("fact"), f"指标目录中没有“{raw['fact']}”。请核对名称。")
            elif (fact.kind is Kind.YEAR) != ("years" in raw):
                self.fault(
                    "bad-years",
                    raw.line,
                    f"“{fact.name}”{'按年度登记，要写 years' if fact.kind is Kind.YEAR else '不按年度登记，不要写 years'}。",
                )
            return self.fitting(fact, kind, raw)
        if "column" in raw:
            event = str(question.get("event") or "认定")
            fact = self.facts.events[event].fields.get(str(raw["column"]))
            if fact is None:
                self.fault(
                    "unknown-field",
                    raw.at("column"),
                    f"事项“{event}”没有“{raw['column']}”一栏。可用：{'、'.join(self.facts.events[event].fields)}。",
                )
            return self.fitting(fact, kind, raw)
        if "year_fact" in raw:
            return self.fitting(self.facts.facts.get(str(raw["year_fact"])), kind, raw)
        return None

    def fitting(self, fact: Fact | None, kind: FieldKind, raw: Section) -> Fact | None:
        """Refuse a kind in which the fact cannot be told."""
        if fact is not None and not _tells(fact, kind):
            self.fault("bad-kind", raw.at("kind"), f"“{fact.name}”不能用种类“{kind}”填写。")
        return fact

    def option(self, raw: Section, source: Fact | None) -> Option:
        """One choice."""
        self.keys(raw, OPTION_KEYS, "选项")
        value: Value = raw.get("value")
        if value is not None and source is not None:
            if value not in source.values:
                self.fault("unknown-value", raw.at("value"), f"“{source.name}”没有取值“{value}”。可用：{'、'.join(source.values)}。")
            elif source.store is Store.INTEGER:
                value = source.values.index(str(value)) + 1
        facts = {str(name): self.fact_value(str(name), given, raw) for name, given in (raw.get("facts") or {}).items()}
        event = str(raw.get("event") or "")
        if event and event not in self.facts.events:
            self.fault("unknown-event", raw.at("event"), f"事项目录中没有“{event}”。")
        sets = dict(raw.get("set") or {})
        for column, given in sets.items():
            fact = self.facts.events[event].fields.get(column) if event in self.facts.events else None
            if fact is None or (fact.values and given not in fact.values):
                self.fault("unknown-value", raw.at("set"), f"事项“{event}”的“{column}”不能取“{given}”。")
        return Option(
            str(raw.get("id")), str(raw.get("label") or raw.get("value") or ""), value, facts, event, sets, str(raw.get("opens") or "")
        )

    def fact_value(self, name: str, given: Any, raw: Section) -> Value:
        """A fact that an option gives."""
        fact = self.facts.facts.get(name)
        if fact is None or fact.kind is not Kind.FIRM or fact.store is not Store.TEXT or (fact.values and given not in fact.values):
            self.fault("unknown-value", raw.at("facts"), f"“{name}”不能取“{given}”。请核对指标名称和取值。")
        return str(given)

    def field(
        self, raw: Section, question: Section, kind: FieldKind, source: Fact | None, options: tuple[Option, ...], **place: Any
    ) -> Field:
        """One field at its place."""
        event = str(question.get("event") or "")
        return Field(
            question=str(question.get("id")),
            label=str(raw.get("label")),
            kind=kind,
            help=str(raw.get("help") or ""),
            unit=_unit(kind, raw),
            options=options,
            fact=source if "fact" in raw else None,
            event=event,
            column=str(raw.get("column") or ""),
            year_fact=str(raw.get("year_fact") or ""),
            lowest=source.lowest if source else None,
            highest=source.highest if source else None,
            **place,
        )

    def _by_key(self) -> dict[str, tuple[Field, ...]]:
        found: dict[str, list[Field]] = {}
        for field in self.fields.values():
            names = {name for option in field.options for name in option.facts}
            if field.fact is not None:
                names.add(input_key(field.fact, field.shift or 0))
            for name in names:
                found.setdefault(name, []).append(field)
        return {name: tuple(fields) for name, fields in found.items()}

    def _by_event(self) -> dict[str, Field]:
        found: dict[str, Field] = {}
        for field in self.fields.values():
            for option in field.options:
                if option.event and found.setdefault(option.event, field) is not field:
                    self.fault("split-event", 1, f"事项“{option.event}”在两个问题里都能选。请只在一个问题里问。")
        return found

    def _rows(self) -> dict[tuple[str, str], tuple[Field, ...]]:
        found: dict[tuple[str, str], list[Field]] = {}
        for field in self.fields.values():
            if field.row and field.column:
                found.setdefault((field.event, field.column), []).append(field)
        return {key: tuple(fields) for key, fields in found.items()}

    def _opened(self, listed: list[Section]) -> dict[str, tuple[tuple[Field, Option], ...]]:
        found: dict[str, list[tuple[Field, Option]]] = {}
        for field in self.fields.values():
            for option in field.options:
                if option.opens:
                    found.setdefault(option.opens, []).append((field, option))
                    if option.opens not in self.questions:
                        self.fault("unknown-question", 1, f"选项“{option.id}”要打开的问题“{option.opens}”不存在。")
        for raw in listed:
            if (raw.get("event") or raw.get("of")) and raw.get("id") not in found:
                self.fault("never-asked", raw.line, f"问题“{raw.get('id')}”没有选项会打开它，永远不会问到。")
        return {name: tuple(pairs) for name, pairs in found.items()}


def _tells(fact: Fact, kind: FieldKind) -> bool:
    match kind:
        case FieldKind.MONEY | FieldKind.PERCENT:
            return fact.unit.dimension == ("money" if kind is FieldKind.MONEY else "ratio")
        case FieldKind.COUNT | FieldKind.YEAR:
            return fact.store is Store.INTEGER and fact.unit.scale == 1
        case FieldKind.YES | FieldKind.DATE:
            return fact.store is (Store.BOOLEAN if kind is FieldKind.YES else Store.DATE)
        case FieldKind.TEXT:
            return fact.store is Store.TEXT and not fact.values
        case FieldKind.CHOICE:
            return bool(fact.values)
    return False


def _unit(kind: FieldKind, raw: Section) -> str:
    return {FieldKind.MONEY: "万元", FieldKind.PERCENT: "%"}.get(kind, str(raw.get("unit") or ""))


def year_label(shift: int, year: int) -> str:
    """How the year so many before ``year`` (上年度) reads: ``上年度（2025年）``."""
    word = {0: "上年度", 1: "前一年度"}.get(shift, f"前{shift}年度")
    return f"{word}（{year - shift}年）"
