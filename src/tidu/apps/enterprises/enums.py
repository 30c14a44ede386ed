"""Words of the registry."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class NameKind(TextChoices):
    """What a name of a firm is."""

    CURRENT = "current", "现用名"
    FORMER = "former", "曾用名"
    ALIAS = "alias", "别名"


class Level(IntegerChoices):
    """What a data sheet speaks of."""

    FIRM = 0, "企业"
    YEAR = 1, "年度"
    MONTH = 2, "月份"


class BatchState(TextChoices):
    """How far an import has come."""

    UPLOADED = "uploaded", "已上传"
    MAPPED = "mapped", "已对应列"
    CHECKED = "checked", "已检查"
    COMMITTED = "committed", "已入库"
    UNDONE = "undone", "已撤销"
    DROPPED = "dropped", "已放弃"
