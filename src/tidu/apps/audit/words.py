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
    "import.uploaded": "上传导入文件",
    "import.looked-at": "重新识别导入文件",
    "import.mapped": "核对导入文件的列",
    "import.check-asked": "提交检查导入文件",
    "import.checked": "检查导入文件",
    "import.name-decided": "选定名称对应的企业",
    "import.committed": "导入数据入库",
    "import.undone": "撤销整批导入",
    "import.dropped": "放弃导入文件",
    "cultivation.computed": "培育库与预警计算",
    "pool.propose": "提出入库",
    "pool.enter": "确认入库",
    "pool.refuse": "不予入库",
    "pool.propose-exit": "提出出库",
    "pool.keep": "留在库内",
    "pool.leave": "确认出库",
    "pool.stage": "调整培育阶段",
    "pool.guide": "指定服务专员",
    "warning.claim": "认领预警",
    "warning.release": "退回预警",
    "warning.confirm": "核实预警属实",
    "warning.dismiss": "核实预警不属实",
    "warning.reopen": "重新核实预警",
    "warning.close": "预警销号或提请销号",
    "warning.approve": "同意预警销号",
    "warning.return": "退回预警重办",
    "job.asked": "提出后台任务",
    "job.done": "后台任务完成",
    "job.failed": "后台任务未完成",
}


def action_text(action: str) -> str:
    """An act as people read it; an unknown one is refused rather than shown as something else."""
    return ACTIONS[action]
