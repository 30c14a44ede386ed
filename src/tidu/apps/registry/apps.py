"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The upkeep of the registry."""

    name = "tidu.apps.registry"
    label = "registry"
    verbose_name = "企业登记维护"
