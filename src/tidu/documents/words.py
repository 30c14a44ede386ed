"""The word lists of ``words.yaml``, longest first, and patterns made of them."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    text = resources.files("tidu.documents").joinpath("words.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)
    return {name: tuple(sorted(dict.fromkeys(map(str, words)), key=len, reverse=True)) for name, words in found.items()}


def words(name: str) -> tuple[str, ...]:
    """A list by its name, longest words first, so that a pattern made of them takes the longest."""
    return _lists()[name]


def one_of(name: str) -> str:
    """A list as alternatives of a regular expression."""
    return "(?:" + "|".join(map(re.escape, words(name))) + ")"
