"""A file worked out against the registry, without touching it: whose each row is, what would be written, what is to be said of it.

Both the check and the commit work from the same ``prepare``: what is committed is what was shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

import polars as pl

from tidu.apps.audit.digests import sm3
from tidu.apps.enterprises.domain.names import folded_name
from tidu.apps.enterprises.models import Batch
from tidu.apps.imports.domain.files import kept_file
from tidu.apps.imports.domain.learning import dictionary_for
from tidu.apps.imports.domain.registry import Registry, registry_of
from tidu.apps.imports.enums import OPEN, TAKEN, Choice, Outcome
from tidu.apps.imports.models import ImportSheet
from tidu.apps.imports.reading.assembling import AT, PERIOD, Key, Parsed, parse
from tidu.apps.imports.reading.finding import table_of
from tidu.apps.imports.reading.matching import Known, Match, match
from tidu.apps.imports.reading.opening import open_file
from tidu.apps.imports.reading.plans import SheetPlan
from tidu.apps.imports.reading.repeats import one_each, one_entry_each
from tidu.apps.imports.reading.sanity import Where, check_totals, look_through, look_through_events
from tidu.apps.imports.reading.strays import without_strays
from tidu.apps.imports.reading.values import Reading
from tidu.exchange.notices import Notice, Severity
from tidu.exchange.sheets import Grid
from tidu.kernel.credit_code import check_credit_code
from tidu.kernel.facts import catalogue

CODE = "\0code"
"""The firm's code in frames: firms that are not registered yet have no other name."""
Tell = Callable[[str, int, int], None]


