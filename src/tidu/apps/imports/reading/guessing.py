"""What a sheet is and what its columns are: a proposal for a person to look over, drawn from titles *and* contents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tidu.apps.imports.reading import plans
from tidu.apps.imports.reading.contents import Content, Profile, cell_text, cells_of
from tidu.apps.imports.reading.finding import Table
from tidu.apps.imports.reading.headings import Heading, months_in, read_heading, years_in
from tidu.apps.imports.reading.plans import ColumnPlan, SheetPlan
from tidu.apps.imports.reading.vocabulary import EVERY_EVENT, Register, registers, titles
from tidu.exchange.titles import unit_named
from tidu.exchange.wordings import plain_width, title_key
from tidu.kernel.facts import Catalogue, Fact, Kind, Store

_NUMERIC = frozenset({Content.NUMBER, Content.FLAG, Content.YEAR, Content.NUMBER_OLD, Content.EMPTY, Content.TEXT})
_OTHER_SIDE = ("对方", "投资方", "被投", "投资企业", "买方", "股东")
_SKIPPED_WORDS = "指标目录中没有这一项"


@dataclass(frozen=True)
class _Guess:
    target: str
    score: float
    why: str


def guess(table: Table, facts: Catalogue, *, file_name: str = "", register: str | None = None) -> SheetPlan:
    """A plan for a sheet; ``register`` is what a person said the sheet is (empty: facts of firms), None lets it be guessed."""
    headings = [read_heading(title) for title in table.titles]
    context = f"{table.name} {table.caption}"
    named = _register_of(table, headings, f"{context} {file_name}") if register is None else register
    meant, kind = _meant_by_context(f"{context} {file_name}", facts), registers().get(named)
    guesses = [
        _of_period(heading, meant) if _is_period(heading) else _column(profile, heading, kind, named, facts)
        for profile, heading in zip(table.profiles, headings, strict=True)
    ]
    chosen = _keys(_settled(guesses, table.profiles, headings), table.profiles, headings, named)
    if named == "投资":
        chosen = _sides(chosen, table)
    columns = [
        _planned(profile, heading, one, table, facts, named) for profile, heading, one in zip(table.profiles, headings, chosen, strict=True)
    ]
    year, month = _period(context, file_name)
    constants = _constants(named, context, columns, facts)
    plan = SheetPlan(columns, named, table.head, True, not named, year, month, constants)
    worth = any(plan.column(key) for key in (*plans.KEYS, plans.INVESTOR, plans.INVESTED)) and any(
        plans.fact_of(column, plan, facts) for column in columns
    )
    return plan if worth or register is not None else replace(plan, include=False)


def _is_period(heading: Heading) -> bool:
    """A title that is a year or a month and nothing else."""
    return not heading.name and (heading.year is not None or heading.month is not None)


def _meant_by_context(context: str, facts: Catalogue) -> dict[Kind, str]:
    """The one yearly and the one monthly fact that caption and names speak of."""
    found = {}
    for kind in (Kind.YEAR, Kind.MONTH):
        named = [fact.name for fact in facts.of_kind(kind) if fact.name in context]
        longest = max(named, key=len, default="")
        if longest and all(name in longest for name in named):
            found[kind] = longest
    return found


def _of_period(heading: Heading, meant: Mapping[Kind, str]) -> _Guess:
    """What is counted in a column titled by its period: the caption says it."""
    name = meant.get(Kind.MONTH if heading.month else Kind.YEAR, "")
    return _Guess(f"fact:{name}", 0.7, "标题是期间，内容按表名") if name else _Guess(plans.SKIP, 0, "标题只有期间，不知道是什么数据")


def _register_of(table: Table, headings: Sequence[Heading], context: str) -> str:
    """The register whose words and marks speak loudest, unless the titles name more facts of firms than that."""
    names = {name for heading in headings for name in (heading.full, heading.name)}
    if any(titles().get(name) == plans.EVENT_OF for name in names):
        return EVERY_EVENT
    if any(set(heading.codes.values()) >= {"投资", "被投"} for heading in headings):
        return "投资"
    told = sum(1 for heading in headings if _known(heading).startswith("fact:"))
    best, most = "", 0
    for register in registers().values():
        own = {title_key(field) for field in _field_titles(register)}
        marks = len(names & register.marks)
        # A register is not taken for its name alone: 投资 may stand in the name of any file.
        score = 3 * any(word in context for word in register.words) + 2 * marks + (len(names & own) if marks or register.words else 0) // 2
        if score > most and (marks or any(word in table.name for word in register.words)):
            best, most = register.name, score
    # a sheet that bears the register's very name is one, however many facts of the firms stand beside
    named_so = bool(best) and table.name.strip() in {best, *registers()[best].words}
    return best if most >= 4 and (most > told or named_so) else ""


def _field_titles(register: Register) -> set[str]:
    return set(register.fields) | {title for listed in register.fields.values() for title in listed}


def _known(heading: Heading) -> str:
    known = titles()
    for name in (heading.full, heading.name, heading.name.lower()):
        if name in known:
            return known[name]
    return ""


def _is_known(heading: Heading) -> bool:
    return any(name in titles() for name in (heading.full, heading.name))


def _column(profile: Profile, heading: Heading, register: Register | None, named: str, facts: Catalogue) -> _Guess:
    if profile.content is Content.EMPTY:
        return _Guess(plans.SKIP, 0, "整列为空")
    if register is not None:
        found = _of_register(profile, heading, register, facts)
        if found is not None:
            return found
    if named == EVERY_EVENT:
        found = _of_any_event(heading, facts)
        if found is not None:
            return found
    target = _known(heading)
    if target.startswith("fact:") and named:
        return _Guess(plans.SKIP, 0, "登记簿不用这一列")
    if target and _fits(profile, target, facts.facts.get(target.removeprefix("fact:")), heading):
        return _Guess(target, 0.9 if heading.full in titles() else 0.8, "按列标题")
    if not profile.title:
        return _Guess(plans.SKIP, 0, "没有列标题，但有内容，请看一看")
    if target:
        return _Guess(plans.SKIP, 0, f"标题像“{plans.target_text(target)}”，内容却是{profile.content.value}")
    return _Guess(plans.SKIP, 0, "不用导入的列" if _is_known(heading) else _SKIPPED_WORDS)


def _of_register(profile: Profile, heading: Heading, register: Register, facts: Catalogue) -> _Guess | None:
    """A field of the register by title, checked by content; a title that stands twice may name a date beside its number."""
    fields = facts.event(register.event).fields
    if register.event == "投资" and set(heading.codes.values()) >= {"投资", "被投"}:
        return _Guess("field:方向", 1.0, "按列标题里的代码说明")
    names = (heading.full, heading.name)
    for role, listed in register.others.items():
        if any(name in listed for name in names) and profile.content in {Content.NAME, Content.TEXT}:
            return _Guess(f"other:{role}", 0.95, "按列标题")
    for name, fact in fields.items():
        listed = (title_key(name), *register.fields.get(name, ()))
        places = [listed.index(one) for one in names if one in listed]
        if places:
            if _fits(profile, f"field:{name}", fact, heading):
                return _Guess(f"field:{name}", 0.95 - 0.05 * min(places), "按列标题")
            if profile.content is Content.DATE:
                dated = _date_field(heading.name, fields)
                if dated:
                    return _Guess(f"field:{dated}", 0.7, f"标题是“{profile.title}”，内容是日期")
    return None


def _date_field(name: str, fields: Mapping[str, Fact]) -> str:
    """The date that a title means whose column holds dates, though it names a number: 申请号 with dates is 申请日期."""
    stems = {one: one.removesuffix("日期") for one, fact in fields.items() if fact.store is Store.DATE}
    return next((one for one, stem in stems.items() if stem and name.startswith(stem)), "")


def _of_any_event(heading: Heading, facts: Catalogue) -> _Guess | None:
    for event in facts.events.values():
        for name in event.fields:
            if title_key(name) in (heading.full, heading.name):
                return _Guess(f"field:{name}", 0.9, "按列标题")
    return None


def _fits(profile: Profile, target: str, fact: Fact | None, heading: Heading) -> bool:
    """Whether the content can be what the title says."""
    content = profile.content
    if target == plans.CODE:
        return content in {Content.CODE, Content.NUMBER_OLD, Content.TEXT}
    if target == plans.NAME:
        return content in {Content.NAME, Content.TEXT, Content.CODE}
    if target in {plans.YEAR_OF, plans.MONTH_OF}:
        return content in {Content.YEAR, Content.MONTH, Content.DATE, Content.NUMBER, Content.TEXT}
    if fact is None:
        return True
    if fact.store is Store.DATE:
        return content in {Content.DATE, Content.MONTH, Content.TEXT, Content.NUMBER}
    if fact.store is Store.INTEGER:
        return content in _NUMERIC
    if fact.store is Store.BOOLEAN:
        return content in {Content.FLAG, Content.TEXT, Content.NUMBER} and (bool(profile.values) or bool(heading.codes))
    return content not in {Content.DATE, Content.CODE} if fact.identifier != "uscc" else True


def _settled(guesses: Sequence[_Guess], profiles: Sequence[Profile], headings: Sequence[Heading]) -> list[_Guess]:
    """Of several columns with one target the best keeps it; a finer code of an industry beats its letter."""
    best: dict[tuple[str, int | None, int | None, int], int] = {}

    def worth(place: int) -> tuple[float, bool, int]:
        return guesses[place].score, profiles[place].content is not Content.LETTER, profiles[place].filled

    period = [(heading.year, heading.month, heading.offset) for heading in headings]
    for place, one in enumerate(guesses):
        key = (one.target, *period[place])
        if one.target in plans.MANY:
            continue
        rival = best.get(key)
        if (
            rival is None
            or (worth(place)[1:] > worth(rival)[1:] and one.score >= guesses[rival].score - 0.1)
            or one.score > guesses[rival].score
        ):
            best[key] = place
    return [
        one
        if one.target in plans.MANY or best[(one.target, *period[place])] == place
        else _Guess(plans.SKIP, 0, f"与“{profiles[best[(one.target, *period[place])]].title}”重复")
        for place, one in enumerate(guesses)
    ]


def _keys(guesses: Sequence[_Guess], profiles: Sequence[Profile], headings: Sequence[Heading], named: str) -> list[_Guess]:
    """Keys by content where no title names them; a column titled as a name that holds codes is a code."""
    found = list(guesses)
    for place, one in enumerate(found):
        if one.target == plans.NAME and profiles[place].content is Content.CODE:
            free = not any(other.target == plans.CODE for other in found)
            found[place] = _Guess(plans.CODE, 0.8, "内容是统一社会信用代码") if free else _Guess(plans.SKIP, 0, "内容是代码，已有代码列")
        elif one.target == plans.CODE and profiles[place].content is Content.NUMBER_OLD:
            free = not any(other.target == plans.NUMBER for other in found)
            found[place] = _Guess(plans.NUMBER if free else plans.SKIP, 0.8, "内容是 13 位或 15 位的旧注册号")
    for target, content, words in ((plans.CODE, Content.CODE, "内容是统一社会信用代码"), (plans.NAME, Content.NAME, "内容是企业名称")):
        if any(one.target == target for one in found):
            continue
        for place, one in enumerate(found):
            if one.target == plans.SKIP and profiles[place].content is content and not _of_another(headings[place], named):
                found[place] = _Guess(target, 0.6, words)
                break
    return found


def _sides(guesses: Sequence[_Guess], table: Table) -> list[_Guess]:
    """Two firms side by side under the same titles: the first is the investor, the second the invested one (a cleaned name is no second)."""
    found = list(guesses)
    names = [place for place, one in enumerate(found) if one.target == plans.NAME]
    sided = any(one.target in {plans.INVESTOR, plans.INVESTED} for one in found)
    if sided or len(names) < 2:
        return found
    texts = [[plain_width(cell_text(cell or "")).replace(" ", "") for cell in cells_of(table.columns[place])] for place in names]
    other = next((place for place, cells in zip(names[1:], texts[1:], strict=True) if _differ(texts[0], cells)), None)
    if other is None:
        return found
    for place, cells in zip(names, texts, strict=True):
        second = _differ(texts[0], cells)
        first_of_side = place in {names[0], other}
        side = plans.INVESTED if second else plans.INVESTOR
        found[place] = _Guess(side, 0.6, "两家企业并列，先写的当作投资方") if first_of_side else _Guess(plans.SKIP, 0, "与前面的名称相同")
    return found


def _differ(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two columns of names mostly name different firms."""
    return sum(1 for mine, theirs in zip(one, other, strict=True) if mine != theirs) * 2 > len(one)


