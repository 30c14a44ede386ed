"""Reading award packs: what stands in them, and every kind of fault with file, line and a sentence."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tidu.kernel.awards import Award, AwardBook
from tidu.kernel.errors import Problems
from tidu.kernel.reading import load_packs, read_packs
from tidu.kernel.rules import Times

GOOD = """\
ruling: Q1
policy: 示例政策
clause: 一
question: 年怎么算？
options:
  - {choice: 事项年, effect: event, text: 事项发生的年}
  - {choice: 核定年, effect: decision, text: 核定的年}
default: 事项年
---
ruling: Q2
policy: 示例政策
clause: 一
question: 基数为零怎么办？
options:
  - {choice: 按零, effect: zero, text: 零}
  - {choice: 按文, effect: stated, text: 按文件}
default: 按零
---
base: 示例基数
payer: 市级
event: 认定
reference: {document: 示例文件}
confidence: confirmed
rows:
  - {tier: 国家级, when: [级别 = 国家级], in_force: {from: 2021-01-01, to: 2023-01-01}, amount: 50万元}
  - {tier: 国家级, when: [级别 = 国家级], in_force: {from: 2023-01-01, to: null}, amount: 0万元}
---
policy: 示例政策
version: 一
reference: {document: 示例文件}
in_force: {from: 2022-01-01, to: 2025-01-01}
confidence: confirmed
payers: [区级]
scope:
  - {id: S1, clause: 一, text: 在本区纳税, that: "纳税关系所在区 = 420114"}
exclusions:
  - {id: S2, clause: 一, text: 有违法, event: 重大违法违规, within: 3年}
stacking:
  - {id: S3, clause: 一, title: 同一天, awards: [A1, A2], by: [日期]}
obligations: []
---
award: A1
policy: 示例政策
clause: 二
title: 合同
payer: 区级
event: 技术合同
limits:
  - {id: A11, text: 开发合同, that: 合同类型 = 技术开发}
