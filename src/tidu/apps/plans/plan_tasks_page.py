"""The table of plan tasks and the colour rules as a page of the docs: ``python -m tidu.apps.plans.plan_tasks_page > docs/plan-tasks.md``."""

from __future__ import annotations

import sys

from tidu.apps.plans.domain.colour_rules import ColourRules, Situation, colour_rules
from tidu.apps.plans.domain.transitions import LINES, TABLE, Of, Told, Transition
from tidu.apps.plans.enums import AssignmentState, PeriodKind, ReportState

HEAD = """# 计划任务怎样流转，灯号怎样推算

由代码中的流转表（`src/tidu/apps/plans/domain/transitions.py`）和灯号规则（`src/tidu/apps/plans/colours.yaml`）生成，不要手工修改；
重新生成：`python -m tidu.apps.plans.plan_tasks_page > docs/plan-tasks.md`。

每一步都检查：状态、岗位、条件、版本（别人先办了，后办的人会看到是谁办的），并写入办理记录和操作日志。
"""


def rendered() -> str:
    """The page, in Markdown."""
    states = ["", "## 状态", "", "| 对象 | 状态 | 名称 |", "|---|---|---|"]
    states += [f"| {Of.SHARE} | `{one.value}` | {one.label} |" for one in AssignmentState]
    states += [f"| {Of.REPORT} | `{one.value}` | {one.label} |" for one in ReportState]
    steps = ["", "## 流转", "", "| 动作 | 对象 | 从 | 到 | 谁办 | 须写理由 | 告知谁 | 消息 |", "|---|---|---|---|---|---|---|---|"]
    lines = ["", "## 不改变状态的记录", "", *(f"- {label} `{name}`" for name, label in LINES.items())]
    return HEAD + "\n".join([*states, *steps, *map(_row, TABLE), *lines, *_colours(colour_rules())]) + "\n"


def _row(row: Transition) -> str:
    who = "、".join(role.label for role in row.roles) + ("（限本单位）" if row.own else "")
    sources = "、".join(state.label for state in row.sources)
    told = "" if row.told == Told.NOBODY else row.told.value
    reason = "是" if row.reason else ""
    return f"| {row.label} `{row.name}` | {row.of} | {sources} | {row.target.label} | {who} | {reason} | {told} | {row.message} |"


def _colours(rules: ColourRules) -> list[str]:
    found = ["", "## 灯号规则", "", *(f"{line}\n" for line in rules.text.strip().splitlines())]
    found += ["| 情形 | 灯号 |", "|---|---|", *(f"| {one.value} | {rules.colours[one].label} |" for one in Situation)]
    found += ["", "| 报送周期 | 每期结束后几个工作日内报送 |", "|---|---|"]
    found += [f"| {one.label} | {rules.report_within[one]} |" for one in PeriodKind]
    found += ["", f"补正期限 {rules.mend_within} 个工作日；签收期限 {rules.sign_within} 个工作日。"]
    found += ["", "| 连续红灯满 | 告知 |", "|---|---|"]
    for one in rules.escalations:
        told = [*(["责任单位"] if one.unit else []), *(role.label for role in one.roles)]
        found.append(f"| {one.reds} 期 | {'、'.join(told)} |")
    return found


if __name__ == "__main__":
    sys.stdout.write(rendered())
