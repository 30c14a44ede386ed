"""The sections of a case's dossier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.enums import PUBLIC_NAMES, CaseState
from tidu.apps.fulfilment.models import Payment
from tidu.apps.fulfilment.words import CONTENT, step_label
from tidu.apps.paper.blocks import Block, Column, Heading, Listed, Paragraph, pairs, table
from tidu.apps.paper.domain.gathering import Gathered
from tidu.apps.paper.enums import Audience
from tidu.apps.paper.wording import both_ways, day_text, moment_text, yuan, yuan_text
from tidu.apps.sealing import masked, unseal
from tidu.kernel.awards import AwardBook
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

ACCOUNT = "bank-account"
NOT_SHOWN = frozenset({"correction", "materials"})
WORDS = {"value": "值", "source": "来源", "day": "收到", **CONTENT}
"""Names of the keys that the system itself writes into a submission; the sections' own names are words already."""


def flattened(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """A nested content as names and texts, in its own order."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flattened(inner, f"{name} · {WORDS.get(str(key), key)}" if name else WORDS.get(str(key), str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from flattened(inner, f"{name} {number}")
    elif isinstance(value, bool):
        yield name, "是" if value else "否"
    else:
        yield name, "" if value is None else str(value)


def submission_section(found: Gathered) -> list[Block]:
    """What was handed in, version by version."""
    blocks: list[Block] = [Heading("提交内容")]
    for one in found.submissions:
        blocks.append(Heading(f"第 {one.number} 次提交（{moment_text(one.submitted_at)}，{one.submitted_by}）", 2))
        blocks.append(
            pairs([*flattened({key: value for key, value in one.content.items() if key not in NOT_SHOWN}), ("摘要（SM3）", one.digest)])
        )
    return blocks if found.submissions else [*blocks, Paragraph("还没有提交。")]


def facts_section(found: Gathered, audience: Audience) -> list[Block]:
    """The firm's facts in force, each with its source."""
    blocks: list[Block] = [Heading("企业数据及来源")]
    columns = [Column("指标", 1.5), Column("数值", 1.6), Column("来源", 0.7), Column("收到日期", 1)]
    for block in found.facts:
        rows = []
        for line in block.lines:
            others = f"（{'；'.join(line.others)}）" if line.others and audience == Audience.INTERNAL else ""
            received = day_text(legal_day(line.received_at)) if line.received_at else ""
            rows.append((line.name, line.text + others, line.source, received))
        blocks += [Heading(block.title, 2), table(columns, rows)]
    return blocks if found.facts else [*blocks, Paragraph("企业库里还没有这家企业的数据。")]


def timeline_section(found: Gathered, audience: Audience) -> list[Block]:
    """The timeline; the firm's copy holds the public steps in its own words and names no official."""
    internal = audience == Audience.INTERNAL
    rows = []
    for step in found.steps:
        if not internal and not step.public:
            continue
        state = CaseState(step.after).label if internal else PUBLIC_NAMES[CaseState(step.after)]
        who = (step.actor_name,) if internal else ()
        rows.append((moment_text(step.at), step_label(step.act), state, *who, step.text))
    who_column = [Column("办理人", 0.9)] if internal else []
    columns = [Column("时间", 1.5), Column("动作", 0.8), Column("此后状态", 0.9), *who_column, Column("说明", 1.8)]
    return [Heading("办理过程"), table(columns, rows)]


def opinion_section(found: Gathered) -> list[Block]:
    """What the departments said of which version."""
    rows = [
        (
            one.unit.name, f"第 {one.submission.number} 次", one.get_verdict_display() if one.verdict else "未反馈", one.reason,
            f"{one.given_by} {moment_text(one.given_at)}".strip(), "已失效" if one.void else "有效",
        )
        for one in found.opinions
    ]  # fmt: skip
    columns = [
        Column("部门"),
        Column("针对", 0.6),
        Column("意见", 0.7),
        Column("理由", 1.6),
        Column("反馈人和时间", 1.3),
        Column("效力", 0.6),
    ]
    return [Heading("部门意见"), table(columns, rows, empty="这一事项不需要部门联审，或者还没有送审。")]


def computation_section(found: Gathered, audience: Audience) -> list[Block]:
    """How the amount came about, step by step, with clause and rulings."""
    case, ground = found.case, found.ground
    blocks: list[Block] = [
        Heading("金额怎么算的"),
        Paragraph(f"依据：{case.policy} {case.clause}（政策日期 {day_text(case.law_date)}）。", indent=False),
    ]
    if ground is None:
        return [*blocks, Paragraph("没有测算记录。")]
    when = f"（{moment_text(ground.at)}）" if ground.at is not None else ""
    blocks += [Paragraph(f"{ground.source}{when}：", indent=False), Listed(ground.how)]
    blocks.append(Paragraph(f"测算金额：{yuan_text(case.computed)}。", strong=True, indent=False))
    internal = audience == Audience.INTERNAL
    rows = [(one.id, one.clause, one.question, one.choice, *((one.adopted,) if internal else ())) for one in found.rulings]
    adopted = [Column("采用", 1)] if internal else []
    columns = [Column("口径", 0.5), Column("条款", 0.7), Column("问题", 1.8), Column("当时的选择", 1.5), *adopted]
    return [*blocks, Heading("所依据的口径", 2), table(columns, rows, empty="这一金额不依赖任何口径。")]


def decision_section(found: Gathered, audience: Audience) -> list[Block]:
    """What the meeting decided."""
    case, batch = found.case, found.case.batch
    if case.amount is None:
        return [Heading("会审决定"), Paragraph("还没有会审决定。")]
    rows = [("会审批次", batch.title if batch else ""), ("会议日期", day_text(batch.met_on) if batch else "")]
    rows += [("决定金额", both_ways(case.amount)), ("资金来源", case.payer)]
    if audience == Audience.INTERNAL:
        rows += [("预算", str(case.budget) if case.budget else ""), ("会议纪要", batch.minutes if batch else "")]
    return [Heading("会审决定"), pairs(rows)]


def notice_section(found: Gathered, audience: Audience) -> list[Block]:
    """The public notice and, for officials, objections and answers; who objected is never printed."""
    notice = found.case.notice
    if notice is None:
        return [Heading("公示"), Paragraph("还没有公示。")]
    blocks: list[Block] = [
        Heading("公示"),
        pairs(
            [
                ("标题", notice.title), ("状态", notice.get_state_display()), ("公示开始", day_text(notice.published_on)),
                ("公示最后一日", day_text(notice.until)), ("摘要（SM3）", notice.digest),
            ]
        ),
    ]  # fmt: skip
    if audience == Audience.INTERNAL:
        rows = [
            (moment_text(one.received_at), one.text, one.get_state_display(), one.answer, moment_text(one.answered_at))
            for one in found.objections
        ]
        columns = [Column("收到", 1), Column("异议", 1.6), Column("结论", 0.8), Column("答复", 1.6), Column("答复时间", 1)]
        blocks += [Heading("异议", 2), table(columns, rows, empty="公示期间没有收到异议。")]
    return blocks


def payment_section(found: Gathered) -> list[Block]:
    """Every try to pay, and the voucher; accounts are masked."""
    rows = [
        (
            one.batch.number, str(one.attempt), yuan(one.amount), f"{one.account_holder} {shown_account(one)}", one.get_state_display(),
            f"{day_text(one.paid_on)}{one.returned_why} {one.reference}".strip(),
        )
        for one in found.payments
    ]  # fmt: skip
    columns = [
        Column("批次", 1.1), Column("次", 0.35), Column("金额（元）", 1, figure=True), Column("收款账户", 1.6), Column("状态", 0.8), Column("结果", 1.3),
    ]  # fmt: skip
    blocks: list[Block] = [Heading("拨付"), table(columns, rows, empty="还没有拨付。")]
    for one in found.payments:
        voucher = getattr(one, "voucher", None)
        if voucher is not None:
            blocks.append(pairs([("凭证号", voucher.number), ("金额", both_ways(voucher.amount)), ("日期", day_text(voucher.issued_on))]))
    return blocks


def shown_account(payment: Payment) -> str:
    """The account of a payment with all but its last digits hidden."""
    try:
        return masked(unseal(payment.account, ACCOUNT))
    except TiduError:
        return "（加密内容打不开）"


def obligation_section(found: Gathered, book: AwardBook | None) -> list[Block]:
    """What the paid firm owes for years."""
    rules = {one.label.id: one for policy in (book.policies if book else ()) for one in policy.obligations}
    rows = []
    for one in found.obligations:
        rule = rules.get(one.rule)
        until = day_text(one.until) or (f"满 {rule.years} 年" if rule is not None else "")
        rows.append((one.clause, rule.label.text if rule is not None else one.rule, day_text(one.starts), until))
    return [
        Heading("承诺义务"),
        table([Column("条款", 0.8), Column("义务", 2.4), Column("起"), Column("止")], rows, empty="没有承诺义务。"),
    ]


def recovery_section(found: Gathered, audience: Audience) -> list[Block]:
    """Money that has to come back, and what has come."""
    blocks: list[Block] = [Heading("追缴")]
    for one, receipts in found.recoveries:
        rows = [
            ("状态", one.get_state_display()), ("立案", moment_text(one.opened_at)), ("事由", one.reason), ("应追缴", both_ways(one.amount)),
            ("已收回", yuan_text(one.received)), ("办结", moment_text(one.closed_at)),
        ]  # fmt: skip
        if audience == Audience.INTERNAL:
            rows += [("依据", "；".join(f"{name}：{text}" for name, text in flattened(one.evidence))), ("告知、申辩与处理", one.hearing)]
        columns = [Column("到账日期"), Column("金额（元）", figure=True), Column("流水号")]
        total = ("合计", yuan(sum(receipt.amount for receipt in receipts)), "") if receipts else ()
        lines = [(day_text(receipt.received_on), yuan(receipt.amount), receipt.reference) for receipt in receipts]
        blocks += [pairs(rows), table(columns, lines, total=total, empty="还没有追缴到账。")]
    return blocks if found.recoveries else [*blocks, Paragraph("没有追缴。")]


def material_section(found: Gathered, states: Mapping[int, str]) -> list[Block]:
    """The files that were handed in, with their digests and whether they are whole."""
    names = {one.id: one.name for one in item_rules(found.case.award).materials}
    rows = [
        (
            names.get(found.uses[one.pk], found.uses[one.pk]), one.name, f"{one.get_type_display()}，{one.size:,} 字节",
            f"{one.uploader_name} {moment_text(one.uploaded_at)}", states[one.pk], one.digest,
        )
        for one in found.files
    ]  # fmt: skip
    columns = [
        Column("材料", 0.9),
        Column("文件", 1.2),
        Column("类型和大小", 0.9),
        Column("上传", 1),
        Column("状态", 0.6),
        Column("摘要（SM3）", 1.4),
    ]
    return [Heading("材料"), table(columns, rows, empty="没有随办件提交的文件。")]
