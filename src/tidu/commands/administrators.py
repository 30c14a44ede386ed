"""``tidu administrators``: the first three administrators of a new installation."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from tidu.commands.pages import ChineseCommand, new_app
from tidu.kernel.errors import TiduError

app = new_app()


@app.command(cls=ChineseCommand)
def administrators(
    district: Annotated[str, typer.Option("--district", metavar="名称", help="区的全称，例如 某市某区。库里还没有单位时必须填写。")] = "",
    bureau: Annotated[str, typer.Option("--bureau", metavar="名称", help="牵头局的全称。库里还没有单位时必须填写。")] = "",
    system: Annotated[str, typer.Option("--system", metavar="用户名", help="系统管理员的用户名。")] = "xitong",
    security: Annotated[str, typer.Option("--security", metavar="用户名", help="安全管理员的用户名。")] = "anquan",
    audit: Annotated[str, typer.Option("--audit", metavar="用户名", help="审计管理员的用户名。")] = "shenji",
) -> None:
    """为新安装的系统开立系统、安全、审计三个管理员账号，初始密码只显示一次。已有管理员时不改动。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.config.settings.production")
    try:
        import django
        from django.core.management import call_command
    except ModuleNotFoundError as error:
        raise TiduError(
            "no-web", f"没有安装网站所需的组件（{error.name}）。请运行 script/server，或者 pip install 'tidu[web]'。"
        ) from error
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from django.utils import timezone

    from tidu.apps.accounts.domain.first import first_administrators

    made = first_administrators(at=timezone.now(), names=(system, security, audit), district=district, bureau=bureau)
    typer.echo("已开立三个管理员账号。初始密码只显示这一次，请分别交给三个不同的人；首次登录须修改密码。")
    for user, role, password in made:
        typer.echo(f"  {role.label}　用户名 {user.username}　初始密码 {password}")
