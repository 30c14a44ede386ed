"""``tidu work``: does what was queued: imports, assessments, exports, and what is due every day."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Annotated

import typer

from tidu.commands.pages import ChineseCommand, new_app
from tidu.kernel.errors import TiduError

app = new_app()
PAUSE = 1.0
"""Seconds between two looks at the queue."""
SIGN_OF_LIFE = 20.0
"""Seconds between two notes that this process is there."""


@app.command(cls=ChineseCommand)
def work(
    once: Annotated[bool, typer.Option("--once", help="做完排队的任务就退出，不等待新任务。")] = False,
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """执行后台任务：数据导入、全员评估、每日任务。网站启动时已带一个；任务多时可另外多开。按 Ctrl+C 停止。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.config.settings.production")
    try:
        import django
    except ModuleNotFoundError as error:
        raise TiduError(
            "no-web", f"没有安装网站所需的组件（{error.name}）。请运行 script/server，或者 pip install 'tidu[web]'。"
        ) from error
    django.setup()
    parent = os.getppid()
    work_on(is_over=lambda: once or (with_parent and os.getppid() != parent))


def work_on(*, is_over: Callable[[], bool]) -> None:
    """Do what is queued, and look again until it is over or somebody asks to stop."""
    from django.db import OperationalError, close_old_connections
    from django.utils import timezone

    from tidu.apps.administration.domain.workers import note_worker
    from tidu.apps.jobs.domain.asking import ask_for_daily_work
    from tidu.apps.jobs.domain.running import run_pending, this_worker

    signal.signal(signal.SIGTERM, _stop)
    told = -SIGN_OF_LIFE
    while True:
        close_old_connections()
        try:
            if time.monotonic() - told >= SIGN_OF_LIFE:
                note_worker(at=timezone.now(), name=this_worker())
                told = time.monotonic()
            ask_for_daily_work(timezone.localtime())
            run_pending(timezone.now)
        except OperationalError as error:
            typer.echo(f"数据库暂时不可用，稍后再试：{error}", err=True)
            if is_over():
                raise
        if is_over():
            return
        time.sleep(PAUSE)


def _stop(signal_number: int, frame: FrameType | None) -> None:
    """Asked to end: what is not committed never happened, and the job goes back to the queue."""
    del signal_number, frame
    raise KeyboardInterrupt
