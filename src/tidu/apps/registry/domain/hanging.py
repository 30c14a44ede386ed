"""What hangs on a firm: every table that points at ``Enterprise``, and what becomes of its rows when two firms are merged.

An app names its own tables in a module ``hanging``; a test holds the list against the models, so that a new table that
points at firms cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, UniqueConstraint
from django.utils.module_loading import autodiscover_modules

from tidu.apps.enterprises.models import Enterprise

MOVE, STAY, MADE = "move", "stay", "made"
"""Rows go over to the kept firm; rows stay with the entry that is gone; rows are worked out anew from others."""


@dataclass(frozen=True, slots=True)
class Hanging:
    """One relation: ``model`` and ``field`` that point at a firm, what people call its rows, and what becomes of them.

    ``same`` are the fields that make two rows the same, beside those that the table itself holds unique for a firm: a row
    whose like the kept firm has already stays where it is.
    ``open`` says why a firm cannot be merged now (open cases), empty where it can.
    """

    model: str
    field: str
    title: str
    how: str = MOVE
    same: tuple[str, ...] = ()
    open: Callable[[Enterprise], str] | None = None

    @property
    def key(self) -> str:
        """The name of the relation in records."""
        return f"{self.model}.{self.field}"

    @property
    def table(self) -> type[Model]:
        """The model."""
        return apps.get_model(self.model)

    @property
    def likenesses(self) -> list[tuple[tuple[str, ...], Q]]:
        """Groups of fields in which no two rows of one firm may agree, each with the rows it speaks of; an empty group: a firm
        has one row only."""
        meta = self.table._meta
        found: list[tuple[tuple[str, ...], Q]] = [(self.same, Q())] if self.same else []
        if meta.get_field(self.field).unique:
            found.append(((), Q()))
        return found + [
            (tuple(name for name in one.fields if name != self.field), one.condition or Q())
            for one in meta.constraints
            if isinstance(one, UniqueConstraint) and self.field in one.fields
        ]

    def rows(self, enterprise: int) -> Any:
        """The rows that point at a firm."""
        return self.table._default_manager.filter(**{self.field: enterprise}).order_by("pk")


_HANGING: dict[str, Hanging] = {}


def hangs(model: str, field: str, title: str, *, how: str = MOVE, same: tuple[str, ...] = (), open_cases: Callable[[Enterprise], str] | None = None) -> None:  # fmt: skip
    """Name a table whose rows point at a firm."""
    found = Hanging(model, field, title, how, same, open_cases)
    _HANGING[found.key] = found


@cache
def hanging() -> tuple[Hanging, ...]:
    """All that hangs on a firm: what the apps name, and every other relation, which is moved."""
    autodiscover_modules("hanging")
    for key, model, field in relations():
        if key not in _HANGING:
            hangs(model, field, str(apps.get_model(model)._meta.verbose_name))
    return tuple(_HANGING[key] for key in sorted(_HANGING))


def named() -> frozenset[str]:
    """Relations that an app names itself."""
    autodiscover_modules("hanging")
    return frozenset(_HANGING)


def relations() -> list[tuple[str, str, str]]:
    """Every relation that points at ``Enterprise``: key, model, field."""
    return [
        (f"{one.related_model._meta.label}.{one.field.name}", one.related_model._meta.label, one.field.name)
        for one in Enterprise._meta.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)
    ]
