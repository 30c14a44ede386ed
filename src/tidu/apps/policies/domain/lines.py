"""Criteria as readable lines: a tree with the same shape as the pack's, each line with its condition in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.events import FACTS_DAY, EventWords, event_words
from tidu.apps.policies.domain.figures import DAY_WORDS, SIGN_WORDS, SIGNS, expression, literal
from tidu.apps.policies.domain.measures import Measure, measure_of
from tidu.apps.policies.domain.prose import prose
from tidu.exchange.report_words import confidence_text
from tidu.kernel.conditions import parse_condition
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import ASSESSMENT_DAY, Scope, split_key
from tidu.kernel.packs import PackSet
from tidu.kernel.rules import All, Compare, Flag, Not, OneOf, Rule

JOINS: Mapping[str, str] = {"all": "全部满足", "any": "满足其一", "count": "至少满足"}


@dataclass(frozen=True, slots=True)
class Bound(Document):
    """What a quantity is held against: ``sign`` ≥, ``words`` 不低于, ``value`` with its unit."""

    sign: str
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class Line(Document):
    """One criterion: ``text`` restates it, ``rule`` is the condition that is checked (for a group: how its parts are joined).

    ``kind`` is all, any, count, compare, word, yes-no, event, class, score or manual; ``link`` names what to open for more
    (the classification of a class, the group of a score). ``clause`` is that of the criterion it stands under where it has none.
    """

    kind: str
    id: str
    clause: str
    text: str
    rule: str
    confidence: str
    note: str
    facts: tuple[str, ...] = ()
    bound: Bound | None = None
    measure: Measure | None = None
    event: EventWords | None = None
    link: str = ""
    parts: tuple[Line, ...] = ()

    def walk(self) -> Iterator[Line]:
        """The line and everything below it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def owned(self, owner: Line | None = None) -> Iterator[tuple[Line, Line]]:
        """The line and everything below it, each after the nearest line with an id at or above it."""
        mine = self if self.id or owner is None else owner
        yield mine, self
        for part in self.parts:
            yield from part.owned(mine)


class LineReader:
    """Reads criteria as packs write them; ``scope`` also knows an event's fields where an event is being tested.

    ``day`` is what the day is called on which the firm is looked at: 数据日期 for standards, 事项当天 for awards.
    """

    def __init__(self, packs: PackSet, scope: Scope | None = None, day: str = FACTS_DAY) -> None:
        self.packs, self.scope, self.day = packs, scope or packs.scope, day

    def over(self, event: str) -> LineReader:
        """The reader of conditions on an event of this type."""
        return LineReader(self.packs, self.packs.scope.with_fields(self.packs.scope.catalogue.event(event).fields), self.day)

    def lines(self, listed: Any, clause: str = "") -> tuple[Line, ...]:
        """A list of criteria."""
        return tuple(self.line(part, clause) for part in listed or ())

    def line(self, raw: Any, clause: str = "") -> Line:
        """One criterion; ``clause`` is that of the criterion it stands under."""
        if not isinstance(raw, Mapping):
            return self._condition(str(raw), {}, clause)
        for key in JOINS:
            if isinstance(raw.get(key), list):
                return self._group(key, raw, clause)
        if "that" in raw:
            return self._condition(str(raw["that"]), raw, clause)
        if "event" in raw:
            return self._event(raw, clause)
        if "class" in raw:
            words = "、".join(map(str, raw["in"]))
            return _labelled(raw, clause, "class", f"{raw['class']}为{words}之一", link=str(raw["class"]))
        if "score" in raw:
            return _labelled(raw, clause, "score", f"{raw['score']}不低于 {raw['at_least']} 分", link=str(raw["score"]))
        return _labelled(raw, clause, "manual", f"由人判断：{raw.get('manual', '')}")

    def _group(self, key: str, raw: Mapping[str, Any], clause: str) -> Line:
        own = str(raw.get("clause") or clause)
        joined = f"{JOINS[key]} {raw['at_least']} 项" if key == "count" else JOINS[key]
        return _labelled(raw, clause, key, joined, parts=self.lines(raw[key], own))

    def _event(self, raw: Mapping[str, Any], clause: str) -> Line:
        name = str(raw["event"])
        listed = raw.get("where")
        inner = self.over(name).lines([listed] if isinstance(listed, str) else listed)
        words = event_words(self.packs, raw, tuple(sentence(line) for line in inner), self.day)
        return _labelled(raw, clause, "event", words.text, event=words, facts=(name,))

    def _condition(self, text: str, raw: Mapping[str, Any], clause: str) -> Line:
        node: Rule = parse_condition(text, self.scope)
        turned = isinstance(node, Not)
        inner = node.part if isinstance(node, Not) else node
        if isinstance(inner, Flag):
            wanted = "是" if inner.wanted is not turned else "否"
            return self._word(raw, clause, "yes-no", inner.key, f"为“{wanted}”")
        if isinstance(inner, OneOf):
            words = listed_or(inner.values)
            return self._word(raw, clause, "word", inner.key, f"不是{words}" if turned else f"为{words}")
        return self._comparison(inner, raw, clause, turned)

    def _word(self, raw: Mapping[str, Any], clause: str, kind: str, key: str, said: str) -> Line:
        name, shift = split_key(key)
        fact = f"{name}（前{shift}年）" if shift else name
        return _labelled(raw, clause, kind, f"{fact}{said}", facts=(fact,))

    def _comparison(self, node: Rule, raw: Mapping[str, Any], clause: str, turned: bool) -> Line:
        compared = node.parts[0] if isinstance(node, All) else node
        if not isinstance(compared, Compare):
            raise TiduError("bad-expression", f"条件“{raw.get('that', '')}”不是比较、是否或词语，无法显示。请核对写法。")
        op = "=" if isinstance(node, All) else compared.op
        sign = "≠" if turned else SIGNS[op]
        words = "不等于" if turned else SIGN_WORDS[op]
        value = literal(compared.right) if compared.right.numerator.is_constant else self._named(compared.right.text)
        measure = measure_of(self.packs, compared.left, self.scope)
        dated = compared.left.dimension == "date"
        gap = " " if value[0].isascii() else ""
        rule = self._named(compared.left.text) + (f"{DAY_WORDS[op]}{gap}{value}" if dated and not turned else f" {sign} {value}")
        return _labelled(raw, clause, "compare", rule, facts=measure.facts, bound=Bound(sign, words, value), measure=measure)

    def _named(self, text: str) -> str:
        """A written quantity, the day of the question called by its name here."""
        return expression(text).replace(ASSESSMENT_DAY, self.day)


def _labelled(raw: Mapping[str, Any], clause: str, kind: str, rule: str, **rest: Any) -> Line:
    confidence = raw.get("confidence")
    return Line(
        kind,
        str(raw.get("id") or ""),
        str(raw.get("clause") or clause),
        str(raw.get("text") or raw.get("title") or rule),
        rule,
        confidence_text(confidence) if confidence else "",
        prose(raw.get("note")),
        **rest,
    )


def listed_or(words: tuple[str, ...]) -> str:
    """甲、乙或丙."""
    return "或".join(["、".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def sentence(line: Line) -> str:
    """A line with everything below it in one phrase: （甲，且乙）或丙."""
    if not line.parts:
        return line.rule
    inner = [f"（{sentence(part)}）" if part.kind in {"any", "count"} or len(part.parts) > 1 else sentence(part) for part in line.parts]
    if line.kind == "all":
        return "，且".join(inner)
    if line.kind == "any":
        return "，或".join(inner)
    return f"以下各项中{line.rule}：" + "、".join(inner)
