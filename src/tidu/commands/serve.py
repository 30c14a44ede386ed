"""``tidu serve``: the site on this machine."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import secrets
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Annotated, Any

import typer

from tidu.commands.pages import ChineseCommand, new_app
from tidu.kernel.errors import TiduError

app = new_app()
DEFAULT_BIND = "127.0.0.1:8000"
THREADS = 8
PATIENCE = 120
"""Seconds that one request may take, a large workbook included."""


@app.command(cls=ChineseCommand)
def serve(
    bind: Annotated[
        str, typer.Option("--bind", metavar="地址:端口", envvar="TIDU_BIND", help=f"监听的地址和端口。默认 {DEFAULT_BIND}。")
    ] = DEFAULT_BIND,
    workers: Annotated[int, typer.Option("--workers", metavar="数目", min=0, help="进程数。默认与处理器数目相同，至少两个。")] = 0,
    with_worker: Annotated[bool, typer.Option("--worker/--no-worker", help="同时启动一个执行后台任务的进程。默认启动。")] = True,
    with_demo: Annotated[bool, typer.Option("--with-demo", help="企业库为空时，先建立虚构的示范区和各岗位的账号。")] = False,
) -> None:
    """启动网站：公开页面（政策计算器、梯度体检、政策与标准）和办公端。按 Ctrl+C 停止。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidu.config.settings.production")
    try:
        import django
        from django.core.management import call_command
        from gunicorn.app.base import BaseApplication
    except ModuleNotFoundError as error:
        raise TiduError(
            "no-web", f"没有安装网站所需的组件（{error.name}）。请运行 script/server，或者 pip install 'tidu[web]'。"
        ) from error
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    _complete_dictionaries()
    if with_demo:
        _prepare_demonstration()

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn with our settings and without a configuration file."""

        def load_config(self) -> None:
            """What differs from gunicorn's defaults."""
            chosen: dict[str, Any] = {
                "bind": bind,
                "workers": workers or max(2, multiprocessing.cpu_count()),
                "worker_class": "gthread",
                "threads": THREADS,
                "timeout": PATIENCE,
                "preload_app": True,
                "accesslog": None,
                "control_socket_disable": True,  # it would lie in the account's home, shared by all its sites
                "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: PTH112, S108 - heartbeat files only
            }
            for name, value in chosen.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            """The application, warmed before the processes part so that they share what is read and worked out."""
            from tidu.config.warming import warm_up
            from tidu.config.wsgi import application

            warm_up()
            return application

    typer.echo(f"网站地址：http://{bind}/　办公端：http://{bind}/office/　按 Ctrl+C 停止。", err=True)
    if with_worker:
        _start_worker()
    Server().run()


def _start_worker() -> None:
    """Background work in a process of its own; it ends with this one, and by itself where this one is killed."""
    worker, parent = subprocess.Popen([sys.executable, "-m", "tidu.cli", "work", "--with-parent"]), os.getpid()
    # the server's own processes are forks of this one and must not end it
    atexit.register(lambda: worker.terminate() if os.getpid() == parent else None)


def _complete_dictionaries() -> None:
    """Dictionaries that a new version brings are added; what is there is left as it is."""
    from django.utils import timezone

    from tidu.apps.accounts.actors import SYSTEM
    from tidu.apps.administration.domain.dictionaries import install_dictionaries

    install_dictionaries(actor=SYSTEM, at=timezone.now())


def _demonstration(password: str) -> Any:
    import django

    django.setup()
    from django.utils import timezone

    from tidu.config.demonstration import prepare_demonstration

    return prepare_demonstration(at=timezone.now(), password=password, progress=lambda what: typer.echo(f"  {what}", err=True))


def _prepare_demonstration() -> None:
    password = f"{secrets.token_urlsafe(9)}-Td1"
    typer.echo("企业库为空时建立虚构的示范区，约需一分钟…", err=True)
    # In a process of its own: the threads of the bulk engine do not survive the fork into the server's processes, which
    # would then wait for them for ever.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        found = apart.submit(_demonstration, password).result()
    if found is None:
        typer.echo("企业库里已有数据，没有改动。", err=True)
        return
    typer.echo(f"\n虚构示范区已建立：{found.firms:,} 家企业。下列账号的密码都是：{password}", err=True)
    typer.echo("（只显示这一次；登录后可以修改）", err=True)
    for username, name in found.people:
        typer.echo(f"  {username:<10}{name}", err=True)
