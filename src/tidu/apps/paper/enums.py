"""Words of paper."""

from __future__ import annotations

from django.db.models import TextChoices


class Audience(TextChoices):
    """For whom a paper is made: officials read everything, the firm what is public to it."""

    INTERNAL = "internal", "内部"
    PUBLIC = "public", "对企业"


class Form(TextChoices):
    """Word where staff edit it, PDF where they do not."""

    WORD = "docx", "Word"
    PDF = "pdf", "PDF"


MEDIA = {Form.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Form.PDF: "application/pdf"}


class NoticePaper(TextChoices):
    """The two papers of a public notice: while it runs, and what came of it."""

    NOTICE = "notice", "公示"
    ANNOUNCEMENT = "announcement", "公告"
