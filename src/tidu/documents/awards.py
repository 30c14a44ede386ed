"""Awards: what is granted for what, as a sum, a share, a match or up to a limit, and who pays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tidu.documents.award_subjects import base_of, event_of, label_before, rows_of, subject_of
from tidu.documents.award_terms import PAYER, cap_period, payer_of, unit_of_price
from tidu.documents.clauses import Clause
from tidu.documents.grants import CAP, CONDITION, GRANT, VERB, Sorted, segments_of, sort_quantities
from tidu.documents.lines import CELL, Line
from tidu.documents.quantities import MATCH, MONEY, SHARE, Quantity, money_in
from tidu.documents.sentences import LONGEST_SENTENCE, Span, pieces
from tidu.documents.words import words

FIXED, RATE, MATCHING, RANGE = "fixed", "rate", "match", "range"

_TOTAL = re.compile(r"累计|总额|合计|总和|单个|单家|单户|每家|每户|每年|年度|同一|单项(?!冠军)|每个|全年|不超过|总计|最多|每人")
_LIMITING = re.compile(
    r"(?:对|且|其中|原则上|上述|以上|该|本条|本项|全部|各|两项|几项|[，])*(?:同一|同个|单个|单家|单户|单一|单项(?!冠军)|每家|每户|每个|每人|每项|每年|年度|全年|累计|合计|总额|最高|最多|奖励|奖补|补助|补贴|贴息|资助|支持|配套|一个|企业(?:年|每|最|累)|项目(?:最|累|总))"
)
_CONDITIONS = re.compile(
    r"(?:下列|以下|如下|全部)[^：]{0,8}(?:条件|要求|标准|情形)|应当?(?:具备|符合|满足)|须(?:具备|符合|满足)|满足[^：]{0,16}条件"
)


@dataclass(frozen=True)
class Award:
    """One award row; money in yuan, shares of one. ``cap_per``: project, person, enterprise, year, enterprise-year, item."""

    path: str
    text: str
    what: str
    kind: str
    amount: Fraction | None
    rate: Fraction | None
    match: Fraction | None
    cap: Fraction | None
    cap_per: str | None
    payer: str | None
    start: int
    end: int
    per: str | None = None
    """For a unit price the unit: 平方米, 月."""


@dataclass
class _Act:
    """One act of granting in a sentence: its amounts and its caps."""

    mains: list[Sorted]
    caps: list[Sorted] = field(default_factory=list)
    subject: str = ""
    cap_text: str = ""
    rows: list[Award] = field(default_factory=list)

    def unit_price(self, segments: Sequence[Span]) -> bool:
        """Whether its amount is for a unit: 每平方米最高50元."""
        first = (self.mains or self.caps)[0]
        return unit_of_price(first.quantity, segments[first.segment].text) is not None

    @property
    def kind(self) -> str:
        if not self.mains:
            return RANGE
        return {MONEY: FIXED, SHARE: RATE, MATCH: MATCHING}[self.mains[0].quantity.kind]


@dataclass
class _Memory:
    """What an earlier sentence of the paragraph leaves to the next: its subject and its awards."""

    subject: str = ""
    awards: list[Award] = field(default_factory=list)


def award_drafts(clauses: Sequence[Clause]) -> list[Award]:
    """The awards of all clauses in their order; sections of conditions and procedures grant nothing."""
    found: list[Award] = []
    silent: set[str] = set()
    for clause in clauses:
        heading = (clause.heading or "").strip()
        if clause.parent in silent or any(heading.endswith(one) or heading.startswith(one) for one in words("condition_headings")):
            silent.add(clause.path)
            continue
        if is_condition(clause):
            silent.add(clause.path)
            continue
        for line in _lines(clause):
            if CELL not in line.text:
                drafts = _of_paragraph(line, clause)
                found += [] if _limit_parent(found, drafts, clause, line) else drafts
    return found


def is_condition(clause: Clause) -> bool:
    """Whether it opens a list of conditions: 申请单位应当具备下列条件：."""
    text = f"{clause.heading or ''}{clause.text}"
    return len(text) < 80 and text.endswith("：") and bool(_CONDITIONS.search(text)) and not VERB.search(text)


def _limit_parent(found: list[Award], drafts: Sequence[Award], clause: Clause, line: Line) -> bool:
    """An item that only limits (单项最高50万元) limits what the clause above it grants; the first limit stands."""
    if not drafts or any(one.kind != RANGE or one.amount is not None for one in drafts) or not _only_limits(Span(line.text, line.start)):
        return False
    above = [index for index, one in enumerate(found) if one.path == clause.parent and one.kind != RANGE]
    for index in above:
        if found[index].cap is None:
            found[index] = replace(found[index], cap=drafts[0].cap, cap_per=cap_period(line.text))
    return bool(above)


def _lines(clause: Clause) -> list[Line]:
    """A heading that grants is read too."""
    heading = clause.heading
    return [*([Line(heading, clause.start + clause.mark.length)] if heading and VERB.search(heading) else []), *clause.lines]


def _of_paragraph(line: Line, clause: Clause) -> list[Award]:
    found: list[Award] = []
    memory = _Memory(clause.heading or "")
    for sentence in pieces(Span(line.text, line.start), "。；！"):
        if len(sentence.text) > LONGEST_SENTENCE:
            continue
        listed = sort_quantities(sentence)
        useful = [one for one in listed if one.role != CONDITION]
        if useful and all(one.role == CAP for one in useful) and memory.awards and _only_limits(sentence):
            limited = _limited(memory.awards, useful, sentence)
            found[len(found) - len(limited) :] = limited
            continue
        awards = list(_of_sentence(sentence, useful, clause.path, memory)) if useful else []
        memory = _Memory(_carried(sentence, memory), awards)
        found += awards
    return found


def _carried(sentence: Span, memory: _Memory) -> str:
    """A sentence that names someone and grants nothing leaves its subject to the next."""
    first = segments_of(sentence)[0].text if sentence.text else ""
    return subject_of([first]) if re.match(r"对|凡", first) and len(first) < 80 else memory.subject


def _only_limits(sentence: Span) -> bool:
    """单个企业每年最高不超过50万元: it limits what came before and grants nothing of its own."""
    text = sentence.text
    return (
        not re.match(r"(?:其中)?(?:，)?对(?!同一|单个|每)", text)
        and bool(_TOTAL.search(text))
        and not re.search(r"给予[^，]{0,20}(?:最高|不超过)", text)
    )


def _limited(awards: Sequence[Award], caps: Sequence[Sorted], sentence: Span) -> list[Award]:
    per = cap_period(sentence.text)
    cap = caps[0].quantity.value
    open_ones = [one for one in awards if one.cap is None and (one.kind != FIXED or one.per)] or [one for one in awards if one.cap is None]
    return [replace(one, cap=cap, cap_per=per, end=sentence.end) if one in open_ones else one for one in awards]


def _of_sentence(sentence: Span, listed: Sequence[Sorted], path: str, memory: _Memory) -> Iterator[Award]:
    segments = segments_of(sentence)
    acts = _acts(listed, segments)
    last_segment = 0
    subject = memory.subject
    for act in acts:
        first = (act.mains or act.caps)[0]
        own = _subject_segments(segments, last_segment, first)
        subject = (
            subject_of(own)
            or (subject if act is not acts[0] else _behind_verb(segments[first.segment].text[: first.quantity.begin]))
            or subject
        )
        act.subject = subject
        last_segment = first.segment
        yield from _rows(act, segments, path, [one.text for one in segments])


def _acts(listed: Sequence[Sorted], segments: Sequence[Span]) -> list[_Act]:
    acts: list[_Act] = []
    for one in listed:
        text = segments[one.segment].text
        last = acts[-1] if acts else None
        if one.role == GRANT:
            if last is not None and last.mains and _goes_on(last.mains[-1], one, text):
                last.mains.append(one)
            elif last is not None and not last.mains and _same_grant(last.caps[-1], one, segments) and one.quantity.kind != MONEY:
                last.mains.append(one)  # 在最高100万元以内，按30%给予补助
            else:
                acts.append(_Act([one]))
        elif last is not None and _limits(last, one, text, segments):
            last.caps.append(one)
        elif last is not None and not last.mains and _is_sum(last.caps[-1], one, text):
            continue  # 每年最高100万元、累计不超过300万元: the first limit is the award's own
        else:
            acts.append(_Act([], [one]))
    return acts


def _goes_on(before: Sorted, one: Sorted, text: str) -> bool:
    """Whether an amount goes on with the list of the one before: 100万元、50万元."""
    if before.segment != one.segment or before.quantity.kind != one.quantity.kind:
        return False
    between = text[before.quantity.end : one.quantity.begin]
    if re.search(r"累计|总额|合计", between):
        return False
    return bool(re.fullmatch(r"(?:/[^、，]{1,6})?(?:[、和及或]|以及)(?:最高)?", between)) or (
        bool(re.fullmatch(r"、[^，、\d每]{2,14}", between)) and not VERB.search(between)
    )


def _is_sum(before: Sorted, one: Sorted, text: str) -> bool:
    return before.segment == one.segment and bool(re.search(r"累计|总额|合计", text[before.quantity.end : one.quantity.begin]))


def _same_grant(before: Sorted, one: Sorted, segments: Sequence[Span]) -> bool:
    return one.segment - before.segment <= 1 and not VERB.search(segments[before.segment].text)


def _limits(act: _Act, cap: Sorted, text: str, segments: Sequence[Span]) -> bool:
    """Whether a limit belongs to what was granted before it, and is no grant of its own (给予最高60万元)."""
    subject_between = any(
        re.match(r"(?:其中)?对(?!同一|单个|每)", segments[at].text)
        for at in range((act.mains or act.caps)[-1].segment + 1, cap.segment + 1)
    )
    if subject_between:
        return False
    if act.caps and not act.mains:
        if act.caps[-1].segment == cap.segment:
            return _goes_on(act.caps[-1], cap, text)
        return len(act.caps) == 1 and act.unit_price(segments) and bool(_TOTAL.search(text))
    if act.caps:
        return act.caps[-1].segment == cap.segment and _goes_on(act.caps[-1], cap, text)
    before = text[: cap.quantity.begin]
    if act.kind in (RATE, MATCHING):
        return True
    return act.unit_price(segments) or (bool(_TOTAL.search(before)) and not re.search(r"给予|予以", before))


def _subject_segments(segments: Sequence[Span], begin: int, first: Sorted) -> list[str]:
    """What stands before a grant and after the last one: whole pieces, and the front of its own piece."""
    own = segments[first.segment].text[: first.quantity.begin]
    verb = VERB.search(own)
    way = re.search(r"(?:分别|均|可|一次性|每[户家人个项]|按照?|由|在|以|将|并|再)*(?:$|给予|予以|奖励|补助|按|最高$)", own)
    cut = min([one.start() for one in (verb, way, PAYER.search(own)) if one is not None], default=len(own))
    front = re.sub(r"(?:分别|按照?|一次性|每[户家人个项]|在|将|可|由|及时兑现|兑现|再)+$", "", own[:cut])
    whole = [one.text for one in segments[begin : first.segment] if not re.search(r"基础上$", one.text)]
    if begin and whole and (VERB.search(whole[0]) or money_in(whole[0])):
        whole = whole[1:]
    if front and label_before(front) and verb is None:
        front = ""
    return [*whole, front]


def _behind_verb(front: str) -> str:
    """Whom an award is for where that stands behind the verb: 给予省级人才最高50万元."""
    verb = VERB.search(front)
    found = re.sub(r"(?:最高|不超过|每人|一次性|分别|总额|上限|为|的|共)+$", "", front[verb.end() :]) if verb else ""
    return found if len(found) >= 3 and not re.match(r"[每不]", found) else ""


def _rows(act: _Act, segments: Sequence[Span], path: str, texts: Sequence[str]) -> Iterator[Award]:
    if not act.mains and len(act.caps) == 2 and act.caps[0].segment != act.caps[1].segment:
        amounts = act.caps[:1]  # a unit price up to so much, and a limit of the sum
        unit_limit: Fraction | None = act.caps[0].quantity.value
    else:
        amounts, unit_limit = act.mains or act.caps, None
    text = _text_of(act, segments)
    payer = payer_of(amounts[0], segments)
    whats = _whats(act, texts)
    for index, one in enumerate(amounts):
        quantity = one.quantity
        segment = segments[one.segment].text
        cap, cap_per = _cap_of(act, index, segments)
        per = unit_of_price(quantity, segment)
        kind, amount, rate, match = act.kind, unit_limit, None, None
        if kind == FIXED:
            amount = quantity.value
            if quantity.upper is not None:
                kind, cap = RANGE, quantity.upper if cap is None else cap
        elif kind == RATE:
            rate = quantity.value if quantity.upper is None else quantity.upper
            if "配套" in _phrase(quantity, segment):
                kind, rate, match = MATCHING, None, rate
        elif kind == MATCHING:
            match = quantity.value
        yield Award(path, text.text, whats[index], kind, amount, rate, match, cap, cap_per, payer, text.start, text.end, per)


def _phrase(quantity: Quantity, segment: str) -> str:
    """The words of the grant around a share."""
    verbs = [one.start() for one in VERB.finditer(segment[: quantity.begin])]
    return segment[verbs[-1] if verbs else quantity.begin :][:40]


def _cap_of(act: _Act, index: int, segments: Sequence[Span]) -> tuple[Fraction | None, str | None]:
    if not act.caps:
        return None, None
    caps = act.caps
    one = caps[index] if len(caps) == len(act.mains or caps) else caps[-1]
    text = segments[one.segment].text
    before = text[: one.quantity.begin]
    if not act.mains and not _TOTAL.search(before.replace("不超过", "")):
        return one.quantity.value, None
    return (one.quantity.upper or one.quantity.value), cap_period(before)


def _text_of(act: _Act, segments: Sequence[Span]) -> Span:
    """The words of the act: from who pays or from its subject up to the amount's own noun, with its limits."""
    amounts = act.mains or act.caps
    first, last = amounts[0], [*amounts, *act.caps][-1]
    own = segments[first.segment]
    begin = own.start
    payer = PAYER.search(own.text)
    before = segments[first.segment - 1].text if first.segment else ""
    if payer and payer[1] and payer.start() <= first.quantity.begin:
        begin = own.start + payer.start() - (own.text[: payer.start()].endswith("在"))
    elif re.match(r"对|凡", before) and not re.search(r"基础上", before) and not (VERB.search(before) and re.search(r"\d", before)):
        begin = segments[first.segment - 1].start
    last_segment = segments[max(last.segment, first.segment)]
    end = last_segment.end
    base = re.search(r"的?基础上$", last_segment.text)
    if base:
        end -= len(base[0])
    source = _joined(segments)
    return source.part(begin - source.start, end - source.start).stripped("，。； ")


