"""What the HTML of a page says, before any browser has mended it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

DATA = {"application/json", "application/ld+json"}
"""Types of a ``<script>`` that holds data and is never run."""


@dataclass
class Markup(HTMLParser):
    """Links, ids, and whatever the security policy would refuse."""

    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)
    _script: dict[str, str | None] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element brings along."""
        given = dict(attrs)
        place = f"<{tag}> in line {self.getpos()[0]}"
        self.inline.extend(f"{place}: {name}=" for name in given if name == "style" or name.startswith(("on", "hx-on")))
        if tag == "style":
            self.inline.append(place)
        if tag == "script":
            self._script = given
        if tag == "use":
            self.drawings.append(given.get("href") or "")
        self.ids.extend(value for name, value in attrs if name == "id" and value)
        href = given.get("href") if tag in {"a", "area"} else None
        if href is not None:
            self.links.append(href)
            if href.strip().lower().startswith(("javascript:", "data:")):
                self.inline.append(f"{place}: {href}")

    def handle_data(self, data: str) -> None:
        """A script with a body is refused unless it is data."""
        if self._script is not None and data.strip() and self._script.get("type") not in DATA:
            self.inline.append(f"<script> with a body in line {self.getpos()[0]}")

    def handle_endtag(self, tag: str) -> None:
        """A script ends."""
        if tag == "script":
            self._script = None


def markup_of(html: str) -> Markup:
    """Read a page."""
    found = Markup()
    found.feed(html)
    found.close()
    return found
