"""Firms as one JSON file: ``{"firms": [{…, "年度数据": […], "月度数据": […], "事项": […]}]}``."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import polars as pl

from tidu.exchange.folders import decode
from tidu.exchange.notices import Notice, Report, Severity
from tidu.exchange.sheets import EVENTS, FIRMS, MONTHS, YEARS, Column, Sheet, decimals_to_text, is_blank, uniform
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE

_NESTED = (YEARS, MONTHS, EVENTS)


class _Repeated(dict[str, Any]):
    """A JSON object that remembers which of its names stood in it twice."""

    repeated: tuple[str, ...] = ()


def read_json(path: Path, report: Report) -> dict[str, Sheet]:
    """The sheets hidden in the JSON; numbers are kept as decimal texts. Raises ``bad-json`` with line and column."""
    text = decode(path)
    try:
        content = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise TiduError(
            "bad-json",
            f"“{path.name}”不是有效的 JSON：第 {error.lineno} 行第 {error.colno} 列（{error.msg}）。请检查引号、逗号和括号。",
            path=str(path),
        ) from None
    except RecursionError:
        raise TiduError("bad-json", f"“{path.name}”的 JSON 嵌套过深。请按约定的格式导出。", path=str(path)) from None
    firms = content.get("firms") if isinstance(content, dict) else None
    if not isinstance(firms, list):
        raise TiduError(
            "bad-json", f'“{path.name}”里没有企业列表。请写成 {{"firms": [{{"统一社会信用代码": "…", …}}]}} 的形式。', path=str(path)
        )
    for name in set(content) - {"firms"}:
        report.add(Notice("unknown-column", f"顶层的“{name}”未读取。", "企业数据请放在 firms 中。", place=f"文件“{path.name}”"))
    return _sheets(f"文件“{path.name}”", firms, report)


def _refuse_constant(word: str) -> NoReturn:
    raise json.JSONDecodeError(f"{word} 不是 JSON 数值", word, 0)


def _object(pairs: list[tuple[str, Any]]) -> _Repeated:
    found = _Repeated(pairs)
    if len(found) < len(pairs):
        seen = [name for name, _ in pairs]
        found.repeated = tuple(sorted({name for name in seen if seen.count(name) > 1}))
    return found


def _sheets(place: str, firms: list[Any], report: Report) -> dict[str, Sheet]:
    records: dict[str, list[tuple[str, dict[str, Any]]]] = {name: [] for name in (FIRMS, *_NESTED)}
    for index, firm in enumerate(firms):
        path = f"firms[{index}]"
        if not isinstance(firm, dict):
            report.add(
                Notice("bad-json", f"应为一家企业的对象，收到 {_short(firm)}。", "请核对格式。", Severity.PROBLEM, place, FIRMS, path=path)
            )
            continue
        _report_repeated(firm, place, path, FIRMS, report)
        records[FIRMS].append((path, {key: value for key, value in firm.items() if key not in _NESTED}))
        for name in _NESTED:
            records[name].extend(_nested(firm, name, place, path, report))
    return {name: _sheet(name, place, rows, report) for name, rows in records.items() if rows or name == FIRMS}


def _nested(firm: dict[str, Any], name: str, place: str, path: str, report: Report) -> list[tuple[str, dict[str, Any]]]:
    rows = firm.get(name)
    if rows is None:
        return []
    found = []
    if not isinstance(rows, list):
        report.add(
            Notice(
                "bad-json", f"“{name}”应为列表，收到 {_short(rows)}。", "请写成 [ {…}, {…} ]。", Severity.PROBLEM, place, name, path=path
            )
        )
        return []
    for index, row in enumerate(rows):
        here = f"{path}.{name}[{index}]"
        if not isinstance(row, dict):
            report.add(Notice("bad-json", f"应为对象，收到 {_short(row)}。", "请核对格式。", Severity.PROBLEM, place, name, path=here))
            continue
        _report_repeated(row, place, here, name, report)
        if row.get(FIRM_CODE, firm.get(FIRM_CODE)) != firm.get(FIRM_CODE):
            report.add(
                Notice(
                    "bad-json",
                    f"统一社会信用代码“{_short(row[FIRM_CODE])}”与所属企业不一致。",
                    "请删去这一项，或改正。",
                    Severity.PROBLEM,
                    place,
                    name,
                    path=here,
                )
            )
        found.append((here, {**row, FIRM_CODE: firm.get(FIRM_CODE)}))
    return found


def _report_repeated(record: Any, place: str, path: str, sheet: str, report: Report) -> None:
    for name in getattr(record, "repeated", ()):
        report.add(
            Notice(
                "repeated-title",
                f"“{name}”出现了不止一次，无法确定以哪个为准。",
                "请只保留一个。",
                Severity.PROBLEM,
                place,
                sheet,
                column=name,
                path=path,
            )
        )


def _sheet(name: str, place: str, rows: list[tuple[str, dict[str, Any]]], report: Report) -> Sheet:
    titles = list(dict.fromkeys(key for _, row in rows for key in row)) or [FIRM_CODE]
    if FIRM_CODE not in titles:
        titles.insert(0, FIRM_CODE)
    for path, row in rows:
        for key, value in row.items():
            if isinstance(value, (dict, list)):
                report.add(
                    Notice(
                        "bad-json",
                        f"“{key}”的值应为文字、数值或是否，收到 {_short(value)}。",
                        "请核对格式。",
                        Severity.PROBLEM,
                        place,
                        name,
                        column=key,
                        path=path,
                    )
                )
                row[key] = None
    columns = [
        Column(index, title, uniform(decimals_to_text([None if is_blank(row.get(title)) else row.get(title) for _, row in rows])))
        for index, title in enumerate(titles)
    ]
    numbers = pl.Series("row", range(2, len(rows) + 2), dtype=pl.Int64)
    return Sheet(name, place, numbers, columns, paths=[path for path, _ in rows], nested=name != FIRMS)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:37] + "…"
