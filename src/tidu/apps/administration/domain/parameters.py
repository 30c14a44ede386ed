"""Setting parameters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.administration.models import ParameterValue
from tidu.apps.administration.parameters import Parameter, parameter
from tidu.apps.administration.queries import value_of
from tidu.apps.administration.remembered import forget
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.kernel.errors import TiduError


def may_set(actor: Actor, known: Parameter) -> Decision:
    """Login policy belongs to the security administrator, the rest to the system administrator."""
    return actor.may_write(known.owner)


def set_parameter(*, actor: Actor, at: datetime, key: str, given: Sequence[str], version: int) -> Any:
    """Set a parameter from what was entered; returns the new value.

    ``version`` is the one the person saw (0 where it was never set): two people who change it at once do not overwrite each
    other unseen. Raises ``bad-parameter``, ``changed-meanwhile``, ``nothing-changed``.
    """
    known = parameter(key)
    may_set(actor, known).require()
    value, before = known.read(given), value_of(key)
    if value == before or (known.kind == "roles" and list(value) == list(before)):
        raise TiduError("nothing-changed", f"“{known.label}”已经是{known.shown(value)}，没有改动。", key=key)
    noted = {"value": value, "set_by_id": actor.user, "set_by_name": actor.name, "set_at": at, "version": version + 1}
    with transaction.atomic():
        if version == 0:
            _first(key, noted)
        elif not ParameterValue.objects.filter(key=key, version=version).update(**noted):
            raise _meanwhile(key)
        record_event(
            actor=actor, at=at, action="parameter.set", subject=Subject("parameter", key, known.label),
            detail={"before": {known.label: known.shown(before)}, "after": {known.label: known.shown(value)}},
        )  # fmt: skip
    forget()
    return value


def _first(key: str, noted: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            ParameterValue.objects.create(key=key, **noted)
    except IntegrityError as error:
        raise _meanwhile(key) from error


def _meanwhile(key: str) -> TiduError:
    other = ParameterValue.objects.filter(key=key).first()
    who = other.set_by_name if other else "别人"
    return TiduError("changed-meanwhile", f"您打开页面以后，{who}改过“{parameter(key).label}”。请核对现在的值，再决定是否改。", key=key)
