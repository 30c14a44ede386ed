"""The entry for a web server: ``gunicorn tidu.config.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.config.settings.production")
application = get_wsgi_application()
