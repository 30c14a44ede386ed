"""Stylesheets keep to what the browsers of offices understand: Chromium of 2020, on Windows 7 at times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.look.sheets import Block, blocks, source, stylesheets

TOO_NEW = [
    "oklch(",
    "oklab(",
    "color-mix(",
    "light-dark(",
    ":has(",
    "@container",
    "container-type",
    "@layer",
    "@scope",
    "@property",
    "subgrid",
    "dvh",
    "svh",
]
REMOTE = ["http:", "https:", "//", "@import"]


@pytest.mark.parametrize("path", stylesheets(), ids=lambda path: path.name)
def test_a_stylesheet_uses_nothing_too_new(path: Path) -> None:
    assert [word for word in TOO_NEW if word in source(path)] == []


@pytest.mark.parametrize("path", stylesheets(), ids=lambda path: path.name)
def test_a_stylesheet_brings_nothing_from_elsewhere(path: Path) -> None:
    assert [word for word in REMOTE if word in source(path)] == []


@pytest.mark.parametrize("path", stylesheets(), ids=lambda path: path.name)
def test_rules_are_not_nested(path: Path) -> None:
    assert list(nested(blocks(source(path)))) == []


def test_a_nested_rule_is_found() -> None:
    css = "a { color: red; &:hover { color: blue } } @media print { b { c { d: e } } } @page { margin: 0 }"
    assert list(nested(blocks(css))) == ["a: &:hover", "b: c"]


def nested(found: tuple[Block, ...]) -> list[str]:
    """Rules within rules; a rule within @media is none."""
    result = []
    for block in found:
        if not block.head.startswith("@"):
            result.extend(f"{block.head}: {inner.head}" for inner in block.inside)
        result.extend(nested(block.inside))
    return result
