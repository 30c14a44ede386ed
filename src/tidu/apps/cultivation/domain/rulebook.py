"""Pools and warnings as data: what ``rules/`` holds, read and linted once by the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import yaml

from tidu.apps.cultivation.domain.derived import wider_catalogue
from tidu.apps.cultivation.domain.titles import RULES
from tidu.apps.cultivation.enums import Stage
from tidu.kernel.errors import TiduError
from tidu.kernel.interpret import standard_keys
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.reading import read_packs


@dataclass(frozen=True)
class Pool:
    """One pool: the standards that say who enters and who leaves, and which stage fits, the highest first."""

    key: str
    name: str
    about: str
    clause: str
    entry: str
    exit: str
    stages: tuple[tuple[Stage, str], ...]

    @property
    def standards(self) -> tuple[str, ...]:
        """Names of all its standards."""
        return (self.entry, self.exit, *(name for _, name in self.stages))


@dataclass(frozen=True)
class WarningRule:
    """One ground for a warning; see ``rules/warnings.yaml`` for the keys."""

    key: str
    name: str
    period: str
    days: int
    second: bool
    show: tuple[str, ...]
    events: tuple[str, ...]
    criteria: str = ""
    holdings_within: int | None = None


@dataclass(frozen=True)
class Rulebook:
    """Everything the daily computation asks."""

    packs: PackSet
    pools: tuple[Pool, ...]
    warnings: tuple[WarningRule, ...]

    def standard(self, name: str) -> Standard:
        """The text of one rule."""
        return self.packs.versions(name)[-1]

    @cached_property
    def standards(self) -> tuple[Standard, ...]:
        """All rules of pools and warnings."""
        names = [name for pool in self.pools for name in pool.standards] + [rule.criteria for rule in self.warnings if rule.criteria]
        return tuple(self.standard(name) for name in names)

    def needs(self, pool: Pool) -> tuple[str, ...]:
        """The facts the entry and exit rules of a pool read, for people."""
        keys = {key for name in (pool.entry, pool.exit) for key in standard_keys(self.standard(name))}
        return tuple(sorted(key for key in keys if not key.startswith("事项:")))

    @property
    def digest(self) -> str:
        """The digest of the criteria."""
        return ",".join(f"{name}:{self.packs.digests[name][7:19]}" for name in ("pools", "warnings"))


@cache
def rulebook() -> Rulebook:
    """The rules that come with the package; raises ``faulty-packs`` with every fault of the criteria."""
    packs = read_packs([RULES / "criteria"], facts=wider_catalogue())
    pools = tuple(_pool(row) for row in yaml.safe_load((RULES / "pools.yaml").read_text(encoding="utf-8")))
    warnings = tuple(_warning(row) for row in yaml.safe_load((RULES / "warnings.yaml").read_text(encoding="utf-8")))
    book = Rulebook(packs, pools, warnings)
    if book.standards:
        return book
    raise TiduError("no-rules", "没有登记任何库的规则。请检查 rules/pools.yaml。")


def _pool(row: Mapping[str, Any]) -> Pool:
    stages = tuple((Stage(key), name) for key, name in row.get("stages", {}).items())
    return Pool(row["key"], row["name"], row["about"], row["clause"], row["entry"], row["exit"], stages)


def _warning(row: Mapping[str, Any]) -> WarningRule:
    return WarningRule(
        row["key"], row["name"], row["period"], row["days"], row["second"], tuple(row["show"]), tuple(row["events"]),
        row.get("criteria", ""), row.get("holdings_within"),
    )  # fmt: skip


def pool_of(key: str) -> Pool:
    """The pool with a key; raises ``no-such-pool``."""
    found = next((pool for pool in rulebook().pools if pool.key == key), None)
    if found is None:
        raise TiduError("no-such-pool", f"没有代号为“{key}”的库。现有：{'、'.join(pool.name for pool in rulebook().pools)}。")
    return found


def warning_rule(key: str) -> WarningRule:
    """The rule with a key; raises ``no-such-warning-rule``."""
    found = next((rule for rule in rulebook().warnings if rule.key == key), None)
    if found is None:
        raise TiduError("no-such-warning-rule", f"没有代号为“{key}”的预警规则。它可能已从规则中删除。")
    return found