amount: {rate: 10%, of: 成交额}
cap: {amount: 100万元, per: firm-year, year: Q1}
---
award: A2
policy: 示例政策
clause: 三
title: 认定
payer: 区级
event: 认定
amount: {match: 100%, base: 示例基数, zero_base: Q2, stated: {国家级: 50万元}}
once: {per: tier}
"""
STACKING_FIELDS = GOOD.replace("awards: [A1, A2], by: [日期]", "awards: [A2], by: [日期]")


def read(folder: Path, text: str) -> AwardBook:
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    book = read_packs([folder], base=None).book
    assert book is not None
    return book


def faults(folder: Path, text: str) -> list[tuple[str, int]]:
    with pytest.raises(Problems) as raised:
        read(folder, text)
    for problem in raised.value.problems:
        assert problem.message.startswith(f"pack.yaml:{problem.data['line']} ")
        assert problem.message.endswith("。")
    return [(problem.code, problem.data["line"]) for problem in raised.value.problems]


def award(name: str) -> Award:
    book = load_packs().book
    assert book is not None
    return next(found for found in book.awards if found.id == name)


def test_a_sound_pack_is_read_whole(tmp_path: Path) -> None:
    book = read(tmp_path, STACKING_FIELDS)

    assert [found.id for found in book.awards] == ["A1", "A2"]
    assert [policy.name for policy in book.in_force(date(2024, 12, 31))] == ["示例政策"]
    assert isinstance(book.awards[0].computed, Times)
    assert book.awards[0].computed.rate == Fraction(1, 10)
    assert book.awards[1].stated == {"国家级": 50_000_000}


FAULTS = [
    ("clause: 二\n", "", "missing-clause", 42),
    ("title: 合同\n", "", "missing-title", 42),
    ("payer: 区级\nevent: 技术合同", "event: 技术合同", "missing-payer", 42),
    ("payer: 区级\nevent: 技术合同", "payer: 省级\nevent: 技术合同", "unknown-payer", 46),
    ("amount: {rate: 10%, of: 成交额}\n", "", "missing-amount", 42),
    ("amount: {rate: 10%, of: 成交额}", "amount: {rate: 10%, fixed: 1万元, of: 成交额}", "bad-amount", 50),
    ("amount: {rate: 10%, of: 成交额}", "amount: {rate: 10万元, of: 成交额}", "unit-mismatch", 50),
    ("amount: {rate: 10%, of: 成交额}", "amount: {rate: -10%, of: 成交额}", "bad-rate", 50),
    ("amount: {rate: 10%, of: 成交额}", "amount: {rate: 10%, of: 对方类型}", "unknown-field", 50),
    ("amount: {rate: 10%, of: 成交额}", "amount: {fixed: -1万元}", "negative-amount", 50),
    ("amount: {rate: 10%, of: 成交额}", "amount: {choose: [[合同类型 = 技术开发, 1万元]]}", "table-hole", 50),
    (
        "amount: {rate: 10%, of: 成交额}",
        "amount: {choose: [[else, 0万元], [合同类型 = 技术开发, 1万元], [else, 0万元]]}",
        "unreachable-row",
        50,
    ),
    ("amount: {rate: 10%, of: 成交额}", "amount: {choose: [[合同类型 = 买卖, 1万元], [else, 0万元]]}", "unknown-value", 50),
    ("cap: {amount: 100万元, per: firm-year, year: Q1}", "cap: {amount: -100万元, per: firm-year, year: Q1}", "bad-cap", 51),
    ("cap: {amount: 100万元, per: firm-year, year: Q1}", "cap: {amount: 100万元, per: month}", "bad-cap", 51),
    ("cap: {amount: 100万元, per: firm-year, year: Q1}", "cap: {amount: 100%, per: item}", "unit-mismatch", 51),
    ("cap: {amount: 100万元, per: firm-year, year: Q1}", "cap: {amount: 100万元, per: firm-year}", "missing-ruling", 51),
    ("cap: {amount: 100万元, per: firm-year, year: Q1}", "cap: {amount: 100万元, per: firm-year, year: Q9}", "unknown-ruling", 51),
    ("cap: {amount: 100万元, per: firm-year, year: Q1}", "cap: {amount: 100万元, per: firm-year, year: Q2}", "wrong-effect", 51),
    ("event: 技术合同\n", "event: 采购合同\n", "unknown-event", 47),
    ("event: 技术合同\n", "event: 技术合同\nonce: {per: year}\n", "bad-once", 48),
    ("event: 技术合同\n", "event: 技术合同\nrivals: {same: 合同号}\n", "bad-rivals", 48),
    ("event: 技术合同\n", "event: 技术合同\nitem: [合同号]\n", "unknown-field", 48),
    ("event: 技术合同\n", "event: 技术合同\nwhen: 合同类型 = 技术开发\n", "bad-criterion", 48),
    ("event: 技术合同\n", "event: 技术合同\nfirm: [{id: F1, text: 企业}]\n", "bad-criterion", 48),
    ("event: 技术合同\n", "event: 技术合同\nfirm: [{id: F1, text: 企业, by: Q1}]\n", "wrong-effect", 48),
    ("event: 技术合同\n", "event: 技术合同\nlimit: 10\n", "unknown-key", 48),
    ("that: 合同类型 = 技术开发", "that: 合同金额 >= 1万元", "unknown-fact", 49),
    ("that: 合同类型 = 技术开发", "that: 成交额 >= 1%", "unit-mismatch", 49),
    ("{id: A11, text: 开发合同,", "{id: A11,", "missing-key", 49),
    ("policy: 示例政策\nclause: 二", "policy: 另一政策\nclause: 二", "unknown-policy", 43),
    ("award: A2", "award: A1", "duplicate-id", 53),
    ("base: 示例基数, zero_base", "base: 无此基数, zero_base", "unknown-base", 59),
    ("stated: {国家级: 50万元}", "stated: {省级: 50万元}", "bad-stated", 59),
    ("zero_base: Q2, ", "", "bad-stated", 59),
    ("from: 2023-01-01, to: null}, amount: 0万元", "from: 2022-01-01, to: null}, amount: 0万元", "overlapping-base", 26),
    ("from: 2023-01-01, to: null}, amount: 0万元", "from: 2023-02-01, to: null}, amount: 0万元", "base-hole", 26),
    ("from: 2023-01-01, to: null}, amount: 0万元", "from: 2023-01-01, to: 2022-01-01}, amount: 0万元", "bad-validity", 26),
    ("payer: 市级\n", "", "missing-payer", 19),
    ("confidence: confirmed\nrows", "confidence: sure\nrows", "bad-confidence", 23),
    ("in_force: {from: 2022-01-01, to: 2025-01-01}\n", "", "missing-validity", 28),
    ("to: 2025-01-01}", "to: 2021-01-01}", "bad-validity", 31),
    ("payers: [区级]\n", "", "missing-payers", 28),
    ('  - {id: S1, clause: 一, text: 在本区纳税, that: "纳税关系所在区 = 420114"}\n', "", "missing-scope", 28),
    ("within: 3年}", "moved_away_from: [甲], relations: [注册地], within: 3年}", "bad-criterion", 37),
    ("within: 3年}", "within: 3年, counted_from: Q1}", "", 0),
    ("event: 重大违法违规, within: 3年}", "moved_away_from: [甲], relations: [社保]}", "unknown-value", 37),
    ("awards: [A1, A2], by: [日期]", "awards: [A9], by: [日期]", "unknown-award", 39),
    ("awards: [A1, A2], by: [日期]", "awards: [A2], by: [合同号]", "unknown-field", 39),
    (
        "obligations: []",
        "obligations: [{id: O1, text: 不迁, years: 0, moved_away_from: [甲], relations: [注册地], ruling: Q1}]",
        "bad-count",
        40,
    ),
    ("obligations: []", "obligations: [{id: O1, text: 不迁, years: 5, moved_away_from: [甲], relations: [注册地]}]", "missing-ruling", 40),
    ("default: 事项年\n", "", "missing-default", 1),
    ("default: 事项年\n", "default: 发布年\n", "unknown-choice", 8),
    ("default: 事项年\n", "default: 事项年\nin_force: {choice: 核定年, by: 区财政局}\n", "bad-adoption", 9),
    ("effect: decision", "effect: whenever", "wrong-effect", 7),
    ("  - {choice: 核定年, effect: decision, text: 核定的年}\n", "", "bad-options", 5),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"), FAULTS, ids=[f"{code or 'sound'}-{index}" for index, (_, _, code, _) in enumerate(FAULTS)]
)
def test_a_fault_is_refused_with_its_line(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    assert STACKING_FIELDS.count(old) or GOOD.count(old)
    source = GOOD if "awards: [A1, A2]" in old else STACKING_FIELDS
    changed = source.replace(old, new, 1)
    if not code:
        assert [found.id for found in read(tmp_path, changed).awards] == ["A1", "A2"]
        return

    assert (code, line) in faults(tmp_path, changed)


def test_all_faults_are_reported_together(tmp_path: Path) -> None:
    broken = (
        STACKING_FIELDS.replace("clause: 二\n", "").replace("10%", "-10%").replace("awards: [A2], by: [日期]", "awards: [A9], by: [日期]")
    )

    assert {code for code, _ in faults(tmp_path, broken)} == {"missing-clause", "bad-rate", "unknown-award"}


def test_two_texts_of_one_policy_may_not_overlap(tmp_path: Path) -> None:
    second = GOOD.split("---\n")[3].replace("version: 一", "version: 二").replace("[A1, A2]", "[A2]")

    assert faults(tmp_path, f"{STACKING_FIELDS}---\n{second}") == [("overlapping-texts", 65)]


def test_an_adopted_ruling_is_no_longer_a_default(tmp_path: Path) -> None:
    adopted = "default: 事项年\nin_force: {choice: 核定年, by: 区财政局, on: 2024-05-01}\n"
    book = read(tmp_path, STACKING_FIELDS.replace("default: 事项年\n", adopted))

    assert (book.rulings["Q1"].choice, book.choice("Q1", {}), book.choice("Q1", {"Q1": "事项年"})) == ("核定年", "核定年", "事项年")


def test_the_plan_holds_every_award_with_its_cap_and_payer() -> None:
    book = load_packs().book
    assert book is not None

    assert [(found.id, found.clause, found.payer) for found in book.awards] == [
        ("C1", "二（一）2", "区级"),
        ("C2", "二（一）3", "区级"),
        ("C3", "二（一）4", "区级"),
        ("C4", "二（三）1", "区级"),
        ("C5", "二（三）3", "区级"),
        ("C6", "二（四）2", "区级"),
        ("C7", "二（四）2", "区级"),
        ("C8", "二（四）2", "区级"),
        ("C9", "二（四）3", "市级"),
    ]
    assert {found.id: (found.cap.fen // 1_000_000, found.cap.per) for found in book.awards if found.cap} == {
        "C1": (100, "project"),
        "C4": (200, "firm-year"),
        "C5": (100, "firm-year"),
    }
    assert list(book.rulings) == [f"R{number}" for number in range(1, 11)]
    assert all(ruling.in_force is None and len(ruling.options) >= 2 and ruling.note for ruling in book.rulings.values())


def test_the_municipal_base_of_the_provincial_title_ends_in_2023() -> None:
    base = award("C3").base
    assert base is not None

    assert [(row.tier, row.in_force.start, row.in_force.end, row.fen // 1_000_000) for row in base.rows] == [
        ("国家级", date(2021, 1, 1), None, 50),
        ("省级", date(2021, 1, 1), date(2023, 1, 1), 20),
        ("省级", date(2023, 1, 1), None, 0),
    ]
    assert base.confidence == "one-source"