@dataclass
class PreparedSheet:
    """One sheet: rows with their firms, facts by level, events by type; frames hold ``CODE``, ``AT`` and ``PERIOD``."""

    sheet: ImportSheet
    reading: Reading
    parsed: Parsed
    folded: list[tuple[str, ...]] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    levels: dict[int, pl.DataFrame] = field(default_factory=dict)
    events: dict[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def remarks(self) -> list[Notice]:
        """What is to be said of the sheet."""
        return self.reading.remarks


@dataclass
class Prepared:
    """A whole file. ``new`` maps codes of firms to register to the name given first."""

    sheets: list[PreparedSheet] = field(default_factory=list)
    registry: Registry = field(default_factory=Registry)
    new: dict[str, str] = field(default_factory=dict)
    grids: list[Grid] = field(default_factory=list)

    def name_of(self, code: str) -> str:
        """The name of a firm, known or new."""
        return self.registry.names.get(code) or self.new.get(code, "")

    def fingerprint(self) -> str:
        """A digest of whose every row is, names that people may still decide left out: equal before and after, nothing has moved."""
        told = [
            (one.sheet.position, key.row, found.outcome, found.code)
            for one in self.sheets
            for key, found in zip(one.parsed.keys, one.matches, strict=True)
            if found.outcome not in {*OPEN, Outcome.CHOSEN, Outcome.LEFT}
        ]
        return sm3(json.dumps(told, ensure_ascii=False).encode())


def prepare(batch: Batch, today: date, tell: Tell) -> Prepared:
    """Work out a batch as it would be committed; reads only. Raises what reading the kept file raises."""
    sheets = [sheet for sheet in ImportSheet.objects.filter(batch=batch).select_related("source") if sheet.included]
    tell("读取文件", 0, len(sheets))
    grids, _ = open_file(kept_file(batch.file_digest, batch.file_name), batch.file_name, tried=True)
    prepared = Prepared(grids=grids)
    for number, sheet in enumerate(sheets):
        tell(f"读取“{sheet.name}”", number, len(sheets))
        found = _parsed(sheet, grids[sheet.position])
        if found is not None:
            prepared.sheets.append(found)
    tell("查找企业", 0, 0)
    _match(prepared, _decided(batch))
    for one in prepared.sheets:
        tell(f"核对“{one.sheet.name}”", 0, 0)
        _assign(one, today)
    return prepared


def _parsed(sheet: ImportSheet, grid: Grid) -> PreparedSheet | None:
    plan = SheetPlan.from_json(sheet.plan)
    table = table_of(grid, *plan.head)
    if table is None:
        return None
    reading = Reading(without_strays(table, plan), plan, dictionary_for(sheet.source))
    parsed = parse(reading, catalogue())
    memory: dict[tuple[str, ...], tuple[str, ...]] = {}
    folded = []
    for key in parsed.keys:
        if key.names not in memory:
            memory[key.names] = tuple(dict.fromkeys(filter(None, map(folded_name, key.names))))
        folded.append(memory[key.names])
    return PreparedSheet(sheet, reading, parsed, folded)


def _decided(batch: Batch) -> dict[str, str]:
    """What people decided: the code of the firm by name, empty where its rows are left out."""
    listed = batch.name_matches.exclude(choice=Choice.OPEN).select_related("chosen")
    return {one.folded: one.chosen.code if one.choice == Choice.FIRM and one.chosen else "" for one in listed}


def _match(prepared: Prepared, decided: Mapping[str, str]) -> None:
    """Firms for all rows. Sheets that register firms come first, so that registers of the same file find those firms by name."""
    keys = [key for one in prepared.sheets for key in one.parsed.keys]
    codes = {key.code for key in keys if key.code} | {code for code in decided.values() if code}
    folded = set(chain.from_iterable(names for one in prepared.sheets for names in one.folded))
    registry = prepared.registry = registry_of(codes, folded, {key.number for key in keys if key.number})
    known = Known(
        dict(registry.known.codes), dict(registry.known.numbers), {name: list(listed) for name, listed in registry.known.names.items()},
        {name: list(listed) for name, listed in registry.known.former.items()},
    )  # fmt: skip
    for one in sorted(prepared.sheets, key=lambda sheet: not _registers(sheet)):
        fresh: list[tuple[Key, tuple[str, ...]]] = []
        for key, names in zip(one.parsed.keys, one.folded, strict=True):
            found = match(key, names, known, decided, may_register=_registers(one))
            one.matches.append(found)
            if found.outcome == Outcome.NEW:
                prepared.new[found.code] = key.names[0]
                known.codes[found.code] = found.code  # type: ignore[index]
                fresh.append((key, names))
            if found.code and key.number:
                known.numbers.setdefault(key.number, found.code)  # type: ignore[attr-defined]
        _add_new(known, fresh)


def _add_new(known: Known, fresh: Sequence[tuple[Key, tuple[str, ...]]]) -> None:
    """Names of firms to be registered count from the next sheet on: within one sheet they could only blur who is new."""
    for key, names in fresh:
        for name in names:
            known.names.setdefault(name, []).append(key.code)  # type: ignore[attr-defined]
        for name in map(folded_name, key.former):
            known.former.setdefault(name, []).append(key.code)  # type: ignore[attr-defined]


def _registers(one: PreparedSheet) -> bool:
    return one.parsed.plan.registers_firms and not one.parsed.plan.register


def _assign(one: PreparedSheet, today: date) -> None:
    """Give frames their firms, look through them, and drop what is said twice."""
    where = Where(one.reading, catalogue(), today)
    _remark_rows(one)
    firms = pl.Series(CODE, [found.code or None for found in one.matches], dtype=pl.String)
    for level, frame in one.parsed.levels.items():
        check_totals(where, one.parsed.plan, frame)
        kept = frame.with_columns(firms.gather(frame[AT]).alias(CODE)).filter(pl.col(CODE).is_not_null())
        kept = one_each(one.reading, kept, (CODE, PERIOD))
        look_through(where, kept)
        one.levels[level] = kept
    for name, frame in one.parsed.events.items():
        fields = catalogue().event(name).fields
        kept = frame.with_columns(firms.gather(frame[AT]).alias(CODE)).filter(pl.col(CODE).is_not_null())
        look_through_events(where, kept, fields)
        one.events[name] = one_entry_each(one.reading, kept, name, CODE)


_ADVICE = {
    Outcome.NONE: ("no-such-firm", "企业库里没有“{name}”。", "请在名称比对里选定企业；企业库确实没有的，请先导入带统一社会信用代码的企业名单。"),
    Outcome.SEVERAL: ("several-firms", "“{name}”对应几家企业。", "请在名称比对里选定是哪一家。"),
    Outcome.CLASH: ("code-and-name", "代码 {code} 与名称“{name}”对不上：企业库里这个名称是另一家，或代码属于另一家。", "请核对，并在名称比对里选定企业。"),
    Outcome.NO_KEY: ("no-key", "本行没有统一社会信用代码、注册号，也没有企业名称。", "请补填，或删除本行。"),
}  # fmt: skip


def _remark_rows(one: PreparedSheet) -> None:
    doubtful: set[str] = set()
    for at, (key, found) in enumerate(zip(one.parsed.keys, one.matches, strict=True)):
        if Outcome(found.outcome) in _ADVICE:
            rule, message, advice = _ADVICE[Outcome(found.outcome)]
            name = key.names[0] if key.names else key.code or key.number
            one.reading.remark(rule, message.format(name=name, code=key.code), advice, at=at, value=name)
        if key.code and found.outcome == Outcome.NEW and key.code not in doubtful:
            judged = check_credit_code(key.code)
            if judged.severity == "warning":
                doubtful.add(key.code)
                one.reading.remark(
                    "doubtful-code", judged.message, "确认无误可以照常入库。", severity=Severity.WARNING, at=at, value=key.code
                )


def taken(matches: Iterable[Match]) -> int:
    """Rows that are committed."""
    return sum(1 for found in matches if found.outcome in TAKEN)
