"""A workbook of many firms, assessed as a whole without keeping it.

The readers of ``tidu.exchange`` need a path: the upload is written to a private temporary folder, in memory where the
machine has such folders, and removed with it, whatever happens. Before anything is parsed its size is limited, an archive
is unpacked once into nothing to see that it does not hold more than it may, and a workbook is opened for trial.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tidu.apps.calculator.domain.judging import NEW
from tidu.apps.calculator.domain.probing import refuse_exhausting
from tidu.exchange.assessment_figures import AssessmentFigures, assessment_figures, outcome_of, verdict_of
from tidu.exchange.intake import Intake, read_population
from tidu.exchange.notices import Notice, problem_notices
from tidu.exchange.results import Assessing, Result
from tidu.kernel.awards import Award
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Population
from tidu.kernel.settle import RULING_NEEDED, UNKNOWN, Entitlement, Settlement, settle

MOST_FIRMS = 5000
LARGEST_UPLOAD = 20 * 2**20
LARGEST_UNPACKED = 200 * 2**20
MOST_PROBLEMS = 200
MOST_MISSING = 20
PAGE_SIZE = 50
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
_CHUNK = 2**20
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
"""What files begin with that are opened as workbooks: archives, and the old format."""
_HALF_CHARACTER = re.compile(rb"\\u[dD][89aAbB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89aAbB]..)\\u[dD][c-fC-F]", re.DOTALL)
"""Half of a pair that JSON writes for one character: no text can be written with it."""
_UNSAFE = re.compile(r"[^\w.（）()\- ]")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Something wrong in the upload: where it stands, what it is, what to do."""

    sheet: str
    row: int | None
    letter: str
    column: str
    value: str
    sentence: str
    advice: str
    code: str


@dataclass(frozen=True, slots=True)
class StandardCount:
    """One standard over all firms."""

    name: str
    met: int
    unmet: int
    unknown: int
    manual: int
    one_step: int


@dataclass(frozen=True, slots=True)
class AwardCount:
    """One award over all firms; ``amount`` in fen, ``open`` counts the items that wait for data or a ruling."""

    id: str
    title: str
    payer: str
    firms: int
    items: int
    amount: int
    open: int


@dataclass(frozen=True, slots=True)
class MissingCount:
    """A fact that firms lack, and how many of them it alone would decide."""

    name: str
    firms: int
    decides: int
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirmRow:
    """One firm: verdicts by standard, standards it is one step away from, facts it lacks, what it is granted in fen."""

    code: str
    name: str
    verdicts: Mapping[str, str]
    one_step: tuple[str, ...]
    missing: int
    amount: int


