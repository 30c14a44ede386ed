"""Values that a field can hold, for hypothesis."""

from __future__ import annotations

from datetime import date
from string import printable

from hypothesis import strategies as st

from tidu.apps.calculator.domain import Answers, Field, FieldKind, questionnaire
from tidu.apps.calculator.domain.values import Given, plain_text, read_value
from tidu.kernel.quantities import LARGEST_STORED


def values_of(field: Field) -> st.SearchStrategy[Given]:
    """Everything that ``read_value`` can give for a field."""
    low = -LARGEST_STORED if field.lowest is None else field.lowest
    match field.kind:
        case FieldKind.CHOICE:
            found: st.SearchStrategy[Given] = st.sampled_from([option.id for option in field.options])
        case FieldKind.CHECKS:
            names = [option.id for option in field.options]
            found = st.sets(st.sampled_from(names)).map(lambda chosen: tuple(name for name in names if name in chosen))
        case FieldKind.YES:
            found = st.booleans()
        case FieldKind.DATE:
            found = st.dates(date(1900, 1, 1), date(2100, 12, 31))
        case FieldKind.MONEY | FieldKind.PERCENT:
            found = st.integers(low, LARGEST_STORED if field.highest is None else field.highest)
        case FieldKind.COUNT:
            found = st.integers(max(low, -(10**9)), 10**9 if field.highest is None else field.highest)
        case FieldKind.YEAR:
            found = st.integers(1900, 2100)
        case FieldKind.TEXT:
            letters = st.text(alphabet=printable + "国标（）号", min_size=1, max_size=40)
            found = letters.map(plain_text).filter(bool).filter(lambda text: read_value(field, text) == text)
    return st.none() | found


@st.composite
def answer_sets(draw: st.DrawFn) -> Answers:
    """Any answers to any questions."""
    names = draw(st.sets(st.sampled_from(sorted(questionnaire().fields)), max_size=40))
    fields = questionnaire().fields
    given = {name: draw(values_of(field)) for name, field in fields.items() if name in names}
    return Answers(given, draw(st.sampled_from(["", "示例 公司"])), draw(st.sampled_from(["", "91420114MA4K000001"])))
