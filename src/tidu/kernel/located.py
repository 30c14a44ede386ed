"""YAML that remembers its lines: mappings and lists with the line each entry stands on.

Duplicate keys, which YAML readers drop silently, are refused here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tidu.kernel.errors import TiduError


class Section(dict[str, Any]):
    """A mapping with its file, the line it starts on and the line of each key (1-based)."""

    path: str = ""
    line: int = 0
    lines: dict[str, int]

    def at(self, key: str) -> int:
        """The line of a key, or of the mapping where the key is absent."""
        return self.lines.get(key, self.line)


class Listing(list[Any]):
    """A list with the line it starts on."""

    line: int = 0


class PackFault(TiduError):
    """A fault of a pack, with file and line."""

    def __init__(self, code: str, path: str, line: int, sentence: str, **data: Any) -> None:
        super().__init__(code, f"{path}:{line} {sentence}", path=path, line=line, sentence=sentence, **data)


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    match node.tag:
        case "tag:yaml.org,2002:null":
            return None
        case "tag:yaml.org,2002:bool":
            return text.lower() in {"true", "yes", "on"}
        case "tag:yaml.org,2002:int":
            return int(text.replace("_", "")) if text.lstrip("+-").isdigit() else text
        case "tag:yaml.org,2002:timestamp":
            return date.fromisoformat(text) if len(text) == 10 else text
        case _:
            return text


def _build(node: yaml.Node, path: str, faults: list[TiduError]) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        listing = Listing(_build(item, path, faults) for item in node.value)
        listing.line = line
        return listing
    section = Section()
    section.path, section.line, section.lines = path, line, {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"  # as written: YAML would read the key “on” as true
        key_line = key_node.start_mark.line + 1
        if key in section:
            faults.append(PackFault("duplicate-key", path, key_line, f"“{key}”在同一处写了两次。请删去一处。", key=key))
            continue
        section[key] = _build(value_node, path, faults)
        section.lines[key] = key_line
    return section


def read_documents(file: Path, name: str, faults: list[TiduError]) -> Iterator[Section]:
    """The documents of one YAML file; faults are added to ``faults`` with ``name`` and line."""
    try:
        text = file.read_text(encoding="utf-8")
        nodes = list(yaml.compose_all(text, Loader=yaml.CSafeLoader))
    except UnicodeDecodeError:
        faults.append(PackFault("bad-encoding", name, 1, "文件不是 UTF-8 编码。请另存为 UTF-8。"))
        return
    except yaml.YAMLError as error:
        # a bracket or a quotation mark that is never closed is only noticed further down
        unclosed = any(word in str(getattr(error, "context", "")) for word in ("flow", "quoted"))
        mark = getattr(error, "context_mark" if unclosed else "problem_mark", None)
        line = mark.line + 1 if mark else 1
        faults.append(PackFault("yaml-syntax", name, line, "YAML 写法有误，无法读取。请检查缩进、冒号后的空格和括号是否成对。"))
        return
    for node in nodes:
        built = _build(node, name, faults)
        if isinstance(built, Section):
            yield built
        elif built is not None:
            faults.append(PackFault("bad-document", name, node.start_mark.line + 1, "每个文档应是“键: 值”的形式。请以 standard: 等开头。"))
