"""Tables of administration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.administration.enums import Audience, YearState

if TYPE_CHECKING:
    from datetime import date

    from tidu.apps.accounts.actors import Actor


class ParameterValue(models.Model):
    """A parameter that was set; what was never set has the default of its definition (``parameters.py``)."""

    key = models.CharField("参数", max_length=60, unique=True)
    value: models.JSONField[Any] = models.JSONField("值")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="设置人")
    set_by_name = models.CharField("设置人姓名", max_length=60)
    set_at = models.DateTimeField("设置时间")
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "参数"
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Dictionary(models.Model):
    """A list of words that people choose from."""

    key = models.CharField("标识", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    note = models.CharField("用途", max_length=200, blank=True)

    class Meta:
        verbose_name = "字典"
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name


class DictionaryItem(models.Model):
    """One word: its code never changes; its text, place and note may."""

    dictionary = models.ForeignKey(Dictionary, models.RESTRICT, related_name="items", verbose_name="字典")
    code = models.CharField("代码", max_length=40)
    text = models.CharField("文字", max_length=200)
    note = models.CharField("说明", max_length=200, blank=True)
    order = models.IntegerField("次序", default=0)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "字典项"
        ordering = ("dictionary", "order", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("dictionary", "code"), name="dictionary_code_once", violation_error_message="这个代码已经有了。"
            ),
        )

    def __str__(self) -> str:
        return self.text


class TextVersion(models.Model):
    """One version of a text; the newest speaks, older ones stay."""

    key = models.CharField("模板", max_length=40)
    version = models.IntegerField("版本")
    body = models.TextField("正文")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="修改人")
    set_by_name = models.CharField("修改人姓名", max_length=60)
    set_at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = "模板文本"
        ordering = ("key", "-version")
        constraints = (models.UniqueConstraint(fields=("key", "version"), name="text_version_once"),)

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class CalendarYear(models.Model):
    """The announced holidays of one year, entered by one person and confirmed by another; ``citation`` names the announcement."""

    year = models.IntegerField("年份")
    citation = models.CharField("依据", max_length=200)
    state = models.CharField("状态", max_length=10, choices=YearState, default=YearState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="登记人")
    proposed_by_name = models.CharField("登记人姓名", max_length=60)
    proposed_at = models.DateTimeField("登记时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="复核人")
    decided_by_name = models.CharField("复核人姓名", max_length=60, blank=True)
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    note = models.CharField("复核意见", max_length=200, blank=True)

    class Meta:
        verbose_name = "放假安排"
        ordering = ("-year", "-proposed_at")
        constraints = (
            models.UniqueConstraint(
                fields=("year",), condition=Q(state=YearState.IN_FORCE), name="calendar_year_in_force_once",
                violation_error_message="这一年已有生效的放假安排。",
            ),
            models.UniqueConstraint(
                fields=("year",), condition=Q(state=YearState.PROPOSED), name="calendar_year_proposed_once",
                violation_error_message="这一年已有待复核的放假安排。",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year}年放假安排"


class CalendarDay(models.Model):
    """One day on which the year departs from Monday to Friday."""

    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days", verbose_name="放假安排")
    day = models.DateField("日期")
    works = models.BooleanField("上班")
    name = models.CharField("说明", max_length=40, blank=True)

    class Meta:
        verbose_name = "放假安排的日子"
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("year", "day"), name="calendar_day_once"),)

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.works else '休息'}"


class WorkerSeen(models.Model):
    """When a process that does background work last looked at the queue."""

    name = models.CharField("执行者", max_length=120, unique=True)
    since = models.DateTimeField("启动时间")
    seen_at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "后台进程"
        ordering = ("-seen_at",)

    def __str__(self) -> str:
        return self.name


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Ways to ask for announcements."""

    def visible_to(self, actor: Actor) -> AnnouncementQuerySet:
        """Officials read all, others what is for everybody."""
        return self if actor.is_official else self.filter(audience=Audience.EVERYBODY)

    def on(self, day: date) -> AnnouncementQuerySet:
        """What stands on a day."""
        return self.filter(since__lte=day, withdrawn_at=None).filter(Q(until=None) | Q(until__gt=day))


class Announcement(models.Model):
    """A notice on everybody's first page, from a day on, until a day or for good."""

    title = models.CharField("标题", max_length=80)
    body = models.TextField("内容", max_length=2000)
    audience = models.CharField("给谁看", max_length=12, choices=Audience, default=Audience.OFFICIALS)
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="发布人")
    made_by_name = models.CharField("发布人姓名", max_length=60)
    made_at = models.DateTimeField("发布时间")
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = "公告"
        ordering = ("-since", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")), name="announcement_ends_after_it_begins",
                violation_error_message="公告的截止日须晚于起始日。",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title
