"""The shipped packs and two days: under the law of 2024, when the district paid, and of 2026, when it no longer did."""

from __future__ import annotations

from datetime import date

import pytest

from tests.apps.calculator.visitors import Visits
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.reading import load_packs


@pytest.fixture(scope="session")
def packs() -> PackSet:
    return load_packs()


@pytest.fixture(scope="session")
def paying() -> Moment:
    return Moment(date(2024, 6, 1), date(2024, 6, 1))


@pytest.fixture(scope="session")
def later() -> Moment:
    return Moment(date(2026, 6, 1), date(2026, 6, 1))


@pytest.fixture(scope="session")
def visits(packs: PackSet) -> Visits:
    return Visits(packs)
