"""Templates hold nothing that the security policy refuses and nothing unescaped; their icons exist; the gallery shows every part."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.look.sheets import PACKAGE
from tidu.look.gallery import FIELDS
from tidu.look.states import STATES

TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
GALLERY = PACKAGE / "look/templates/look/gallery.html"
COMPONENTS = sorted((PACKAGE / "look/templates/cotton").glob("*.html"))
ICONS = PACKAGE / "look/static/tidu/img/icons.svg"
UNESCAPED: dict[str, str] = {}
"""Template and reason, for each that is allowed to show a text without escaping it."""
ICON_NAMES = re.compile(r"""<c-icon\b[^>]*?\bname=["']([\w-]+)["']|\bicon=["']([\w-]+)["']|\{%\s*icon\s+["']([\w-]+)["']""")

by_name = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())


@by_name
def test_a_template_has_no_style_and_no_script_of_its_own(path: Path) -> None:
    refused = re.compile(
        r"""<style\b | \sstyle\s*= | \son[a-z]+\s*= | \shx-on | \bjavascript: | hx-(?:vals|vars|headers)=["']js:"""
        r""" | <script\b(?![^>]*\bsrc=)(?![^>]*type=["']application/(?:ld\+)?json["'])[^>]*>""",
        re.IGNORECASE | re.VERBOSE,
    )
    shown = re.sub(r"\{%.*?%\}", "", path.read_text(encoding="utf-8"))
    assert refused.findall(shown) == []


@by_name
def test_a_template_shows_nothing_unescaped(path: Path) -> None:
    if path.name in UNESCAPED:
        return
    assert re.findall(r"\|\s*safe(?:seq)?\b|\{%\s*autoescape\s+off", path.read_text(encoding="utf-8")) == []


@by_name
def test_a_template_brings_nothing_from_elsewhere(path: Path) -> None:
    assert re.findall(r"""\b(?:src|srcset|action|data)=["'](?:https?:)?//[^"']*""", path.read_text(encoding="utf-8")) == []


def test_no_python_code_marks_a_text_as_safe() -> None:
    marked = re.compile(r"\bmark_safe\(|\bSafeString\(|\bSafeText\(")
    assert [path.name for path in PACKAGE.rglob("*.py") if marked.search(path.read_text(encoding="utf-8"))] == []


def icons() -> set[str]:
    """The names of the sheet."""
    return {symbol.attrib["id"] for symbol in ET.parse(ICONS).getroot()}  # noqa: S314 - our own file


def test_every_icon_that_is_named_exists() -> None:
    in_templates = {name for path in TEMPLATES for names in ICON_NAMES.findall(path.read_text(encoding="utf-8")) for name in names if name}
    assert (in_templates | {shown.icon for shown in STATES.values()}) - icons() == set()
    assert {"check", "question", "eye"} <= in_templates | {shown.icon for shown in STATES.values()}


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_the_gallery_shows_every_part(path: Path) -> None:
    name = path.stem.replace("_", "-")
    written = GALLERY.read_text(encoding="utf-8")
    within = "".join(other.read_text(encoding="utf-8") for other in COMPONENTS if f"<c-{other.stem.replace('_', '-')}" in written)
    assert f"<c-{name}" in written + within


def test_the_gallery_shows_every_kind_of_field() -> None:
    assert {field.kind for field in FIELDS} == {"text", "figure", "date", "radio", "checkboxes", "select", "long"}


def test_states_that_differ_in_words_differ_by_more_than_colour() -> None:
    alike: dict[tuple[str, str], set[str]] = {}
    for shown in STATES.values():
        alike.setdefault((shown.text, shown.icon), set()).add(shown.tone)
    assert {key: tones for key, tones in alike.items() if len(tones) > 1} == {}


@pytest.mark.parametrize("tone", sorted({shown.tone for shown in STATES.values()} - {"none"}))
def test_every_tone_of_a_state_has_a_style_and_none_is_the_plain_one(tone: str) -> None:
    assert f".status--{tone} " in (PACKAGE / "look/static/tidu/css/components.css").read_text(encoding="utf-8")
