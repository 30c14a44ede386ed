"""Fictional firms for 先看一个例子, as answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tidu.apps.calculator.domain.answers import Answers
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.located import PackFault, Section, read_documents

SHIPPED = Path(__file__).with_name("examples.yaml")
KEYS = {"id", "label", "text", "answers"}


@dataclass(frozen=True)
class Example:
    """One fictional firm."""

    id: str
    label: str
    text: str
    answers: Answers


@cache
def examples() -> tuple[Example, ...]:
    """The shipped examples."""
    return read_examples(SHIPPED)


def example(name: str) -> Example:
    """One of them by id; raises ``unknown-example``."""
    for one in examples():
        if one.id == name:
            return one
    known = "、".join(one.id for one in examples())
    raise TiduError("unknown-example", f"没有编号为“{name}”的例子。可用：{known}。", name=name)


def read_examples(path: Path) -> tuple[Example, ...]:
    """Read examples; raises ``Problems`` (code ``faulty-examples``) with file and line of every fault."""
    faults: list[TiduError] = []
    found: list[Example] = []
    for document in read_documents(path, path.name, faults):
        listed = [raw for raw in document.get("examples") or () if isinstance(raw, Section)]
        found += [_example(raw, faults) for raw in listed]
    if faults:
        raise Problems("faulty-examples", faults)
    return tuple(found)


def _example(raw: Section, faults: list[TiduError]) -> Example:
    told = raw.get("answers")
    if set(raw) != KEYS or not isinstance(told, Section):
        faults.append(PackFault("bad-example", raw.path, raw.line, f"例子要有 {'、'.join(sorted(KEYS))}，不要别的。"))
        return Example("", "", "", Answers())
    texts = {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in told.items()}
    answers, problems = Answers.parse(texts)
    faults += [PackFault(problem.code, raw.path, told.at(problem.field), problem.sentence) for problem in problems]
    return Example(str(raw["id"]), str(raw["label"]), str(raw["text"]), answers)
