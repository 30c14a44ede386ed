"""Acts of fulfilment in words, beyond the steps of a case."""

from __future__ import annotations

from tidu.apps.fulfilment.domain.transitions import BY_NAME

STEPS = {"open": "建立办件", "hasten": "催办", "save": "保存草稿", "people": "安排经办人", "panel": "专家评审"}
"""Lines of a timeline that are no step of the table."""

OWN_STEPS = ("save", "people")
"""Those of them that a firm's own people make."""
CONTENT = {
    "confirmed": "确认领取", "promise": "承诺书", "holder": "户名", "number": "账号", "sections": "各节", "done": "已填完", "firm": "企业信息",
    "matter": "事项信息", "checked": "已核对", "note": "补充说明", "by": "签署人", "at": "签署时间", "text": "承诺书文本摘要", "answers": "补正说明",
    "facts": "企业数据", "records": "系统已有的证明",
}  # fmt: skip
"""Names of the keys that the system itself writes into a submission."""


def step_label(act: str) -> str:
    """A line of the timeline in words."""
    return BY_NAME[act].label if act in BY_NAME else STEPS[act]


ACTS = {
    "settlement.kept": "兑现测算",
    "ruling.rehearsed": "试算口径",
    "ruling.adopted": "采用口径",
    "ruling.ended": "停用口径",
    "case.opened": "建立办件",
    "case.opinion": "反馈联审意见",
    "case.hastened": "催办部门意见",
    "expert.kept": "添加评审专家",
    "expert.ended": "停用评审专家",
    "panel.named": "确定评审专家",
    "panel.declared": "登记回避声明",
    "panel.scored": "登记专家评分",
    "panel.voided": "作废专家评分",
    "phrase.kept": "添加常用语",
    "phrase.dropped": "删除常用语",
    "case.draft-saved": "保存申报草稿",
    "case.people": "安排办件经办人",
    "budget.planned": "编列预算",
    "batch.made": "建立会审批次",
    "batch.decided": "会审决定",
    "notice.drafted": "起草公示",
    "notice.published": "发布公示",
    "notice.closed": "公示期满办结",
    "objection.received": "受理异议",
    "objection.answered": "答复异议",
    "payment.batch-made": "建立拨付批次",
    "payment.batch-checked": "复核拨付批次",
    "payment.batch-dropped": "退回拨付批次",
    "payment.account-revealed": "查看收款账号",
    "payment.feedback-uploaded": "上传财政回执",
    "notice.reworded": "修改公示稿",
    "notice.dropped": "作废公示稿",
    "objection.revealed": "查看异议人",
    "payment.accounts-revealed": "导出拨付明细（含收款账号）",
    "payment.batch-sent": "送财政拨付",
    "payment.feedback": "登记财政回执",
    "recovery.step": "办理追缴",
    "recovery.received": "登记追缴到账",
}

DETAILS = {
    "section": "章节",
    "before": "此前",
    "after": "此后",
    "text": "说明",
    "cases": "办件",
    "payments": "笔数",
    "total": "金额（分）",
    "accounts": "账号数",
    "refused": "没有登记的行",
    "agreed": "同意",
    "left_out": "没有列入",
    "cleared": "期满通过",
    "waiting": "仍在等待",
    "upheld": "异议成立",
    "planned": "预算（分）",
    "amount": "金额（分）",
    "reference": "流水号",
    "contact": "联系方式",
    "expert": "专家",
    "declared": "声明",
    "points": "得分",
}
"""What events of fulfilment tell, in words."""
