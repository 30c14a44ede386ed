"""The types of file that are taken."""

from __future__ import annotations

from django.db.models import TextChoices


class FileType(TextChoices):
    """What a file is by its content; nothing else is taken."""

    PDF = "pdf", "PDF"
    PNG = "png", "PNG 图片"
    JPEG = "jpeg", "JPEG 图片"
    DOCX = "docx", "Word 文档"
    XLSX = "xlsx", "Excel 工作簿"


MEDIA = {
    FileType.PDF: "application/pdf",
    FileType.PNG: "image/png",
    FileType.JPEG: "image/jpeg",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = {
    FileType.PDF: ("pdf",),
    FileType.PNG: ("png",),
    FileType.JPEG: ("jpg", "jpeg"),
    FileType.DOCX: ("docx",),
    FileType.XLSX: ("xlsx",),
}
SHOWN = frozenset({FileType.PDF, FileType.PNG, FileType.JPEG})
"""Types that a browser shows by itself; the others are always downloaded."""
