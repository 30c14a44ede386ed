"""What one request of the calculator or the check-up says: all answers so far, the question it answers, the dates.

Everything travels in the form, nothing is kept between requests; so a visit is read anew from each request.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from tidu.apps.calculator.domain import Answers, Problem, questionnaire
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import Moment

LAW_DATE, FACTS_AS_OF, APPLICATION, ASKED, CURRENT, ROWS, DO = "law_date", "facts_as_of", "application", "asked", "current", "rows", "do"
CONTROLS = frozenset({LAW_DATE, FACTS_AS_OF, APPLICATION, ASKED, CURRENT, ROWS, DO, "format", "target", "example", "csrfmiddlewaretoken"})
NEXT, BACK, EDIT, ROW, AGAIN, FINISH, RESTART = "next", "back", "edit:", "row", "again", "finish", "restart"
FIRST_DAY, LAST_DAY = date(2008, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class Visit:
    """One request. ``raw`` are the texts of fields as they came, to be shown again where they could not be read."""

    answers: Answers
    moment: Moment
    application: str = "new"
    asked: tuple[str, ...] = ()
    current: str = ""
    rows: int = 1
    do: str = NEXT
    target: str = ""
    problems: tuple[Problem, ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict)
    dates_given: bool = False
    apart: Mapping[str, str] = field(default_factory=dict)

    @property
    def faulty(self) -> tuple[Problem, ...]:
        """What must be corrected before going on."""
        return tuple(problem for problem in self.problems if problem.code != "unknown-field")

    @property
    def current_told(self) -> bool:
        """Whether anything of the current question was answered; looking at the results does not pass it over."""
        question = questionnaire().questions.get(self.current)
        return question is not None and any(self.answers.has(field.name) for field in question.fields)

    def answered_now(self) -> Visit:
        """The visit after the current question was answered or passed over."""
        if not self.current or self.current in self.asked:
            return self
        return replace(self, asked=(*self.asked, self.current))


def today() -> date:
    """The day of the request in the time zone of the site."""
    return timezone.localdate()


def read_visit(request: HttpRequest, *, today: date, apart: str = "", without: Collection[str] = ()) -> Visit:
    """The visit behind a request: a form that was sent, or a first call with only dates in the address.

    Fields whose names begin with ``apart`` are no answers; they are handed on under the rest of their names.
    """
    sent = request.POST if request.method == "POST" else request.GET
    problems: list[Problem] = []
    law_date = _day(sent, LAW_DATE, "政策日期", today, problems)
    moment = Moment(law_date, _day(sent, FACTS_AS_OF, "数据日期", law_date, problems))
    fields: dict[str, str | Sequence[str]] = {
        key: values[0] if len(values) == 1 else [value for value in values if value]
        for key, values in (sent.lists() if request.method == "POST" else ())
        if key not in CONTROLS and key not in without
    }
    beside = {key.removeprefix(apart): str(fields.pop(key)) for key in list(fields) if apart and key.startswith(apart)}
    answers, found = Answers.parse(fields)
    known = questionnaire().questions
    current = sent.get(CURRENT, "")
    asked = tuple(dict.fromkeys(name for name in sent.get(ASKED, "").split(",") if name in known))
    return Visit(
        answers,
        moment,
        "review" if sent.get(APPLICATION) == "review" else "new",
        asked,
        current if current in known else "",
        _rows(sent),
        sent.get(DO, NEXT),
        sent.get("target", ""),
        (*problems, *found),
        {key: value if isinstance(value, str) else ",".join(value) for key, value in fields.items()},
        law_date != today,
        beside,
    )


def _rows(sent: QueryDict) -> int:
    text = sent.get(ROWS, "1")
    return min(int(text), 9) if text.isascii() and text.isdigit() and len(text) < 3 else 1


def _day(sent: QueryDict, name: str, label: str, otherwise: date, problems: list[Problem]) -> date:
    text = sent.get(name, "").strip()
    if not text:
        return otherwise
    try:
        found = date.fromisoformat(text)
    except ValueError:
        problems.append(Problem(name, text[:40], f"{label}“{text[:40]}”不是日期。请写成 2024-06-01 的样子。", "not-a-date"))
        return otherwise
    if not FIRST_DAY <= found < LAST_DAY:
        sentence = f"{label} {found.isoformat()} 不在可以测算的范围。请填 {FIRST_DAY.year} 年至 {LAST_DAY.year - 1} 年之间的日期。"
        problems.append(Problem(name, text, sentence, "out-of-range"))
        return otherwise
    return found


def known_question(name: str) -> str:
    """The id of a question that exists; raises ``unknown-question``."""
    if name in questionnaire().questions:
        return name
    raise TiduError("unknown-question", "没有这个问题。请从页面上的按钮进入。", question=name[:40])
