"""What some firms of the demonstration achieved while the plan of the seed was in force, so that every award has something to pay.

The firms' own figures follow the present year; the plan's time lies before them. Everything is invented.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tidu.apps.enterprises.domain.registering import DATES, event_mark, stored_json
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise, Event, FactsInForce, Source
from tidu.kernel.facts import catalogue

FIRMS = 24
HERE = {"纳税关系所在区": "420114", "登记状态": "存续"}
WAN = 1_000_000
"""Fen in 万元."""


def achieve(at: datetime) -> int:
    """Titles, contracts, subsidies, prizes and standards of firms that pay their taxes here; returns how many events."""
    sources = {source.name: source for source in Source.objects.all()}
    events = catalogue().events
    rows = []
    for place, firm in enumerate(_firms()):
        for kind, fields in _achievements(place):
            told = {name: stored_json(value) for name, value in fields.items()}
            day = next(fields[name] for name in DATES if name in fields)
            rows.append(
                Event(
                    enterprise=firm, type=kind, day=day, fields=told, mark=event_mark(kind, told), received_at=at,
                    source=sources[events[kind].source.split("|")[0]],
                )
            )  # fmt: skip
    Event.objects.bulk_create(rows)
    return len(rows)


def _firms() -> list[Enterprise]:
    """Firms in business here of which nothing is recorded yet, by code: no title, no payment, no offence."""
    held = FactsInForce.objects.filter(level=Level.FIRM).order_by().values_list("enterprise", "values")
    here = {number for number, values in held if all(values.get(name) == value for name, value in HERE.items())}
    told = set(Event.objects.order_by().values_list("enterprise", flat=True))
    found = Enterprise.objects.in_registry().filter(pk__in=sorted(here - told)[: 20 * FIRMS], code__startswith="91")
    return list(found.order_by("code")[:FIRMS])


def _achievements(place: int) -> list[tuple[str, dict[str, Any]]]:
    """Every firm a title of the province, every second the nation's; the rest goes round."""
    province = {"名称": "专精特新中小企业", "级别": "省级", "日期": date(2023, 3, 20), "有效期至": date(2027, 3, 19)}
    nation = {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14), "有效期至": date(2027, 7, 13)}
    found: list[tuple[str, dict[str, Any]]] = [("认定", province)]
    if place % 2 == 0:
        found.append(("认定", nation))
    found += _ROUND[place % len(_ROUND)](place)
    return found


def _contract(place: int) -> list[tuple[str, dict[str, Any]]]:
    """A contract on technology with a university, from 160 to some 1,200 万元: the larger ones meet the cap."""
    amount = (160 + place * 65) * WAN
    fields = {"合同类型": "技术开发", "成交额": amount, "登记日期": date(2024, 3, 1 + place), "对方类型": "高等院校"}
    return [("技术合同", fields)]


def _subsidy(place: int) -> list[tuple[str, dict[str, Any]]]:
    return [("研发补贴", {"级别": "省级", "金额": (20 + place) * WAN, "日期": date(2024, 4, 15), "年度": 2023})]


def _standard(place: int) -> list[tuple[str, dict[str, Any]]]:
    fields = {"标准号": f"GB/T 9{place:04d}-2023", "级别": "国家", "角色": "参与", "排名": 1 + place % 2, "日期": date(2023, 11, 27)}
    return [("标准", fields)]


def _prize(place: int) -> list[tuple[str, dict[str, Any]]]:
    names = ("长江质量奖", "市长质量奖", "区政府质量奖")
    return [("质量奖", {"名称": names[place % len(names)], "结果": "获奖", "日期": date(2024, 5, 20)})]


_ROUND = (_contract, _subsidy, _contract, _standard, _contract, _prize)
