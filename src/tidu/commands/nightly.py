"""``tidu nightly``: the assessment of everyone, at once."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from tidu.commands import options
from tidu.commands.pages import ChineseCommand, new_app
from tidu.kernel.errors import TiduError

app = new_app()


@app.command(cls=ChineseCommand)
def nightly(
    law_date: options.LawDate = None,
    facts_as_of: options.FactsAsOf = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="只在出错时输出。")] = False,
) -> None:
    """立即进行全员评估：企业库里的每家企业，对照政策日期现行的每项标准。每天 02:00 会自动进行一次。

    不写日期时，按今天的政策和数据；上年度的年度数据还没有到齐时，按有数据的最近一年。
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.config.settings.production")
    try:
        import django
    except ModuleNotFoundError as error:
        raise TiduError("no-web", f"没有安装所需的组件（{error.name}）。请运行 script/server，或者 pip install 'tidu[web]'。") from error
    django.setup()
    from django.utils import timezone

    from tidu.apps.accounts.actors import SYSTEM
    from tidu.apps.assessments.domain.assessing import ask_for_assessment
    from tidu.apps.jobs.domain.running import run_pending
    from tidu.apps.jobs.enums import JobState

    run_pending(timezone.now)  # what a killed worker left is finished first
    job = ask_for_assessment(actor=SYSTEM, at=timezone.now(), law_date=law_date, facts_as_of=facts_as_of)
    run_pending(timezone.now)
    job.refresh_from_db()
    if job.state != JobState.DONE:
        raise TiduError(job.error_code or "job-open", job.error or "任务正由另一个进程执行。请在“后台任务”里查看。")
    if not quiet:
        same = "数据和标准都没有变化，没有写入。" if not job.result.get("written") else f"结论改变 {job.result.get('changed', 0):,} 项。"
        typer.echo(f"第 {job.result['run']} 次全员评估完成。{same}", err=True)
