"""Reading packs: YAML files → standards, calculations and the raw documents that settlement reads.

Reading collects every fault of every file and raises them together; nothing half-read is ever used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tidu.kernel.award_reading import read_awards
from tidu.kernel.calculations import read_calculation
from tidu.kernel.criteria import Ground, class_floor_rules, class_rules, read_criterion
from tidu.kernel.effort import read_effort
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.expressions import Indicator, Scope
from tidu.kernel.facts import PACKS, Catalogue, Fact, Kind, Store, catalogue
from tidu.kernel.headers import read_confidence, read_reference, read_validity
from tidu.kernel.lint import distinct, lint_indicators, lint_standards
from tidu.kernel.located import Listing, PackFault, Section, read_documents
from tidu.kernel.packs import Origin, PackSet, Standard, digest_of
from tidu.kernel.quantities import UNITS
from tidu.kernel.rules import Constant, Rule
from tidu.kernel.scoring import read_item

KINDS = ("standard", "award", "ruling", "base", "policy", "indicator", "mapping", "calculation", "effort")
VERSIONED = frozenset({"standard", "policy"})
STANDARD_KEYS = {
    "standard", "version", "tier", "reference", "application", "in_force", "confidence", "checked_on", "note",
    "requires", "scores", "prerequisites", "classes", "extends", "replace", "drop", "gap",
}  # fmt: skip
_PREFIX = re.compile(r"[A-Z]|\d{2,4}")
APPLICATIONS = ("new", "review")


@dataclass
class Drawer:
    """What has been read so far."""

    faults: list[TiduError] = field(default_factory=list)
    documents: dict[str, list[tuple[str, Section]]] = field(default_factory=dict)
    digests: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)


def _kind_of(section: Section) -> str:
    return next(iter(section), "")


def _collect(root: Path, drawer: Drawer) -> None:
    files = sorted(root.rglob("*.yaml")) if root.is_dir() else [root]
    for file in files:
        name = file.relative_to(root).as_posix() if root.is_dir() else file.name
        drawer.digests.setdefault(name.partition("/")[0].removesuffix(".yaml"), []).append((name, file.read_bytes()))
        for section in read_documents(file, name, drawer.faults):
            kind = _kind_of(section)
            if kind not in KINDS:
                sentence = f"文档的第一项“{kind}”无法识别。可用：{'、'.join(KINDS)}。"
                drawer.faults.append(PackFault("unknown-kind", name, section.line, sentence, kind=kind))
                continue
            drawer.documents.setdefault(kind, []).append((name, section))


def _indicators(drawer: Drawer) -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    for path, section in drawer.documents.get("indicator", []):
        ground = Ground(path, Scope(catalogue()), drawer.faults)
        ground.unknown_keys(section, {"indicator", "unit", "formula", "clause", "note", "confidence", "reference"}, "计算指标")
        name = str(section["indicator"])
        if name in found:
            ground.fault("duplicate-id", section.line, f"计算指标“{name}”定义了两次。请保留一处。", id=name)
        if str(section.get("unit")) not in UNITS:
            ground.fault("bad-literal", section.at("unit"), f"计算指标“{name}”的单位“{section.get('unit')}”无法识别。")
            continue
        found[name] = Indicator(name, str(section.get("formula") or ""), str(section["unit"]), str(section.get("note") or ""))
    return found


def _mappings(drawer: Drawer) -> dict[str, tuple[str, Mapping[str, str]]]:
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    for path, section in drawer.documents.get("mapping", []):
        ground = Ground(path, Scope(catalogue()), drawer.faults)
        ground.unknown_keys(section, {"mapping", "of", "rows", "note", "reference", "confidence", "clause"}, "对照表")
        prefixes: dict[str, str] = {}
        for row in ground.records(section, "rows", "对照表"):
            ground.unknown_keys(row, {"value", "prefixes", "note"}, "对照表的行")
            listed = row.get("prefixes")
            if not isinstance(listed, Listing) or not row.get("value"):
                ground.fault("missing-key", row.line, "对照表的一行应写明 value 和 prefixes: [前缀, …]。请补上。")
                continue
            for prefix in listed:
                if not _PREFIX.fullmatch(str(prefix)):
                    ground.fault(
                        "bad-prefix", row.line, f'行业代码前缀“{prefix}”应是一个字母或 2 至 4 位数字，数字加引号，例如 "06"。请改正。'
                    )
                if str(prefix) in prefixes:
                    ground.fault("duplicate-id", row.line, f"对照表中前缀“{prefix}”出现两次。请保留一处。", id=str(prefix))
                prefixes[str(prefix)] = str(row.get("value"))
        found[str(section["mapping"])] = (str(section.get("of")), prefixes)
    return found


def _with_derived(known: Catalogue, mappings: Mapping[str, tuple[str, Mapping[str, str]]]) -> Catalogue:
    """The catalogue plus the facts that mappings derive (划型行业)."""
    derived = {
        name: Fact(name, name, Kind.FIRM, Store.TEXT, UNITS[""], tuple(dict.fromkeys(prefixes.values())), f"由{source}推导")
        for name, (source, prefixes) in mappings.items()
    }
    return replace(known, facts={**known.facts, **derived})


def _application(section: Section, ground: Ground) -> frozenset[str]:
    raw = section.get("application", Listing(APPLICATIONS))
    wanted = frozenset(map(str, raw)) if isinstance(raw, list) else frozenset()
    if not wanted or not wanted <= set(APPLICATIONS):
        ground.fault("bad-application", section.at("application"), f"application 只能是 [new]、[review] 或 [new, review]，读到“{raw}”。")
    return wanted


class StandardReader:
    """Reads the standards of a drawer; overlays are expanded over the text they extend first."""

    def __init__(self, drawer: Drawer, scope: Scope) -> None:
        self.drawer, self.scope = drawer, scope
        self.sections = drawer.documents.get("standard", [])
        self.class_sections = {str(section["standard"]): (path, section) for path, section in self.sections if "classes" in section}

    def read(self) -> list[Standard]:
        """All standards."""
        return [self.standard(path, section) for path, section in self.sections]

    def classes(self, name: str) -> dict[str, Rule]:
        """The size classes of a classification document, by class name."""
        if name not in self.class_sections:
            return {}
        path, section = self.class_sections[name]
        ground = Ground(path, self.scope, [])
        return class_rules(ground.section(section, "classes", "划型"), ground)

    def standard(self, path: str, raw: Section) -> Standard:
        """One dated text."""
        ground = Ground(path, self.scope, self.drawer.faults, classes=self.classes)
        ground.unknown_keys(raw, STANDARD_KEYS, "标准")
        ground.check_words(raw, ("standard", "version", "tier", "note"))
        section = self.expanded(raw, ground) if "extends" in raw else raw
        before = len(self.drawer.faults)
        items = [read_item(item, ground, item.line) for item in ground.records(section, "scores", "标准")]
        ground.sound_items = len(self.drawer.faults) == before
        ground.items = tuple(item for item in items if item is not None)
        classes: dict[str, Rule] = {}
        requires: Rule = Constant(True)
        if "classes" in section:
            classes = class_floor_rules(ground.section(section, "classes", "划型"), ground)
        elif "requires" in section:
            requires = read_criterion(section["requires"], ground, section.at("requires"))
        else:
            ground.fault("missing-key", section.line, "标准缺少“requires”（条件）或“classes”（划型）。")
        prerequisites = tuple(read_criterion(part, ground, part.line) for part in ground.records(section, "prerequisites", "标准"))
        return Standard(
            name=str(raw["standard"]),
            version=str(raw.get("version") or ""),
            tier=str(section.get("tier") or ""),
            reference=read_reference(raw, ground),
            application=_application(raw, ground),
            in_force=read_validity(raw, ground),
            confidence=read_confidence(raw, ground),
            checked_on=raw.get("checked_on") if isinstance(raw.get("checked_on"), date) else None,
            requires=requires,
            scores=ground.items,
            classes=tuple(classes.items()),
            rest=str(section["classes"].get("rest") or "") if isinstance(section.get("classes"), Section) else "",
            prerequisites=prerequisites,
            tests=dict(ground.tests),
            note=str(raw.get("note") or ""),
            origin=Origin(path, raw.line),
            source=section,
        )

    def expanded(self, raw: Section, ground: Ground, seen: tuple[str, ...] = ()) -> Section:
        """An overlay as a full text: the extended one with criteria and items replaced or dropped by id."""
        wanted = ground.section(raw, "extends", "补充规定")
        base = next(
            (
                section
                for _, section in self.sections
                if section is not raw and section["standard"] == raw["standard"] and section.get("version") == wanted.get("version")
            ),
            None,
        )
        if base is None:
            ground.fault(
                "unknown-base", raw.at("extends"), f"找不到要补充的文本“{raw['standard']}”{wanted.get('version')}。请核对 version。"
            )
            return raw
        ground.unknown_keys(wanted, {"document", "part", "version"}, "extends")
        if str(base.get("version")) in seen:
            ground.fault("unknown-base", raw.at("extends"), f"“{raw['standard']}”的补充规定绕回了它自己。请核对 extends 的 version。")
            return raw
        whole = self.expanded(base, ground, (*seen, str(base.get("version")))) if "extends" in base else base
        changes: dict[str, Any] = dict(ground.section(raw, "replace", "补充规定")) if "replace" in raw else {}
        listed = raw.get("drop", Listing())
        if not isinstance(listed, Listing):
            ground.fault("bad-list", raw.at("drop"), f"drop 应是编号的列表，例如 [XJP1]，读到“{listed}”。请改正。")
            listed = Listing()
        drops = {str(name): raw.at("drop") for name in listed}
        used: set[str] = set()
        merged: Section = _overlaid(whole, changes, drops, used)
        for name in (*changes, *drops):
            if name not in used:
                ground.fault("unknown-id", raw.line, f"补充规定要改的条目“{name}”在原文本中不存在。请核对 id。", id=name)
        return merged


def _overlaid(node: Any, changes: Mapping[str, Any], drops: Mapping[str, int], used: set[str]) -> Any:
    if isinstance(node, Listing):
        copied = Listing()
        copied.line = node.line
        for part in node:
            identity = str(part.get("id") or "") if isinstance(part, Section) else ""
            if identity in drops:
                used.add(identity)
            elif identity in changes:
                used.add(identity)
                copied.append(_completed(changes[identity], part))
            else:
                copied.append(_overlaid(part, changes, drops, used))
        return copied
    if isinstance(node, Section):
        section = Section({key: _overlaid(value, changes, drops, used) for key, value in node.items()})
        section.path, section.line, section.lines = node.path, node.line, node.lines
        return section
    return node


def _completed(change: Any, original: Section) -> Any:
    """A replacement keeps the id, group and clause of what it replaces where it does not give its own."""
    if isinstance(change, Section):
        for key in ("id", "group", "clause"):
            if key in original and key not in change:
                change[key] = original[key]
                change.lines[key] = change.line
    return change


def identity_of(kind: str, section: Section) -> tuple[str, ...]:
    """What makes two documents the same one: the name, and the version where texts have versions."""
    version = (str(section.get("version") or ""),) if kind in VERSIONED else ()
    return (kind, str(section[kind]), *version)


def _replace(drawer: Drawer, changes: Iterable[Path]) -> None:
    """Put documents in the place of the same ones; what is new is added behind."""
    fresh = Drawer(faults=drawer.faults)
    for root in changes:
        _collect(root, fresh)
    for kind, documents in fresh.documents.items():
        listed = drawer.documents.setdefault(kind, [])
        places = {identity_of(kind, section): place for place, (_, section) in enumerate(listed)}
        given: set[tuple[str, ...]] = set()
        for path, section in documents:
            identity = identity_of(kind, section)
            if identity in given:
                drawer.faults.append(
                    PackFault("duplicate-id", path, section.line, f"“{' '.join(identity[1:])}”在修改文件里写了两次。请保留一处。")
                )
            given.add(identity)
            if identity in places:
                listed[places[identity]] = (path, section)
            else:
                listed.append((path, section))
    drawer.digests.update({f"change/{name}": parts for name, parts in fresh.digests.items()})


def read_packs(
    roots: Iterable[Path], *, base: Path | None = PACKS, changes: Iterable[Path] = (), facts: Catalogue | None = None
) -> PackSet:
    """Read packs from folders or files, on top of the shipped ones unless ``base`` is None.

    ``facts`` is the catalogue that rules may name, where it is wider than the shipped one.

    A document in ``changes`` takes the place of the one of the same kind and name (and version, where there are
    versions), or is added. Raises ``Problems`` (code ``faulty-packs``) with every fault found.
    """
    drawer = Drawer()
    for root in ([base] if base is not None else []) + list(roots):
        _collect(root, drawer)
    _replace(drawer, changes)
    mappings = _mappings(drawer)
    scope = Scope(_with_derived(facts or catalogue(), mappings), _indicators(drawer))
    reader = StandardReader(drawer, scope)
    standards = reader.read()
    lint_indicators(drawer.documents.get("indicator", []), scope, drawer.faults)
    lint_standards(standards, scope, drawer.faults)
    book = read_awards(drawer.documents, scope, drawer.faults, reader.classes)
    calculations = [read_calculation(path, section, drawer.faults) for path, section in drawer.documents.get("calculation", [])]
    for path, section in drawer.documents.get("effort", []):
        read_effort(path, section, scope, drawer.faults)
    if drawer.faults:
        raise Problems("faulty-packs", distinct(drawer.faults))
    return PackSet(
        scope,
        tuple(standards),
        {calculation.name: calculation for calculation in calculations},
        {kind: tuple(section for _, section in sections) for kind, sections in drawer.documents.items()},
        mappings,
        {name: digest_of(parts) for name, parts in drawer.digests.items()},
        book,
    )


@cache
def load_packs() -> PackSet:
    """The packs shipped with the project, read once."""
    return read_packs([])
