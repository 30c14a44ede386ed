"""What all tests share: the way hypothesis runs, and a real PostgreSQL server of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.postgresql_server import running_server, server_programs
from tests.site.browsing import chromium, open_page, page, site, traffic  # noqa: F401 - fixtures of every page test

# The first examples of a test also pay for compiling packs, so neither single examples nor generation are timed.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def postgres_dsn() -> Iterator[str]:
    """The connection string of an empty PostgreSQL database that ends with the session; each xdist worker has its own server."""
    with running_server(server_programs()) as dsn:
        yield dsn
