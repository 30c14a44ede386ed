"""Words of imports."""

from __future__ import annotations

from django.db.models import TextChoices


class Outcome(TextChoices):
    """What becomes of a row: whose it is, or why it is nobody's."""

    NEW = "new", "新登记企业"
    BY_CODE = "code", "按代码找到"
    BY_NUMBER = "number", "按注册号找到"
    BY_NAME = "name", "按名称找到"
    BY_FORMER = "former", "按曾用名、别名找到"
    CHOSEN = "chosen", "由人选定"
    SEVERAL = "several", "几家同名，待选定"
    CLASH = "clash", "代码与名称对不上，待选定"
    NONE = "none", "没有找到企业"
    LEFT = "left", "由人定为不导入"
    NO_KEY = "no-key", "没有代码也没有名称"


TAKEN = frozenset({Outcome.NEW, Outcome.BY_CODE, Outcome.BY_NUMBER, Outcome.BY_NAME, Outcome.BY_FORMER, Outcome.CHOSEN})
"""Rows that are committed."""
OPEN = frozenset({Outcome.SEVERAL, Outcome.CLASH, Outcome.NONE})
"""Rows that a person may still decide."""


class Grade(TextChoices):
    """How much a remark matters: a cell or row that is left out, something to look at, or something to know."""

    PROBLEM = "problem", "错误，不入库"
    WARNING = "warning", "提醒"
    INFORMATION = "information", "说明"


class Found(TextChoices):
    """What the registry has under a name."""

    ONE = "one", "找到一家"
    SEVERAL = "several", "找到几家"
    NONE = "none", "没有找到"
    CLASH = "clash", "与代码对不上"


class Choice(TextChoices):
    """What a person decided about a name."""

    OPEN = "", "未定"
    FIRM = "firm", "就是这家企业"
    LEAVE = "leave", "不导入"
