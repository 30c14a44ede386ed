"""The tests: as in production, but a home of their own, files served from where they lie, unknown template variables fail."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# Before the settings are read: every process of a test run has a home of its own, whatever the environment says.
os.environ["TIDU_HOME"] = tempfile.mkdtemp(prefix="tidu-tests-")
atexit.register(shutil.rmtree, os.environ["TIDU_HOME"], ignore_errors=True)

from tidu.config.databases import database  # noqa: E402
from tidu.config.settings.base import *  # noqa: E402 - see above
from tidu.config.settings.base import HOME, STATIC_ROOT, STORAGES, TEMPLATES  # noqa: E402
from tidu.config.unknown_variables import REFUSAL  # noqa: E402

ALLOWED_HOSTS = ["*"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir()  # whitenoise warns of a missing folder
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# SQLite in memory, or the server that tests/postgresql_server.py has started
DATABASES = {
    "default": database(os.environ["TIDU_TEST_DATABASE"], HOME)
    if "TIDU_TEST_DATABASE" in os.environ
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
}
TEMPLATES = [{**TEMPLATES[0], "OPTIONS": {**TEMPLATES[0]["OPTIONS"], "string_if_invalid": REFUSAL}}]
ADMINISTRATION_AGE = 0  # not read: the number of queries of a page must not depend on the time of day
