"""``tidu work``: does what was queued: imports, assessments, exports, and what is due every day."""

from __future__ import annotations

import os
import signal
import time
from typing import Annotated

import typer

from tidu.commands.pages import ChineseCommand, new_app
from tidu.kernel.errors import TiduError

app = new_app()
PAUSE = 1.0
"""Seconds between two looks at the queue."""


@app.command(cls=ChineseCommand)
def work(
    once: Annotated[bool, typer.Option("--once", help="做完排队的任务就退出，不等待新任务。")] = False,
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
    work_on(once=once)


def work_on(*, once: bool) -> None:
    """Do what is queued; unless ``once``, stay and look again until asked to stop."""
    from django.db import OperationalError, close_old_connections
    from django.utils import timezone

    from tidu.apps.jobs.domain.asking import ask_for_daily_work
    from tidu.apps.jobs.domain.running import run_pending

    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    while True:
        close_old_connections()
        try:
            ask_for_daily_work(timezone.localtime())
            run_pending(timezone.now)
        except OperationalError as error:
            typer.echo(f"数据库暂时不可用，稍后再试：{error}", err=True)
            if once:
                raise
        if once:
            return
        time.sleep(PAUSE)