def _joined(segments: Sequence[Span]) -> Span:
    """The sentence again; between its pieces stands one comma or nothing."""
    text = ""
    for one in segments:
        text += "，" * (one.start - segments[0].start - len(text)) + one.text
    return Span(text, segments[0].start)


def _whats(act: _Act, texts: Sequence[str]) -> list[str]:
    amounts = act.mains or act.caps
    if act.kind in (RATE, MATCHING) and "配套" in _phrase(amounts[0].quantity, texts[amounts[0].segment]):
        based = _base_of_match(texts[: amounts[0].segment])
        return [f"{act.subject}{based}" for _ in amounts]
    labels = [label_before(texts[one.segment][: one.quantity.begin]) for one in amounts]
    if act.kind == FIXED and all(labels):
        event = event_of(texts) or (act.subject if len(amounts) == 1 else "")
        return [f"{event}{one}" if event_of(texts) else "：".join(filter(None, (event, one))) for one in labels]
    rows = rows_of(act.subject, len(amounts)) if len(amounts) > 1 else None
    whats = rows or [act.subject.removesuffix("的")] * len(amounts)
    if act.kind == RATE:
        base = base_of(texts[amounts[0].segment][: amounts[0].quantity.begin], act.subject)
        return [f"{one}（基数：{base}）" if base else one for one in whats]
    return whats


def _base_of_match(before: Sequence[str]) -> str:
    for one in reversed(before):
        if re.search(r"基础上$", one):
            payer = PAYER.search(one)
            level = (payer[1] or payer[2]) if payer else ""
            return f"（在{level}级财政奖励基础上配套）" if level else f"（{re.sub('的?基础上$', '基础上配套', one)}）"
    return ""
