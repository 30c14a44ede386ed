"""What holds for every page. Each function gives what is wrong as a list, so that a test compares it with the empty list."""

from __future__ import annotations

from functools import cache
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.site.serving import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}
PICTURES = ROOT / "build/screenshots"

WIDER = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(one => one.getBoundingClientRect().right > room + 0.5);
  return [`${document.documentElement.scrollWidth} px in ${room} px: ` + wide.slice(-3).map(one => one.outerHTML.slice(0, 90)).join(" | ")];
}"""


def overflow(page: Page) -> list[str]:
    """Why the page scrolls sideways."""
    return list(page.evaluate(WIDER))


HEADS = """() => [...document.querySelectorAll("h1")].map(one => one.textContent.trim())"""


def misnamed(page: Page) -> list[str]:
    """A title, one heading of the first level, and the language, where they are missing."""
    heads = page.evaluate(HEADS)
    language = page.evaluate("document.documentElement.lang")
    page_title, _, site_title = page.title().partition(" · ")
    return [
        *([] if page_title and site_title else [f"no title: {page.title()!r}"]),
        *([] if len(heads) == 1 and heads[0] else [f"not one <h1> but {heads}"]),
        *([] if language == "zh-Hans" else [f"lang is {language!r}"]),
    ]


@cache
def _axe() -> str:
    if not AXE.exists():
        pytest.fail("axe-core is missing: run script/assets. 缺少 axe-core，请先运行 script/assets。")
    return AXE.read_text(encoding="utf-8")


# Colours that follow the scheme are in place after the next frame.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
RUN_AXE = """async options => {
  const found = await axe.run(document, {resultTypes: ["violations"], ...options});
  return found.violations.map(one => [one.impact, one.id, one.nodes.slice(0, 4).map(node => `${node.target} ${node.html.slice(0, 120)}`
    + (node.any[0]?.data?.contrastRatio ? ` ${node.any[0].data.contrastRatio}:1` : ""))]);
}"""


def barriers(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    """What axe finds serious or critical. Only colours differ between the schemes, so the dark one is asked for them alone."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(TWO_FRAMES)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    options = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
    found = page.evaluate(RUN_AXE, options)
    page.emulate_media(color_scheme="light")
    return [f"{impact} {rule}: {node}" for impact, rule, nodes in found if impact in GRAVE for node in nodes]


# What a visitor must be able to reach: of a group of radio buttons one, of what is not shown nothing.
STOPS = """() => {
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(one => {
    if (one.disabled || one.type === "hidden" || one.getAttribute("tabindex") === "-1") return false;
    return one.checkVisibility({visibilityProperty: true});
  });
  const groups = new Map();
  for (const one of stops) {
    const key = one.type === "radio" ? `${one.form?.id} ${one.name}` : one;
    if (!groups.has(key) || one.checked) groups.set(key, one);
  }
  const spelled = one => one.outerHTML.slice(0, 110);
  window.tiduWalk = {wanted: new Set(groups.values()), unseen: [], reached: 0, spelled};
  document.addEventListener("focusin", event => {
    const one = event.target;
    if (!window.tiduWalk.wanted.delete(one)) return;
    window.tiduWalk.reached += 1;
    const shown = [one, ...(one.labels ?? [])].some(part => {
      const style = getComputedStyle(part);
      return style.outlineStyle === "auto" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    });
    if (!shown) window.tiduWalk.unseen.push(spelled(one));
  });
  document.activeElement?.blur();
  window.scrollTo(0, 0);
  return groups.size;
}"""
LEFT = "() => window.tiduWalk.wanted.size"
WALKED = """() => [
  ...[...window.tiduWalk.wanted].map(one => `not reached by Tab: ${window.tiduWalk.spelled(one)}`),
  ...window.tiduWalk.unseen.map(one => `focus is not seen: ${one}`),
]"""


def keyboard_faults(page: Page) -> list[str]:
    """Links, buttons and fields that Tab does not reach, or that do not show that they have the focus."""
    stops = page.evaluate(STOPS)
    for pressed in range(2 * stops + 10):
        page.keyboard.press("Tab")
        if pressed >= stops - 1 and page.evaluate(LEFT) == 0:
            break
    return list(page.evaluate(WALKED))


# The text that is shown, line by line, without what HTML itself hides until a script shows it.
SHOWN = """hidden => {
  const lines = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim().replace(/\\s+/g, " ");
    const parent = walker.currentNode.parentElement;
    if (!text || parent.closest("noscript, script")) continue;
    const isHidden = parent.closest("[hidden]") !== null;
    if (isHidden === hidden && (hidden || parent.checkVisibility({visibilityProperty: true}))) lines.push(text);
  }
  return lines;
}"""


def shown_text(page: Page) -> list[str]:
    """The lines of the main part that are shown."""
    return list(page.evaluate(SHOWN, False))


def hidden_text(page: Page) -> list[str]:
    """The lines of the main part below the attribute ``hidden``: what only a script can offer, a print button for instance."""
    return list(page.evaluate(SHOWN, True))


def photograph(page: Page, name: str) -> None:
    """A picture of the whole page, for people: build/screenshots/NAME_WIDTH.png."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    width = (page.viewport_size or {})["width"]
    page.screenshot(path=PICTURES / f"{name}_{width}.png", full_page=True)


def assert_sound(page: Page) -> None:
    """All of the above at once, for a state that a test has reached by filling in and sending.

    What is inline is found by the browser itself, as a violation of the security policy, and fails the test by its traffic.
    """
    found = [
        *misnamed(page),
        *overflow(page),
        *barriers(page, "light"),
        *barriers(page, "dark"),
        *keyboard_faults(page),
    ]
    assert not found, "\n".join(found)
