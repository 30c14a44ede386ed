"""What every readable page shares: it is a frozen record that turns into JSON, and its shape is a JSON schema.

The schema is derived from the types of the records, so that it cannot say something else than the code does.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Union, get_args, get_origin, get_type_hints

_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    date: {"type": "string", "format": "date"},
}


@dataclass(frozen=True, slots=True)
class Document:
    """A readable record; everything in it is text, whole numbers, yes/no, days and further records."""

    def as_document(self) -> dict[str, Any]:
        """The record as JSON: days as ``2024-05-01``, tuples as lists."""
        return {field.name: _as_json(getattr(self, field.name)) for field in fields(self)}


def _as_json(value: Any) -> Any:
    if isinstance(value, Document):
        return value.as_document()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_as_json(part) for part in value]
    if isinstance(value, Mapping):
        return {str(key): _as_json(part) for key, part in value.items()}
    return value


def schema_of(pages: Iterable[type[Document]]) -> dict[str, Any]:
    """One JSON schema (2020-12) whose ``$defs`` describe every page type and the records in it."""
    found: dict[str, Any] = {}
    roots = [_schema(page, found) for page in pages]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "政策与标准的可读文档",
        "anyOf": roots,
        "$defs": dict(sorted(found.items())),
    }


def _schema(kind: Any, found: dict[str, Any]) -> dict[str, Any]:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return {"anyOf": [_schema(part, found) for part in get_args(kind)]}
    if origin is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0], found)}
    if is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, found)
    raise TypeError(f"no JSON shape for {kind}")


def _record(kind: type, found: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name in found and found[name] and found[name]["description"] != _described(kind):
        raise TypeError(f"two records are called {name}")
    if name not in found:
        found[name] = {}  # a record may hold records of its own type
        hints = get_type_hints(kind)
        properties = {field.name: _schema(hints[field.name], found) for field in fields(kind)}
        found[name] = {
            "type": "object",
            "description": _described(kind),
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


def _described(kind: type) -> str:
    return (kind.__doc__ or "").strip().split("\n", 1)[0]
