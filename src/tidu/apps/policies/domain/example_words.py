"""What a worked example gives and expects, in words; values as exact as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.figures import grouped, money, with_unit
from tidu.exchange.report_words import award_state, verdict_state
from tidu.kernel.facts import EVENT_TYPE, Catalogue, Fact, Store
from tidu.kernel.inputs import MANUAL_PREFIX
from tidu.kernel.quantities import LEVELS, parse_decimal, parse_literal

YEARS, EVENTS = "年度数据", "事项"
UNKNOWN_WORDS = frozenset({"未知", "", "null"})
NO_DATA = "没有数据"
NOTHING = "没有"


@dataclass(frozen=True, slots=True)
class Given(Document):
    """One thing the case takes as given: a fact with unit and year, an event, a ruling; ``changed`` where this case sets it."""

    kind: str
    name: str
    value: str
    period: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Expected(Document):
    """One thing that must come out."""

    name: str
    value: str


def value_words(fact: Fact, written: str) -> str:
    """A value as an example writes it, with its unit: ``249.999999`` → 249.999999 万元."""
    if written in UNKNOWN_WORDS:
        return NO_DATA
    if fact.store is not Store.INTEGER or written in LEVELS:
        return written
    if fact.unit_label == "year" or fact.name == "年度":
        return f"{written} 年"
    number = parse_decimal(written)
    return with_unit(number, fact.unit.symbol) if fact.unit.symbol else grouped(number)


def given_facts(known: Catalogue, firm: Mapping[str, Any], changes: Mapping[str, Any]) -> Iterator[Given]:
    """The facts of a firm; ``changes`` are those that the case sets itself."""
    for name, written in firm.items():
        if name in {YEARS, EVENTS}:
            continue
        yield Given("企业", name, value_words(known.fact(name), str(written)), "", name in changes)
    changed_years = changes.get(YEARS) or {}
    for year in sorted(firm.get(YEARS) or {}, reverse=True):
        row = firm[YEARS][year]
        for name, written in row.items():
            yield Given("年度", name, value_words(known.fact(name), str(written)), f"{year} 年度", name in (changed_years.get(year) or {}))


def given_events(known: Catalogue, events: Iterable[Mapping[str, Any]], changed: bool, kind: str = "事项") -> Iterator[Given]:
    """Events with their fields in one line each."""
    for row in events:
        fields = known.event(str(row[EVENT_TYPE])).fields
        said = [f"{name} {value_words(fields[name], str(value))}" for name, value in row.items() if name != EVENT_TYPE]
        yield Given(kind, str(row[EVENT_TYPE]), "，".join(said) or "（没有登记内容）", "", changed)


def _points(limits: Any) -> str:
    low, high = limits
    return f"{low} 分" if low == high else f"{low} 至 {high} 分"


def _names(listed: Iterable[Any], labels: Mapping[str, str]) -> str:
    names = [str(name).removeprefix(MANUAL_PREFIX) for name in listed]
    return "；".join(f"{name} {labels[name]}" if name in labels else name for name in names)


_ANSWERS = {"met": "符合", "unmet": "不符合", "unknown": "待补充数据"}


def expected_of_standard(expect: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[Expected]:
    """What a standard must say; ``labels`` are the texts of criteria and items by id."""
    for key, value in expect.items():
        match key:
            case "verdict":
                yield Expected("结论", verdict_state(value).text)
            case "score":
                yield Expected("总分", _points(value))
            case "groups" | "items":
                yield from (
                    Expected(f"{name} {labels[name]}" if name in labels else f"{name}得分", _points(row)) for name, row in value.items()
                )
            case "unmet":
                yield Expected("不符合的条件", _names(value, labels) or NOTHING)
            case "missing":
                yield Expected("还缺的数据", _names(value, labels) or NOTHING)
            case "manual":
                yield Expected("要人判断的", _names(value, labels) or NOTHING)
            case "prerequisites":
                yield from (Expected(f"前置条件 {name} {labels.get(name, '')}".strip(), _ANSWERS[answer]) for name, answer in value.items())
            case "value":
                yield Expected("划型", str(value))
            case "rule_set":
                yield Expected("适用文本", str(value))
            case "error":
                yield Expected("结果", "这一天没有现行文本，不作评估")


def expected_of_award(expect: Iterable[Mapping[str, Any]], has_base: bool) -> Iterator[Expected]:
    """What an award must give for each event, in order of their days; a base is only spoken of where the award matches one."""
    results = list(expect)
    if not results:
        yield Expected("结果", "没有归这一条的事项")
    for number, result in enumerate(results, 1):
        yield Expected(str(result.get("item") or f"第 {number} 项"), "；".join(_result(result, has_base)))


def _result(result: Mapping[str, Any], has_base: bool) -> Iterator[str]:
    yield award_state(result["state"]).text if "state" in result else "金额如下"
    for key, name in (("amount", "兑现"), ("computed", "按公式算得"), ("base", "市级基数")):
        if key in result and (has_base or key != "base"):
            yield f"{name} {NO_DATA if str(result[key]) in UNKNOWN_WORDS else money(int(parse_literal(str(result[key]))[0]))}"
    if "payer" in result:
        yield f"{result['payer']}出资"
    if result.get("missing"):
        yield f"还缺 {'、'.join(result['missing'])}"
    if "rulings" in result:
        yield f"依据口径 {'、'.join(result['rulings'])}" if result["rulings"] else "不取决于任何口径"
