"""Segments lead from one text to the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tidu.apps.policies.domain.differences import Segment, segments, tokens

TEXTS = st.text(alphabet="研发费用占比不低于 3%100,20.5万元，。（）abX", max_size=40)


@given(TEXTS, TEXTS)
def test_what_is_kept_and_removed_is_the_first_text_and_what_is_kept_and_added_the_second(one: str, other: str) -> None:
    found = segments(one, other)
    assert "".join(part.text for part in found if part.kind != "added") == one
    assert "".join(part.text for part in found if part.kind != "removed") == other
    assert all(part.text for part in found)


@given(TEXTS)
def test_equal_texts_have_nothing_but_kept_runs(text: str) -> None:
    assert {part.kind for part in segments(text, text)} <= {"same"}


def test_a_number_changes_as_a_whole() -> None:
    assert tokens("不低于 1,500.5 万元") == ["不", "低", "于", " ", "1,500.5", " ", "万", "元"]
    assert segments("不低于 70%", "不低于 75%") == (
        Segment("same", "不低于 "), Segment("removed", "70"), Segment("added", "75"), Segment("same", "%"),
    )  # fmt: skip
