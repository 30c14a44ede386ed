"""Files that firms hand in: told by their content, not by their name, and kept outside of what the web server serves."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import no
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.corrections.domain.moves import subject_of
from tidu.apps.corrections.models import Case, Evidence, Filing
from tidu.kernel.errors import TiduError

LARGEST = 10 * 2**20
MOST_FILES = 10
LONGEST_NAME = 120
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ofd": "application/octet-stream",
}
ALLOWED = "PDF、OFD、图片（PNG、JPG）、Word（docx）、Excel（xlsx）"
_MARKS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_PARTS = (("OFD.xml", "ofd"), ("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"))


def kind_of(content: bytes) -> str:
    """What a file is, by its content; raises ``file-type``.

    >>> kind_of(b"%PDF-1.7 ...")
    'pdf'
    """
    for mark, kind in _MARKS:
        if content.startswith(mark):
            return kind
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, OSError, NotImplementedError):
            names = set()
        if not any(name.lower().endswith("vbaproject.bin") for name in names):
            for part, kind in _PARTS:
                if part in names:
                    return kind
    raise TiduError("file-type", f"这个文件的内容不是可以接收的类型。请上传：{ALLOWED}；带宏的文件和压缩包不收。")


def hand_in(*, actor: Actor, at: datetime, case: Case, name: str, content: bytes) -> Evidence:
    """Keep a file with a case. Raises ``file-empty``, ``file-large``, ``file-type``, ``too-many-files`` or the reason of a refusal."""
    if case.enterprise_id not in actor.firms:
        no("只有本企业的人员可以上传。", "not-own-firm").require()
    if not content:
        raise TiduError("file-empty", f"“{name}”是空文件，没有收。请重新选择。")
    if len(content) > LARGEST:
        raise TiduError("file-large", f"“{name}”有 {len(content) / 2**20:.1f} MB，超过 {LARGEST // 2**20} MB。请压缩或分成几个文件。")
    kind, digest = kind_of(content), sm3(content)
    which = {"filing": case} if isinstance(case, Filing) else {"correction": case}
    if Evidence.objects.filter(**which).count() >= MOST_FILES:
        raise TiduError("too-many-files", f"一件最多附 {MOST_FILES} 个文件。请合并后再传。")
    place = f"evidence/{digest[:2]}/{digest}"
    if not default_storage.exists(place):
        place = default_storage.save(place, ContentFile(content))
    with transaction.atomic():
        found = Evidence.objects.create(
            **which, name=_plain_name(name, kind), kind=kind, size=len(content), digest=digest, place=place, uploaded_by=actor.name, uploaded_at=at
        )  # fmt: skip
        detail = {"name": found.name, "digest": digest, "size": found.size}
        record_event(actor=actor, at=at, action="evidence.handed-in", subject=subject_of(case), detail=detail)
    return found


def content_of(evidence: Evidence) -> bytes:
    """The content of a file as it was handed in; raises ``file-changed`` where the disk says otherwise."""
    with default_storage.open(evidence.place, "rb") as stream:
        content = bytes(stream.read())
    if sm3(content) != evidence.digest:
        raise TiduError("file-changed", f"“{evidence.name}”的内容与上传时不一致，没有打开。请联系系统管理员。")
    return content


def _plain_name(name: str, kind: str) -> str:
    last = "".join(
        letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable() and letter not in '"<>:|?*'
    ).strip(" .")
    stem = last.rpartition(".")[0] or last or "材料"
    return f"{stem[: LONGEST_NAME - 6]}.{kind}"
