"""As much of JSON schema as ``schema.json`` uses, so that documents are checked without another dependency."""

from __future__ import annotations

from datetime import date
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {"string": str, "boolean": bool, "null": type(None), "object": dict, "array": list}


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], where: str = "$") -> list[str]:
    """Where a document departs from its schema."""
    if "$ref" in schema:
        return faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, where)
    if "anyOf" in schema:
        tried = [faults(value, part, root, where) for part in schema["anyOf"]]
        return [] if any(not one for one in tried) else min(tried, key=len)
    kind = schema["type"]
    if kind == "integer":
        return [] if isinstance(value, int) and not isinstance(value, bool) else [f"{where}: {value!r} is no integer"]
    if not isinstance(value, _TYPES[kind]):
        return [f"{where}: {value!r} is no {kind}"]
    if schema.get("format") == "date":
        return [] if date.fromisoformat(value).isoformat() == value else [f"{where}: {value!r} is no day"]
    if kind == "array":
        return [fault for place, part in enumerate(value) for fault in faults(part, schema["items"], root, f"{where}[{place}]")]
    if kind == "object":
        return _record_faults(value, schema, root, where)
    return []


def _record_faults(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], where: str) -> list[str]:
    known = schema["properties"]
    found = [f"{where}: lacks {name}" for name in schema["required"] if name not in value]
    found += [f"{where}: has {name}" for name in value if name not in known]
    return found + [fault for name, part in value.items() if name in known for fault in faults(part, known[name], root, f"{where}.{name}")]
