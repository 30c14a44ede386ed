"""The catalogue: what each column means once read, and which tables are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.kernel.errors import TiduError
from tidu.kernel.facts import Kind, Store, catalogue, read_catalogue

HEADER = "name,identifier,kind,unit,values,source,lowest,highest,note"


def written(folder: Path, *rows: str) -> Path:
    file = folder / "facts.csv"
    file.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return file


def test_each_unit_decides_storage_and_domain(tmp_path: Path) -> None:
    known = read_catalogue(
        written(
            tmp_path,
            "收入,income,year,万元,,税务,0,,",
            "占有率,share,firm,%,,自报,0,100,",
            "水平,level,firm,level,一级|二级|三级|四级,自报,,,",
            "品牌,brand,firm,yes/no,,自报,,,",
            "成立,founded,firm,date,,市场监管,,,",
            "类别,sort,firm,,甲|乙,自报,,,",
            "名称,name,firm,,,自报,,,",
            "排名,rank,firm,rank,,自报,1,,",
        )
    )

    assert [
        (fact.name, fact.kind, fact.store, fact.unit.symbol, fact.lowest, fact.highest, fact.values) for fact in known.facts.values()
    ] == [
        ("收入", Kind.YEAR, Store.INTEGER, "万元", 0, None, ()),
        ("占有率", Kind.FIRM, Store.INTEGER, "%", 0, 1_000_000, ()),
        ("水平", Kind.FIRM, Store.INTEGER, "级", 1, 4, ("一级", "二级", "三级", "四级")),
        ("品牌", Kind.FIRM, Store.BOOLEAN, "", 0, 1, ()),
        ("成立", Kind.FIRM, Store.DATE, "", None, None, ()),
        ("类别", Kind.FIRM, Store.TEXT, "", None, None, ("甲", "乙")),
        ("名称", Kind.FIRM, Store.TEXT, "", None, None, ()),
        ("排名", Kind.FIRM, Store.INTEGER, "", 1, None, ()),
    ]


def test_event_takes_its_fields_from_the_note(tmp_path: Path) -> None:
    known = read_catalogue(
        written(tmp_path, "补贴,subsidy,event,万元,甲类|乙类,科技,,,fields: 名称 级别(省级|市级) 金额 日期 与主导产品相关; 另有说明")
    )

    assert [(field.name, field.store, field.values, field.unit.symbol, field.lowest) for field in known.event("补贴").fields.values()] == [
        ("名称", Store.TEXT, ("甲类", "乙类"), "", None),
        ("级别", Store.TEXT, ("省级", "市级"), "", None),
        ("金额", Store.INTEGER, (), "万元", 0),
        ("日期", Store.DATE, (), "", None),
        ("与主导产品相关", Store.BOOLEAN, (), "", None),
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("收入,a,year,万元,,,,,", "收入,b,year,万元,,,,,"), "指标目录中“收入”重复登记。请保留一行。"),
        (("收入,a,year,两,,,,,",), "指标目录里的单位“两”无法识别。请改用目录说明中的单位。"),
    ],
)
def test_faulty_catalogue_is_refused(rows: tuple[str, ...], message: str, tmp_path: Path) -> None:
    with pytest.raises(TiduError) as caught:
        read_catalogue(written(tmp_path, *rows))

    assert (caught.value.code, caught.value.message) == ("bad-catalogue", message)


def test_unknown_names_are_refused_with_what_to_do() -> None:
    with pytest.raises(TiduError) as fact:
        catalogue().fact("研发经费")
    with pytest.raises(TiduError) as event:
        catalogue().event("表彰")

    assert (fact.value.code, fact.value.message) == ("unknown-fact", "指标目录中没有“研发经费”。请核对名称，或先在 facts.csv 中登记。")
    assert (event.value.code, event.value.message.partition("。")[0]) == ("unknown-event", "事项目录中没有“表彰”")


def test_shipped_catalogue_bounds_every_amount_that_cannot_be_negative() -> None:
    unbounded = {fact.name for fact in catalogue().facts.values() if fact.store is Store.INTEGER and fact.lowest is None}

    assert unbounded == {"净利润"}


def test_identifiers_are_english_and_unique() -> None:
    known = catalogue()
    identifiers = [entry.identifier for entry in (*known.facts.values(), *known.events.values())]

    assert len(set(identifiers)) == len(identifiers)
    assert [identifier for identifier in identifiers if not identifier.isascii()] == []
