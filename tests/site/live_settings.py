"""The site that browsers of the tests visit: production in everything, but a template that names what does not exist fails."""

from __future__ import annotations

from tidu.config.settings.production import *  # noqa: F403 - as Django has it
from tidu.config.settings.production import TEMPLATES
from tidu.config.unknown_variables import REFUSAL

TEMPLATES = [{**TEMPLATES[0], "OPTIONS": {**TEMPLATES[0]["OPTIONS"], "string_if_invalid": REFUSAL}}]
