"""What every way outside can do."""

from __future__ import annotations

from typing import Protocol


class NotDelivered(Exception):
    """A message did not go out; the text is a sentence for the log and names no address."""


class Channel(Protocol):
    """One way outside."""

    @property
    def off(self) -> str:
        """Why it is off; empty where it is on."""

    def send(self, address: str, title: str, text: str) -> str:
        """Send; returns what came of it in a few words, raises ``NotDelivered``."""
