"""Colours: every pair that text is set in can be read, in light and in dark."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from tests.look.sheets import TOKENS, blocks, source, stylesheets

TEXT = Fraction("4.5")
DRAWING = 3
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-quiet", "brand", "brand-strong") for ground in ("paper", "surface", "surface-quiet")),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("ink", "brand-tint"),
    ("ink-quiet", "brand-tint"),
    ("brand", "brand-tint"),
    ("brand-strong", "brand-tint"),
    *(
        (tone, ground)
        for tone in ("good", "near", "open", "bad", "none")
        for ground in (f"{tone}-tint", "surface", "paper", "surface-quiet")
    ),
    ("surface", "good"),
    ("ink-quiet", "none-tint"),
    ("ink", "mark-added"),
    ("ink", "mark-gone"),
]
"""Text and ground, as the stylesheets combine them."""
DRAWN_PAIRS = [
    *((line, ground) for line in ("edge-strong", "focus", "brand") for ground in ("paper", "surface", "surface-quiet")),
    *((f"chart-{number}", "surface") for number in range(1, 6)),
    ("brand", "surface-quiet"),
]
"""Edges of fields, the ring of the focus, lines and bars: what must be seen though it is no text."""


def tokens(scheme: str) -> dict[str, str]:
    """The custom properties of a colour scheme."""
    light, dark = {}, {}
    for block in blocks(source(TOKENS)):
        if block.head == ":root":
            light = dict(block.declarations)
        if block.head == "@media (prefers-color-scheme: dark)":
            (root,) = block.inside
            dark = dict(root.declarations)
    assert light
    assert dark
    return {name.removeprefix("--"): value for name, value in (light if scheme == "light" else {**light, **dark}).items()}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    assert re.fullmatch("#[0-9a-f]{6}", colour), colour
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_wcag_has_it() -> None:
    assert (round(contrast("#000000", "#ffffff"), 2), round(contrast("#777777", "#ffffff"), 2)) == (21.0, 4.48)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(scheme: str, ink: str, ground: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[ink], colours[ground]) >= TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), DRAWN_PAIRS)
def test_what_is_drawn_can_be_seen_on_its_ground(scheme: str, line: str, ground: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[line], colours[ground]) >= DRAWING


def test_the_dark_scheme_has_a_value_for_every_colour() -> None:
    light, dark = tokens("light"), tokens("dark")
    coloured = {name for name, value in light.items() if value.startswith(("#", "rgb")) or "rgb" in value}
    assert {name for name in coloured if light[name] == dark[name]} == set()


def test_every_token_that_is_used_is_defined() -> None:
    used = {name for path in stylesheets() for name in re.findall(r"var\(--([\w-]+)", source(path))}
    assert used - set(tokens("light")) == set()


def test_only_the_tokens_and_paper_name_colours() -> None:
    named = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(|:\s*(?:white|black|red|blue|grey|gray)\b", re.IGNORECASE)
    found = {path.name: named.findall(source(path)) for path in stylesheets() if path.name not in {"tokens.css", "print.css"}}
    assert {name: colours for name, colours in found.items() if colours} == {}
