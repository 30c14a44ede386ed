"""A template that names what does not exist fails in the tests, instead of showing nothing."""

from __future__ import annotations

from typing import Any, NoReturn


class UnknownVariable(LookupError):
    """A template asked for a variable that the page does not give."""


class Refusal(str):
    """For Django's ``string_if_invalid``: the engine puts the name in, which is where this raises.

    ``{% if name %}`` and ``{% for one in names %}`` may still ask for what is not there; Django does not come here for them.
    """

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        """Django only formats a text that says where the name goes."""
        return part == "%s" or (isinstance(part, str) and super().__contains__(part))

    def __mod__(self, variable: Any) -> NoReturn:
        """Say which name is unknown."""
        raise UnknownVariable(f"the template asks for {variable}, which the page does not give")


REFUSAL = Refusal("unknown variable")
