"""Acts on plans in words."""

from __future__ import annotations

ACTS = {
    "plan.document-kept": "载入计划文件",
    "plan.extraction-added": "补录识别结果",
    "plan.extraction-corrected": "更正识别结果",
    "plan.extraction-confirmed": "确认识别结果",
    "plan.extraction-refused": "不采用识别结果",
    "plan.name-confirmed": "确认单位名称",
    "plan.made": "建立计划任务",
    "plan.hasten": "催办任务",
    "plan.escalate": "红灯逐级告知",
}
TOLD = {
    "before": "此前", "after": "此后", "text": "说明", "period": "期", "unit": "单位", "units": "单位", "tasks": "任务数", "digest": "摘要",
    "found": "识别条数", "outside": "不是本区单位", "reds": "连续红灯", "told": "告知人数", "number": "第几次", "path": "条款号",
}  # fmt: skip
OBJECTS = {"plan-document": "计划文件", "plan-name": "单位名称", "plan": "计划", "plan-task": "任务分工"}
