"""Small random rules over a catalogue of their own, with domains tight enough to try every completion."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random
from typing import Any

from tidu.kernel.conditions import parse_condition
from tidu.kernel.expressions import Scope, compare, parse_quantity, split_key
from tidu.kernel.facts import Catalogue, Fact, Kind, Store
from tidu.kernel.quantities import UNITS
from tidu.kernel.rules import (
    All,
    Amount,
    AnyOf,
    AtLeast,
    Choose,
    Expert,
    Judged,
    Largest,
    Not,
    Number,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Smallest,
    Sum,
)

EXPERT, JUDGED = "人工:评", "人工:判"
BANDS = {"人工:高档": (4, 6), "人工:低档": (1, 3)}
COUNTED = ("甲", "乙", "丙", "收", "收(前1年)")
DIVIDING = ("乙", "收", "收(前1年)", "收(前2年)")
REACH = 60
PERCENTS = (20, 50, 75, 100, 150, 200)
KEYS = ("甲", "乙", "丙", "收", "收@1", "收@2", "旗", "标", "色", "名", EXPERT, JUDGED, *BANDS)


def _number(name: str, lowest: int, highest: int, kind: Kind = Kind.FIRM) -> Fact:
    return Fact(name, name, kind, Store.INTEGER, UNITS["家"], lowest=lowest, highest=highest)


def _flag(name: str) -> Fact:
    return Fact(name, name, Kind.FIRM, Store.BOOLEAN, UNITS[""], lowest=0, highest=1)


FACTS = (
    _number("甲", 0, 6),
    _number("乙", 1, 5),
    _number("丙", 0, 4),
    _number("收", 1, 4, Kind.YEAR),
    _flag("旗"),
    _flag("标"),
    Fact("色", "色", Kind.FIRM, Store.TEXT, UNITS[""], ("红", "黄", "蓝")),
    Fact("名", "名", Kind.FIRM, Store.TEXT, UNITS[""]),
)


@dataclass
class Rules:
    """Draws rules and firms; where they are ``endless``, numbers have no upper bound and brute force tries them up to ``REACH``."""

    random: Random
    endless: bool = False
    items: tuple[ScoreItem, ...] = field(default=())

    def __post_init__(self) -> None:
        facts = [replace(fact, highest=None) if self.endless and fact.store is Store.INTEGER else fact for fact in FACTS]
        self.scope = Scope(Catalogue({fact.name: fact for fact in facts}, {}))

    def domain(self, key: str) -> list[Any]:
        """Every value of a missing input (free text: the words that rules name, and one more)."""
        name = split_key(key)[0]
        if name in {EXPERT, JUDGED}:
            return [0, 1, 2, 3] if name == EXPERT else [False, True]
        if name in BANDS:
            return list(range(BANDS[name][0], BANDS[name][1] + 1))
        fact = self.scope.catalogue.facts[name]
        if fact.store is Store.BOOLEAN:
            return [False, True]
        if fact.store is Store.TEXT:
            return list(fact.values) or ["大", "小", "其他"]
        return list(range(fact.lowest or 0, (fact.highest or REACH) + 1))

    def known(self, share: float) -> dict[str, Any]:
        """A firm of which about ``share`` of the inputs are known; sometimes a divisor is zero."""
        found: dict[str, Any] = {}
        for key in KEYS:
            if self.random.random() < share:
                domain = self.domain(key)
                # without bounds, single units must not matter: a year of 1 ties its neighbours by whole numbers alone
                found[key] = self.random.choice(domain[1:6] if len(domain) > REACH // 2 else domain[:6])
                if key[0] in "乙收" and self.random.random() < 0.1:
                    found[key] = 0
        return found

    def rule(self) -> Rule:
        """A rule of up to three levels; some share score items."""
        self.items = tuple(
            ScoreItem(f"S{number}", "甲组" if number % 2 else "乙组", "", "", self.amount(), 0, 9)
            for number in range(self.random.randint(0, 3))
        )
        return self.node(self.random.randint(1, 3))

    def node(self, depth: int) -> Rule:
        """A criterion."""
        kinds = ["leaf", "leaf", *(["score", "score"] if self.items else []), *(["all", "any", "count", "not"] if depth else [])]
        kind = self.random.choice(kinds)
        if kind == "leaf":
            return self.leaf()
        if kind == "score":
            items = self.random.choice((self.items, self.items[:1], self.items[1:] or self.items))
            return ScoreAtLeast("总分", items, self.random.randint(1, 8))
        if kind == "not":
            return Not(self.node(depth - 1))
        parts = tuple(self.node(depth - 1) for _ in range(self.random.randint(2, 3)))
        return {"all": All, "any": AnyOf}[kind](parts) if kind != "count" else AtLeast(self.random.randint(1, len(parts)), parts)

    def leaf(self) -> Rule:
        """A comparison, a yes/no, a word, or a person's judgement."""
        kind = self.random.choice("nnnnnfwoj")
        if kind == "n":
            quantity, unit = self.quantity()
            return parse_condition(f"{quantity} {self.random.choice(('>=', '<=', '>', '<'))} {self.bound(unit)}", self.scope)
        if kind == "j":
            return Judged(JUDGED, "由人判断")
        texts = {
            "f": ("旗 = 是", "旗 = 否", "标 = 是", "标 = 否"),
            "w": ("色 = 红", "色 in [红, 蓝]", "色 != 黄"),
            "o": ("名 = 大", "名 in [大, 小]"),
        }
        return parse_condition(self.random.choice(texts[kind]), self.scope)

    def quantity(self) -> tuple[str, str]:
        """The text of a quantity and the unit of its bounds."""
        kind = self.random.choice(("one", "one", "ratio", "ratio", "sum", "difference", "share", "growth", "mean"))
        first, second = self.random.sample(COUNTED, 2)
        divisor = self.random.choice([name for name in DIVIDING if name != first])
        texts = {
            "one": (first, "家"),
            "ratio": (f"{first} / {divisor}", "%"),
            "sum": (f"{first} + {second}", "家"),
            "difference": (f"{first} - {second}", "家"),
            "share": (f"({first} + {second}) / 乙" if "乙" not in {first, second} else f"({first} + {second}) / 收(前2年)", "%"),
            "growth": ("(收 - 收(前1年)) / 收(前1年)", "%"),
            "mean": ("((收 - 收(前1年)) / 收(前1年) + (收(前1年) - 收(前2年)) / 收(前2年)) / 2", "%"),
        }
        return texts[kind]

    def bound(self, unit: str) -> str:
        """A bound within reach of small values."""
        return f"{self.random.randint(0, 8)}家" if unit == "家" else f"{self.random.choice(PERCENTS[1:] if self.endless else PERCENTS)}%"

    def table(self) -> Choose:
        """Brackets over one quantity, the larger the better or the smaller the better."""
        text, unit = self.quantity()
        quantity, better = parse_quantity(text, self.scope), self.random.choice((">=", "<="))
        bounds = sorted(
            {self.bound(unit) for _ in range(self.random.randint(1, 3))}, key=lambda bound: int(bound.rstrip("%家")), reverse=better == ">="
        )
        points = sorted((self.random.randint(1, 5) for _ in bounds), reverse=True)
        cases = tuple(
            (compare(quantity, better, parse_quantity(bound, self.scope), self.scope), Number(Fraction(value)))
            for bound, value in zip(bounds, points, strict=True)
        )
        return Choose(cases, Number(Fraction(0)))

    def bands(self) -> Amount:
        """Brackets in which a person gives the points."""
        table = self.table()
        judged = [Expert(key, "由人评分", *limits) for key, limits in BANDS.items()]
        return replace(table, cases=tuple((rule, amount) for (rule, _), amount in zip(table.cases, judged, strict=False)))

    def amount(self) -> Amount:
        """The points of an item by one of the forms that packs have."""
        kind = self.random.choice(("table", "table", "best", "choose", "count", "add", "expert", "bands"))
        if kind == "table":
            return self.table()
        if kind == "best":
            return Largest((self.table(), self.table()))
        if kind == "expert":
            return Expert(EXPERT, "由人评分", 0, 3)
        if kind == "bands":
            return self.bands()
        if kind == "choose":
            cases = tuple((self.leaf(), Number(Fraction(self.random.randint(0, 5)))) for _ in range(self.random.randint(1, 2)))
            return Choose(cases, Number(Fraction(self.random.randint(0, 2))))
        if kind == "add":
            return Smallest((Sum((self.table(), self.table())), Number(Fraction(self.random.randint(2, 8)))))
        each = Number(Fraction(self.random.randint(1, 3)))
        counted = tuple(Choose(((self.leaf(), each),), Number(Fraction(0))) for _ in range(self.random.randint(2, 4)))
        return Smallest((Sum(counted), Number(Fraction(self.random.randint(2, 6)))))


def described(node: Any) -> str:
    """A rule in one line, for the message of a failing test."""
    match node:
        case All(parts) | AnyOf(parts) | Sum(parts) | Largest(parts) | Smallest(parts):
            return f"{type(node).__name__}({', '.join(described(part) for part in parts)})"
        case AtLeast(count, parts):
            return f"AtLeast({count}: {', '.join(described(part) for part in parts)})"
        case Not(part):
            return f"Not({described(part)})"
        case ScoreAtLeast(_, items, threshold):
            return f"Score({' + '.join(described(item.points) for item in items)} >= {threshold})"
        case Choose(cases, otherwise):
            return (
                f"Choose({'; '.join(f'{described(rule)} -> {described(amount)}' for rule, amount in cases)}; else {described(otherwise)})"
            )
        case Number(value):
            return str(value)
    if hasattr(node, "form"):
        return f"[{node.left.text} {node.op} {node.right.text}]"
    return f"{type(node).__name__}({getattr(node, 'key', '')}, {getattr(node, 'values', getattr(node, 'wanted', ''))})"
