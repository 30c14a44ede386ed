"""The same document written a little differently has the same answer."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.samples import TEXTS, labels_of
from tidu.documents import read_text
from tidu.documents.reading import without_places

Variant = Callable[[str, random.Random], str]
_HAN = re.compile("(?<=[\u4e00-\u9fff，。；：、])(?=[\u4e00-\u9fff])")


def spaces(text: str, draw: random.Random) -> str:
    """Spaces between characters, as files made from PDF have them."""
    return _HAN.sub(lambda _: " " if draw.random() < 0.06 else "", text)


def half_width(text: str, draw: random.Random) -> str:
    """Half-width punctuation, each kind by chance."""
    for full, half in (("，", ","), ("；", ";"), ("：", ":"), ("（", "("), ("）", ")")):
        if draw.random() < 0.6:
            text = text.replace(full, half)
    return text


def full_width_figures(text: str, draw: random.Random) -> str:
    """Some figures in full width."""
    return re.sub(r"\d|%", lambda found: chr(ord(found[0]) + 0xFEE0) if draw.random() < 0.4 else found[0], text)


def other_marks(text: str, draw: random.Random) -> str:
    """1. as 1、 or 1．, 一、 as 一．, （一） with a space or 、 behind it."""
    text = re.sub(r"(?m)^(\d{1,2})\.(?!\d)", lambda found: found[1] + draw.choice(".、．"), text)
    text = re.sub(r"(?m)^([一二三四五六七八九十]+)、", lambda found: found[1] + draw.choice("、．、"), text)
    return re.sub(r"(?m)^(（[一二三四五六七八九十]+）)", lambda found: found[1] + draw.choice(["", " ", "、", ""]), text)


def indented(text: str, draw: random.Random) -> str:
    """Indents, empty lines, page numbers."""
    rows = []
    for line in text.split("\n"):
        rows.append(draw.choice(["", "　　", "  ", "\t"]) + line + draw.choice(["", " ", "　"]))
        if draw.random() < 0.15:
            rows.append(draw.choice(["", "- 3 -", "— 12 —", "第 2 页"]))
    return "\n".join(rows)


def broken_by_width(text: str, draw: random.Random) -> str:
    """Lines of one width, as plain text copied from a page has them."""
    width = draw.randint(30, 44)
    rows = []
    for line in text.split("\n"):
        rows += [f"　　{line}"[at : at + width] for at in range(0, len(line) + 2, width)]
    return "\n".join(rows)


VARIANTS: list[Variant] = [spaces, half_width, full_width_figures, other_marks, indented]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@given(seed=st.integers(0, 2**32), chosen=st.sets(st.sampled_from(VARIANTS), min_size=1))
@settings(max_examples=25, deadline=None)
def test_writing_makes_no_difference(path, seed: int, chosen: set[Variant]) -> None:
    draw = random.Random(seed)
    text = path.read_text(encoding="utf-8")
    for variant in VARIANTS:
        if variant in chosen:
            text = variant(text, draw)

    assert without_places(read_text(text).as_dict()) == labels_of(path)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_line_breaks_make_no_difference(path, seed: int) -> None:
    text = broken_by_width(path.read_text(encoding="utf-8"), random.Random(seed))

    assert without_places(read_text(text).as_dict()) == labels_of(path)