@dataclass(frozen=True)
class WorkbookSummary:
    """What an upload comes to. With ``problems`` nothing was assessed and all counts are zero.

    ``rows`` is one page of firms in the order of the workbook, ``pages`` how many pages there are.
    """

    firms: int
    standards: tuple[StandardCount, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    awards: tuple[AwardCount, ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[MissingCount, ...] = ()
    rows: tuple[FirmRow, ...] = ()
    page: int = 1
    pages: int = 0
    problems: tuple[CellProblem, ...] = ()
    notices: tuple[CellProblem, ...] = ()
    sentence: str = ""

    @property
    def assessed(self) -> bool:
        """Whether the firms were assessed."""
        return not self.problems


def assess_workbook(
    content: bytes, *, name: str, packs: PackSet, moment: Moment, choices: Mapping[str, str] | None = None, application: str = NEW,
    page: int = 1, page_size: int = PAGE_SIZE,
) -> WorkbookSummary:  # fmt: skip
    """Read an upload and assess all its firms.

    Faults in cells are ``problems`` of the summary. Raises ``too-large``, ``too-many-firms``, ``zip-bomb``, and what the
    readers raise where the file cannot be opened at all.
    """
    try:
        intake = _read(content, name)
    except Problems as problems:
        return WorkbookSummary(0, problems=_cell_problems(problem_notices(problems)), sentence="有几处要先改正，改好后重新上传。")
    population = intake.population
    if population.firms.height > MOST_FIRMS:
        found = population.firms.height
        raise TiduError("too-many-firms", f"一次最多计算 {MOST_FIRMS} 家企业，这份有 {found} 家。请分几份上传。", firms=found)
    standards = packs.in_force(law_date=moment.law_date, application=application)
    document = Assessing(population, packs, moment, standards, application).document()
    settlement = _settled(population, packs, moment, choices)
    figures = assessment_figures(document, {})
    pages = max(1, -(-population.firms.height // page_size))
    shown = min(max(page, 1), pages)
    return WorkbookSummary(
        firms=population.firms.height,
        standards=_standards(figures),
        sizes=dict(figures.classifications[0].classes) if figures.classifications else {},
        awards=_awards(settlement),
        totals=settlement.totals if settlement is not None else {},
        missing=_missing(figures),
        rows=_rows(population, document["results"], settlement, (shown - 1) * page_size, page_size),
        page=shown,
        pages=pages,
        notices=_cell_problems(intake.notices),
        sentence="" if settlement is not None else f"{moment.law_date.isoformat()} 没有现行的奖补政策，没有计算奖补。",
    )


def _read(content: bytes, name: str) -> Intake:
    """The firms of an upload, through a private folder that is removed at once."""
    if len(content) > LARGEST_UPLOAD:
        raise TiduError("too-large", f"文件超过 {LARGEST_UPLOAD // 2**20} MB。请删去不用的工作表，或分几份上传。", size=len(content))
    check_archive(content)
    if content.startswith(_WORKBOOKS):
        refuse_exhausting(content)
    elif _HALF_CHARACTER.search(content):
        raise TiduError("broken-text", "文件里有残缺的字符（如 \\ud800），不能读取。请改正后再上传。")
    with TemporaryDirectory(prefix="tidu-", dir=memory_folder()) as folder:
        path = Path(folder, safe_name(name))
        path.write_bytes(content)
        return read_population(path)


def memory_folder() -> Path | None:
    """Where a temporary folder never reaches a disk; None where the machine has no such place."""
    return IN_MEMORY if IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK | os.X_OK) else None


def safe_name(name: str) -> str:
    """The last part of a file name without anything that could lead elsewhere; its suffix is kept."""
    last = _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, suffix = last.rpartition(".")
    return f"{stem[:60] or '上传'}.{suffix[:8]}" if dot else f"{last[:60] or '上传'}.xlsx"


def check_archive(content: bytes) -> None:
    """Refuse an archive that unpacks to more than it may; what its directory claims is not believed. Raises ``zip-bomb``."""
    if content[:2] != b"PK":
        return
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                raise _too_much()
            for entry in entries:
                with archive.open(entry) as stream:
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise _too_much()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise TiduError("not-excel", "文件已损坏或加了密码，不能打开。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。") from error


def _too_much() -> TiduError:
    return TiduError("zip-bomb", f"文件解开后超过 {LARGEST_UNPACKED // 2**20} MB，没有读取。请删去不用的内容再上传。")


def _settled(population: Population, packs: PackSet, moment: Moment, choices: Mapping[str, str] | None) -> Settlement | None:
    book = packs.book
    if book is None or not any(policy.in_force.holds(moment.law_date) for policy in book.policies):
        return None
    return settle(population, packs, law_date=moment.law_date, as_of=moment.facts_as_of, choices=choices)


def _cell_problems(notices: list[Notice]) -> tuple[CellProblem, ...]:
    return tuple(
        CellProblem(one.sheet, one.row, one.letter, one.column, one.value[:200], one.message, one.advice, one.code)
        for one in notices[:MOST_PROBLEMS]
    )


def _standards(figures: AssessmentFigures) -> tuple[StandardCount, ...]:
    listed = [(one, one.verdicts) for one in figures.judged]
    return tuple(
        StandardCount(one.name, found["met"], found["unmet"], found["unknown"], found["manual"], one.one_step) for one, found in listed
    )


def _awards(settlement: Settlement | None) -> tuple[AwardCount, ...]:
    if settlement is None:
        return ()
    by_award: dict[Award, list[Entitlement]] = {}
    for result in sorted(settlement.results, key=lambda one: one.award.order):
        by_award.setdefault(result.award, []).append(result)
    return tuple(_award(award, listed) for award, listed in by_award.items())


def _award(award: Award, listed: list[Entitlement]) -> AwardCount:
    paid = [one for one in listed if one.amount]
    waiting = sum(1 for one in listed if one.state in {UNKNOWN, RULING_NEEDED})
    return AwardCount(
        award.id, award.title, award.payer, len({one.firm for one in paid}), len(paid), sum(one.amount for one in paid), waiting
    )


def _missing(figures: AssessmentFigures) -> tuple[MissingCount, ...]:
    listed = figures.missing[:MOST_MISSING]
    return tuple(MissingCount(one.name, len(one.firms), len(one.decided_firms), tuple(one.standards)) for one in listed)


def _rows(population: Population, results: list[Result], settlement: Settlement | None, start: int, size: int) -> tuple[FirmRow, ...]:
    firms = population.firms.select(FIRM_CODE, FIRM_NAME).slice(start, size)
    listed: dict[str, list[Result]] = {code: [] for code in firms[FIRM_CODE].to_list()}
    for result in results:
        if result["firm"] in listed:
            listed[result["firm"]].append(result)
    amounts: Counter[str] = Counter()
    for entitlement in settlement.results if settlement is not None else ():
        amounts[entitlement.firm] += entitlement.amount
    return tuple(_row(code, name or "", listed[code], amounts[code]) for code, name in firms.iter_rows())


def _row(code: str, name: str, results: list[Result], amount: int) -> FirmRow:
    judged = [result for result in results if "value" not in result]
    missing = {fact for result in results for fact in result["missing"]}
    verdicts = {str(result["standard"]): verdict_of(result) for result in judged}
    near = tuple(str(result["standard"]) for result in judged if outcome_of(result).one_step)
    return FirmRow(code, name, verdicts, near, len(missing), amount)
