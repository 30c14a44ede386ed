"""Uploads stay in memory and are cut off at a bound, whatever the browser said of their size."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from tidu.config.security import LARGEST_UPLOAD
from tidu.kernel.errors import TiduError


class InMemoryHandler(FileUploadHandler):
    """Keeps a file in memory; raises ``upload-too-large`` beyond the bound."""

    def new_file(self, *args: Any, **named: Any) -> None:
        """Start a file."""
        super().new_file(*args, **named)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece of it."""
        if start + len(raw_data) > LARGEST_UPLOAD:
            raise upload_too_large()
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file."""
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def upload_too_large() -> TiduError:
    """The refusal of a file or form beyond the bound."""
    most = LARGEST_UPLOAD // 1024 // 1024
    return TiduError(
        "upload-too-large",
        f"上传的内容超过 {most} MB，没有读取。请删去与企业数据无关的工作表和图片，或者分成几个文件再上传。",
        most=LARGEST_UPLOAD,
    )
