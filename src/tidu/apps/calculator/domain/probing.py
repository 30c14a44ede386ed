"""A workbook opened for trial in a process of its own that may use little memory and little time.

A few kilobytes can ask for gigabytes: one long text to which a million cells refer, one sheet that is listed a thousand
times. What the opened workbook takes is only known by opening it, and where memory runs out the reader ends its process.
"""

from __future__ import annotations

import subprocess
import sys

from tidu.kernel.errors import TiduError

MOST_MEMORY = 768 * 2**20
"""Bytes of address space; a workbook of 5000 firms and three years takes a tenth of it."""
MOST_SECONDS = 10
OPENED, REFUSED = 0, 3
_TRIAL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
from io import BytesIO
import python_calamine
try:
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    held = [book.get_sheet_by_index(index).to_python() for index in range(len(book.sheet_names))]
except MemoryError:
    raise
except Exception:
    sys.exit(3)
"""


def refuse_exhausting(content: bytes) -> None:
    """Refuse a workbook that takes more memory or time than it may; raises ``too-much-content``.

    A file that cannot be opened passes: the reader proper says what is wrong with it.
    """
    command = [sys.executable, "-I", "-c", _TRIAL, str(MOST_MEMORY), str(MOST_SECONDS)]
    try:
        # What the trial has to say of its failure may quote the file, so nobody hears it.
        ended = subprocess.run(
            command, input=content, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=3 * MOST_SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        ended = None
    if ended not in {OPENED, REFUSED}:
        raise TiduError("too-much-content", "表里的内容打开后太大，没有读取。请删去无关的工作表、过长的文字、数据区以外的行和列后再上传。")
