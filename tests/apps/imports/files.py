"""Files in the shapes that departments really send: every trait of theirs is made here, with firms that nobody has."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from tidu.kernel.credit_code import check_character

Rows = Sequence[Sequence[Any]]


def code(number: int, *, letters: bool = True) -> str:
    """A valid code, with the letters of a later one or digits only."""
    for tail in range(100):
        body = f"91420114{f'MA4K{number:05d}' if letters else f'7{number:06d}{tail:02d}'}"[:17]
        body = body.ljust(17, "0")
        last = check_character(body)
        if letters or last.isdigit():
            return body + last
    raise ValueError(number)


def name(number: int) -> str:
    return f"武汉市示例{number:05d}科技有限公司"


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """An .xlsx with these cells as they are."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        page.write_datetime(place, column, cell, day)
                    elif isinstance(cell, str) and cell:
                        page.write_string(place, column, cell)
                    elif cell is not None and cell != "":
                        page.write(place, column, cell)
    return stream.getvalue()


def csv_text(rows: Rows, *, encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue().encode(encoding)


def json_text(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


FIRM_TITLES = (
    "企业名称", "统一社会信用代码", "注册号", "企业类型", "企业状态", "行业门类", "行业代码", "成立日期", "核准日期", "注册资金（万元）",
    "币种", "法定代表人", "住所", "街道", "经营范围", "许可经营项目", "注销时间", "营业期限自", "营业期限至", "登记机关", "从业人数",
    "是否列入经营异常名录", "曾用名", "联系电话", "邮箱", "排序字段",
)  # fmt: skip


def firm_rows(count: int, seed: int = 1) -> list[list[Any]]:
    """The sheet 企业: 26 columns, a code missing in every eleventh row, every fourth without a letter, an old number beside it."""
    draw = random.Random(seed)
    rows: list[list[Any]] = [list(FIRM_TITLES)]
    for number in range(1, count + 1):
        old = f"4201140000{number:05d}" if number % 7 else f"42011400{number:05d}"
        rows.append([
            name(number), "" if number % 11 == 0 else code(number, letters=number % 4 != 0), old,
            "1130" if number % 3 else ("11501" if number % 2 else "9500"), "1" if number % 19 else "4", "C", f"{3011 + number % 9}",
            f"20{number % 20:02d}-0{1 + number % 9}-1{number % 9} 00:00:00", "2020-01-02", 100.5 + number, "人民币" if number % 50 else "美元",
            "张某", "武汉市示例路 1 号", "第一街道" if number % 2 else "第二街道", "研发", "", "", "2010-01-01", "", "某局",
            float(draw.randint(1, 300)), "否" if number % 29 else "是", f"武汉旧名{number}有限公司" if number % 13 == 0 else "", "", "", float(number),
        ])  # fmt: skip
    rows.insert(4, ["12", "34", "5", "6", "7", "8", "9", "10", "11", "", "", "1", "2", "3", "4"])
    return rows


def software_rows(names: Sequence[str]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["企业关联列", "软件全称", "软件简称", "版本号", "登记号", "分类号", "行业", "行业", "登记批准日期", "首次发表日期"]
    ]
    for number, one in enumerate(names):
        version: Any = 1.0 if number % 2 else "V2.1"
        rows.append([one, f"示例软件{number}", "", version, f"2019SR{number:06d}", 30200, "I", 65.0, "2019-05-06", "2018-01-02"])
    return rows


def trade_mark_rows(names: Sequence[str]) -> list[list[Any]]:
    rows: list[list[Any]] = [["企业关联列", "商标名称", "注册号(解密)", "国际分类", "申请日期", "是否有效", "", "专用权截止日期"]]
    for number, one in enumerate(names):
        rows.append(
            [one, f"示例{number}", float(10_000_000 + number), 9.0, "2015-03-04", 1.0 if number % 5 else 0.0, f"图{number}", "2026-03-04"]
        )
    return rows


def patent_rows(names: Sequence[str]) -> list[list[Any]]:
    rows: list[list[Any]] = [["企业名称", "企业关联列", "专利名称", "申请号", "申请号", "专利类型", "授权公告日", "发明人"]]
    for number, one in enumerate(names):
        kind = ("1", "2", "3")[number % 3]
        code_of_kind = {"1": 10.0, "2": 20.0, "3": 30.0}[kind]
        rows.append([one, one, f"一种示例装置{number}", f"CN2013{kind}{number:07d}.9", "2013-05-17", code_of_kind, "2014-02-03", "李某"])
    return rows


def work_rows(names: Sequence[str]) -> list[list[Any]]:
    rows: list[list[Any]] = [["企业关联列", "作品名称", "登记号", "作品类别", "创作完成日期", "首次发表日期", "登记日期"]]
    for number, one in enumerate(names):
        rows.append(
            [
                one,
                f"示例作品{number}",
                f"国作登字-2018-F-{number:08d}",
                "美术",
                "2018-01-01",
                "2018-02-01" if number % 2 else "",
                "2018-06-01",
            ]
        )
    return rows


def investment_rows(names: Sequence[str]) -> list[list[Any]]:
    side = ["名称", "行业", "注册资本", "成立日期"]
    rows: list[list[Any]] = [
        ["企业名称", "清洗后企业名称", "(1投资 2被投)", "投资企业名称", *side[1:], "被投资企业名称", *side[1:], "出资比例（%）", "投资日期"]
    ]
    for number, one in enumerate(names):
        other, invests = f"示例基金{number}有限公司", number % 2 == 0
        own_side, other_side = [one, "C", 100.0, "2010-01-01"], [other, "J", 500.0, "2012-01-01"]
        sides = [*own_side, *other_side] if invests else [*other_side, *own_side]
        rows.append([f"{one} ", one.replace("（", "("), 1.0 if invests else 2.0, *sides, 12.5, "2019-08-08"])
    return rows


def department_workbook(count: int = 40) -> bytes:
    """Six sheets as a data office keeps them."""
    names = [name(number) for number in range(1, count + 1)]
    return workbook({
        "企业": firm_rows(count), "投资": investment_rows(names[: count // 2]), "软著": software_rows(names), "商标": trade_mark_rows(names),
        "专利": patent_rows(names), "作品": work_rows(names[: count // 3]),
    })  # fmt: skip
