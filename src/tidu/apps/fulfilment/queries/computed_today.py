"""An amount as it was computed, beside what the same case would be granted today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from tidu.apps.fulfilment.domain.deciding import verdict_on
from tidu.apps.fulfilment.domain.entitled import entitlements
from tidu.apps.fulfilment.models import Case
from tidu.apps.paper.domain.grounds import Ground, grounds_of
from tidu.kernel.packs import PackSet


@dataclass(frozen=True, slots=True)
class Compared:
    """Then and today, in fen; ``lines`` are the steps side by side with whether they agree; ``why`` says why today gives nothing."""

    ground: Ground | None
    then: int
    today: int
    lines: list[tuple[str, str, bool]]
    why: str

    @property
    def changed(self) -> bool:
        """Whether the amount would be another one today."""
        return self.then != self.today


def compared_today(case: Case, packs: PackSet, day: date) -> Compared:
    """Ask the kernel about one case as of ``day``; nothing is stored and nothing changes."""
    ground = grounds_of([case]).get(case.pk)
    found = entitlements([case], packs, day).get(case.pk)
    fen, why = verdict_on(found)
    steps = list(found.how) if found is not None else []
    pairs = list(zip_longest(ground.how if ground is not None else (), steps, fillvalue=""))
    then = case.computed if case.amount is None else case.amount
    return Compared(ground, then, fen, [(old, new, old == new) for old, new in pairs], why)
