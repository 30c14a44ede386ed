"""Words of the assessment of everyone."""

from __future__ import annotations

from django.db.models import TextChoices


class Verdict(TextChoices):
    """What a standard says of a firm. Every firm has exactly one of them for every standard."""

    MET = "met", "符合"
    UNMET = "unmet", "不符合"
    UNKNOWN = "unknown", "待补充"
    MANUAL = "manual", "需人工判断"
    OUT = "out", "不适用"


class Why(TextChoices):
    """Why an outcome is not what it was in the run before; the first that applies."""

    ENTERED = "entered", "新登记的企业"
    LEFT = "left", "已并入其他企业"
    NEW_STANDARD = "new-standard", "标准新施行"
    GONE_STANDARD = "gone-standard", "标准不再施行"
    LAW = "law", "标准文本改变"
    RULES = "rules", "规则文件改变"
    FACTS = "facts", "数据改变"
    TITLE = "title", "认定情况改变"
    DATE = "date", "日期推移"
    UNTOLD = "untold", "上次的输入快照不在，无法说明"


class Reporting(TextChoices):
    """Where a firm that qualifies stands on the way up."""

    HELD = "held", "已认定"
    REPORTED = "reported", "已推荐"
    TO_REPORT = "to-report", "应报未报"
