"""The shape of a statement: which columns the inputs have, and in which CTE each computed column stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tidu.kernel import sql_nodes as sql
from tidu.kernel.errors import TiduError
from tidu.kernel.rules import Amount, Compare, Expert, Flag, Judged, Measure, OneOf, Rule, Share, leaf_keys, walk
from tidu.kernel.sql_nodes import Dialect, Node

ROW = "row_no"
"""Column of an input table that numbers its rows; results come in this order."""

LONGEST_NAME = 63
"""PostgreSQL cuts longer identifiers off (bytes)."""

MOST_COLUMNS = 1600
"""PostgreSQL's limit of a row."""


class InputType(StrEnum):
    """How an input is stored."""

    INTEGER = "BIGINT"
    BOOLEAN = "BOOLEAN"
    TEXT = "TEXT"


def input_types(nodes: Iterable[Rule | Amount]) -> dict[str, InputType]:
    """The type of every input that rules read, by the question asked of it."""
    found: dict[str, InputType] = {}
    for root in nodes:
        for node in walk(root):
            match node:
                case Compare() | Measure() | Share() | Expert():
                    kind = InputType.INTEGER
                case Flag() | Judged():
                    kind = InputType.BOOLEAN
                case OneOf():
                    kind = InputType.TEXT
                case _:
                    continue
            for key in leaf_keys(node):
                if found.setdefault(key, kind) is not kind:
                    raise TiduError("mixed-input", f"“{key}”同时被当作{found[key]}和{kind}使用。请核对规则包。", key=key)
    return dict(sorted(found.items()))


def column_names(keys: Iterable[str]) -> dict[str, str]:
    """A column name for every input: its own where every database keeps it apart, else a short one."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for number, key in enumerate(sorted(keys), 1):
        # computed columns are ASCII, and two databases do not tell capitals from small letters
        own = not key.isascii() and len(key.encode()) <= LONGEST_NAME and key.casefold() not in taken
        found[key] = key if own else f"c{number:04d}"
        taken.add(found[key].casefold())
    return found


@dataclass
class _Column:
    name: str
    node: Node
    comment: str
    stage: int
    level: int


@dataclass
class Plan:
    """Computed columns in stages; one that reads another of its stage stands in a later CTE."""

    dialect: Dialect
    names: Mapping[str, str]
    stages: list[str] = field(default_factory=list)
    columns: dict[str, _Column] = field(default_factory=dict)
    shared: dict[Node, str] = field(default_factory=dict)

    def input(self, key: str) -> Node:
        """The column of an input."""
        return sql.column(self.names[key])

    def begin(self, stage: str) -> None:
        """Columns added from now on stand behind all those before."""
        self.stages.append(stage)

    def add(self, name: str, node: Node, comment: str = "") -> Node:
        """A computed column."""
        stage = len(self.stages) - 1
        read = (self.columns[found] for found in sql.names_in(node) if found in self.columns)
        level = 1 + max((column.level for column in read if column.stage == stage), default=0)
        self.columns[name] = _Column(name, node, comment, stage, level)
        return sql.column(name)

    def share(self, node: Node) -> Node:
        """A node for repeated use: a column of its own unless it is one already, or a literal."""
        if sql.is_plain(node):
            return node.copy()
        if node not in self.shared:
            self.shared[node] = f"part_{len(self.shared)}"
            self.add(self.shared[node], node)
        return sql.column(self.shared[node])

    def query(self, table: str, first: Iterable[str], results: Iterable[str]) -> str:
        """The whole statement over ``table``; raises ``too-many-columns`` beyond what PostgreSQL can hold."""
        steps: dict[tuple[int, int], list[_Column]] = {}
        for column in self.columns.values():
            steps.setdefault((column.stage, column.level), []).append(column)
        width = 2 + len(self.names) + len(self.columns)
        if self.dialect is Dialect.POSTGRES and width > MOST_COLUMNS:
            sentence = f"一次评估需要 {width} 列，超过 PostgreSQL 每行 {MOST_COLUMNS} 列的上限。请把标准分成几次评估。"
            raise TiduError("too-many-columns", sentence, width=width)
        named = [
            (self._step_name(stage, level, steps), [sql.alias(column.node, column.name, column.comment) for column in listed])
            for (stage, level), listed in sorted(steps.items())
        ]
        columns = [sql.column(name) for name in (*first, *results)]
        legend = [f"{name} = {key}" for key, name in self.names.items() if name != key]
        return sql.query(table, named, columns, ROW, self.dialect, legend)

    def _step_name(self, stage: int, level: int, steps: Mapping[tuple[int, int], object]) -> str:
        """The last level of a stage has its plain name."""
        last = (stage, level + 1) not in steps
        return self.stages[stage] if last else f"{self.stages[stage]}_{level}"
