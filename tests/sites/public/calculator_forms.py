"""A page as a browser without JavaScript has it: what its form would send, which amounts it shows, which elements it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path", "source", "track", "use", "wbr"}
TYPED = {"text", "date", "hidden", "range"}
PAYING = {"law_date": "2024-06-01", "facts_as_of": "2024-06-01"}
"""A day on which the district's policies are in force."""

Sent = Mapping[str, str | list[str]]


@dataclass
class Shown(HTMLParser):
    """The elements of a page, its texts, and the fields of its form as they would be sent."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _open: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        given = {name: value or "" for name, value in attrs}
        self.elements.append(f"{tag} {' '.join(sorted(given))}".strip())
        if "data-fen" in given:
            self.amounts.append(int(given["data-fen"]))
        if tag == "button" and "name" in given:
            self.buttons.append((given["name"], given.get("value", "")))
        if tag == "input" and "name" in given and (given.get("type", "text") in TYPED or "checked" in given):
            self.fields.setdefault(given["name"], []).append(given.get("value", ""))
        if tag == "option" and "selected" in given:
            select = next(attributes for name, attributes in reversed(self._open) if name == "select")
            self.fields.setdefault(select["name"], []).append(given.get("value", ""))
        if tag not in VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        """The end of an element."""
        while any(name == tag for name, _ in self._open) and self._open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        text = data.strip()
        if text and not any(tag == "script" for tag, _ in self._open):
            self.texts.append(text)
            if any({"problems", "state", "notice--bad"} & set(given.get("class", "").split()) for _, given in self._open):
                self.refused.append(text)

    @property
    def text(self) -> str:
        """All that is read."""
        return " ".join(self.texts)

    def filled(self, **changes: str | list[str]) -> dict[str, str | list[str]]:
        """The form with some fields filled in; names with dots are written with two underscores."""
        return {**self.fields, **{name.replace("__", "."): value for name, value in changes.items()}}


def shown(response: HttpResponse) -> Shown:
    """Read the page of an answer."""
    found = Shown()
    found.feed(response.content.decode())
    found.close()
    return found


def sent(client: Client, fields: Sent, path: str = "/calculator/", status: int = 200) -> Shown:
    """The page that a form leads to."""
    response = client.post(path, dict(fields))
    assert response.status_code == status
    return shown(response)
