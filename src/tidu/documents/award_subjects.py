"""What an award is for: the subject of its sentence, told apart row by row where several amounts are given."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tidu.documents.quantities import money_in, shares_in
from tidu.documents.sentences import Span

_LEVEL = r"(?:国家级|国家|国际|世界|全国|部级|省级|省部级|省|市级|市|区级|区|县级|县|镇级|行业|地方|团体|特等|一等|二等|三等|金|银|铜|优秀|[甲乙丙]级?|[A-F]{1,4}[级类]?|[一二三四五]类|[一二三四五]星级?|[一二三四五]级)"
_FIRST_LEVEL = re.compile(rf"({_LEVEL})$")
_LAST_LEVEL = re.compile(rf"({_LEVEL})")
_BARE_LEVELS = ("国家", "省", "市", "区", "县")
_VERBS = re.compile(
    r"获得|获批|获评|获认定|认定为|认定的|认定|评为|评定为|评选为|列为|列入|入选|入围|通过|取得|荣获|获|被|新建|新设立|设立|建设|创建|主持|参与|研制|制定|牵头|成为|达到|突破|超过|引进|新引进|首次|对|为|在|于|当选|荣膺|属于|升级为|的"
)
_RECIPIENT = re.compile(r"的[^的，（）]{0,14}?(?:企业|单位|机构|个人|主体|项目|园区|平台|团队|人员|公司|组织)$")
_RANKED = re.compile(r"前[\d一二三四五六七八九十两]+[名位]|首[家个位]|第[\d一二三四五]")
_LEADING = re.compile(r"^(?:其中|此外|另外|同时|鼓励并|并|且|对于|对|凡是|凡|给予|支持|鼓励|对在|若|如)+[：，]?(?!外)")
_ASIDE = re.compile(
    r"^(?:在.{1,40}(?:后|前|时|上|内)$|按.{1,40}$|由.{2,20}$|经.{0,20}(?:认定|审核|批准|评审|验收|备案)(?:后|的|合格)?$|除.{1,40}外$|根据.{1,40}$|自.{1,30}起$|每年$|从.{2,40}中$|最高.{0,30}$|累计.{0,30}$)"
)
_EVENT = re.compile(r"(?:参加|参与|举办|组织|承办|开展|参赛)((?:[^，。；参]{0,30}?)(?:大赛|竞赛|比赛|评选|大会|展会|赛事|活动|比武))")
_FILLER = re.compile(
    r"^(?:(?:其中|分别|每(?:[家户人个项年月次件套台亩吨]|平方米|千瓦时)*|单个|一次性|资金|奖励|补助|补贴|资助|奖补|给予|予以|企业|最高|最多|不超过|可|的|标准|为|按|再|另|共|总额|累计|[、，：和及或]|以及|额外|约|每次|金额|、|并|各|不同|档|一次|等额|支持|不低于|经费|人民币)+)?$"
)


def subject_of(segments: Sequence[str]) -> str:
    """The subject in words: pieces before the grant, without asides (在……后), joined and without 对."""
    kept = [one for one in segments if one and not _ASIDE.match(one)]
    named = [index for index, one in enumerate(kept) if re.match(r"(?:其中)?对|其中", one)]
    kept = kept[named[-1] :] if named else kept
    joined = ""
    for one in kept:
        joined += one if not joined or re.match(r"并|且|和|及|或", one) else f"，{one}"
    joined = _LEADING.sub("", joined).strip("，：、 ")
    return re.sub(
        r"(?:[，：]?(?:每[\u4e00-\u9fff]{1,3}|每年最高|其中)|[，：](?:由)?(?:开发区|高新区|新区|园区|[省市区县]级?))+$", "", joined
    ).strip("，：、 ")


def rows_of(subject: str, count: int) -> list[str] | None:
    """A subject that lists as many things as there are amounts, one text each; None where it does not."""
    runs = _runs(subject, count)
    for head, items, rest in runs:
        found = _told_apart(head, items)
        if found is not None:
            return [_without_recipient(f"{one}{rest}") for one in found]
    return None


def _runs(subject: str, count: int) -> list[tuple[str, list[str], str]]:
    """Pieces between commas that list exactly ``count`` things: (what stands before, the things, what stands behind)."""
    found = []
    parts = re.split(r"(?<=，)", subject)
    for index, part in enumerate(parts):
        items = [piece.text for piece in _listed(part.rstrip("，"))]
        if len(items) == count - 1 and re.search(r"和|及|或", items[-1]):
            items = [*items[:-1], *re.split(r"和|及|或|以及", items[-1], maxsplit=1)]
        if len(items) == count and count > 1 and all(items):
            behind = "".join(parts[index + 1 :])
            found.append(("".join(parts[:index]), items, f"，{behind}" if behind else ""))
    return sorted(found, key=lambda one: len(one[2]))


def _listed(text: str) -> list[Span]:
    from_pieces = []
    begin, depth = 0, 0
    for index, character in enumerate(text):
        depth += (character in "（“《") - (character in "）”》")
        if character == "、" and depth <= 0:
            from_pieces.append(Span(text[begin:index], begin))
            begin = index + 1
    return [*from_pieces, Span(text[begin:], begin)]


def _told_apart(before: str, items: list[str]) -> list[str] | None:
    first, last = items[0], items[-1]
    amounts = [money_in(one) or shares_in(one) for one in items]
    if all(amounts) and amounts[0][-1].end == len(first):
        head, tail = first[: amounts[0][-1].begin], last[amounts[-1][0].end :]
        values = [one[amount[0].begin : amount[-1].end] for one, amount in zip(items, amounts, strict=True)]
        return [f"{before}{head}{one}{tail}" for one in values]
    level, last_level = _FIRST_LEVEL.search(first), _LAST_LEVEL.match(last)
    if level and last_level and len(items[-1]) > last_level.end():
        head, tail = first[: level.start()], last[last_level.end() :]
        names = [level[1], *items[1:-1], last_level[1]]
        if last_level[1].endswith("级"):
            names = [f"{one}级" if one in _BARE_LEVELS else one for one in names]
        note = re.search(r"（[^（）]*）(?=的|$)", tail)
        plain = tail.replace(note[0], "") if note else tail
        return [f"{before}{head}{one}{tail if index == len(names) - 1 else plain}" for index, one in enumerate(names)]
    start = max((found.end() for found in _VERBS.finditer(first)), default=0)
    if start >= len(first):
        return None
    head, names = first[:start], [first[start:], *items[1:]]
    tail = _shared_tail(names)
    names[-1] = names[-1][: len(names[-1]) - len(tail)] if tail else names[-1]
    return [f"{before}{head}{one}{tail}" for one in names]


def _shared_tail(names: list[str]) -> str:
    """What stands behind the last name but holds for all: 中国质量奖、长江质量奖提名奖的企业 → 提名奖的企业."""
    first, last = names[0], names[-1]
    for length in range(min(len(first), 6), 1, -1):
        at = last.find(first[-length:])
        if at >= 0:
            return last[at + length :]
    found = re.search(r"的", last)
    return last[found.start() :] if found else ""


def _without_recipient(text: str) -> str:
    """获得省长质量奖的企业 → 获得省长质量奖; a rank is part of what the award is for and stays."""
    found = _RECIPIENT.search(text)
    if found and not _RANKED.search(found[0]):
        text = text[: found.start()]
    return text.removesuffix("的")


def label_before(text: str) -> str:
    """The noun right before an amount (一等奖30万元), or nothing where only words of granting stand there."""
    tail = re.split(r"[、，：；（）]|给予|予以|奖励|其中|和(?=每)|，", text)[-1]
    return (
        ""
        if _FILLER.match(tail) or len(tail) > 24 or re.search(r"按|的$|[\d%]", tail)
        else re.sub(r"^(?:按|对|为|一次性|每人|每户|每家)+", "", tail)
    )


def event_of(segments: Sequence[str]) -> str:
    """The contest or event that prizes belong to."""
    for one in segments:
        if found := _EVENT.search(one):
            return found[1].lstrip("的")
    return ""


def base_of(text: str, subject: str) -> str:
    """What a share is of: 按照实际成交额（……）的10% → 实际成交额. A short word takes its attribute from the subject."""
    words = (
        re.split(r"按照|按|给予|予以|不超过|最高可?|以|奖励|补贴|补助(?!金)|，|分别", text.rstrip("的"))
        if not re.search(r"按照?", text)
        else [re.split(r"按照?", text)[-1]]
    )
    found = words[-1].strip("的为 ") if words else ""
    found = re.sub(r"（[^（）]*）$", "", found).removesuffix("的")
    found = re.sub(r"^(?:分别|其|不超过|最高|该|上年度?其)+", "", found)
    noun = re.search(r"(补贴|补助|奖励|资金|投入|资助)$", found)
    if noun:
        fuller = re.search(rf"(?:国家|省|市|区|级)+([\u4e00-\u9fff]{{2,4}}?){noun[1]}", subject)
        if fuller and fuller[1] not in found:
            found = f"{found[: noun.start()]}{fuller[1]}{noun[1]}"
    return found if len(found) <= 40 else ""
