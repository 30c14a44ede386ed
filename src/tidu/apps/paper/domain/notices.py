"""公示 and 公告 of a notice: firm, item and amount, and never an account, a telephone of a firm or an identity number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import Subject
from tidu.apps.fulfilment.enums import COMMITTED, CaseState, NoticeState
from tidu.apps.fulfilment.models import Case, Notice
from tidu.apps.paper.blocks import Block, Column, Paper, Paragraph, table
from tidu.apps.paper.domain.making import Printed, print_paper, require_reader
from tidu.apps.paper.enums import Form, NoticePaper
from tidu.apps.paper.private import without_private_numbers
from tidu.apps.paper.wording import both_ways, day_text, yuan
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

CLEARED = tuple(state for state in COMMITTED if state not in {CaseState.DECIDED, CaseState.NOTICED, CaseState.OBJECTED})
_WAN = "万元"


def make_notice_paper(*, actor: Actor, at: datetime, notice: Notice, kind: NoticePaper, form: Form, sponsor: str) -> Printed:
    """The file of a notice or of its announcement; ``sponsor`` is who signs it."""
    require_reader(actor)
    paper = notice_paper(notice, sponsor) if kind == NoticePaper.NOTICE else announcement_paper(notice, sponsor)
    return print_paper(actor=actor, at=at, paper=paper, form=form, subject=Subject("notice", str(notice.pk), notice.title))


def notice_paper(notice: Notice, sponsor: str) -> Paper:
    """The notice as published: its own text, the list, the period, where to object."""
    hidden = without_private_numbers
    until = f"{day_text(notice.published_on)}起，至{day_text(notice.until)}止" if notice.until else f"自发布次日起 {notice.days} 个工作日"
    blocks: list[Block] = [
        *(Paragraph(hidden(part)) for part in notice.body.split("\n") if part.strip()),
        *_rows(notice.rows),
        Paragraph(f"公示期：{until}（{notice.days} 个工作日）。"),
        Paragraph(
            "对名单有不同意见的，请在公示期内书面说明情况和理由，写明真实姓名（单位加盖公章），以便核实和答复；提出人的信息予以保密。"
        ),
        # the office's own telephone is meant to be read; it is the one number that stays
        Paragraph(f"受理单位和联系方式：{notice.contact}"),
        *_signed(sponsor, day_text(notice.published_on) or "（发布日期）"),
    ]
    return Paper(hidden(notice.title), notice.published_on or legal_day(notice.created_at), tuple(blocks))


def announcement_paper(notice: Notice, sponsor: str) -> Paper:
    """What came of a notice whose period is over: the rows that stood. Raises ``notice-running``."""
    if notice.state != NoticeState.CLOSED or notice.until is None:
        raise TiduError("notice-running", f"“{notice.title}”现在是“{notice.get_state_display()}”，公示期满办结后才能出公告。")
    stood = set(Case.objects.filter(notice=notice, state__in=CLEARED).values_list("pk", flat=True))
    rows = [row for row in notice.rows if row["case"] in stood]
    left = len(notice.rows) - len(rows)
    told = f"公示的 {len(notice.rows)} 项中，{len(rows)} 项没有异议或者异议不成立，予以支持" + (
        f"；其余 {left} 项不在本公告之列。" if left else "。"
    )
    closed = legal_day(notice.closed_at) if notice.closed_at else notice.until
    blocks: list[Block] = [
        Paragraph(
            f"“{without_private_numbers(notice.title)}”已于{day_text(notice.published_on)}至{day_text(notice.until)}公示，现已期满。{told}"
        ),
        *_rows(rows),
        Paragraph("资金将按规定拨付至企业确认的对公账户。领取资金的企业应当履行所作承诺。"),
        *_signed(sponsor, day_text(closed)),
    ]
    title = without_private_numbers(notice.title)
    return Paper(title.replace("公示", "公告") if "公示" in title else f"{title}的公告", closed, tuple(blocks))


def _signed(sponsor: str, day: str) -> list[Block]:
    return [Paragraph(sponsor, right=True), Paragraph(day, right=True)]


def _rows(rows: Sequence[Mapping[str, Any]]) -> list[Block]:
    amounts = [fen_of_words(str(row["amount"])) for row in rows]
    listed = [
        (
            str(number), *(without_private_numbers(str(row[name])) for name in ("firm", "code")),
            without_private_numbers(f"{row['title']}（{row['clause']}）"), without_private_numbers(str(row["item"])),
            yuan(fen) if fen is not None else str(row["amount"]),
        )
        for number, (row, fen) in enumerate(zip(rows, amounts, strict=True), start=1)
    ]  # fmt: skip
    columns = [
        Column("序号", 0.55), Column("企业名称", 1.7), Column("统一社会信用代码", 1.9), Column("事项和条款", 1.5), Column("对象", 1.4),
        Column("金额（元）", 1.2, figure=True),
    ]  # fmt: skip
    known = [fen for fen in amounts if fen is not None]
    whole = len(known) == len(rows) and bool(rows)
    total = ("", "合计", "", "", "", yuan(sum(known))) if whole else ()
    blocks: list[Block] = [table(columns, listed, total=total, empty="没有企业。")]
    if whole and sum(known):
        blocks.append(Paragraph(f"共 {len(rows)} 项，合计 {both_ways(sum(known))}。"))
    return blocks


def fen_of_words(text: str) -> int | None:
    """An amount as a notice keeps it (50万元) in fen; None where it is no such amount.

    >>> fen_of_words("50万元"), fen_of_words("0.000001万元"), fen_of_words("面议")
    (50000000, 1, None)
    """
    if not text.endswith(_WAN):
        return None
    try:
        fen = Decimal(text.removesuffix(_WAN)) * 1_000_000
    except InvalidOperation:
        return None
    return int(fen) if fen == fen.to_integral_value() else None
