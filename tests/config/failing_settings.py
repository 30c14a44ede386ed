"""A site with addresses that fail, everything else as in production."""

from __future__ import annotations

from tidu.config.settings.production import *  # noqa: F403 - as Django has it

ROOT_URLCONF = "tests.config.failing_urls"
