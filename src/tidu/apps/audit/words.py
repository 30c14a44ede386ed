"""Acts in words."""

from __future__ import annotations

ACTIONS = {
    "account.login": "登录",
    "account.logout": "退出",
    "account.opened": "开立账号",
    "account.post-given": "授予岗位",
    "account.password-changed": "修改密码",
    "export": "导出",
    "registry.loaded": "载入企业数据",
    "job.asked": "提出后台任务",
    "job.done": "后台任务完成",
    "job.failed": "后台任务未完成",
}


def action_text(action: str) -> str:
    """An act as people read it; an unknown one is refused rather than shown as something else."""
    return ACTIONS[action]
