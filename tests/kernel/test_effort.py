"""Effort documents: what an official may write, and how each fault is refused with file and line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.kernel.wayup_firms import WAN, effort_text, effort_with_faults
from tidu.kernel.effort import effort_of
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.facts import catalogue
from tidu.kernel.reading import load_packs, read_packs
from tidu.kernel.rules import keys_of, walk

ROW = '{fact: 研发费用, direction: up, step: 1万元, effort: 1, phrase: "研发费用再增加{gap}"}'


def test_shipped_document_reads_in_the_order_of_the_catalogue() -> None:
    effort = effort_of(load_packs())
    order = list(catalogue().order)

    assert effort.name == "默认工作量"
    assert list(effort.levers) == sorted(effort.levers, key=order.index)
    assert effort.levers["研发费用"].step == WAN
    assert [fact.name for fact in effort.levers["主营业务收入"].also] == ["营业收入"]


def test_every_fact_a_standard_reads_has_a_lever_or_a_reason() -> None:
    effort, packs = effort_of(load_packs()), load_packs()
    facts = packs.scope.catalogue.facts
    read = {key for law in packs.standards if not law.classes for node in walk(law.requires) for key in keys_of(node)}
    named = {name for name in (key.partition("@")[0] for key in read) if name in facts and name not in packs.mappings}

    assert named - set(effort.levers) - set(effort.fixed) == set()


def test_decimal_efforts_are_exact(tmp_path: Path) -> None:
    text = "effort: 本区\nlevers:\n  - {fact: 净利润, direction: up, step: 0.5万元, effort: 0.125, limit: 10万元, phrase: 增加}\n"
    lever = effort_text(text, tmp_path).levers["净利润"]

    assert (lever.step, lever.effort, lever.limit) == (WAN // 2, Fraction(1, 8), 10 * WAN)


def test_own_document_comes_before_the_shipped_one(tmp_path: Path) -> None:
    file = tmp_path / "本区.yaml"
    file.write_text(f"effort: 本区工作量\nlevers:\n  - {ROW}\n", encoding="utf-8")
    packs = read_packs([file])

    assert effort_of(packs).name == "本区工作量"
    assert effort_of(packs, "默认工作量").name == "默认工作量"
    with pytest.raises(TiduError, match="可用：默认工作量、本区工作量") as refused:
        effort_of(packs, "别处")
    assert refused.value.code == "no-effort"


def test_faulty_document_is_refused_when_packs_are_read(tmp_path: Path) -> None:
    file = tmp_path / "本区.yaml"
    file.write_text(
        "effort: 本区工作量\nlevers:\n  - {fact: 研发费, direction: up, step: 1万元, effort: 1, phrase: 增加}\n", encoding="utf-8"
    )

    with pytest.raises(Problems) as refused:
        read_packs([file])
    assert [(problem.code, problem.data["path"], problem.data["line"]) for problem in refused.value.problems] == [
        ("unknown-fact", "本区.yaml", 3)
    ]


FAULTS = [
    ("levers:\n  - {fact: 研发费, direction: up, step: 1万元, effort: 1, phrase: 增加}", "unknown-fact", 3, "指标目录中没有“研发费”"),
    ("levers:\n  - {fact: 研发费用, direction: sideways, step: 1万元, effort: 1, phrase: 增加}", "bad-effort", 3, "direction 应是 up"),
    ("levers:\n  - {fact: 研发费用, direction: up, step: 1人, effort: 1, phrase: 增加}", "unit-mismatch", 3, "单位是万元"),
    ("levers:\n  - {fact: 研发费用, direction: up, step: 1万, effort: 1, phrase: 增加}", "bad-literal", 3, "无法识别"),
    ("levers:\n  - {fact: 研发费用, direction: up, step: 0万元, effort: 1, phrase: 增加}", "bad-effort", 3, "step 应大于 0"),
    ("levers:\n  - {fact: 研发费用, direction: up, step: 1万元, effort: 0, phrase: 增加}", "bad-effort", 3, "工作量应是大于 0"),
    ("levers:\n  - {fact: 研发费用, direction: up, step: 1万元, effort: 0.0001, phrase: 增加}", "bad-effort", 3, "至多三位小数"),
    ("levers:\n  - {fact: 研发费用, direction: up, step: 2万元, effort: 1, limit: 1万元, phrase: 增加}", "bad-effort", 3, "永远用不上"),
    ("levers:\n  - {fact: 研发费用, direction: up, step: 1万元, effort: 1}", "missing-key", 3, "缺少 phrase"),
    ("levers:\n  - {fact: 研发费用, direction: up, step: 1万元, effort: 1, phrase: '增加{amount}'}", "bad-phrase", 3, "{amount} 无法填写"),
    ("levers:\n  - {fact: 研发费用, direction: up, step: 1万元, effort: 1, phrase: 增加, cost: 3}", "unknown-key", 3, "没有“cost”"),
    (
        "levers:\n  - {fact: 研发费用, direction: up, step: 1万元, effort: 1, phrase: 增加, also: [从业人员]}",
        "unit-mismatch",
        3,
        "不能随“研发费用”一起变动",
    ),
    ("levers:\n  - {fact: 自主品牌, direction: up, step: 1项, effort: 1, phrase: 增加}", "bad-effort", 3, "请写 to: {是: 20}"),
    ("levers:\n  - {fact: 自主品牌, to: {有: 20}, phrase: 建立}", "unknown-value", 3, "没有取值“有”"),
    ("levers:\n  - {fact: 研发费用, to: {是: 20}, phrase: 建立}", "bad-effort", 3, "数值指标请写 direction"),
    (f"levers:\n  - {ROW}\n  - {ROW}", "duplicate-id", 4, "“研发费用”登记了两次"),
    (f"levers:\n  - {ROW}\nfixed:\n  - {{fact: 研发费用, reason: 不变}}", "duplicate-id", 5, "“研发费用”登记了两次"),
    ("fixed:\n  - {fact: 成立日期}", "missing-key", 3, "缺少 reason"),
    ("keep:\n  - 研发人员 <= 营业收入", "unit-mismatch", 2, "两边单位不同"),
    ("keep:\n  - 研发费用占比 >= 3%", "bad-effort", 2, "keep 只能写"),
    ("keep:\n  - 研发费用 >= 研发费用(前1年)", "bad-effort", 2, "keep 只能写"),
    ("lever: []", "unknown-key", 2, "没有“lever”"),
    ("levers: 研发费用", "bad-effort", 2, "应是一个列表"),
]


@pytest.mark.parametrize(("text", "code", "line", "words"), FAULTS, ids=[f"{code}-{place}" for place, (_, code, _, _) in enumerate(FAULTS)])
def test_fault_is_refused_with_file_and_line(text: str, code: str, line: int, words: str, tmp_path: Path) -> None:
    faults: list[TiduError] = []
    effort_with_faults(f"effort: 本区\n{text}\n", tmp_path, faults)

    assert [(fault.code, fault.data["path"], fault.data["line"]) for fault in faults] == [(code, "own.yaml", line)]
    assert words in faults[0].message
