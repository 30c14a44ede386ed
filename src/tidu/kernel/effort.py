"""What an improvement costs: the levers of ``packs/effort.yaml``, which an official sets.

A lever changes one fact of the firm as it stands now (a year fact means 上年度): by steps in one direction, or to one
of a few words. Effort has no unit of its own; only its proportions count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tidu.kernel.conditions import parse_condition
from tidu.kernel.criteria import Ground
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.expressions import Scope
from tidu.kernel.facts import Fact, Kind, Store
from tidu.kernel.located import Listing, Section
from tidu.kernel.packs import PackSet
from tidu.kernel.quantities import parse_decimal, parse_literal
from tidu.kernel.rules import Compare, keys_of

DOCUMENT_KEYS = {"effort", "note", "checked_on", "levers", "fixed", "keep"}
NUMBER_KEYS = {"fact", "direction", "step", "effort", "limit", "also", "phrase", "note"}
CHOICE_KEYS = {"fact", "to", "phrase", "note"}
BLANKS = {"gap", "from", "to"}
UP, DOWN = 1, -1
_DIRECTIONS = {"up": UP, "down": DOWN}
_BLANK = re.compile(r"\{([^}]*)\}")
_ANSWERS = {"是": True, "否": False}


@dataclass(frozen=True)
class Lever:
    """One way to change one fact.

    By steps: ``step`` stored integers in ``direction``, ``effort`` each, at most ``limit`` stored integers in all;
    ``also`` are facts that move along by the same amount at no further effort. To a word: ``options`` holds the effort
    of each word counted from nothing, so that moving on from one word to another costs the difference.
    """

    fact: Fact
    phrase: str
    direction: int = 0
    step: int = 0
    effort: Fraction = Fraction(0)
    limit: int | None = None
    also: tuple[Fact, ...] = ()
    options: Mapping[str | bool, Fraction] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The input that the lever moves."""
        return self.fact.name

    @property
    def moved(self) -> tuple[Fact, ...]:
        """The fact itself and those that move along."""
        return (self.fact, *self.also)

    @property
    def by_steps(self) -> bool:
        """Whether the fact is a number."""
        return self.step > 0


@dataclass(frozen=True, eq=False)
class Effort:
    """One effort document: levers in the order of the catalogue, facts nobody can change, and relations a plan must keep."""

    name: str
    levers: Mapping[str, Lever]
    fixed: Mapping[str, str]
    keep: tuple[Compare, ...]


def read_effort(path: str, section: Section, scope: Scope, faults: list[TiduError]) -> Effort:
    """Read one effort document; every fault is added to ``faults`` with file and line."""
    ground = Ground(path, scope, faults)
    ground.unknown_keys(section, DOCUMENT_KEYS, "工作量文件")
    levers: dict[str, Lever] = {}
    fixed: dict[str, str] = {}
    for raw in _rows(section, "levers", ground):
        lever = _lever(raw, ground)
        if lever is not None:
            _once(lever.key, (levers,), raw, ground)
            levers[lever.key] = lever
    for raw in _rows(section, "fixed", ground):
        ground.unknown_keys(raw, {"fact", "reason"}, "不可改变的指标")
        fact = _fact(raw, ground)
        if fact is not None:
            _once(fact.name, (levers, fixed), raw, ground)
            if not raw.get("reason"):
                ground.fault("missing-key", raw.line, f"“{fact.name}”缺少 reason（为什么不能改变）。请补上。", key="reason")
            fixed[fact.name] = str(raw.get("reason") or "")
    keep = tuple(found for raw in section.get("keep") or [] if (found := _relation(raw, section, ground)) is not None)
    order = {name: index for index, name in enumerate(scope.catalogue.order)}
    ordered = dict(sorted(levers.items(), key=lambda pair: order.get(pair[0], len(order))))
    return Effort(str(section.get("effort") or ""), ordered, fixed, keep)


