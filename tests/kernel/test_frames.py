"""The frame of inputs says of every firm what the inputs of one firm say."""

from __future__ import annotations

from datetime import date
from itertools import product

from tidu.demo import make_district
from tidu.kernel.frames import inputs_frame
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import standard_keys
from tidu.kernel.population import Firm, Population, Value, population_of
from tidu.kernel.reading import load_packs

DAY = date(2024, 6, 1)
AWARDS: dict[str, list[Value]] = {
    "级别": [None, "国家级", "省级"],
    "单位排名": [None, 1, 3, 4, 5, 6],
    "日期": [None, date(2019, 1, 1), date(2021, 6, 1), DAY, date(2024, 6, 2)],
}
TITLES: dict[str, list[Value]] = {
    "名称": [None, "高新技术企业", "技术创新示范企业", "专精特新中小企业"],
    "级别": [None, "国家级", "省级"],
    "日期": [None, DAY],
    "有效期至": [None, date(2024, 5, 31), DAY],
}


def rows_of(domains: dict[str, list[Value]]) -> list[dict[str, Value]]:
    return [
        {name: value for name, value in zip(domains, values, strict=True) if value is not None} for values in product(*domains.values())
    ]


def compared(population: Population) -> None:
    packs, moment = load_packs(), Moment(DAY, DAY)
    standards = packs.in_force(law_date=DAY)
    keys = sorted(frozenset().union(*(standard_keys(standard) for standard in standards)))
    tests = {key: test for standard in standards for key, test in standard.tests.items()}
    frame = inputs_frame(population, packs, moment, keys, tests)

    for firm, row in zip(population.each_firm(), frame.iter_rows(named=True), strict=True):
        known = FirmInputs(firm, moment, packs).fill(keys, tests)
        assert {key: row[key] for key in keys} == {key: known[key] for key in keys}, firm


def test_frame_of_the_fictional_district() -> None:
    compared(make_district(300))


def test_frame_of_every_kind_of_award_and_title() -> None:
    events = [("科技奖励", row) for row in rows_of(AWARDS)] + [("认定", row) for row in rows_of(TITLES)]

    compared(population_of([Firm(f"9142{number:014}", events={kind: [row]}) for number, (kind, row) in enumerate(events)]))
