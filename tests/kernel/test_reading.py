"""Whatever is done to a pack, reading it ends with the packs or with a list of faults, never with another error."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.facts import PACKS
from tidu.kernel.located import PackFault
from tidu.kernel.reading import load_packs, read_packs

GROUND = [PACKS / "indicators.yaml", PACKS / "industry_classes.yaml", PACKS / "national" / "size_classes.yaml"]
MUTILATED = [*sorted((PACKS / "national").glob("*.yaml")), *sorted((PACKS / "wuhan").glob("a*.yaml")), *GROUND[:2]]
JUNK: list[Any] = [
    None,
    "甲",
    "",
    3,
    -1,
    1.5,
    True,
    [],
    {},
    ["甲"],
    [3],
    [None],
    {"甲": 1},
    {"id": None},
    "营业收入 >= 3",
    "3%",
    [["甲", 1]],
    {"all": ["营业收入"]},
]


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every entry of a document as (container, key)."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield node, key
        yield from places(value)


def mutilated(file: Path, random: Random) -> str:
    documents = list(yaml.safe_load_all(file.read_text(encoding="utf-8")))
    for _ in range(random.choice((1, 2))):
        container, key = random.choice(list(places(random.choice(documents))))
        if random.random() < 0.7:
            container[key] = deepcopy(random.choice(JUNK))
        else:
            del container[key]
    return yaml.safe_dump_all(documents, allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize("seed", range(60))
def test_mutilated_pack_is_read_or_refused_with_faults(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    file = random.choice(MUTILATED)
    copy = tmp_path / "mutilated.yaml"
    copy.write_text(mutilated(file, random), encoding="utf-8")

    faults: list[TiduError] = []
    try:
        read_packs([*(root for root in GROUND if root != file), copy], base=None)
    except Problems as problems:
        faults = problems.problems

    assert [type(fault) for fault in faults] == [PackFault] * len(faults)
    assert [fault.message for fault in faults if fault.data["line"] < 1 or not fault.data["sentence"]] == []


def test_overlay_replaces_what_it_names_and_keeps_the_rest() -> None:
    plain, overlaid = (
        next(one for one in load_packs().versions("专精特新小巨人") if one.version == version)
        for version in ("2022版", "2022版（2025年度复核）")
    )
    ids = {
        name: {part["id"] for part in standard.source["requires"]["all"]} for name, standard in (("plain", plain), ("overlaid", overlaid))
    }

    assert ids["plain"] == ids["overlaid"]
    assert overlaid.reference.part != plain.reference.part
