"""A visitor who walks through the site with the mouse, or with nothing but the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import ElementHandle, Locator, Page

MOUSE, KEYBOARD = "mouse", "keyboard"
MOST_STOPS = 400
IS_FOCUSED = "one => document.activeElement === one"
# Marks what is there now, so that what comes in its place is told from it.
MARK = "() => { for (const one of document.querySelectorAll('[data-focus]')) one.dataset.seen = 'yes'; }"
ARRIVED = """() => {
  const one = document.activeElement;
  return one !== null && one.hasAttribute("data-focus") && one.dataset.seen === undefined;
}"""
ASKED = """() => [...document.querySelectorAll(".question input, .question select")].map(one => [one.name, one.type])"""


@dataclass
class Walker:
    """``asked`` are the questions that were shown, in their order."""

    page: Page
    means: str
    script: bool = True
    asked: list[str] = field(default_factory=list)

    # What hands do

    def reach(self, target: Locator) -> ElementHandle:
        """The keyboard's way to an element: Tab until it has the focus."""
        wanted = target.element_handle()
        assert wanted is not None
        for _ in range(MOST_STOPS):
            if self.page.evaluate(IS_FOCUSED, wanted):
                return wanted
            self.page.keyboard.press("Tab")
        return pytest.fail(f"not reached by Tab: {target}")

    def press(self, target: Locator) -> None:
        """A button, a link or a fold."""
        if self.means == MOUSE:
            target.click()
            return
        self.reach(target)
        self.page.keyboard.press("Enter")

    def choose(self, name: str, value: str) -> None:
        """One radio button of a group; the keyboard reaches the group by Tab and the button by arrows."""
        wanted = self.page.locator(f'input[name="{name}"][value="{value}"]')
        if self.means == MOUSE:
            self.page.locator(f'label[for="{wanted.get_attribute("id")}"]').click()
        else:
            group = self.page.locator(f'input[name="{name}"]')
            for _ in range(MOST_STOPS):
                if self.page.evaluate("name => document.activeElement.name === name", name):
                    break
                self.page.keyboard.press("Tab")
            self.page.keyboard.press("Space")
            for _ in range(group.count()):
                if wanted.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        assert wanted.is_checked(), f"{wanted} is not checked"

    def tick(self, name: str, value: str) -> None:
        """A checkbox."""
        wanted = self.page.locator(f'input[name="{name}"][value="{value}"]')
        if self.means == MOUSE:
            self.page.locator(f'label[for="{wanted.get_attribute("id")}"]').click()
        else:
            self.reach(wanted)
            self.page.keyboard.press("Space")
        assert wanted.is_checked(), f"{wanted} is not checked"

    def write(self, target: Locator, text: str) -> None:
        """A text, a figure or a day in place of what stands there."""
        if self.means == MOUSE:
            target.fill(text)
        elif target.get_attribute("type") == "date":
            self.write_day(target, text)
        else:
            self.reach(target)
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.type(text)
        assert target.input_value() == text, f"{target} holds {target.input_value()!r}"

    def write_day(self, target: Locator, text: str) -> None:
        """A day, part by part; which part comes first is up to the language of the browser."""
        year, month, day = text.split("-")
        self.reach(target)
        for parts in ((year, month, day), (month, day, year)):
            for part in parts:
                self.page.keyboard.type(part)
                if part is year:
                    self.page.keyboard.press("ArrowRight")
            if target.input_value() == text:
                return
            for _ in parts:
                self.page.keyboard.press("ArrowLeft")

    # What the visitor does

    def go(self, name: str, *, exact: bool = True, arrives: bool = True) -> None:
        """Press a button and wait for what comes: a new part of the page, which must have the focus, or another page."""
        target = self.page.locator("main").get_by_role("button", name=name, exact=exact).last
        self.leave(target, arrives=arrives)

    def leave(self, target: Locator, *, arrives: bool = True) -> None:
        """The same with a button or link at hand."""
        if not (self.script and arrives):
            with self.page.expect_navigation():
                self.press(target)
            return
        self.page.evaluate(MARK)
        self.press(target)
        self.page.wait_for_function(ARRIVED)

    @property
    def question(self) -> str:
        """The id of the question that is asked now; empty where none is."""
        current = self.page.locator('input[name="current"]')
        return str(current.get_attribute("value")) if current.count() else ""

    def answer(self, firm: Mapping[str, str]) -> None:
        """Fill in the question that is asked, as far as the firm knows, and go on to the next."""
        self.asked.append(self.question)
        self.fill_in(firm)
        self.go("下一题")

    def fill_in(self, firm: Mapping[str, str]) -> None:
        """Fill in the question that is asked, as far as the firm knows."""
        for name, kind in dict(self.page.evaluate(ASKED)).items():
            if name not in firm:
                continue
            match kind:
                case "radio":
                    self.choose(name, firm[name])
                case "checkbox":
                    for value in firm[name].split(","):
                        self.tick(name, value)
                case "select-one":
                    self.page.locator(f'select[name="{name}"]').select_option(firm[name])
                case _:
                    self.write(self.page.locator(f'[id="{name}"]'), firm[name])

    def unfold(self, words: str) -> None:
        """Open a fold if it is closed."""
        fold = self.page.locator("main details", has=self.page.locator("summary", has_text=words)).last
        if not fold.evaluate("one => one.open"):
            self.press(fold.locator("summary").first)

    # What the visitor sees

    @property
    def groups(self) -> dict[str, int]:
        """How many results stand in each group."""
        entries = self.page.locator(".tally li").all_inner_texts()
        found: dict[str, int] = {}
        for entry in entries:
            count, name = entry.split()
            found[name] = int(count)
        return found

    @property
    def amounts(self) -> list[int]:
        """The amounts shown, in fen."""
        return [int(text) for text in self.page.locator("[data-fen]").evaluate_all("all => all.map(one => one.dataset.fen)")]

    @property
    def versions(self) -> dict[str, str]:
        """The version of each standard among the results, as its link names it."""
        links = self.page.locator("a[href*='?version=']")
        pairs = links.evaluate_all("all => all.map(one => [one.textContent, new URL(one.href).searchParams.get('version')])")
        return dict(pairs)