def effort_of(packs: PackSet, name: str | None = None) -> Effort:
    """The effort document called ``name``, or the last one read, so that an official's own comes before the shipped one.

    Raises ``no-effort`` where there is none, ``faulty-packs`` where it is wrong.
    """
    sections = packs.documents.get("effort", ())
    wanted = [section for section in sections if name is None or section.get("effort") == name]
    if not wanted:
        known = "、".join(str(section.get("effort")) for section in sections) or "（没有）"
        raise TiduError("no-effort", f"没有名为“{name or ''}”的工作量文件。可用：{known}。请提供以 effort: 开头的文件。", name=name)
    faults: list[TiduError] = []
    found = read_effort(wanted[-1].path, wanted[-1], packs.scope, faults)
    if faults:
        raise Problems("faulty-packs", faults)
    return found


def _rows(section: Section, key: str, ground: Ground) -> list[Section]:
    listed = section.get(key) or []
    if not isinstance(listed, Listing | list) or not all(isinstance(row, Section) for row in listed):
        ground.fault("bad-effort", section.at(key), f"“{key}”应是一个列表，每行形如 {{fact: 指标名称, …}}。")
        return []
    return list(listed)


def _once(name: str, taken: tuple[Mapping[str, Any], ...], raw: Section, ground: Ground) -> None:
    if any(name in listed for listed in taken):
        ground.fault("duplicate-id", raw.line, f"“{name}”登记了两次。每个指标只保留一行。", id=name)


def _fact(raw: Section, ground: Ground) -> Fact | None:
    name = str(raw.get("fact") or "")
    fact = ground.scope.catalogue.facts.get(name)
    if fact is None:
        ground.fault("unknown-fact", raw.at("fact"), f"指标目录中没有“{name}”。请核对名称。", name=name)
    return fact


def _lever(raw: Section, ground: Ground) -> Lever | None:
    fact = _fact(raw, ground)
    if fact is None:
        return None
    phrase = _phrase(raw, fact, ground)
    if "to" in raw:
        ground.unknown_keys(raw, CHOICE_KEYS, f"“{fact.name}”")
        return _to_words(raw, fact, phrase, ground)
    ground.unknown_keys(raw, NUMBER_KEYS, f"“{fact.name}”")
    return _by_steps(raw, fact, phrase, ground)


def _phrase(raw: Section, fact: Fact, ground: Ground) -> str:
    phrase = str(raw.get("phrase") or "")
    if not phrase:
        ground.fault("missing-key", raw.line, f"“{fact.name}”缺少 phrase（给企业看的短句，可用 {{gap}} {{from}} {{to}}）。", key="phrase")
    for blank in _BLANK.findall(phrase):
        if blank not in BLANKS:
            ground.fault("bad-phrase", raw.at("phrase"), f"短句里的 {{{blank}}} 无法填写。可用：{{gap}}、{{from}}、{{to}}。", blank=blank)
    return phrase


def _positive(value: Any, raw: Section, key: str, ground: Ground) -> Fraction:
    """An effort: a positive number with at most three decimals."""
    try:
        found = parse_decimal(str(value))
    except TiduError:
        found = Fraction(0)
    if found <= 0 or (found * 1000).denominator != 1 or found > 1_000_000:
        ground.fault("bad-effort", raw.at(key), f"工作量应是大于 0、不超过一百万、至多三位小数的数，读到“{value}”。", value=str(value))
        return Fraction(1)
    return found


def _amount(raw: Section, key: str, fact: Fact, ground: Ground) -> int:
    """A literal such as ``1万元`` as stored integers of the fact."""
    text = str(raw.get(key) or "")
    try:
        value, unit = parse_literal(text)
    except TiduError as error:
        ground.fault(error.code, raw.at(key), error.message, **error.data)
        return 1
    if unit.dimension != fact.unit.dimension:
        sentence = f"“{fact.name}”的单位是{fact.unit.symbol or '无单位'}，{key} 写的是“{text}”。请写同类单位。"
        ground.fault("unit-mismatch", raw.at(key), sentence)
        return 1
    if value.denominator != 1 or value <= 0:
        ground.fault("bad-effort", raw.at(key), f"“{fact.name}”的 {key} 应大于 0，且不细于可保存的最小单位，读到“{text}”。")
        return 1
    return int(value)


