"""The one family of errors of the kernel: a stable code, a Chinese sentence, the data behind it.

A message says what happened, which value, which rule, and what to do next.
"""

from __future__ import annotations

from typing import Any


class TiduError(Exception):
    """An error that a user can act on.

    ``code`` is stable English for APIs and logs, ``message`` is the Chinese sentence for people,
    ``data`` keeps the values the sentence speaks of.
    """

    def __init__(self, code: str, message: str, **data: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def __str__(self) -> str:
        return self.message


class Problems(TiduError):
    """Several problems found in one pass over one input; none is hidden behind the first."""

    def __init__(self, code: str, problems: list[TiduError]) -> None:
        super().__init__(code, "\n".join(problem.message for problem in problems), count=len(problems))
        self.problems = problems
