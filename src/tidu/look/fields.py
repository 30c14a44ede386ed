"""One field of a form, whatever asks for it: the template ``look/field.html`` shows all of them alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

TEXT, FIGURE, DATE, RADIO, CHECKBOXES, SELECT, LONG = "text", "figure", "date", "radio", "checkboxes", "select", "long"
HIDDEN = "password"
"""What is typed is not shown."""
FILE = "file"
"""A file of comma-separated values."""
CODE = "code"
"""A one-time code: digits on a telephone's keyboard, offered by the browser where it knows it."""


@dataclass(frozen=True)
class Choice:
    """One possible answer."""

    value: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Field:
    """What is asked, how it is written, what was given, and what is wrong with that.

    ``kind`` is one of the words above; ``values`` holds what was given (several only for checkboxes).
    """

    name: str
    label: str
    kind: str = TEXT
    hint: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()
    choices: Sequence[Choice] = field(default=())
    error: str = ""
    optional: bool = False
    short: bool = False
    blank: str = "请选择"
    """What a list to choose from shows while nothing is chosen."""

    @property
    def value(self) -> str:
        """The single value given."""
        return self.values[0] if self.values else ""

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for ``aria-describedby``."""
        return " ".join([*([f"{self.name}-hint"] if self.hint else []), *([f"{self.name}-error"] if self.error else [])])

    @property
    def grouped(self) -> bool:
        """Whether several inputs share the label."""
        return self.kind in {RADIO, CHECKBOXES}
