from __future__ import annotations

import pytest

from tidu.demo import make_district
from tidu.kernel.population import Population


@pytest.fixture(scope="session")
def district() -> Population:
    """The default district; tests only read it."""
    return make_district()