def _by_steps(raw: Section, fact: Fact, phrase: str, ground: Ground) -> Lever | None:
    if fact.store is not Store.INTEGER or fact.kind not in {Kind.FIRM, Kind.YEAR}:
        ground.fault("bad-effort", raw.at("fact"), f"“{fact.name}”不是企业或年度的数值指标，不能按步改变；是否和词语请写 to: {{是: 20}}。")
        return None
    direction = _DIRECTIONS.get(str(raw.get("direction")))
    if direction is None:
        ground.fault(
            "bad-effort", raw.at("direction"), f"“{fact.name}”的 direction 应是 up（增加）或 down（减少），读到“{raw.get('direction')}”。"
        )
    step = _amount(raw, "step", fact, ground)
    limit = _amount(raw, "limit", fact, ground) if "limit" in raw else None
    if limit is not None and limit < step:
        ground.fault("bad-effort", raw.at("limit"), f"“{fact.name}”的 limit（最大改变）小于一步 step，永远用不上。请核对。")
    effort = _positive(raw.get("effort"), raw, "effort", ground)
    return Lever(fact, phrase, direction or UP, step, effort, limit, _also(raw, fact, ground))


def _also(raw: Section, fact: Fact, ground: Ground) -> tuple[Fact, ...]:
    found: list[Fact] = []
    for name in map(str, raw.get("also") or ()):
        other = ground.scope.catalogue.facts.get(name)
        if other is None:
            ground.fault("unknown-fact", raw.at("also"), f"指标目录中没有“{name}”。请核对名称。", name=name)
        elif name == fact.name or other.store is not Store.INTEGER or other.unit != fact.unit or other.kind is not fact.kind:
            ground.fault(
                "unit-mismatch", raw.at("also"), f"“{name}”不能随“{fact.name}”一起变动：须是另一个单位与期间相同的数值指标。", name=name
            )
        else:
            found.append(other)
    return tuple(found)


def _to_words(raw: Section, fact: Fact, phrase: str, ground: Ground) -> Lever | None:
    words = raw.get("to")
    if (
        not isinstance(words, Section)
        or not words
        or fact.store not in {Store.BOOLEAN, Store.TEXT}
        or fact.kind not in {Kind.FIRM, Kind.YEAR}
    ):
        sentence = f"“{fact.name}”的 to 应列出目标和工作量，如 {{是: 20}} 或 {{省级: 80}}；数值指标请写 direction、step、effort。"
        ground.fault("bad-effort", raw.at("to"), sentence)
        return None
    options: dict[str | bool, Fraction] = {}
    for word, effort in words.items():
        known = tuple(_ANSWERS) if fact.store is Store.BOOLEAN else fact.values
        if known and word not in known:
            ground.fault("unknown-value", words.at(word), f"“{fact.name}”没有取值“{word}”。可用取值：{'、'.join(known)}。", value=word)
            continue
        value: str | bool = _ANSWERS[word] if fact.store is Store.BOOLEAN else word
        options[value] = _positive(effort, words, word, ground)
    return Lever(fact, phrase, options=options)


def _relation(raw: Any, section: Section, ground: Ground) -> Compare | None:
    """A relation between facts that no plan may break."""
    try:
        found = parse_condition(str(raw), ground.scope)
    except TiduError as error:
        ground.fault(error.code, section.at("keep"), error.message, **error.data)
        return None
    if not isinstance(found, Compare) or found.divisors or not found.form.is_linear or any("@" in key for key in keys_of(found)):
        ground.fault(
            "bad-effort", section.at("keep"), f"keep 只能写同一时点两个数值指标的大小关系，如“研发人员 <= 从业人员”，读到“{raw}”。"
        )
        return None
    return found
