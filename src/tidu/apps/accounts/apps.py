"""Registers the app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and their posts."""

    name = "tidu.apps.accounts"
    label = "accounts"
    verbose_name = "用户与岗位"

    def ready(self) -> None:
        """Listen to logins that fail."""
        import_module("tidu.apps.accounts.interfaces.locking")
