"""``tidu audit verify``: whether the chain of the audit holds."""

from __future__ import annotations

import os

import typer

from tidu.commands.pages import new_app
from tidu.commands.screen import progress
from tidu.kernel.errors import Problems, TiduError

app = new_app()


@app.callback()
def audit() -> None:
    """操作日志：校验前后相连的摘要。"""


@app.command()
def verify() -> None:
    """从第一条到最后一条校验操作日志：改过、删过、插入过的都会报告。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.config.settings.production")
    try:
        import django
    except ModuleNotFoundError as error:
        raise TiduError(
            "no-web", f"没有安装网站所需的组件（{error.name}）。请运行 script/server，或者 pip install 'tidu[web]'。"
        ) from error
    django.setup()
    from tidu.apps.audit.domain.chain import verify_chain

    with progress("校验操作日志") as share:
        count, breaks = verify_chain(lambda done, total: share("校验操作日志", done / max(total, 1)))
    if breaks:
        raise Problems("chain-broken", [TiduError("chain-broken", one.sentence, number=one.number) for one in breaks])
    typer.echo(f"操作日志完整：{count:,} 条，前后相连。")