def _of_another(heading: Heading, named: str) -> bool:
    """A column that speaks of the other side, or of a person or office behind the firm."""
    return any(word in heading.name for word in _OTHER_SIDE) or (bool(named) and "代理" in heading.name)


def _planned(profile: Profile, heading: Heading, one: _Guess, table: Table, facts: Catalogue, named: str) -> ColumnPlan:
    plan = SheetPlan((), named)
    column = ColumnPlan(
        profile.position, profile.title, one.target, "", heading.year, heading.month, heading.offset, heading.codes, one.why
    )
    fact = plans.fact_of(column, plan, facts)
    if fact is None or fact.store is not Store.INTEGER:
        return replace(column, year=None, month=None, offset=0) if fact is None or fact.kind not in {Kind.YEAR, Kind.MONTH} else column
    unit = heading.unit if unit_named(heading.unit, fact) is not None else ""
    if not unit and table.unit is not None and fact.unit.dimension == table.unit.dimension:
        unit = table.unit.symbol
    return replace(column, unit=unit)


def _period(context: str, file_name: str) -> tuple[int | None, int | None]:
    """The period that the caption, the sheet's name or else the file's name speaks of."""
    for text in (context, file_name):
        months = months_in(text)
        if months:
            return months[0]
        years = years_in(text)
        if years:
            return max(years), None
    return None, None


def _constants(named: str, context: str, columns: Sequence[ColumnPlan], facts: Catalogue) -> dict[str, str]:
    """What the name of the register or its caption says of every row."""
    register = registers().get(named)
    if register is None:
        return {}
    taken = {column.target for column in columns}
    found = {name: value for name, value in register.constants.items() if f"field:{name}" not in taken}
    for name, fact in facts.event(register.event).fields.items():
        if name in found or f"field:{name}" in taken or name not in {"名称", "级别"}:
            continue
        value = next((value for value in sorted(fact.values, key=len, reverse=True) if value in context), None)
        if value:
            found[name] = value
    return found
