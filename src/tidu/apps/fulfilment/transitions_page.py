"""The table of transitions as a page of the docs: ``python -m tidu.apps.fulfilment.transitions_page > docs/transitions.md``."""

from __future__ import annotations

import sys

from tidu.apps.accounts.enums import FIRM_ROLES
from tidu.apps.fulfilment.domain.transitions import TABLE, Transition
from tidu.apps.fulfilment.enums import PUBLIC_NAMES, CaseState

HEAD = """# 办件怎样流转

由代码中的流转表（`src/tidu/apps/fulfilment/domain/transitions.py`）生成，不要手工修改；重新生成：
`python -m tidu.apps.fulfilment.transitions_page > docs/transitions.md`。

每一步都检查：状态、岗位、条件、版本（别人先办了，后办的人会看到是谁办的），并写入操作日志。
“告知企业”为空的，企业看不到这一步。

"""


def rendered() -> str:
    """The page, in Markdown."""
    states = ["## 状态", "", "| 状态 | 办理端名称 | 企业看到的 |", "|---|---|---|"]
    states += [f"| `{state.value}` | {state.label} | {PUBLIC_NAMES[state]} |" for state in CaseState]
    rows = ["", "## 流转", "", "| 动作 | 从 | 到 | 谁办 | 须写理由 | 下一步期限 | 告知企业 |", "|---|---|---|---|---|---|---|"]
    return HEAD + "\n".join([*states, *rows, *map(_row, TABLE)]) + "\n"


def _row(row: Transition) -> str:
    who = (
        f"随 `{row.follows}` 发生"
        if row.follows
        else "本企业"
        if set(row.roles) <= FIRM_ROLES
        else "、".join(role.label for role in row.roles)
    )
    sources = "、".join(state.label for state in row.sources)
    clock = f"{row.clock} 个工作日" if row.clock else ""
    return f"| {row.label} `{row.name}` | {sources} | {row.target.label} | {who} | {'是' if row.reason else ''} | {clock} | {row.message} |"


if __name__ == "__main__":
    sys.stdout.write(rendered())
