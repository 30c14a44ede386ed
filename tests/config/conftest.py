"""A site of its own for what only fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.site.serving import Site, running_site


@pytest.fixture(scope="session")
def failing_site() -> Iterator[Site]:
    """The site with the addresses of tests/config/failing_urls.py."""
    with running_site(settings="tests.config.failing_settings") as running:
        yield running
