"""An answer to "may this person do this", with the reason that button, page and API all show."""

from __future__ import annotations

from dataclasses import dataclass

from tidu.kernel.errors import TiduError


class NotAllowed(TiduError):
    """The act was refused; the sentence is the reason."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed; ``reason`` says why not, and is empty where it is."""

    allowed: bool
    reason: str = ""
    code: str = "not-allowed"

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Go on, or raise ``NotAllowed`` with the reason."""
        if not self.allowed:
            raise NotAllowed(self.code, self.reason)


YES = Decision(True)


def no(reason: str, code: str = "not-allowed") -> Decision:
    """A refusal."""
    return Decision(False, reason, code)
