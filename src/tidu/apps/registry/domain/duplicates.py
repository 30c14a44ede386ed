"""Pairs of firms that may be one: the same name, the same organisation code in two credit codes, names one letter apart in
one subdistrict.

>>> one = Looked(1, "91420114MA4K00001X", 7, ("武汉示例精密机械有限公司",))
>>> other = Looked(2, "92420114MA4K000010", 7, ("武汉示例精蜜机械有限公司",))
>>> pairs([one, other])
[Pair(first=1, second=2, weight=115, reasons=('代码第 9 至 17 位（主体标识码）相同', '名称只差一个字，在同一街道'))]
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.domain.names import folded_name
from tidu.apps.enterprises.models import Enterprise, NameRecord
from tidu.apps.registry.domain.upkeep import may_keep
from tidu.apps.registry.enums import PairState
from tidu.apps.registry.models import DuplicatePair

SAME_NAME, SAME_BODY, SAME_CORE, NEAR_NAME = 80, 90, 40, 25
REASONS = {
    SAME_NAME: "名称（含曾用名）相同",
    SAME_BODY: "代码第 9 至 17 位（主体标识码）相同",
    SAME_CORE: "去掉地名和组织形式后名称相同",
    NEAR_NAME: "名称只差一个字，在同一街道",
}
BODY = slice(8, 17)
SHORTEST_CORE = 4
"""Shorter cores are too common: one letter apart means nothing."""
MOST_OF_ONE = 20
"""A key that so many firms share tells nothing of two of them."""
_FORMS = re.compile(r"(股份有限公司|有限责任公司|集团有限公司|有限公司|分公司|合伙企业|有限合伙|\(.*?\))")
_PLACES = re.compile(r"^(湖北省?|武汉市?|蔡甸区?)+")


@dataclass(frozen=True, slots=True)
class Looked:
    """A firm as it is looked at: id, credit code, subdistrict (None: not known), names it has or had."""

    firm: int
    code: str
    place: int | None
    names: Sequence[str]


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two firms by id, the smaller first, how sure it is, and why."""

    first: int
    second: int
    weight: int
    reasons: tuple[str, ...]


def core_of(folded: str) -> str:
    """A folded name without place and form."""
    return _PLACES.sub("", _FORMS.sub("", folded))


def pairs(firms: Iterable[Looked]) -> list[Pair]:
    """Pairs of firms, the surest first. Linear in the number of firms: by keys, not by comparing each with each."""
    keyed: dict[int, dict[str, set[int]]] = {kind: defaultdict(set) for kind in REASONS}
    near: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    for one in firms:
        if len(one.code) == 18:
            keyed[SAME_BODY][one.code[BODY]].add(one.firm)
        for name in one.names:
            folded = folded_name(name)
            keyed[SAME_NAME][folded].add(one.firm)
            core = core_of(folded)
            if len(core) >= SHORTEST_CORE:
                keyed[SAME_CORE][core].add(one.firm)
                near[one.place, core].add(one.firm)
    for (place, core), listed in near.items():
        for letter in range(len(core)):
            keyed[NEAR_NAME][f"{place} {letter} {core[:letter]}*{core[letter + 1 :]}"] |= listed
    why: dict[tuple[int, int], set[int]] = defaultdict(set)
    for kind, groups in keyed.items():
        for listed in groups.values():
            if 1 < len(listed) <= MOST_OF_ONE:
                for first, second in combinations(sorted(listed), 2):
                    why[first, second].add(kind)
    return sorted(
        (_pair(first, second, kinds) for (first, second), kinds in why.items()), key=lambda pair: (-pair.weight, pair.first, pair.second)
    )


def _pair(first: int, second: int, kinds: set[int]) -> Pair:
    # what is the same is also near: the nearer reason says it all
    if SAME_NAME in kinds:
        kinds = kinds - {SAME_CORE, NEAR_NAME}
    elif SAME_CORE in kinds:
        kinds = kinds - {NEAR_NAME}
    return Pair(first, second, sum(kinds), tuple(REASONS[kind] for kind in sorted(kinds, reverse=True)))


def find_duplicates(*, at: datetime) -> int:
    """Look through the whole registry and keep the pairs found; dismissed ones stay dismissed. Returns how many are open."""
    named: dict[int, list[str]] = defaultdict(list)
    for firm, name in NameRecord.objects.filter(enterprise__merged_into=None).order_by("pk").values_list("enterprise_id", "name"):
        named[firm].append(name)
    listed = Enterprise.objects.in_registry().order_by("pk").values_list("pk", "code", "subdistrict_id", "name")
    found = pairs(Looked(pk, code, place, named.get(pk) or [name]) for pk, code, place, name in listed)
    with transaction.atomic():
        kept = set(DuplicatePair.objects.exclude(state=PairState.OPEN).values_list("first_id", "second_id"))
        DuplicatePair.objects.filter(state=PairState.OPEN).delete()
        new = [
            DuplicatePair(first_id=pair.first, second_id=pair.second, reasons=list(pair.reasons), weight=pair.weight, found_at=at)
            for pair in found
            if (pair.first, pair.second) not in kept
        ]
        DuplicatePair.objects.bulk_create(new, batch_size=2000)
    return len(new)


def dismiss_pair(*, actor: Actor, at: datetime, pair: DuplicatePair) -> None:
    """Two firms are not one; the pair is not found again. Nothing happens where that was said already."""
    may_keep(actor).require()
    with transaction.atomic():
        mine = DuplicatePair.objects.filter(pk=pair.pk, state=PairState.OPEN)
        if mine.update(state=PairState.DISMISSED, decided_by_name=actor.name, decided_at=at):
            subject = Subject("pair", str(pair.pk), f"{pair.first.name}、{pair.second.name}")
            record_event(
                actor=actor, at=at, action="firm.pair-dismissed", subject=subject, detail={"firms": [pair.first.code, pair.second.code]}
            )
