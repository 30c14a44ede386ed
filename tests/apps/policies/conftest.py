"""The shipped packs, and a small pack with the forms that the shipped ones do not use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.kernel.packs import PackSet
from tidu.kernel.reading import load_packs, read_packs

RARE = """\
standard: 少见写法
version: 甲
tier: 创新型
reference: {document: 示例文件}
application: [new]
in_force: {from: 2024-01-01, to: null}
confidence: one-source
checked_on: 2024-01-01
requires:
  all:
    - {id: A1, clause: 一, text: 三项里至少两项, count: [营业收入 >= 1.5亿元, 从业人员 != 3人, 数字化水平 >= 三级], at_least: 2}
    - {id: A2, clause: 二, text: 两次以上科技奖励, event: 科技奖励, where: 单位排名 = 1, within: 上年度以来, at_least: 2}
    - {id: A3, clause: 三, text: 登记状态不是注销, that: 登记状态 != 注销}
    - {id: A4, clause: 四, text: 两年研发合计, that: 研发费用 + 研发费用(前1年) > 1200万元}
    - {id: A5, clause: 五, text: 2020 年以前成立, that: 成立日期 < 2020-01-01}
---
policy: 示例政策
version: 甲
reference: {document: 示例政策文件}
in_force: {from: 2024-01-01, to: null}
confidence: confirmed
checked_on: 2024-01-01
payers: [区级]
scope: [{id: P1, clause: 一, text: 正常经营, that: 登记状态 = 存续}]
---
award: Z1
policy: 示例政策
clause: 二
title: 定额示例
payer: 区级
event: 荣誉
amount: {fixed: 0.5万元}
cap: {amount: 8000元, per: item}
"""


@pytest.fixture(scope="session")
def packs() -> PackSet:
    return load_packs()


@pytest.fixture
def rare_packs(tmp_path: Path) -> PackSet:
    file = tmp_path / "rare.yaml"
    file.write_text(RARE, encoding="utf-8")
    return read_packs([file])
