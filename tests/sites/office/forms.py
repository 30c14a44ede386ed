"""A valid form for every address that takes one: what ``test_writes_are_in_the_audit.py`` sends.

How to add a form: write a function that is given the district, makes the objects which the form speaks of, and returns
``Sent(role, data, args)``: who sends it, its fields and files (valid, so that it takes effect), the arguments of the address.
Register it with ``@form("name-of-the-address")``, here or in a module of your own beside this one that is named ``forms_*.py``
(those are read by themselves). Where the form only reads (a preview, a search), say ``changes=False``; where nobody is
logged in, ``role=None``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from django.test import Client

from tests.apps.people import AT, PASSWORD, District
from tidu.apps.accounts.enums import Role


@dataclass(frozen=True)
class Sent:
    """One form that takes effect: who sends it, its fields and files (as ``client.post`` takes them), the arguments of its address."""

    role: Role | None
    data: Mapping[str, Any] = field(default_factory=dict)
    args: Sequence[Any] = ()
    changes: bool = True
    before: Callable[[Client], object] | None = None
    """What must have been done in the same browser first."""


FORMS: dict[str, Callable[[District], Sent]] = {}


def form(name: str) -> Callable[[Callable[[District], Sent]], Callable[[District], Sent]]:
    """Registers the function below as the maker of a valid form for an address."""

    def register(maker: Callable[[District], Sent]) -> Callable[[District], Sent]:
        if name in FORMS:
            raise RuntimeError(f"two forms for {name}")
        FORMS[name] = maker
        return maker

    return register


def all_forms() -> dict[str, Callable[[District], Sent]]:
    """The forms of this module and of its neighbours."""
    for path in sorted(Path(__file__).parent.glob("forms_*.py")):
        import_module(f"tests.sites.office.{path.stem}")
    return FORMS


def _with_password(district: District, role: Role) -> None:
    user = district.people[role]
    user.set_password(PASSWORD)
    user.password_changed_at = AT
    user.save()


@form("login")
def login(district: District) -> Sent:
    _with_password(district, Role.BUREAU_CLERK)
    return Sent(None, {"username": Role.BUREAU_CLERK.value, "password": PASSWORD})


@form("logout")
def logout(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, changes=False)


@form("password")
def password(district: District) -> Sent:
    _with_password(district, Role.BUREAU_CLERK)
    return Sent(Role.BUREAU_CLERK, {"old": PASSWORD, "new": "Xin-2024-mima", "again": "Xin-2024-mima"})
