"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Messages."""

    name = "tidu.apps.messages"
    label = "notes"
    verbose_name = "消息"
