"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and their posts."""

    name = "tidu.apps.accounts"
    label = "accounts"
    verbose_name = "用户与岗位"
