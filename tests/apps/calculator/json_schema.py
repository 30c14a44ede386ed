"""A checker for the part of JSON Schema that the calculator's schema uses; what it does not know it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

KNOWN = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "type", "required", "properties", "additionalProperties", "items", "enum",
    "const", "pattern", "anyOf",
}  # fmt: skip
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "integer": int, "number": int | float, "boolean": bool, "null": type(None),
}  # fmt: skip


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], place: str = "$", *, closed: bool = True) -> Iterator[str]:
    """Where a value differs from the schema; with ``closed`` keys beyond the schema are told too."""
    unknown = set(schema) - KNOWN
    if unknown:
        yield f"{place}: the checker does not know {sorted(unknown)}"
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, place, closed=closed)
    if "anyOf" in schema and all(list(faults(value, part, root, place, closed=closed)) for part in schema["anyOf"]):
        yield f"{place}: fits none of the alternatives: {value!r}"
    if "const" in schema and value != schema["const"]:
        yield f"{place}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of {schema['enum']}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{place}: {value!r} does not match"
    wanted = schema.get("type", [])
    types = [wanted] if isinstance(wanted, str) else wanted
    if types and not any(isinstance(value, TYPES[name]) and (name == "boolean") >= isinstance(value, bool) for name in types):
        yield f"{place}: {value!r} is not of {types}"
        return
    if isinstance(value, dict):
        yield from _object(value, schema, root, place, closed)
    if isinstance(value, list) and "items" in schema:
        for number, part in enumerate(value):
            yield from faults(part, schema["items"], root, f"{place}[{number}]", closed=closed)


def _object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], place: str, closed: bool) -> Iterator[str]:
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{place}: lacks {name}"
    for name, part in value.items():
        inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
        if inner is not None:
            yield from faults(part, inner, root, f"{place}.{name}", closed=closed)
        elif closed and "properties" in schema:
            yield f"{place}: {name} is not in the schema"
