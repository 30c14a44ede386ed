"""Visitors who answer what they are asked: drawn from a seed, or always in one way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from random import Random

from tidu.apps.calculator.domain import Answers, Asked, Blank, FieldKind, Step, step
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet

Reply = Callable[[Blank], str]


def drawn_reply(draw: Random, unsure: float = 0.1) -> Reply:
    """Plausible answers, now and then 不清楚."""

    def reply(blank: Blank) -> str:
        if draw.random() < unsure:
            return "?"
        match blank.field.kind:
            case FieldKind.CHOICE:
                return draw.choice(blank.field.options).id
            case FieldKind.YES:
                return draw.choice(["yes", "no"])
            case FieldKind.CHECKS:
                return ",".join(option.id for option in blank.field.options if draw.random() < 0.2) or "none"
            case FieldKind.MONEY:
                return str(draw.choice([0, 30, 120, 600, 1500, 5200, 12000, 45000]))
            case FieldKind.PERCENT:
                return str(draw.randint(0, 30))
            case FieldKind.COUNT:
                return str(draw.randint(1, 14))
            case FieldKind.YEAR:
                return str(draw.randint(2008, 2023))
            case FieldKind.DATE:
                return date(draw.randint(2020, 2024), draw.randint(1, 12), draw.randint(1, 28)).isoformat()
            case FieldKind.TEXT:
                return draw.choice(["GB/T 1", "GB/T 2", "江夏区"])

    return reply


def conversation(
    packs: PackSet, moment: Moment, reply: Reply, application: str = "new", choices: dict[str, str] | None = None
) -> Iterator[tuple[Answers, Step, Asked | None]]:
    """Every step of a visit: the answers so far and what follows; ends after the step that asks nothing more."""
    fields: dict[str, str] = {}
    asked: list[str] = []
    while True:
        answers, problems = Answers.parse(fields)
        assert problems == []
        found = step(answers, packs=packs, moment=moment, asked=asked, choices=choices, application=application)
        yield answers, found, found.asked
        if found.asked is None:
            return
        asked.append(found.asked.question.id)
        first = len(asked) == 1
        fields |= {blank.field.name: reply(blank) for blank in found.asked.blanks if (blank.wanted or first) and not blank.value}


def replies() -> dict[str, Reply]:
    """Forty visitors: drawn ones, ones that know little, and one that knows nothing."""
    drawn = {f"drawn {seed}": drawn_reply(Random(seed)) for seed in range(30)}
    vague = {f"vague {seed}": drawn_reply(Random(seed), unsure=0.5) for seed in range(9)}
    return {**drawn, **vague, "ignorant": lambda _: "?"}


VISITORS = tuple(replies())
Visit = list[tuple[Answers, Step, Asked | None]]


class Visits:
    """The conversations of the forty visitors, each held once."""

    def __init__(self, packs: PackSet) -> None:
        self.packs = packs
        self._held: dict[tuple[Moment, str, str], Visit] = {}

    def of(self, moment: Moment, name: str, application: str = "new") -> Visit:
        """One visitor's conversation."""
        key = (moment, name, application)
        if key not in self._held:
            self._held[key] = list(conversation(self.packs, moment, replies()[name], application))
        return self._held[key]


def report(text: str) -> None:
    """Show a figure where pytest shows output (-s); nothing depends on it."""
    sys.stdout.write(f"\n{text}\n")
